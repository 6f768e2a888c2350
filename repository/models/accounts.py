"""Accounts, what they may do, their sessions, the links and letters sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base

STATES = ("unconfirmed", "active", "disabled")


class Account(Base):
    """A person who can sign in. `email` is kept case-folded."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("state IN ('unconfirmed', 'active', 'disabled')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="ky")
    state: Mapped[str] = mapped_column(default="unconfirmed")
    created: Mapped[datetime] = mapped_column(default=now)
    last_seen: Mapped[datetime | None]

    roles: Mapped[list["AccountRole"]] = relationship(
        order_by="AccountRole.role", cascade="all, delete-orphan"
    )


class AccountRole(Base):
    """One role of one account."""

    __tablename__ = "account_roles"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(primary_key=True)


class SignIn(Base):
    """A session: one browser that is signed in. The cookie's token is kept as its SHA-256."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "account_id"), Index(None, "expires"))

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    created: Mapped[datetime] = mapped_column(default=now)
    seen: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    agent: Mapped[str] = mapped_column(default="")
    network: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = relationship()


class Link(Base):
    """A link sent by mail, good for one use. Its token is kept as its SHA-256."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "account_id"),)

    token: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    expires: Mapped[datetime]


class Attempt(Base):
    """Failed attempts under one key (an account, a network), and when the next one is allowed."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime]


class Letter(Base):
    """A letter that waits to be sent, written in the transaction of what it is about."""

    __tablename__ = "mails"
    __table_args__ = (Index(None, "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=now)
    due: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
