"""Imports as people run them: kept with what they did, so that each can be read about and undone.

The files of an import that came through the page lie in `imports/<number>/source` of the instance;
its remarks, a line each, in `imports/<number>/report.jsonl`.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest import batch, rehearsal, undoing
from ingest.findings import Interrupted
from ingest.jobs import Job
from ingest.reports import Remark, Report
from repository import accounts, plugins, working
from repository.archive import Archive
from repository.clock import now
from repository.errors import ArchiveError, Conflict, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.imports import Import, ImportedWork, ImportState
from repository.settings import Settings
from repository.viewers import SYSTEM, Viewer
from schemas.messages import Message
from schemas.vocabulary import State

GROUP = "open_archive.importers"
KEPT = timedelta(days=180)  # how long files and remarks stay
TICK = 1.0  # seconds between two notes of how far it is
AT_WORK = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
Done = Callable[[], None]


def importers() -> dict[str, ModuleType]:
    """The importers that are installed, by name."""
    return plugins.load(GROUP)


def says(importer: ModuleType) -> str:
    """What an importer reads, in a line."""
    return (importer.__doc__ or "").strip().partition("\n")[0]


def options(importer: ModuleType) -> Mapping[str, Sequence[str]]:
    """The options of an importer, each with its choices."""
    return getattr(importer, "OPTIONS", {})


def recognised(source: Path) -> list[str]:
    """The formats that a source may be in, by what the importers say of it."""
    found = []
    for name, importer in importers().items():
        look = getattr(importer, "recognises", None)
        if look is not None and look(source):
            found.append(name)
    return found


def folder(settings: Settings, number: int) -> Path:
    """Where an import's files and remarks lie."""
    return settings.instance / "imports" / str(number)


def source(settings: Settings, number: int) -> Path:
    """What was brought: the file when it is one, else the folder of all."""
    place = folder(settings, number) / "source"
    found = sorted(place.iterdir()) if place.is_dir() else []
    if not found:
        raise NotFound("The files of this import are no longer kept.")
    return found[0] if len(found) == 1 else place


def begin(session: Session, *, name: str, actor: Viewer, **asked: Any) -> Import:
    """A new import; `asked` are columns of it."""
    made = Import(name=name, actor=actor.name, account_id=actor.id, **asked)
    session.add(made)
    session.flush()
    return made


def get(session: Session, number: int) -> Import:
    """The import of that number; raises NotFound."""
    found = session.get(Import, number)
    if found is None:
        raise NotFound("There is no import %(number)s.", number=number)
    return found


def recent(session: Session, *, limit: int = 50) -> Sequence[Import]:
    """The newest imports."""
    return session.scalars(select(Import).order_by(Import.id.desc()).limit(limit)).all()


def size(session: Session, number: int) -> int:
    """How many works an import has added or updated."""
    query = select(func.count()).select_from(ImportedWork)
    return session.scalar(query.where(ImportedWork.import_id == number)) or 0


def ask(session: Session, run: Import, state: ImportState) -> None:
    """Has the worker check, carry out or undo an import. Raises Conflict while it is at it."""
    if run.state in AT_WORK:
        raise Conflict("This import is being worked at. Wait until that is done.")
    if state is ImportState.UNDOING and run.state not in (ImportState.DONE, ImportState.STOPPED):
        raise Conflict("There is nothing to be undone.")
    run.state, run.begun, run.ended = state, now(), None
    run.seen, run.stopped = 0, ""
    if state is not ImportState.UNDOING:
        run.counts, run.unplaced = {}, {}


def perform(
    archive: Archive,
    number: int,
    place: Path,
    *,
    actor: Viewer = SYSTEM,
    dry: bool = False,
    done: Done = lambda: None,
) -> Report:
    """Checks or carries out an import of what lies at `place`, and keeps what came of it.

    Raises ArchiveError or OSError where the source as a whole cannot be read.
    """
    with archive.reading() as session:
        run = get(session, number)
    importer = plugins.named(GROUP, run.format, ("read", "count"))
    report_path = folder(archive.settings, number) / "report.jsonl"
    report_path.parent.mkdir(parents=True, exist_ok=True)
    with report_path.open("w", encoding="utf-8") as lines:
        job = Job(
            source=run.source,
            collections=tuple(run.collections),
            state=State.PUBLISHED if run.publish else State.DRAFT,
            fetch=run.fetch,
            actor=actor,
            run=None if dry else number,
            report=Report(tell=lambda remark: _write(lines, remark)),
        )
        tick = _Ticking(archive, number, job.report, done)
        rows = importer.read(place, **run.options)
        work = rehearsal.rehearse if dry else batch.run
        try:
            work(archive, tick.counted(rows), job, done=tick)
        finally:
            tick.note()
    return job.report


