"""What reviewers check before a work is accepted, what was ticked, and who was reminded."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Check(Base):
    """A line of the checklist, for all works or those of a kind (`type`) or a collection.

    `element` names something that the archive looks at by itself (`checklist.ELEMENTS`); else
    `question` holds by language what a reviewer ticks.
    """

    __tablename__ = "checks"
    __table_args__ = (Index(None, "collection_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(default="")
    collection_id: Mapped[int | None] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE")
    )
    element: Mapped[str] = mapped_column(default="")
    question: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Tick(Base):
    """That a reviewer has ticked a question for a work."""

    __tablename__ = "ticks"

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    check_id: Mapped[int] = mapped_column(
        ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(default="")
    moment: Mapped[datetime] = mapped_column(default=now)


class Reminder(Base):
    """When somebody was last reminded of a work that waits for its review."""

    __tablename__ = "reminders"

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moment: Mapped[datetime] = mapped_column(default=now)
