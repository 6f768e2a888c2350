"""What happens to files on arrival, step by step, so that it goes on after any interruption."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class StepState(StrEnum):
    """Where a step stands. A failed one was tried often enough; the file goes on without it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class FileStep(Base):
    """One step of one file: what came of it, which tool said so, and when.

    While it waits `due` is when it is tried (again), `error` why it was not done the last time.
    """

    __tablename__ = "file_steps"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        Index(None, "state", "due"),
    )

    file_id: Mapped[int] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=StepState.WAITING)
    outcome: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    tool: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    due: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