def _write(lines: Any, remark: Remark) -> None:
    said = {"place": remark.place, "sentence": remark.says.sentence}
    line = {**said, "parameters": remark.says.parameters}
    lines.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


class _Ticking:
    """Notes from time to time how far an import is."""

    def __init__(self, archive: Archive, number: int, report: Report, done: Done) -> None:
        self.archive, self.number, self.report, self.done = archive, number, report, done
        self.seen, self.due = 0, time.monotonic() + TICK

    def __call__(self) -> None:
        self.seen += 1
        self.done()
        if time.monotonic() > self.due:
            self.note()
            self.due = time.monotonic() + TICK

    def counted(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The rows, until the worker is told to end."""
        for row in rows:
            if working.stopping.is_set():
                raise Interrupted
            yield row

    def note(self) -> None:
        with self.archive.writing() as session:
            run = get(session, self.number)
            run.seen = self.seen
            run.counts = {str(name): count for name, count in self.report.outcomes.items()}
            run.unplaced = dict(self.report.unplaced)
            run.stopped = self.report.stopped


def remarks(settings: Settings, number: int) -> Iterator[Remark]:
    """What was remarked, in the order of the source."""
    path = folder(settings, number) / "report.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(json.JSONDecodeError):  # the last line of a run that was cut off
                said = json.loads(line)
                sentence = said["sentence"]
                yield Remark(said["place"], Message(sentence, **said["parameters"]))


def follow(archive: Archive) -> int:
    """Does what imports wait for; how many were worked at."""
    with archive.reading() as session:
        query = select(Import).where(Import.state.in_(AT_WORK)).order_by(Import.id)
        run = session.scalars(query.limit(1)).first()
        actor = _actor(session, run) if run else SYSTEM
    if run is None:
        return 0
    problem = ""
    with suppress(Interrupted):
        try:
            _advance(archive, run, actor)
        except (ArchiveError, OSError) as error:
            problem = str(error)
        _end(archive, run, problem)
    return 1


def _advance(archive: Archive, run: Import, actor: Viewer) -> None:
    if run.state == ImportState.UNDOING:
        undoing.undo(archive, run.id, actor=actor)
        return
    place = source(archive.settings, run.id)
    importer = plugins.named(GROUP, run.format, ("read", "count"))
    total = importer.count(place)
    with archive.writing() as session:
        get(session, run.id).total = total
    perform(archive, run.id, place, actor=actor, dry=run.state == ImportState.CHECKING)


def _end(archive: Archive, before: Import, problem: str) -> None:
    ends = {
        ImportState.CHECKING: ImportState.CHECKED,
        ImportState.RUNNING: ImportState.DONE,
        ImportState.UNDOING: ImportState.UNDONE,
    }
    finish(archive, before.id, ends[ImportState(before.state)], problem)


def finish(archive: Archive, number: int, state: ImportState, problem: str = "") -> None:
    """The import has come to its end, or was stopped by a problem."""
    with archive.writing() as session:
        run = get(session, number)
        run.stopped = problem or run.stopped
        run.state = ImportState.STOPPED if run.stopped else state
        run.ended = now()


def _actor(session: Session, run: Import) -> Viewer:
    account = session.get(Account, run.account_id) if run.account_id else None
    if account is None or account.state != AccountState.ACTIVE:
        return Viewer(name=run.actor)
    return accounts.viewer(account)


def sweep(archive: Archive) -> int:
    """Forgets files and remarks of old imports; of how many."""
    with archive.reading() as session:
        query = select(Import.id).where(Import.made < now() - KEPT, Import.state.not_in(AT_WORK))
        old = session.scalars(query).all()
    places = [folder(archive.settings, number) for number in old]
    gone = [one for one in places if one.exists()]
    for one in gone:
        shutil.rmtree(one, ignore_errors=True)
    return len(gone)
