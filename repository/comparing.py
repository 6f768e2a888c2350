"""The duplicate finder: compares every work with those that have a key in common with it.

A work waits to be compared from each change on (`Work.compared` is None); the worker takes some at
a time. So the first pass over a catalogue can be broken off anywhere, and later passes cost only
what has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from repository import credits, likeness, projections
from repository.archive import Archive
from repository.clock import now
from repository.folding import fold
from repository.likeness import LEAST, TELLING, Facts, Score
from repository.models.life import NextVersion, Pair, Verdict, WorkKey
from repository.models.works import File, Work, WorkAgent, WorkIdentifier
from schemas.vocabulary import State

COMPARED = (State.PUBLISHED, State.SUBMITTED)
AT_ONCE = 200
CROWD = 60  # a key that more works have ("Editorial") says nothing
_SLICE = 500  # values in one query

Couple = tuple[int, int]


class _Waiting(NamedTuple):
    id: int
    revision: int
    keys: Sequence[str]
    facts: Facts


def compare(archive: Archive, limit: int = AT_ONCE) -> int:
    """Compares works that wait for it with all others; how many."""
    with archive.reading() as session:
        waiting = _waiting(session, limit)
    if not waiting:
        return 0
    with archive.writing() as session:
        _write_keys(session, waiting)
        credits.fill(session, [one.id for one in waiting])
    with archive.reading() as session:
        found = _found(session, waiting)
    with archive.writing() as session:
        _keep(session, [one.id for one in waiting], found)
        _mark(session, waiting)
    return len(waiting)


def _mark(session: Session, waiting: Iterable[_Waiting]) -> None:
    moment = now()
    for one in waiting:  # what has changed meanwhile waits for another turn
        session.execute(
            update(Work)
            .where(Work.id == one.id, Work.revision == one.revision)
            .values(compared=moment)
            .execution_options(synchronize_session=False)
        )


def again(session: Session) -> int:
    """Has every work compared anew; how many."""
    todo = update(Work).where(Work.state.in_(COMPARED)).values(compared=None)
    session.execute(todo.execution_options(synchronize_session=False))
    return left(session)


def left(session: Session) -> int:
    """How many works wait to be compared."""
    return session.scalar(select(func.count()).select_from(Work).where(*_WAIT)) or 0


_WAIT = (
    Work.compared.is_(None),
    Work.state.in_(COMPARED),
    Work.id.not_in(select(NextVersion.work_id)),
)


def _waiting(session: Session, limit: int) -> list[_Waiting]:
    query = select(Work.id, Work.revision).where(*_WAIT).order_by(Work.id).limit(limit)
    revisions = {row.id: row.revision for row in session.execute(query)}
    names = _names(session, revisions)
    known = _facts(session, revisions)
    return [
        _Waiting(number, revision, likeness.keys(known[number], names[number]), known[number])
        for number, revision in revisions.items()
    ]


def _write_keys(session: Session, waiting: Sequence[_Waiting]) -> None:
    """Writes keys that are not as they should be: those of works from before there were any."""
    numbers = [one.id for one in waiting]
    there: dict[int, set[str]] = defaultdict(set)
    for number, key in _rows(session, (WorkKey.work_id, WorkKey.key), WorkKey.work_id, numbers):
        there[number].add(key)
    for one in waiting:
        if there[one.id] != set(one.keys):
            projections.put_keys(session, one.id, one.keys)


def _found(session: Session, waiting: Sequence[_Waiting]) -> dict[Couple, Score]:
    own = {one.id: one.facts for one in waiting}
    couples = set(_by_key(session, waiting)) | set(_by_identifier(session, own))
    couples |= set(_by_file(session, own))
    known = {**_facts(session, {one for couple in couples for one in couple} - set(own)), **own}
    scores = {
        couple: likeness.score(known[couple[0]], known[couple[1]])
        for couple in couples
        if couple[0] in known and couple[1] in known
    }
    return {couple: one for couple, one in scores.items() if one.points >= LEAST}


def _by_key(session: Session, waiting: Sequence[_Waiting]) -> Iterable[Couple]:
    holders: dict[str, list[int]] = defaultdict(list)
    for one in waiting:
        for key in one.keys:
            holders[key].append(one.id)
    for number, key in _rows(
        session, (WorkKey.work_id, WorkKey.key), WorkKey.key, _few(session, holders)
    ):
        yield from _couples(holders[key], number)


def _few(session: Session, keys: Iterable[str]) -> list[str]:
    """Those keys that are not a crowd's."""
    found: list[str] = []
    for part in _slices(keys):
        query = select(WorkKey.key).where(WorkKey.key.in_(part)).group_by(WorkKey.key)
        found += session.scalars(query.having(func.count().between(2, CROWD)))
    return found


