"""Searches that readers keep, to do them again or to be told of what is new."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Often(StrEnum):
    """How often a reader is told."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(Base):
    """A search of an account. `query` are the arguments of its address; what was published after
    `told` is new to its owner."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint(f"often IN ({', '.join(repr(str(one)) for one in Often)})", name="often"),
        Index(None, "account_id"),
        Index(None, "often", "told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    often: Mapped[str] = mapped_column(default=Often.NEVER)
    made: Mapped[datetime] = mapped_column(default=now)
    told: Mapped[datetime] = mapped_column(default=now)
