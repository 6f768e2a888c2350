"""Writing down what a harvest brought, and what it no longer brings."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ingest.harvest import describing
from ingest.harvest.describing import Foreign
from ingest.harvest.faults import Fault, Faults
from ingest.harvest.protocol import Page
from repository import clock
from repository.models.harvest import ForeignRecord, Source

# What makes a harvest too doubtful to conclude from it that a record is gone.
DOUBTS = (Fault.LOST, Fault.UNIDENTIFIED, Fault.UNDESCRIBED, Fault.SIZE, Fault.EXPIRED)


class Found(NamedTuple):
    """A record of a page, described; without a description it is deleted."""

    identifier: str
    datestamp: str
    foreign: Foreign | None


def described(page: Page, home: str, faults: Faults) -> list[Found]:
    """The records of a page, the last of each where one came twice."""
    found: dict[str, Found] = {}
    for one in page.records:
        foreign = None
        if one.metadata is not None:
            foreign = describing.describe(one.metadata, one.identifier, home, faults)
            if foreign is None:
                continue
        if one.identifier in found:
            faults.add(Fault.TWICE, one.identifier)
        found[one.identifier] = Found(one.identifier, one.datestamp, foreign)
    return list(found.values())


def keep(session: Session, source: Source, found: Sequence[Found], faults: Faults) -> Counter[str]:
    """Writes the records of a page; counts what is new, changed, deleted, as before, fresh."""
    known = _known(session, source, [one.identifier for one in found])
    counts: Counter[str] = Counter()
    for one in found:
        record = known.get(one.identifier)
        if record is None:
            record = ForeignRecord(
                source_id=source.id,
                identifier=one.identifier,
                seen=0,
                digest="",
                deleted=True,  # until it is written; so it stays when it comes deleted
                waiting=False,
            )
            session.add(record)
        elif record.seen == source.round:
            faults.add(Fault.TWICE, one.identifier)
        counts["fresh"] += record.seen != source.round
        counts[_written(record, one, source)] += 1
    session.flush()
    return counts


def _known(
    session: Session, source: Source, identifiers: Sequence[str]
) -> Mapping[str, ForeignRecord]:
    query = select(ForeignRecord).where(
        ForeignRecord.source_id == source.id, ForeignRecord.identifier.in_(identifiers)
    )
    return {one.identifier: one for one in session.scalars(query)}


def _written(record: ForeignRecord, found: Found, source: Source) -> str:
    """Brings a record up to date; the kind of change that this is."""
    was_there = not record.deleted
    record.seen, record.datestamp = source.round, found.datestamp
    if found.foreign is None:
        if record.deleted:
            return "same"
        gone(record, source)
        return "deleted"
    digest = _digest(found.foreign)
    if was_there and record.digest == digest:
        return "same"
    record.document, record.url, record.namespace = found.foreign
    record.prefix = source.said.get("prefix", "")
    record.digest, record.deleted, record.waiting = digest, False, True
    record.changed, record.feeding = clock.now(), source.shared
    return "changed" if was_there else "new"


def gone(record: ForeignRecord, source: Source) -> None:
    """Makes a record one that its source has deleted: nothing of it is kept but that it was."""
    record.deleted, record.waiting, record.changed = True, True, clock.now()
    record.document, record.url, record.digest = {}, "", ""
    record.feeding = source.shared


def _digest(foreign: Foreign) -> str:
    text = json.dumps([foreign.document, foreign.url], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def missed(session: Session, source: Source, faults: Faults) -> int:
    """After a harvest of everything: takes out what has not been seen; how much.

    Not when the harvest was doubtful, or saw less than half of what is known: then it is rather
    the repository that has a bad day.
    """
    ours = (ForeignRecord.source_id == source.id, ForeignRecord.deleted.is_(False))
    unseen = (*ours, ForeignRecord.seen != source.round)
    count = session.scalar(select(func.count()).select_from(ForeignRecord).where(*unseen)) or 0
    total = session.scalar(select(func.count()).select_from(ForeignRecord).where(*ours)) or 0
    if not count:
        return 0
    if count * 2 > total or any(faults[one] for one in DOUBTS):
        faults.add(Fault.KEPT, "", count)
        return 0
    session.execute(
        update(ForeignRecord)
        .where(*unseen)
        .values(
            deleted=True,
            waiting=True,
            feeding=source.shared,
            changed=clock.now(),
            document={},
            url="",
            digest="",
        )
    )
    return count


def size(session: Session, source: Source) -> int:
    """How many records of a source readers can find."""
    query = select(func.count()).where(
        ForeignRecord.source_id == source.id, ForeignRecord.deleted.is_(False)
    )
    return session.scalar(query) or 0
