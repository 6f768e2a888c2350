"""Changes of many works at once: what was planned, what was done, and how to take it back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base


class BatchState(StrEnum):
    """Where a batch stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    """Where the change of one work stands."""

    PLANNED = "planned"
    SAME = "same"  # nothing would change
    REFUSED = "refused"  # cannot be changed like that
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
    STUCK = "stuck"  # could not be taken back


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(repr(str(one)) for one in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Batch(Base):
    """A change of many works. `deed` says what is done: {"name", …} of `amending`, or the name of
    a spreadsheet."""

    __tablename__ = "batches"
    __table_args__ = (_one_of("state", BatchState), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(default="")
    deed: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=BatchState.PLANNED)
    made: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime | None]

    rows: Mapped[list["BatchRow"]] = relationship(
        order_by="BatchRow.position", cascade="all, delete-orphan", passive_deletes=True
    )


class BatchRow(Base):
    """What happens to one work.

    `before` and `after` hold what differs of {"document", "collections", "rights"}; `problem` is
    {"sentence", "params", "errors"} of what keeps it from being done.
    """

    __tablename__ = "batch_rows"
    __table_args__ = (_one_of("state", RowState), Index(None, "work_id"))

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(default=RowState.PLANNED)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
