"""Takes the rows of an importer into the archive, one work at a time.

A bad row is reported with its place and reason, and is not fatal. Where a row came from is kept
with its work, so the second run adds nothing, and a run that was cut off goes on where it ended.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, TypeVar, cast

from sqlalchemy.exc import IntegrityError

from ingest import derive, files, jobs, linked, origins, updating, virus
from ingest.files import Arrival
from ingest.findings import Finding
from ingest.gathering import Shelves, find_all
from ingest.jobs import TROUBLE, Job
from ingest.reports import Outcome, Report
from ingest.rows import Gathering, Row, RowFile
from repository import catalogue, entering, publishing
from repository.archive import Archive
from repository.errors import (
    ArchiveError,
    Conflict,
    Damaged,
    NotAllowed,
    StorageFull,
)
from repository.models.imports import Deed, ImportedWork
from schemas.messages import Message
from schemas.vocabulary import State

T = TypeVar("T")
MEETINGS = 3


@dataclass(frozen=True)
class Received:
    """A file of a row that has arrived; `pages` when it has such."""

    row: RowFile
    arrival: Arrival
    verdict: Finding
    pages: int | None


def run(
    archive: Archive,
    rows: Iterable[Row | Gathering],
    job: Job,
    *,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """Takes the rows in; `done` is called after each. A full disk ends the run."""
    shelves = Shelves(archive)
    for row in rows:
        try:
            if isinstance(row, Gathering):
                _insist(partial(shelves.describe, row))
            else:
                outcome = _insist(partial(_take, archive, shelves, job, row))
                job.report.outcomes[outcome] += 1
        except StorageFull as error:
            job.report.stopped = str(error)
            break
        except TROUBLE as error:
            job.report.fail(row.place, error)
        done()
    job.report.collections = shelves.made
    return job.report


def _insist(step: Callable[[], T]) -> T:
    """Another import may just have made the same collection or work: a further look finds it."""
    for _ in range(MEETINGS):
        with suppress(IntegrityError):
            return step()
    return step()


def _take(archive: Archive, shelves: Shelves, job: Job, row: Row) -> Outcome:
    if row.gone:
        return _drop(archive, job, row)
    document = jobs.check(row)
    found = jobs.look_up(archive, job, row, document)
    if found.renew and found.known:
        updating.carry_out(
            archive, job.source, row, document, found.known, actor=job.actor, run=job.run
        )
    if found.outcome is not None:
        return found.outcome
    jobs.note(job, row)
    shelves.need((*row.collections, *job.collections))
    if found.known is not None:
        _finish(archive, job, row, found.known.number)
        return Outcome.ADDED
    number = _receive_and_enter(archive, job, row, document)
    try:
        _finish(archive, job, row, number)
    except ArchiveError:
        # Nothing half-kept. Where even that fails, the next run goes on with the draft.
        with suppress(ArchiveError):
            _undo(archive, number)
        raise
    return Outcome.ADDED


def _drop(archive: Archive, job: Job, row: Row) -> Outcome:
    """A draft that nobody has touched goes with its record; all else stays and is named."""
    known = jobs.gone(archive, job, row)
    if known is not None and known.untouched:
        _undo(archive, known.number)
    return Outcome.GONE


def _receive_and_enter(archive: Archive, job: Job, row: Row, document: dict[str, Any]) -> int:
    received: list[Received] = []
    try:
        for one in row.files:
            received.append(_receive(archive, one))
        number = _enter(archive, job, row, document, received)
    except BaseException:
        for each in received:
            files.discard(each.arrival, staging=archive.settings.staging)
        raise
    if row.past.number not in (None, number):
        job.report.remark(
            row.place,
            Message(
                "Its number %(old)s is taken here; it is work %(number)s.",
                old=row.past.number,
                number=number,
            ),
        )
    return number


def _receive(archive: Archive, row: RowFile) -> Received:
    staging, limit = archive.settings.staging, archive.settings.upload_limit
    with row.open() as stream:
        arrival = files.receive(cast(BinaryIO, stream), row.name, staging=staging, limit=limit)
    try:
        if row.sha512 not in (None, arrival.sha512):
            raise Damaged(
                "“%(name)s” is not the file that was exported: its SHA-512 differs.", name=row.name
            )
        verdict = virus.insist(archive.settings, staging / arrival.staged, arrival.name)
        # Read now, so that the work is found as soon as it is published.
        pages = derive.read(
            archive,
            staging / arrival.staged,
            sha512=arrival.sha512,
            media_type=arrival.media_type,
        )
    except BaseException:
        files.discard(arrival, staging=staging)
        raise
    paged = bool(pages) and arrival.media_type == files.PDF
    return Received(row, arrival, verdict, len(pages) if paged else None)


def _enter(
    archive: Archive, job: Job, row: Row, document: dict[str, Any], received: list[Received]
) -> int:
    past = row.past
    with archive.writing() as session:
        work = entering.enter(
            session,
            document,
            actor=job.actor,
            state=job.state_of(row),
            number=past.number,
            uuid=past.uuid,
            published=past.published,
            submitted=past.submitted,
            agreement=past.agreement,
            copyright_basis=past.copyright_basis,
            rights_note=past.rights_note,
        )
        slugs = {*row.collections, *job.collections}
        catalogue.gather(session, work, find_all(session, slugs))
        for one in received:
            files.attach(
                session,
                work,
                one.arrival,
                settings=archive.settings,
                verdict=one.verdict,
                pages=one.pages,
                access=one.row.access,
                embargo_until=one.row.embargo_until,
                embargo_reason=one.row.embargo_reason,
                lease_until=one.row.lease_until,
                copying=one.row.copying,
            )
        origins.keep(session, job.source, row, work, updating.elements(document))
        origins.restore(session, row, work)
        updating.shelve(session, work, job.source, row)
        if job.fetches(row):
            for said in linked.ask(session, archive.settings, work, row, actor=job.actor):
                job.report.remark(row.place, said)
        if job.run:
            session.add(ImportedWork(import_id=job.run, work_id=work.id, deed=Deed.ADDED))
    return work.id


def _finish(archive: Archive, job: Job, row: Row, number: int) -> None:
    try:
        _advance(archive, job, row, number)
    except (Conflict, NotAllowed):  # another import may have done it in the meantime
        with archive.reading() as session:
            known = origins.known(session, job.source, row)
        if known is None or jobs.unfinished(known, job.state_of(row)):
            raise


def _advance(archive: Archive, job: Job, row: Row, number: int) -> None:
    wanted, withdrawal = job.state_of(row), row.past.withdrawal
    if wanted is State.WITHDRAWN and withdrawal:
        publishing.bury(archive, number, actor=job.actor, withdrawal=withdrawal)
    elif wanted is State.PUBLISHED:
        publishing.publish(archive, number, actor=job.actor)


def _undo(archive: Archive, number: int) -> None:
    with archive.writing() as session:
        work = catalogue.get(session, number)
        staged = [file.staged for file in work.files if file.staged]
        catalogue.discard(session, work)
    for name in staged:
        (archive.settings.staging / name).unlink(missing_ok=True)
