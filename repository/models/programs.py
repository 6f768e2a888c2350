"""Programs that act for people: their tokens, and what was answered to requests with a key."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base
from repository.models.accounts import Account


class ApiToken(Base):
    """A token by which a program acts for an account, within its scopes; kept as its SHA-256."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    seen: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Deed(Base):
    """What was answered to a request that bore an Idempotency-Key, so that it is done only once.

    `request` is the digest of what was asked.
    """

    __tablename__ = "api_deeds"
    __table_args__ = (Index(None, "moment"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    moment: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
