"""Files that the archive brings itself: from an address, or from a folder of the server."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class FetchState(StrEnum):
    """Where bringing a file stands; what has come is a file of the work, and no fetch any more."""

    WAITING = "waiting"
    FAILED = "failed"


class Fetch(Base):
    """A file that is to be brought for a draft. `source` is an address, or "inbox:" and a path in
    that folder; `came` counts bytes, `size` too (0: not known); `problem` is {"sentence",
    "params"} of what went wrong.

    `name` is what it shall be called and `digest`, a Digest header, what its bytes must come to,
    where that was said. With `agreement` the work goes to the library once all files have come.
    """

    __tablename__ = "fetches"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(str(one)) for one in FetchState)})", name="state"
        ),
        Index(None, "work_id"),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    source: Mapped[str]
    state: Mapped[str] = mapped_column(default=FetchState.WAITING)
    came: Mapped[int] = mapped_column(BigInteger, default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made: Mapped[datetime] = mapped_column(default=now)
    name: Mapped[str] = mapped_column(default="", server_default="")
    digest: Mapped[str] = mapped_column(default="", server_default="")
    agreement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
