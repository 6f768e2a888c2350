"""What happens to a file on arrival: steps that the worker takes, one row in the database each.

The virus check comes first; no other tool touches what may be infected. A step whose tool fails
is tried again, later and later, and given up in the end, but for the virus check; the file stays
whatever fails. Whoever is interrupted leaves the row behind, and it is taken up again.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ingest import derive, ocr, pictures, pronom, virus
from ingest.findings import Finding, Interrupted, NotNow, Subject
from repository import versions, working
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
CLEARED = (Scan.CLEAN, Scan.UNSCANNED)


class Step(NamedTuple):
    """A step: `look` at the file outside of any transaction, then `settle` what was found.

    `look` raises NotNow when it may succeed later. `most` is how often it is tried.
    """

    look: Callable[[Archive, Subject], Finding]
    settle: Callable[[Archive, Session, File, Finding], None]
    most: int | None


def _nothing(archive: Archive, session: Session, file: File, finding: Finding) -> None:
    """What most findings change beside their own row."""


# In the order in which they are taken.
STEPS: Mapping[str, Step] = {
    virus.STEP: Step(virus.look, virus.settle, most=None),
    pronom.STEP: Step(pronom.look, _nothing, most=5),
    derive.STEP: Step(derive.look, derive.settle, most=5),
    pictures.STEP: Step(pictures.look, pictures.settle, most=5),
    ocr.STEP: Step(ocr.look, ocr.settle, most=3),
}
# What takes minutes has a thread of its own, and a row only where something asks for it.
SLOW = frozenset({ocr.STEP})
QUICK = frozenset(STEPS) - SLOW


def expect(session: Session, file: File, settings: Settings, verdict: Finding | None) -> None:
    """Enters the steps of a file that has just come. `verdict` when it was scanned already."""
    if verdict is None and settings.scanner is None:
        verdict = virus.UNSCANNED
    file.scan = verdict.outcome if verdict else Scan.WAITING
    for name in QUICK:
        session.add(FileStep(file_id=file.id, step=name))
    session.flush()
    if verdict:
        _done(session.get_one(FileStep, (file.id, virus.STEP)), verdict)


def follow(archive: Archive, names: Collection[str] = QUICK) -> int:
    """Takes the steps that are due, of these names; how many were tried."""
    order = list(STEPS)
    with archive.reading() as session:
        due = (
            select(FileStep, File)
            .join(File, File.id == FileStep.file_id)
            .where(
                FileStep.state == StepState.WAITING,
                FileStep.step.in_(names),
                FileStep.due <= now(),
                or_(FileStep.step == virus.STEP, File.scan.in_(CLEARED)),
            )
            .order_by(FileStep.due)
            .limit(BATCH)
        )
        found = [
            (step.step, step.tries, _subject(archive, file)) for step, file in session.execute(due)
        ]
    found.sort(key=lambda one: order.index(one[0]))
    return sum(not working.stopping.is_set() and _take(archive, *one) for one in found)


def _subject(archive: Archive, file: File) -> Subject:
    place = archive.settings.staging / str(file.staged)
    if file.stored:
        place = archive.store.path(versions.object_id(file.work.uuid), file.stored)
    return Subject(file.id, file.name, file.media_type, file.sha512, place)


def _take(archive: Archive, name: str, tries: int, subject: Subject) -> bool:
    """Takes one step, unless another worker was quicker."""
    if not _claim(archive, name, tries, subject):
        return False
    try:
        finding = STEPS[name].look(archive, subject)
    except (NotNow, OSError) as error:
        log.warning("step not done", file=subject.file_id, step=name, reason=str(error))
        most = None if isinstance(error, Interrupted) else STEPS[name].most
        write = partial(_put_off, reason=str(error), most=most)
    else:
        write = partial(_keep, archive=archive, finding=finding)
    with archive.writing() as session:
        step = session.get(FileStep, (subject.file_id, name))
        file = session.get(File, subject.file_id)
        if step is not None and file is not None:  # its draft may have been deleted meanwhile
            write(session, step, file)
    return True


def _claim(archive: Archive, name: str, tries: int, subject: Subject) -> bool:
    """Puts the step off, so that nobody else takes it meanwhile; whether we were the first."""
    pause = min(FIRST_PAUSE * 2 ** min(tries, 20), LONGEST_PAUSE)
    mine = (
        update(FileStep)
        .where(
            FileStep.file_id == subject.file_id,
            FileStep.step == name,
            FileStep.tries == tries,
            FileStep.state == StepState.WAITING,
        )
        .values(tries=tries + 1, due=now() + pause)
        .returning(FileStep.file_id)
    )
    with archive.writing() as session:
        return session.execute(mine).first() is not None


def _keep(
    session: Session, step: FileStep, file: File, *, archive: Archive, finding: Finding
) -> None:
    STEPS[step.step].settle(archive, session, file, finding)
    _done(step, finding)


def _put_off(
    session: Session, step: FileStep, file: File, *, reason: str, most: int | None
) -> None:
    step.error = reason[:500]
    if most is not None and step.tries >= most:
        step.state, step.finished = StepState.FAILED, now()


def _done(step: FileStep, finding: Finding) -> None:
    step.state, step.finished, step.error = StepState.DONE, now(), ""
    step.outcome, step.tool, step.detail = finding.outcome, finding.tool, dict(finding.detail)
