"""Works that are likely the same: by identifier, by file, by title."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from repository import access, alphabet
from repository.access import Action
from repository.models.works import File, Work, WorkAgent, WorkIdentifier
from repository.viewers import Viewer
from schemas import work as profile
from schemas.vocabulary import State

MOST = 5  # warnings that a person reads
# Works by the same author that are compared with a title letter by letter.
CANDIDATES = 200
ALIKE = 0.9
# Schemes whose values name one work; an ISSN names a whole journal.
TELLING = ("doi", "isbn", "handle", "arxiv", "urn", "irbis_mfn")
_SHORT = 12  # a title key below this ("Введение") says too little


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
    checks = (
        (Why.FILE, _same_file(list(sha512s))),
        (Why.IDENTIFIER, _same_identifier(document)),
        (Why.TITLE, _same_title(document)),
    )
    for why, condition in checks:
        if condition is not None:
            for work in _works(session, condition, apart_from):
                found.setdefault(work.id, Likely(work, why))
    for work in _alike(session, document, apart_from):
        found.setdefault(work.id, Likely(work, Why.TITLE))
    seen = (one for one in found.values() if access.decide(viewer, Action.SEE, one.work))
    return sorted(seen, key=lambda one: (list(Why).index(one.why), -one.work.id))[:MOST]


def _works(session: Session, condition: ColumnElement[bool], apart_from: int | None) -> list[Work]:
    # A rejected deposit and a tombstone are no reason not to send the work in.
    query = (
        select(Work)
        .where(condition, Work.id != (apart_from or 0))
        .where(Work.state.not_in((State.REJECTED, State.WITHDRAWN)))
        .options(selectinload(Work.files))
        .order_by(Work.id.desc())
        .limit(CANDIDATES)
    )
    return list(session.scalars(query))


def _same_file(sha512s: list[str]) -> ColumnElement[bool] | None:
    if not sha512s:
        return None
    same = select(File.work_id).where(File.sha512.in_(sha512s), File.removed.is_(None))
    return Work.id.in_(same)


def _same_identifier(document: Mapping[str, Any]) -> ColumnElement[bool] | None:
    pairs = list(_identifiers(document))
    if not pairs:
        return None
    same = or_(
        *(
            and_(WorkIdentifier.scheme == scheme, WorkIdentifier.value == value)
            for scheme, value in pairs
        )
    )
    return Work.id.in_(select(WorkIdentifier.work_id).where(same))


def _identifiers(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for one in document.get("identifiers", ()):
        if one.get("scheme") in TELLING and one.get("value"):
            try:
                yield one["scheme"], profile.check_identifier(one["scheme"], one["value"])
            except profile.Unfit:
                continue  # half typed; its field says what is wrong


def _same_title(document: Mapping[str, Any]) -> ColumnElement[bool] | None:
    key = _title_key(document)
    return Work.title_key == key if len(key) >= _SHORT else None


def _title_key(document: Mapping[str, Any]) -> str:
    return alphabet.key(profile.main_title(document).get("text", ""))


def _alike(session: Session, document: Mapping[str, Any], apart_from: int | None) -> list[Work]:
    """Works that share an author and whose titles differ by little."""
    key = _title_key(document)
    names = [alphabet.key(profile.agent_name(one)) for one in document.get("creators", ())]
    names = [name for name in names if name]
    if len(key) < _SHORT or not names:
        return []
    shared = select(WorkAgent.work_id).where(WorkAgent.key.in_(names[:20]))
    works = _works(session, Work.id.in_(shared), apart_from)
    return [work for work in works if _ratio(key, work.title_key) >= ALIKE]


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one[:500], other[:500], autojunk=False)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if quick >= ALIKE else quick
