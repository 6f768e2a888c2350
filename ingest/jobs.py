"""What a run of an import is to do, and what it finds out about a row before doing anything."""

from dataclasses import dataclass, field
from typing import Any

from ingest import origins
from ingest.origins import Known
from ingest.reports import Outcome, Report
from ingest.rows import Row
from repository.archive import Archive
from repository.errors import ArchiveError, Invalid
from repository.viewers import SYSTEM, Viewer
from schemas import work as profile
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
    report: Report = field(default_factory=Report)

    def state_of(self, row: Row) -> State:
        """The state in which the row's work shall be."""
        return row.state or self.state


def check(row: Row) -> dict[str, Any]:
    if row.problem:
        raise Invalid("%(problem)s", problem=row.problem)
    if row.state in UNFINISHED:
        return profile.draft(row.document)[0]
    return profile.check(row.document)


def look_up(archive: Archive, job: Job, row: Row, document: dict[str, Any]) -> Outcome | None:
    """What became of the row before; None when there is something to do with it."""
    with archive.reading() as session:
        known = origins.known(session, job.source, row)
        other = None if known else origins.duplicate(session, row, document)
    if other is not None:
        job.report.remark(row.place, f"Not added: work {other} has the same DOI.")
        return Outcome.DUPLICATE
    if known is None or unfinished(known, job.state_of(row)):
        return None
    if known.changed:
        job.report.remark(
            row.place, f"It has changed since it became work {known.number}, which stays as it is."
        )
        return Outcome.CHANGED
    return Outcome.KNOWN


def unfinished(known: Known, wanted: State) -> bool:
    """Whether an earlier run was cut off before publishing, or was not asked to publish."""
    return wanted in EXPOSED and known.state == State.DRAFT and not known.version
