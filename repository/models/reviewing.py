"""Who reviews the works of a collection, and in which steps."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Appointment(Base):
    """That somebody is a cataloguer of a collection, and of all below it."""

    __tablename__ = "appointments"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
    )
    made: Mapped[datetime] = mapped_column(default=now)


class ReviewStep(Base):
    """A step of the review of a collection's works, the first with position 0.

    `names` are by language; `another` wants somebody else than who did the step before.
    """

    __tablename__ = "review_steps"
    __table_args__ = (UniqueConstraint("collection_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    position: Mapped[int]
    names: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    another: Mapped[bool] = mapped_column(default=False)
