"""Where imported works came from, and whether a row has become a work before."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.rows import Row
from repository.models.works import Origin, Work, WorkIdentifier


class Known(NamedTuple):
    """The work that a row became before, and whether the row has changed since."""

    number: int
    state: str
    version: int
    changed: bool


def known(session: Session, source: str, row: Row) -> Known | None:
    """The work that the row became in an earlier run, or that came here by another road."""
    columns = (Work.id, Work.state, Work.version)
    query = select(*columns, Origin.digest).join(Origin)
    found = session.execute(query.where(Origin.source == source, Origin.key == row.key)).first()
    if found is not None:
        number, state, version, kept = found
        return Known(number, state, version, kept != digest(row))
    if row.past.uuid:
        same = session.execute(select(*columns).where(Work.uuid == row.past.uuid)).first()
        return Known(*same, changed=False) if same else None
    return None


def keep(session: Session, source: str, row: Row, work: Work) -> None:
    """Remembers that the row has become this work."""
    session.add(Origin(work_id=work.id, source=source, key=row.key, digest=digest(row)))
    session.flush()


def digest(row: Row) -> str:
    """The same for the same description, as the source gives it."""
    canonical = json.dumps(row.document, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def duplicate(session: Session, row: Row, document: Mapping[str, Any]) -> int | None:
    """Another work with the row's DOI. A row with a UUID is itself, whatever DOI it has."""
    values = dois(document)
    if row.past.uuid or not values:
        return None
    query = select(WorkIdentifier.work_id).where(
        WorkIdentifier.scheme == "doi", WorkIdentifier.value.in_(values)
    )
    return session.scalars(query.limit(1)).first()


def dois(document: Mapping[str, Any]) -> list[str]:
    """The DOIs of a document."""
    return [one["value"] for one in document.get("identifiers", ()) if one["scheme"] == "doi"]
