"""Is there a virus in a file? What clamd says, and what follows from it."""

from collections.abc import Iterable
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import clamd
from ingest.findings import Finding, NotNow, Subject
from repository import appearance, changes, letters, mail, notices
from repository.archive import Archive
from repository.catalogue import note
from repository.errors import Busy, Invalid
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File
from repository.settings import Settings
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Scan, State

log = structlog.get_logger()

STEP = "virus"
UNSCANNED = Finding(Scan.UNSCANNED)
# The folder, below staging, where infected uploads are locked away.
QUARANTINE = "quarantine"
# Published files that are looked at again in one go when there are new signatures.
AGAIN = 20


def look(archive: Archive, subject: Subject) -> Finding:
    """Asks the scanner about a file."""
    return scan(archive.settings, subject.place)


def scan(settings: Settings, path: Path) -> Finding:
    """What the scanner says of a file: its outcome is a Scan. Raises NotNow while it cannot say.

    Without a scanner, and where the file is larger than it takes, the file is unscanned.
    """
    address = settings.scanner
    if address is None:
        return UNSCANNED
    tool = clamd.version(address)
    try:
        with path.open("rb") as stream:
            virus = clamd.scan(address, stream)
    except clamd.TooMuch as error:
        return Finding(Scan.UNSCANNED, tool, {"says": str(error)})
    return Finding(Scan.INFECTED, tool, {"virus": virus}) if virus else Finding(Scan.CLEAN, tool)


def insist(settings: Settings, path: Path, name: str) -> Finding:
    """The finding on a file that is to be published at once, as imports do.

    Raises Invalid when it is infected, Busy when nothing can be said and unscanned files wait.
    """
    try:
        found = scan(settings, path)
    except NotNow as error:
        log.warning("virus scanner silent", reason=str(error))
        found = Finding(Scan.UNSCANNED, detail={"says": str(error)})
    if found.outcome == Scan.INFECTED:
        raise Invalid(
            "“%(name)s” is infected (%(virus)s) and was not taken in.",
            name=name,
            virus=found.detail["virus"],
        )
    if found.outcome == Scan.UNSCANNED and settings.holds_unscanned:
        raise Busy(
            "“%(name)s” could not be checked for viruses: %(reason)s. Run the same again later.",
            name=name,
            reason=found.detail.get("says", "there is no scanner"),
        )
    return found


def settle(archive: Archive, session: Session, file: File, found: Finding) -> None:
    """Writes down what was found. What is infected is locked away, and people are told."""
    before, file.scan = file.scan, found.outcome
    if before == file.scan or Scan.INFECTED not in (before, file.scan):
        return
    if file.scan == Scan.INFECTED:
        _lock_away(archive.settings, file)
        _tell(session, file, found.detail["virus"], archive.settings)
    else:
        note(session, file.work, "file cleared", actor=SYSTEM, comment=file.name)
    if file.work.state == State.PUBLISHED:
        changes.record(session, file.work_id)


def _lock_away(settings: Settings, file: File) -> None:
    """Moves an upload out of the way of everything that opens uploads.

    A published file stays in the store, whose versions never change; nobody is let at it.
    """
    if not file.staged or file.staged.startswith(f"{QUARANTINE}/"):
        return
    folder = settings.staging / QUARANTINE
    folder.mkdir(mode=0o700, exist_ok=True)
    place = settings.staging / file.staged
    if place.exists():
        place.chmod(0o400)
        place.rename(folder / file.staged)
    file.staged = f"{QUARANTINE}/{file.staged}"


def _tell(session: Session, file: File, virus: str, settings: Settings) -> None:
    said = f"{file.name}: {virus}"
    note(session, file.work, "file infected", actor=SYSTEM, comment=said)
    letters.to_depositor(session, file.work, "infected", settings=settings, comment=said)
    words = {"title": file.work.title, "found": said}
    path = f"/review/{file.work_id}"
    chiefs = notices.holders(session, Role.ADMINISTRATOR)
    for one in chiefs:
        notices.tell(
            session,
            one,
            "staff_infected",
            settings=settings,
            path=path,
            work_id=file.work_id,
            **words,
        )
    if settings.admin_email.lower() not in {one.email for one in chiefs}:
        mail.write(
            session,
            to=settings.admin_email,
            language=settings.language,
            template="staff_infected",
            url=f"{settings.base_url}{path}",
            archive_name=appearance.name(settings),
            **words,
        )


def refresh(archive: Archive) -> int:
    """Lets files be looked at again that were seen with other signatures; how many.

    A few at a time, and only while no new arrival waits.
    """
    address = archive.settings.scanner
    if address is None:
        return 0
    try:
        tool = clamd.version(address)
    except NotNow:
        return 0
    with archive.writing() as session:
        waiting = select(FileStep).where(FileStep.step == STEP, FileStep.state == StepState.WAITING)
        if session.scalars(waiting.limit(1)).first():
            return 0
        old = (
            select(FileStep)
            .join(File, File.id == FileStep.file_id)
            .where(FileStep.step == STEP, FileStep.tool != tool, File.removed.is_(None))
            .order_by(FileStep.finished)
            .limit(AGAIN)
        )
        return _await(session.scalars(old).all())


def _await(steps: Iterable[FileStep]) -> int:
    count = 0
    for step in steps:
        step.state, step.tries = StepState.WAITING, 0
        count += 1
    return count
