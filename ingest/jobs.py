"""What a run of an import is to do, and what it finds out about a row before doing anything."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ingest import origins, updating
from ingest.origins import Known
from ingest.reports import Outcome, Report
from ingest.rows import Row
from repository import catalogue
from repository.archive import Archive
from repository.errors import ArchiveError, Invalid
from repository.viewers import SYSTEM, Viewer
from schemas import work as profile
from schemas.messages import Message
from schemas.vocabulary import State

EXPOSED = (State.PUBLISHED, State.WITHDRAWN)
# What somebody is still writing may be incomplete, when the row says that it is such.
UNFINISHED = (State.DRAFT, State.RETURNED, State.REJECTED)
# What one row may raise without ending the run.
TROUBLE = (ArchiveError, profile.Unfit, OSError)


@dataclass(frozen=True)
class Job:
    """What holds for all rows of a run.

    `source` names where they come from: a row is known by its key within it. `state` (draft or
    published) is for rows that do not state their own. All rows go into `collections`, besides
    their own; those that are not there are made.
    """

    source: str
    collections: tuple[str, ...] = ()
    state: State = State.DRAFT
    actor: Viewer = SYSTEM
    fetch: bool = False  # have the files brought that records point to
    run: int | None = None  # the import that keeps what was done, so that it can be undone
    report: Report = field(default_factory=Report)

    def state_of(self, row: Row) -> State:
        """The state in which the row's work shall be: a draft while its files are on their way."""
        wanted = row.state or self.state
        return State.DRAFT if self.fetches(row) and wanted in EXPOSED else wanted

    def fetches(self, row: Row) -> bool:
        """Whether files are brought for the row."""
        return self.fetch and bool(row.links)


def check(row: Row) -> dict[str, Any]:
    if isinstance(row.problem, Message):
        raise Invalid(row.problem.sentence, None, **row.problem.parameters)
    if row.problem:
        raise Invalid("%(problem)s", problem=row.problem)
    if row.state in UNFINISHED:
        return profile.draft(row.document)[0]
    return profile.check(row.document)


class Found(NamedTuple):
    """What became of a row before, and what shall become of it now; None: it is to be added."""

    outcome: Outcome | None
    known: Known | None = None
    renew: bool = False  # the source says something new, if only beside the description


def look_up(archive: Archive, job: Job, row: Row, document: dict[str, Any]) -> Found:
    """What is to be done with a row."""
    with archive.reading() as session:
        known = origins.known(session, job.source, row)
        if known is None:
            return _new(session, job, row, document)
        if unfinished(known, job.state_of(row)):
            return Found(None, known)
        if not known.changed:
            return Found(Outcome.KNOWN, known)
        made = updating.of(session, known.number, known.bases, document)
    for name in made.conflicts:
        job.report.remark(
            row.place,
            Message(
                "“%(name)s” has changed at the source and in work %(number)s, and stays as it is.",
                name=name,
                number=known.number,
            ),
        )
    if made.changed:
        return Found(Outcome.UPDATED, known, renew=True)
    if made.conflicts:
        return Found(Outcome.CHANGED, known)
    return Found(Outcome.KNOWN, known, renew=True)


def _new(session: Session, job: Job, row: Row, document: dict[str, Any]) -> Found:
    other = origins.likely(session, row, document)
    if other is not None and other.sure:
        said = Message(
            "Not added: work %(number)s has the same %(what)s.", number=other.number, what=other.why
        )
        job.report.remark(row.place, said)
        return Found(Outcome.DUPLICATE)
    if other is not None:
        said = Message(
            "Perhaps it was there already: work %(number)s has the same %(what)s.",
            number=other.number,
            what=other.why,
        )
        job.report.remark(row.place, said)
    return Found(None)


class Gone(NamedTuple):
    """The work of a row that its source has deleted, and whether it is still as it was imported."""

    number: int
    untouched: bool


def gone(archive: Archive, job: Job, row: Row) -> Gone | None:
    """The work of a row that its source has deleted; None when there is none."""
    with archive.reading() as session:
        known = origins.known(session, job.source, row)
        if known is None:
            return None
        document = catalogue.get(session, known.number).document
    draft = known.state == State.DRAFT and not known.version
    found = Gone(known.number, draft and updating.elements(document) in known.bases)
    if not found.untouched:
        job.report.remark(
            row.place,
            Message(
                "Deleted at the source. Work %(number)s stays; withdraw it if that is meant.",
                number=known.number,
            ),
        )
    return found


def note(job: Job, row: Row) -> None:
    """Keeps what was guessed of the row, and what found no place."""
    for sentence in row.remarks:
        job.report.remark(row.place, sentence)
    job.report.unplaced.update(row.unplaced)


def unfinished(known: Known, wanted: State) -> bool:
    """Whether an earlier run was cut off before publishing, or was not asked to publish."""
    return wanted in EXPOSED and known.state == State.DRAFT and not known.version
