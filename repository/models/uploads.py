"""Uploads that come in pieces and may break off."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Upload(Base):
    """A file that is coming for a draft. How much of it is here, its partial file says.

    One without a draft comes in segments of `segment` bytes, each a file (SWORD 3.0); `digest` is
    what all of it must come to. `mark` is whatever its sender knows the file by. Once `finished` it
    is a file of the work, and stays here only so that a sender who missed the answer hears it.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "work_id"), Index(None, "account_id"), Index(None, "expires"))

    id: Mapped[str] = mapped_column(primary_key=True)
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    mark: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    finished: Mapped[datetime | None]
    segment: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(default="", server_default="")
