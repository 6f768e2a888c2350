"""Requests for a copy of a file that is not open."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Request(StrEnum):
    """Where a request stands."""

    UNCONFIRMED = "unconfirmed"  # the address has not been proved yet
    ASKED = "asked"
    SENT = "sent"
    DECLINED = "declined"


class CopyRequest(Base):
    """A request. `holder_id` is the author who is asked, None the library's staff.

    The three tokens, of the links that prove the address, answer, and hand the file out, are kept
    as their SHA-256. A copy may be taken until `expires`, `left` times more.
    """

    __tablename__ = "copy_requests"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in Request)})", name="state"),
        Index(None, "work_id"),
        Index(None, "holder_id"),
        Index(None, "state", "asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default=Request.UNCONFIRMED)
    proof: Mapped[str | None] = mapped_column(unique=True)
    reply: Mapped[str | None] = mapped_column(unique=True)
    ticket: Mapped[str | None] = mapped_column(unique=True)
    words: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="")
    asked: Mapped[datetime] = mapped_column(default=now)
    answered: Mapped[datetime | None]
    expires: Mapped[datetime | None]
    left: Mapped[int] = mapped_column(default=0)
