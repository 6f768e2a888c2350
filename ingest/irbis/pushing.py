"""Published works are written into a database of IRBIS64, and kept in step with it.

A work is found there by its key (903). A new one is added; of one that is there only what has
changed here is changed, and what others have changed there since is a conflict: it is shown, and
stays as it is. A second run writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select

from ingest import updating
from ingest.irbis import going, profiles, records
from ingest.irbis.client import Client
from ingest.irbis.going import Came
from ingest.irbis.patching import patch
from ingest.irbis.records import Record
from ingest.irbis.taking import FORMAT
from repository.archive import Archive
from repository.errors import ArchiveError, Conflict
from repository.exports import selecting
from repository.models.works import Origin
from repository.records import Record as Work
from schemas.messages import Message


class Outcome(StrEnum):
    """What became of a work in the database."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass
class Report:
    """How many works came to what, and what a person must look at: (work's number, sentence)."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    remarks: list[tuple[int, Message]] = field(default_factory=list)


def push(
    archive: Archive,
    client: Client,
    numbers: Sequence[int],
    *,
    dry: bool = False,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """Brings the database in step with these works; with `dry` says what would be done."""
    report = Report()
    for work in selecting.each(archive, list(numbers)):
        try:
            report.outcomes[_one(archive, client, work, report, dry)] += 1
        except ArchiveError as error:
            report.outcomes[Outcome.FAILED] += 1
            said = Message(error.sentence, **error.parameters)
            report.remarks.append((work.number, said))
        client.keep_alive()
        done()
    return report


def _one(archive: Archive, client: Client, work: Work, report: Report, dry: bool) -> Outcome:
    source = f"irbis:{client.where.name}"
    came = _known(archive, work, source)
    mfn = _find(client, work, came)
    if mfn is None:
        if not dry:
            made = going.of(work, came, profile=profiles.IRBIS)
            fresh = Record(made.fields)
            _remember(archive, work, source, client.write(fresh))
        return Outcome.ADDED
    live = client.read(mfn, lock=not dry)
    try:
        wanted, conflicts = _changed(work, came, live)
        for tag in conflicts:
            said = Message(
                "Field %(tag)s was changed here and in IRBIS64 (MFN %(mfn)s); it stays as it is.",
                tag=tag,
                mfn=mfn,
            )
            report.remarks.append((work.number, said))
        if wanted.fields == live.fields:
            return Outcome.CONFLICT if conflicts else Outcome.SAME
        if not dry:
            _remember(archive, work, source, client.write(wanted))
        return Outcome.CONFLICT if conflicts else Outcome.CHANGED
    finally:
        if not dry:
            with suppress(ArchiveError):  # writing has unlocked it
                client.unlock(mfn)


def _changed(work: Work, came: Came | None, live: Record) -> tuple[Record, tuple[int, ...]]:
    if came is None:
        # The catalogue has it and we never saw its record: only the way to our page is added.
        return going.linked(live, work, profiles.IRBIS), ()
    found = patch(live, *going.differing(work, came, profiles.IRBIS), base=came.record)
    return going.linked(found.record, work, profiles.IRBIS), found.conflicts


def _known(archive: Archive, work: Work, source: str) -> Came | None:
    """The record as this database had it last, or as it came from another export of it."""
    with archive.reading() as session:
        query = select(Origin.source, Origin.record, Origin.elements).where(
            Origin.work_id == work.number, Origin.format == FORMAT
        )
        rows = list(session.execute(query.order_by(Origin.id)))
    rows.sort(key=lambda one: one[0] == source)  # that of this database last
    found = [Came(records.load(text), elements) for _source, text, elements in rows]
    fitting = [one for one in found if profiles.of(one.record) == profiles.IRBIS]
    return fitting[-1] if fitting else None


def _find(client: Client, work: Work, came: Came | None) -> int | None:
    key = profiles.key(came.record) if came else going.own_key(work)
    if came and key.startswith("mfn:"):
        return came.record.mfn
    found = client.search(f'"I={key}"')
    if len(found) > 1:
        raise Conflict(
            "IRBIS64 has %(count)s records with the key %(key)s. Correct that there.",
            count=len(found),
            key=key,
        )
    return found[0] if found else None


def _remember(archive: Archive, work: Work, source: str, record: Record) -> None:
    """Keeps the record as the database has it now, and what we said in it."""
    with archive.writing() as session:
        query = select(Origin).where(Origin.work_id == work.number, Origin.source == source)
        origin = session.scalars(query).first()
        if origin is None:
            key = profiles.key(record) or f"mfn:{record.mfn}"
            origin = Origin(work_id=work.number, source=source, key=key)
            session.add(origin)
        origin.format, origin.record = FORMAT, records.dump(record)
        origin.elements = updating.elements(work.document)
