"""Where imported works came from, and whether a row has become a work before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.rows import Row
from repository import exchanging, likeness
from repository.models.imports import Holding
from repository.models.life import WorkKey
from repository.models.works import Origin, Work, WorkIdentifier
from schemas.vocabulary import State

KEPT = ("digest", "format", "record", "elements")

SAME_TITLE = 20  # works of one title that are looked at
# Numbers that tell of a work of the same title that it is the same.
NUMBERS = {"isbn": "ISBN", "handle": "Handle", "arxiv": "arXiv", "urn": "URN"}
NUMBERS |= {"irbis_mfn": "MFN", "local": "903", "inventory": "910"}


class Known(NamedTuple):
    """The work that a row became before, whether the row has changed since, and the digests of
    what it said then."""

    number: int
    state: str
    version: int
    changed: bool
    bases: tuple[Mapping[str, str], ...] = ()


class Likely(NamedTuple):
    """A work that is the same, or when not `sure` may be; `why` names what they share."""

    number: int
    why: str
    sure: bool


def known(session: Session, source: str, row: Row) -> Known | None:
    """The work that the row became in an earlier run, or that came here by another road."""
    columns = (Work.id, Work.state, Work.version)
    query = select(*columns, Origin.digest, Origin.elements).join(Origin)
    found = session.execute(query.where(Origin.source == source, Origin.key == row.key)).first()
    if found is not None:
        number, state, version, kept, elements = found
        bases = (elements, *_given(row)) if elements else _given(row)
        return Known(number, state, version, kept != digest(row), bases)
    if row.past.uuid:
        return _same(session, source, row)
    return None


def _same(session: Session, source: str, row: Row) -> Known | None:
    """The work with the row's UUID. What both sides knew last is what the row says it got from
    here; without that whatever differs is in conflict."""
    work = session.scalars(select(Work).where(Work.uuid == row.past.uuid)).first()
    if work is None:
        return None
    changed = source.startswith(exchanging.SOURCE)
    return Known(work.id, work.state, work.version, changed, _given(row))


def _given(row: Row) -> tuple[Mapping[str, str], ...]:
    """What the archive that the row is from got of the work from here last."""
    here = (one for one in row.past.origins if one["source"] == exchanging.HERE)
    return tuple(one.get("elements", {}) for one in here)


def keep(session: Session, source: str, row: Row, work: Work, elements: Mapping[str, str]) -> None:
    """Remembers that the row has become this work."""
    session.add(Origin(work_id=work.id, source=source, key=row.key))
    session.flush()
    renew(session, source, row, elements)


def renew(
    session: Session, source: str, row: Row, elements: Mapping[str, str], number: int | None = None
) -> None:
    """Remembers what the row says now; with `number` also of a work that came by another road."""
    query = select(Origin).where(Origin.source == source, Origin.key == row.key)
    origin = session.scalars(query).one_or_none()
    if origin is None and number is None:
        return
    if origin is None:
        origin = Origin(work_id=number, source=source, key=row.key)
        session.add(origin)
    origin.digest, origin.elements = digest(row), dict(elements)
    if row.kept is not None:
        origin.format, origin.record = row.kept.format, row.kept.text
    session.flush()


def restore(session: Session, row: Row, work: Work) -> None:
    """What the archive that the row is from has kept of where the work came from."""
    for one in row.past.origins:
        if one["source"] == exchanging.HERE:
            continue
        named = (Origin.source == one["source"], Origin.key == one["key"])
        if session.scalars(select(Origin.id).where(*named)).first() is not None:
            continue
        kept = {
            name: one[name] for name in ("digest", "format", "record", "elements") if name in one
        }
        session.add(Origin(work_id=work.id, source=one["source"], key=one["key"], **kept))
        for copy in one.get("holdings", ()):
            day = date.fromisoformat(copy["day"]) if copy.get("day") else None
            session.add(Holding(work_id=work.id, source=one["source"], **{**copy, "day": day}))
    session.flush()


def digest(row: Row) -> str:
    """The same for the same row: its description, its copies, and its source's record."""
    said = [row.document, [str(one) for one in row.holdings], row.kept.text if row.kept else ""]
    whole = said if row.kept or row.holdings else row.document
    canonical = json.dumps(whole, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def likely(session: Session, row: Row, document: Mapping[str, Any]) -> Likely | None:
    """A work that the row may be. A row with a UUID is itself, whatever else it has."""
    if row.past.uuid:
        return None
    values = dois(document)
    if values:
        query = select(WorkIdentifier.work_id).where(
            WorkIdentifier.scheme == "doi", WorkIdentifier.value.in_(values)
        )
        number = session.scalars(query.limit(1)).first()
        if number is not None:
            return Likely(number, "DOI", sure=True)
    return _by_title(session, document)


def _by_title(session: Session, document: Mapping[str, Any]) -> Likely | None:
    """A work of the same title: the same when a number is the same too, else perhaps the same."""
    described = likeness.facts(document)
    if len(described.title) < likeness.SHORT:
        return None
    key = likeness.title_key(described.title)
    query = (
        select(Work)
        .join(WorkKey)
        .where(WorkKey.key == key, Work.state.not_in((State.REJECTED, State.WITHDRAWN)))
        .order_by(Work.id)
        .limit(SAME_TITLE)
    )
    ours = _numbers(document)
    perhaps = None
    for work in session.scalars(query):
        same = ours & _numbers(work.document)
        if same:
            scheme = min(same)[0]
            return Likely(work.id, NUMBERS[scheme], sure=True)
        other = likeness.facts(work.document)
        met = described.names & other.names or not (described.names and other.names)
        if perhaps is None and met and described.year == other.year:
            perhaps = Likely(work.id, "title and year", sure=False)
    return perhaps


def _numbers(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    found = document.get("identifiers", ())
    return {(one["scheme"], one["value"]) for one in found if one["scheme"] in NUMBERS}


def dois(document: Mapping[str, Any]) -> list[str]:
    """The DOIs of a document."""
    return [one["value"] for one in document.get("identifiers", ()) if one["scheme"] == "doi"]