def _by_identifier(session: Session, own: Mapping[int, Facts]) -> Iterable[Couple]:
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, known in own.items():
        for pair in known.identifiers:
            holders[pair].append(number)
    columns = (WorkIdentifier.work_id, WorkIdentifier.scheme, WorkIdentifier.value)
    values = sorted({value for _, value in holders})
    for number, scheme, value in _rows(session, columns, WorkIdentifier.value, values):
        yield from _couples(holders.get((scheme, value), ()), number)


def _by_file(session: Session, own: Mapping[int, Facts]) -> Iterable[Couple]:
    holders: dict[str, list[int]] = defaultdict(list)
    for number, known in own.items():
        for sha512 in known.files:
            holders[sha512].append(number)
    columns = (File.work_id, File.sha512, File.removed)
    for number, sha512, removed in _rows(session, columns, File.sha512, sorted(holders)):
        if removed is None:
            yield from _couples(holders[sha512], number)


def _couples(mine: Iterable[int], other: int) -> Iterable[Couple]:
    return ((min(one, other), max(one, other)) for one in mine if one != other)


def _facts(session: Session, numbers: Collection[int]) -> dict[int, Facts]:
    """What is compared of those of the works that are compared at all."""
    columns = (Work.id, Work.title, Work.year, Work.type, Work.state)
    drafts = set(session.scalars(select(NextVersion.work_id)))
    works = [
        row
        for row in _rows(session, columns, Work.id, numbers)
        if row.state in COMPARED and row.id not in drafts
    ]
    names = _names(session, numbers)
    files: dict[int, set[str]] = defaultdict(set)
    for number, sha512, removed in _rows(
        session, (File.work_id, File.sha512, File.removed), File.work_id, numbers
    ):
        if removed is None:
            files[number].add(sha512)
    same: dict[int, set[tuple[str, str]]] = defaultdict(set)
    columns_of = (WorkIdentifier.work_id, WorkIdentifier.scheme, WorkIdentifier.value)
    for number, scheme, value in _rows(session, columns_of, WorkIdentifier.work_id, numbers):
        if scheme in TELLING:
            same[number].add((scheme, value))
    return {
        row.id: Facts(
            title=fold(row.title),
            names=frozenset(names[row.id]),
            year=row.year,
            type=row.type,
            identifiers=frozenset(same[row.id]),
            files=frozenset(files[row.id]),
        )
        for row in works
    }


def _names(session: Session, numbers: Collection[int]) -> dict[int, list[str]]:
    """The folded family names of each work's creators, in their order."""
    columns = (WorkAgent.work_id, WorkAgent.name, WorkAgent.position, WorkAgent.creator)
    found: dict[int, list[str]] = defaultdict(list)
    for row in sorted(
        _rows(session, columns, WorkAgent.work_id, numbers), key=lambda r: r.position
    ):
        name = fold(row.name.partition(",")[0])
        if row.creator and name:
            found[row.work_id].append(name)
    return found


def _rows(session: Session, columns: Any, by: Any, values: Iterable[Any]) -> list[Any]:
    return [
        row
        for part in _slices(values)
        for row in session.execute(select(*columns).where(by.in_(part)))
    ]


def _slices(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while part := list(islice(rest, _SLICE)):
        yield part


def _keep(session: Session, numbers: Sequence[int], found: Mapping[Couple, Score]) -> None:
    """Writes the pairs of these works; what a person has decided stays."""
    there = session.scalars(
        select(Pair).where(or_(Pair.first_id.in_(numbers), Pair.second_id.in_(numbers)))
    )
    known = {(pair.first_id, pair.second_id): pair for pair in there}
    for couple, pair in known.items():
        score = found.get(couple)
        if score is not None:
            pair.score, pair.reasons = score.points, list(score.reasons)
        elif pair.verdict == Verdict.OPEN:
            session.delete(pair)
    for couple, score in found.items():
        if couple not in known:
            session.add(
                Pair(
                    first_id=couple[0],
                    second_id=couple[1],
                    score=score.points,
                    reasons=list(score.reasons),
                )
            )
    session.flush()
