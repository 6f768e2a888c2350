"""What happens to a file on arrival: steps that the worker takes, one row in the database each.

A step whose tool fails is tried again, later and later, and given up in the end; the file stays.
Whoever is interrupted leaves the row behind, and it is taken up again.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ingest import clamd, virus
from ingest.virus import Verdict
from repository import versions
from repository.archive import Archive
from repository.clock import now
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File
from repository.settings import Settings
from schemas.vocabulary import Scan

log = structlog.get_logger()

BATCH = 20
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


class Todo(NamedTuple):
    """A step that is due. `place` is where the file's bytes lie."""

    file_id: int
    step: str
    tries: int
    place: Path


def expect(
    session: Session, file: File, settings: Settings, verdict: Verdict | None = None
) -> None:
    """Enters the steps of a file that has just come. `verdict` when it was looked at already."""
    if verdict is None and settings.scanner is None:
        verdict = Verdict(Scan.UNSCANNED)
    file.scan = verdict.scan if verdict else Scan.WAITING
    step = FileStep(file_id=file.id, step=virus.STEP)
    if verdict:
        _done(step, verdict)
    session.add(step)


def follow(archive: Archive) -> int:
    """Takes the steps that are due; how many were tried."""
    with archive.reading() as session:
        due = (
            select(FileStep, File)
            .join(File, File.id == FileStep.file_id)
            .where(FileStep.state == StepState.WAITING, FileStep.due <= now())
            .order_by(FileStep.due)
            .limit(BATCH)
        )
        found = [
            Todo(step.file_id, step.step, step.tries, _place(archive, file))
            for step, file in session.execute(due)
        ]
    return sum(_take(archive, one) for one in found)


def _place(archive: Archive, file: File) -> Path:
    if file.stored:
        return archive.store.path(versions.object_id(file.work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)


def _take(archive: Archive, todo: Todo) -> bool:
    """Takes one step, unless another worker was quicker."""
    if not _claim(archive, todo):
        return False
    try:
        verdict = virus.look(archive.settings, todo.place)
    except (clamd.NoVerdict, OSError) as error:
        log.warning("step not done", file=todo.file_id, step=todo.step, reason=str(error))
        _write(archive, todo, partial(_failed, reason=str(error)))
        return True

    def keep(session: Session, step: FileStep, file: File) -> None:
        virus.settle(archive, session, file, verdict)
        _done(step, verdict)

    _write(archive, todo, keep)
    return True


def _claim(archive: Archive, todo: Todo) -> bool:
    """Puts the step off, so that nobody else takes it meanwhile; whether we were the first."""
    pause = min(FIRST_PAUSE * 2**todo.tries, LONGEST_PAUSE)
    mine = (
        update(FileStep)
        .where(
            FileStep.file_id == todo.file_id,
            FileStep.step == todo.step,
            FileStep.tries == todo.tries,
            FileStep.state == StepState.WAITING,
        )
        .values(tries=todo.tries + 1, due=now() + pause)
        .returning(FileStep.file_id)
    )
    with archive.writing() as session:
        return session.execute(mine).first() is not None


def _write(archive: Archive, todo: Todo, change: Callable[[Session, FileStep, File], Any]) -> None:
    with archive.writing() as session:
        step = session.get(FileStep, (todo.file_id, todo.step))
        file = session.get(File, todo.file_id)
        if step is not None and file is not None:  # its draft may have been deleted meanwhile
            change(session, step, file)


def _done(step: FileStep, verdict: Verdict) -> None:
    step.state, step.finished, step.error = StepState.DONE, now(), ""
    step.outcome, step.tool = verdict.scan, verdict.tool
    step.detail = {"virus": verdict.virus, "says": verdict.says}


def _failed(session: Session, step: FileStep, file: File, *, reason: str) -> None:
    step.error = reason[:500]
