"""Checks of our own archive, asked for by the staff and done by the worker."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from huey import Huey
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oai.readiness import judging, local, reporting
from oai.readiness.books import BOOKS
from repository import queue
from repository.archive import Archive
from repository.clock import now
from repository.models.readiness import CheckState, ReadinessCheck

log = structlog.get_logger()

SAMPLE = 1000  # records of each list
KEPT = 12
# A check that has not been heard of for so long was cut off, or nobody does it.
SILENCE = timedelta(minutes=10)
EVERY = 1.0  # seconds between two notes of the progress
OPEN = (CheckState.WAITING, CheckState.RUNNING)

_declared: WeakKeyDictionary[Huey, Callable[[int], Any]] = WeakKeyDictionary()


def ask(archive: Archive) -> None:
    """Has the worker check the archive, unless it is at it already."""
    with archive.writing() as session:
        if current(session) is not None:
            return
        cut = update(ReadinessCheck).where(ReadinessCheck.state.in_(OPEN))
        session.execute(cut.values(state=CheckState.FAILED))
        made = ReadinessCheck()
        session.add(made)
        session.flush()
        number = made.id
    declare(archive)(number)


def declare(archive: Archive) -> Callable[[int], Any]:
    """Makes the job behind `ask` known to the queue, once; calling the result enqueues it."""
    if archive.queue not in _declared:
        _declared[archive.queue] = queue.declare(archive.queue, check_readiness, archive)
    return _declared[archive.queue]


def current(session: Session) -> ReadinessCheck | None:
    """The check that waits or runs, if it gives signs of life."""
    query = select(ReadinessCheck).where(
        ReadinessCheck.state.in_(OPEN), ReadinessCheck.seen > now() - SILENCE
    )
    return session.scalar(query.order_by(ReadinessCheck.id.desc()).limit(1))


def finished(session: Session) -> Sequence[ReadinessCheck]:
    """The checks that were finished, newest first."""
    query = select(ReadinessCheck).where(ReadinessCheck.state == CheckState.DONE)
    return session.scalars(query.order_by(ReadinessCheck.id.desc())).all()


def failed(session: Session) -> ReadinessCheck | None:
    """The newest check, when it failed or was cut off."""
    found = session.scalar(select(ReadinessCheck).order_by(ReadinessCheck.id.desc()).limit(1))
    if found is None or found.state == CheckState.DONE:
        return None
    return found if found.state == CheckState.FAILED or current(session) is None else None


def check_readiness(archive: Archive, number: int) -> None:
    """The job: judges the archive and keeps the report."""
    with archive.writing() as session:
        check = session.get(ReadinessCheck, number)
        if check is None or check.state != CheckState.WAITING:
            return
        check.state, check.seen = CheckState.RUNNING, now()
    try:
        report = judging.judge(
            local.provider(archive), BOOKS.values(), most=SAMPLE, notice=_Notes(archive, number)
        )
    # Whatever it was, whoever asked must not wait for ever.
    except Exception as error:
        log.error("readiness not checked", exc_info=error)
        _end(archive, number, state=CheckState.FAILED, error=f"{type(error).__name__}: {error}")
        return
    kept = reporting.plain(report, archive.settings.oai_host)
    _end(archive, number, state=CheckState.DONE, report=kept)


def _end(archive: Archive, number: int, **values: Any) -> None:
    with archive.writing() as session:
        query = update(ReadinessCheck).where(ReadinessCheck.id == number)
        session.execute(query.values(seen=now(), finished=now(), **values))
        newest = select(ReadinessCheck.id).order_by(ReadinessCheck.id.desc()).limit(KEPT)
        keep = session.scalars(newest).all()
        session.execute(delete(ReadinessCheck).where(ReadinessCheck.id.not_in(keep)))


class _Notes:
    """Writes the progress down, not too often."""

    def __init__(self, archive: Archive, number: int) -> None:
        self.archive, self.number = archive, number
        self.due = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + EVERY
        with self.archive.writing() as session:
            query = update(ReadinessCheck).where(ReadinessCheck.id == self.number)
            session.execute(query.values(step=step, done=done, total=total, seen=now()))
