"""Foreign records in the feed: those of sources that staff share, in sets of their own.

They are in `harvested` and `harvested:<slug>` and in no list that names no set, so that nobody
takes them for ours. A work's number is above zero, a foreign record's below. Each is given in
oai_dc, with its provenance: what we have of it is a description of our own making, so that it has
an identifier of ours, and names the one that it has at home.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from lxml import etree
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oai import about, envelope, identifiers, sets
from oai.about import Origin
from oai.formats import oai_dc
from oai.generations import Generation, Newest
from repository.models.harvest import ForeignRecord, Source
from repository.records import Record
from schemas.vocabulary import State

PREFIX = "oai_dc"
_DATESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_ACCESS = "info:eu-repo/semantics/closedAccess"

log = structlog.get_logger()


@dataclass(frozen=True)
class Lent:
    """Foreign records whose turn it is, with their sources."""

    pairs: Sequence[tuple[ForeignRecord, Source]] = field(default_factory=tuple)

    def numbers(self) -> list[int]:
        """Their numbers in the feed."""
        return [-record.id for record, _source in self.pairs]


def waiting(session: Session) -> bool:
    """Whether the feed has yet to hear of a foreign record."""
    found = select(ForeignRecord.id).where(ForeignRecord.feeding).limit(1)
    return session.scalar(found) is not None


def take(session: Session, limit: int) -> Lent:
    """Foreign records that the feed has yet to hear of."""
    query = (
        select(ForeignRecord, Source)
        .join(Source, Source.id == ForeignRecord.source_id)
        .where(ForeignRecord.feeding)
        .order_by(ForeignRecord.id)
        .limit(limit)
    )
    return Lent([(row[0], row[1]) for row in session.execute(query)])


def again(session: Session) -> None:
    """Lets the feed look at all shared records anew."""
    shared = select(Source.id).where(Source.shared, ~Source.leaving)
    theirs = (ForeignRecord.source_id.in_(shared), ForeignRecord.deleted.is_(False))
    session.execute(update(ForeignRecord).where(*theirs).values(feeding=True))


def generations(
    host: str, lent: Lent, newest: Mapping[int, Newest]
) -> Iterator[tuple[Generation, Newest | None]]:
    """What the feed is to show of each record, with what it shows until now."""
    for record, source in lent.pairs:
        before = newest.get(-record.id)
        public = source.shared and not source.leaving and not record.deleted
        body = _body(record, source) if public else None
        if body is None and before is None:
            continue
        made = Generation(
            work_id=-record.id,
            identifier=identifiers.make(host, -record.id),
            deleted=body is None,
            specs=(sets.LENT, f"{sets.LENT}:{source.slug}"),
            departed=(),
            bodies={PREFIX: body},
        )
        yield made, before


def _body(record: ForeignRecord, source: Source) -> bytes | None:
    try:
        described = oai_dc.render(_record(record))
    # One strange record must not hold up the feed.
    except Exception as error:
        log.error("foreign record not rendered", identifier=record.identifier, exc_info=error)
        return None
    if "access" not in record.document:
        _leave_open(described)
    return envelope.metadata(described) + about.parts(about.provenance(_origin(record, source)))


def _record(record: ForeignRecord) -> Record:
    return Record(
        id=-record.id,
        number=-record.id,
        uuid="",
        state=State.PUBLISHED,
        version=1,
        document=record.document,
        files=(),
        sets=(),
        collections=(),
        published=record.changed,
        changed=record.changed,
        withdrawal=None,
        url=record.url,
        access_right=record.document.get("access", "metadata-only"),
    )


def _leave_open(described: etree._Element) -> None:
    """Takes back the access right of records that say nothing of theirs."""
    for one in list(described):
        if one.text == _ACCESS:
            described.remove(one)


def _origin(record: ForeignRecord, source: Source) -> Origin:
    legal = _DATESTAMP.fullmatch(record.datestamp)
    return Origin(
        base_url=source.base_url,
        identifier=record.identifier,
        datestamp=record.datestamp if legal else _moment(record.changed),
        namespace=record.namespace,
        harvested=_moment(record.changed),
        altered=True,
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def done(session: Session, lent: Lent) -> None:
    """Notes that the feed knows records as they were; what has changed since goes on waiting."""
    for record, _source in lent.pairs:
        as_it_was = (ForeignRecord.id == record.id, ForeignRecord.changed == record.changed)
        session.execute(update(ForeignRecord).where(*as_it_was).values(feeding=False))
