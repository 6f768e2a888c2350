"""The audit log, and what people are told on the site."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Entry(Base):
    """One row of the audit log. The database refuses to change or delete it.

    `hash` covers all other columns, so each is kept as it was hashed: moments and objects as text,
    details as canonical JSON. Nothing refers to other tables: what they hold may go, this stays.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "moment"),
        Index(None, "actor_id", "id"),
        Index(None, "object_kind", "object_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[str]
    actor_id: Mapped[int | None]
    actor: Mapped[str]
    kind: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    origin: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str]


class Head(Base):
    """The last row of the log: one row, locked by whoever adds another."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    hash: Mapped[str]


class Person(Base):
    """Who an actor of the log was at the time. May be deleted, when a person is to be forgotten.

    The log holds `digest`, which covers the other columns; without `salt` nobody finds the name.
    """

    __tablename__ = "audit_people"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]
    salt: Mapped[str]


class Notice(Base):
    """What a person was told on the site. `words` is what its first line, the letter's, needs."""

    __tablename__ = "notifications"
    __table_args__ = (Index(None, "account_id", "read"), Index(None, "moment"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    work_id: Mapped[int | None] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    path: Mapped[str]
    moment: Mapped[datetime] = mapped_column(default=now)
    read: Mapped[datetime | None]


class Mute(Base):
    """That a person wants one kind of notice on the site only, and not as a letter."""

    __tablename__ = "notification_mutes"
    __table_args__ = (UniqueConstraint("account_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str]
