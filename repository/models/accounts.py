"""Accounts, what they may do, their sessions, the links and letters sent to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base
from schemas.roles import Role


class AccountState(StrEnum):
    """Whether somebody may sign in."""

    UNCONFIRMED = "unconfirmed"  # the letter with the link has not been answered
    ACTIVE = "active"
    DISABLED = "disabled"


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(choice)) for choice in choices)})"


class Account(Base):
    """A person who can sign in. `email` is as `schemas.account` makes it: in lower case."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint(_one_of("state", AccountState), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="ky")
    state: Mapped[str] = mapped_column(default=AccountState.UNCONFIRMED)
    created: Mapped[datetime] = mapped_column(default=now)
    last_seen: Mapped[datetime | None]

    roles: Mapped[list["AccountRole"]] = relationship(
        order_by="AccountRole.role", cascade="all, delete-orphan"
    )


class AccountRole(Base):
    """One role of one account."""

    __tablename__ = "account_roles"
    __table_args__ = (CheckConstraint(_one_of("role", Role), name="role"),)

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
    """A link sent by mail, good for one use. Its token is kept as its SHA-256.

    `browser` is the digest of what only the browser that asked for it knows; `next` is where its
    reader wanted to go.
    """

    __tablename__ = "links"
    __table_args__ = (Index(None, "account_id"), Index(None, "expires"))

    token: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    expires: Mapped[datetime]
    browser: Mapped[str] = mapped_column(default="")
    next: Mapped[str] = mapped_column(default="")

    account: Mapped[Account] = relationship()


class Attempt(Base):
    """Attempts under one key (an account, a network): a level that rises with each, and sinks.

    `level` is what it was at `moment`; before `until` no other attempt is made.
    """

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "moment"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[float] = mapped_column(Double, default=0.0)
    moment: Mapped[datetime]
    until: Mapped[datetime]


class Errand(Base):
    """What a page was asked for that must not show whether an account exists; done later."""

    __tablename__ = "errands"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    email: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=now)


class Post(StrEnum):
    """How it stands with a letter."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # for good


class Letter(Base):
    """A letter, written in the transaction of what it is about; what was in it goes once sent.

    `trouble` names what is wrong, `error` is that in the words of the machine, `answer` what the
    mail server said when it took the letter.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "due"), Index(None, "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=now)
    due: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=Post.WAITING, server_default=Post.WAITING)
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    answer: Mapped[str] = mapped_column(default="", server_default="")
    sent: Mapped[datetime | None]
