"""What a source has changed since an import, brought into the work: element by element.

An element that has changed at the source and not here is taken over; one that has changed here and
not there stays; one that has changed in both is a conflict, and stays as it is here.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ingest import origins
from ingest.rows import Row
from repository import catalogue, publishing
from repository.archive import Archive
from repository.models.imports import Deed, Holding, ImportedWork
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.vocabulary import State

Document = Mapping[str, Any]
CORRECTABLE = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.PUBLISHED)


class Plan(NamedTuple):
    """What an update would make of a work: its description, and the elements in conflict."""

    document: dict[str, Any]
    changed: tuple[str, ...]
    conflicts: tuple[str, ...]


def elements(document: Document) -> dict[str, str]:
    """A digest of each element."""
    return {name: _digest(value) for name, value in document.items()}


def _digest(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return hashlib.blake2b(canonical.encode(), digest_size=8).hexdigest()


def plan(here: Document, there: Document, bases: Sequence[Mapping[str, str]]) -> Plan:
    """What comes of the description here and that of the source; `bases` are digests of elements
    that both sides have known: what the source gave last, what it got last."""
    made, changed, conflicts = dict(here), [], []
    digests_here, digests_there = elements(here), elements(there)
    for name in dict.fromkeys((*here, *there)):
        ours, theirs = digests_here.get(name), digests_there.get(name)
        before = {one.get(name) for one in bases} if bases else set()
        if theirs == ours or theirs in before:
            continue
        if ours not in before:
            conflicts.append(name)
        else:
            changed.append(name)
            made[name] = there.get(name)
    kept = {name: value for name, value in made.items() if value is not None}
    return Plan(kept, tuple(changed), tuple(conflicts))


def of(
    session: Session, number: int, bases: Sequence[Mapping[str, str]], document: Document
) -> Plan:
    """What an update would make of a work; nothing where it can no longer be corrected."""
    work = catalogue.get(session, number)
    if work.state not in CORRECTABLE:
        return Plan(work.document, (), tuple(elements(document)))
    return plan(work.document, document, bases)


def carry_out(
    archive: Archive,
    source: str,
    row: Row,
    document: Document,
    known: origins.Known,
    *,
    actor: Viewer,
    run: int | None,
) -> Plan:
    """Updates the work, and remembers what the source has said now."""
    with archive.reading() as session:
        work = catalogue.get(session, known.number)
        before, state, revision = dict(work.document), work.state, work.revision
        made = of(session, known.number, known.bases, document)
    if made.changed and state == State.PUBLISHED:
        publishing.revise(
            archive,
            known.number,
            actor=actor,
            reason=f"Import: {source}",
            revision=revision,
            document=made.document,
        )
    with archive.writing() as session:
        work = catalogue.get(session, known.number)
        if made.changed and state != State.PUBLISHED:
            step = "correct" if state == State.SUBMITTED else "edit"
            catalogue.check_revision(work, revision)
            catalogue.save(session, work, made.document, actor=actor, step=step)
        origins.renew(session, source, row, elements(document), known.number)
        shelve(session, work, source, row)
        if made.changed and run:
            _note(session, run, work, before)
    return made


def _note(session: Session, run: int, work: Work, before: Document) -> None:
    noted = session.get(ImportedWork, (run, work.id))
    if noted is None:
        noted = ImportedWork(import_id=run, work_id=work.id, deed=Deed.UPDATED, before=before)
        session.add(noted)
    noted.after = work.document


def shelve(session: Session, work: Work, source: str, row: Row) -> None:
    """The copies that the source lists, in place of those that it listed before."""
    session.execute(delete(Holding).where(Holding.work_id == work.id, Holding.source == source))
    for one in row.holdings:
        session.add(Holding(work_id=work.id, source=source, **vars(one)))
