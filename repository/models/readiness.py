"""Checks of how ready the archive is for its harvesters, as the staff asked for them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class CheckState(StrEnum):
    """How far a check is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReadinessCheck(Base):
    """A check, and its report once it is done.

    `seen` is the last sign of life: a check that gives none for long was cut off. While it runs,
    `step` is what is looked at, and `done` of `total` say how far it is.
    """

    __tablename__ = "readiness_checks"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=CheckState.WAITING)
    asked: Mapped[datetime] = mapped_column(default=now)
    seen: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
    step: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(default="")
