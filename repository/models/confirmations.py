"""What people are asked by letter: whether they are authors of a work, or agree to its deposit."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Purpose(StrEnum):
    """What is asked."""

    AUTHORSHIP = "authorship"
    DEPOSIT = "deposit"


class Reply(StrEnum):
    """What was answered."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(repr(str(one)) for one in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Confirmation(Base):
    """A question by letter; its link's token is kept as its SHA-256, and good until `expires`."""

    __tablename__ = "confirmations"
    __table_args__ = (
        _one_of("purpose", Purpose),
        _one_of("reply", Reply),
        Index(None, "work_id"),
        Index(None, "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    reply: Mapped[str] = mapped_column(default=Reply.ASKED)
    comment: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    asked: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    answered: Mapped[datetime | None]
