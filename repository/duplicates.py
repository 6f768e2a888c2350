"""Works that are likely the same: by identifier, by file, by title."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from repository import access, likeness
from repository.access import Action
from repository.likeness import ALIKE, SHORT, TELLING, Facts
from repository.models.life import NextVersion, WorkKey
from repository.models.works import File, Work, WorkIdentifier
from repository.viewers import Viewer
from schemas.vocabulary import State

__all__ = ["MOST", "TELLING", "Likely", "Why", "find"]

MOST = 5  # warnings that a person reads
# Works with a key in common whose titles are compared letter by letter.
CANDIDATES = 200


class Why(StrEnum):
    """What two works have in common, the surest first."""

    FILE = "file"
    IDENTIFIER = "identifier"
    TITLE = "title"


class Likely(NamedTuple):
    """A work that may be the same."""

    work: Work
    why: Why


def find(
    session: Session,
    document: Mapping[str, Any],
    *,
    viewer: Viewer,
    sha512s: Iterable[str] = (),
    apart_from: int | None = None,
) -> list[Likely]:
    """Works that this viewer may know of and that are likely the one described."""
    found: dict[int, Likely] = {}
    described = likeness.facts(document, sha512s)
    apart = _apart(session, apart_from)
    checks = (
        (Why.FILE, _same_file(described)),
        (Why.IDENTIFIER, _same_identifier(described)),
        (Why.TITLE, _same_title(described)),
    )
    for why, condition in checks:
        if condition is not None:
            for work in _works(session, condition, apart):
                found.setdefault(work.id, Likely(work, why))
    for work in _alike(session, described, document, apart):
        found.setdefault(work.id, Likely(work, Why.TITLE))
    seen = (one for one in found.values() if access.decide(viewer, Action.SEE, one.work))
    return sorted(seen, key=lambda one: (list(Why).index(one.why), -one.work.id))[:MOST]


def _apart(session: Session, number: int | None) -> list[int]:
    """The work itself, and the published one whose next version it is to be."""
    own = select(NextVersion.of_id).where(NextVersion.work_id == number)
    return [number, *session.scalars(own)] if number else []


def _works(session: Session, condition: ColumnElement[bool], apart: list[int]) -> list[Work]:
    # A rejected deposit and a tombstone are no reason not to send the work in.
    query = (
        select(Work)
        .where(condition, Work.id.not_in(apart))
        .where(Work.state.not_in((State.REJECTED, State.WITHDRAWN)))
        .where(Work.id.not_in(select(NextVersion.work_id)))
        .options(selectinload(Work.files))
        .order_by(Work.id.desc())
        .limit(CANDIDATES)
    )
    return list(session.scalars(query))


def _same_file(described: Facts) -> ColumnElement[bool] | None:
    if not described.files:
        return None
    same = select(File.work_id).where(File.sha512.in_(described.files), File.removed.is_(None))
    return Work.id.in_(same)


def _same_identifier(described: Facts) -> ColumnElement[bool] | None:
    if not described.identifiers:
        return None
    same = or_(
        *(
            and_(WorkIdentifier.scheme == scheme, WorkIdentifier.value == value)
            for scheme, value in described.identifiers
        )
    )
    return Work.id.in_(select(WorkIdentifier.work_id).where(same))


def _same_title(described: Facts) -> ColumnElement[bool] | None:
    if len(described.title) < SHORT:
        return None
    return _keyed([likeness.title_key(described.title)])


def _keyed(keys: list[str]) -> ColumnElement[bool]:
    return Work.id.in_(select(WorkKey.work_id).where(WorkKey.key.in_(keys)))


def _alike(
    session: Session, described: Facts, document: Mapping[str, Any], apart: list[int]
) -> list[Work]:
    """Works that share an author and whose titles differ by little."""
    if len(described.title) < SHORT or not described.names:
        return []
    names = [likeness.family(one) for one in document.get("creators", ())]
    works = _works(session, _keyed(likeness.keys(described, filter(None, names))), apart)
    return [work for work in works if _nearly(described, likeness.facts(work.document))]


def _nearly(one: Facts, other: Facts) -> bool:
    shared = bool(one.names & other.names)
    return shared and likeness.ratio(one.title, other.title) >= ALIKE
