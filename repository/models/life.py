"""What happens to works in public: versions in the making, and works that may be the same."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class NextVersion(Base):
    """That a draft is to become the next version of a published work.

    The draft holds the new files only; `gone` are the numbers of the published files that the new
    version leaves out, and `shut` says that nobody but staff may read those any more. `base` is
    the version that the draft was begun from.
    """

    __tablename__ = "next_versions"
    __table_args__ = (Index(None, "of_id"),)

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    of_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    base: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    gone: Mapped[list[int]] = mapped_column(JSON, default=list)
    shut: Mapped[bool] = mapped_column(default=False)


class WorkKey(Base):
    """A word under which a work is found that may be the same as another (`likeness.keys`)."""

    __tablename__ = "work_keys"
    __table_args__ = (Index(None, "key"),)

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)


class Verdict(StrEnum):
    """What has become of two works that may be the same."""

    OPEN = "open"
    DIFFERENT = "different"
    MERGED = "merged"


class Pair(Base):
    """Two works that may be the same: `first_id` is the lower number. `score` is out of 100."""

    __tablename__ = "pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="order"),
        CheckConstraint(
            f"verdict IN ({', '.join(repr(str(one)) for one in Verdict)})", name="verdict"
        ),
        Index(None, "verdict", "score"),
        Index(None, "second_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(default=Verdict.OPEN)
    found: Mapped[datetime] = mapped_column(default=now)
    decided: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
