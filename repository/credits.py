"""Who made what: a row for each person whom a work names, and the record that is likely theirs.

The rows follow the document whenever it is saved. A row that has been decided on stays so as long
as the work has a name that sounds the same; the same ORCID and a part of the name in common make it
sure; anything else is a suggestion, for staff to confirm.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from marshmallow import ValidationError
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from repository import audit, namesakes
from repository.clock import now
from repository.models.people import Author, AuthorForm, AuthorKey, Credit, Standing
from repository.models.works import Work, WorkAgent
from repository.namesakes import LEAST, SURE, Name
from repository.viewers import SYSTEM
from schemas import work as profile
from schemas.fields import check_orcid

_SLICE = 500  # values in one query
_CONTRARY = 60  # points for the ORCID of somebody whose name has nothing in common


class Person(NamedTuple):
    """A person whom a document names."""

    position: int
    agent: Mapping[str, Any]
    sound: str
    orcid: str | None


class Candidate(NamedTuple):
    """A record that a name is compared with."""

    id: int
    orcid: str | None
    forms: tuple[Name, ...]


class Guess(NamedTuple):
    """The record that a person's is likely to be."""

    author_id: int
    points: int
    reasons: tuple[str, ...]


def persons(document: Mapping[str, Any]) -> Iterator[Person]:
    """The people whom a document names, with their places among its agents."""
    agents = [*document.get("creators", ()), *document.get("contributors", ())]
    for position, agent in enumerate(agents):
        if agent.get("kind") == "organisation" or not profile.agent_name(agent):
            continue
        sound = namesakes.packed(namesakes.heard(agent))
        yield Person(position, agent, sound, _orcid(agent))


def _orcid(agent: Mapping[str, Any]) -> str | None:
    try:
        return check_orcid(agent["orcid"]) if agent.get("orcid") else None
    except ValidationError:
        return None  # half typed; its field says what is wrong


def put(session: Session, work: Work) -> None:
    """Brings the rows of a work in line with its document."""
    rows = list(session.scalars(_rows_of(work.id)))
    named = list(persons(work.document))
    if [(row.position, row.sound, row.orcid) for row in rows] == [
        (one.position, one.sound, one.orcid) for one in named
    ]:
        return
    before: dict[str, list[Credit]] = defaultdict(list)
    for row in rows:
        before[row.sound].append(row)
    made = [_credit(work, one, before[one.sound]) for one in named]
    session.execute(delete(Credit).where(Credit.work_id == work.id))
    for row in rows:
        session.expunge(row)
    session.add_all(made)
    session.flush()
    guess(session, made)


def _rows_of(number: int) -> Select[Credit]:
    return select(Credit).where(Credit.work_id == number).order_by(Credit.position)


def _credit(work: Work, one: Person, before: list[Credit]) -> Credit:
    """A row, with what was decided on the one that it takes the place of."""
    name = namesakes.unpacked(one.sound)
    found = Credit(
        work_id=work.id,
        position=one.position,
        sound=one.sound,
        family=next(iter(namesakes.keys(name)), ""),
        orcid=one.orcid,
        standing=Standing.OPEN,
        refused=[],
    )
    old = before.pop(0) if before else None
    if old is not None:
        found.refused = old.refused
        # Another ORCID is another person, until somebody looks.
        if not (old.orcid and one.orcid and old.orcid != one.orcid):
            for column in ("author_id", "standing", "score", "reasons", "decided", "decided_by"):
                setattr(found, column, getattr(old, column))
    return found


def fill(session: Session, numbers: Iterable[int]) -> None:
    """Writes the rows of works that have none: those from before there were any."""
    for part in slices(numbers):
        has = select(Credit.work_id).where(Credit.work_id.in_(part))
        lacking = select(WorkAgent.work_id).where(
            WorkAgent.work_id.in_(part), WorkAgent.work_id.not_in(has)
        )
        for work in session.scalars(select(Work).where(Work.id.in_(lacking))):
            put(session, work)


def guess(session: Session, rows: Sequence[Credit]) -> None:
    """Suggests the likeliest record for each row that nobody has decided on."""
    waiting = [row for row in rows if row.standing != Standing.CONFIRMED]
    names = {row.sound: namesakes.unpacked(row.sound) for row in waiting}
    keys = {key for name in names.values() for key in namesakes.keys(name)}
    found = candidates(session, keys, {row.orcid for row in waiting if row.orcid})
    sure: dict[int, list[int]] = defaultdict(list)
    for row in waiting:
        most = likeliest(row, names[row.sound], found)
        _suggest(row, most)
        if row.standing == Standing.CONFIRMED and row.author_id:
            sure[row.author_id].append(row.work_id)
    for author, works in sure.items():
        given = {"works": sorted(set(works)), "by": "ORCID"}
        audit.write(session, "author.linked", actor=SYSTEM, about=("author", author), details=given)
    session.flush()


def _suggest(row: Credit, most: Guess | None) -> None:
    row.author_id = most.author_id if most else None
    row.score, row.reasons = (most.points, list(most.reasons)) if most else (0, [])
    row.standing = Standing.SUGGESTED if most else Standing.OPEN
    if most and most.points >= SURE:
        row.standing, row.decided, row.decided_by = Standing.CONFIRMED, now(), "ORCID"


def candidates(
    session: Session, keys: Iterable[str], orcids: Iterable[str] = ()
) -> dict[str, list[Candidate]]:
    """Records to compare with, by the sound of a family name and by ORCID."""
    named: dict[int, list[str]] = defaultdict(list)
    for part in slices(sorted(keys)):
        query = select(AuthorKey.author_id, AuthorKey.key).where(AuthorKey.key.in_(part))
        for number, key in session.execute(query):
            named[number].append(key)
    for part in slices(sorted(orcids)):
        for author in session.scalars(select(Author).where(Author.orcid.in_(part))):
            named[author.id].append(str(author.orcid))
    found: dict[str, list[Candidate]] = defaultdict(list)
    for one in _known(session, named):
        for key in named[one.id]:
            found[key].append(one)
    return found


def _known(session: Session, numbers: Iterable[int]) -> Iterator[Candidate]:
    for part in slices(sorted(numbers)):
        forms: dict[int, list[Name]] = defaultdict(list)
        query = select(AuthorForm.author_id, AuthorForm.sound).where(AuthorForm.author_id.in_(part))
        for author, sound in session.execute(query.order_by(AuthorForm.position)):
            forms[author].append(namesakes.unpacked(sound))
        records = select(Author.id, Author.orcid).where(
            Author.id.in_(part), Author.merged_into_id.is_(None)
        )
        for author, orcid in session.execute(records):
            yield Candidate(author, orcid, tuple(forms[author]))


def likeliest(row: Credit, name: Name, found: Mapping[str, Sequence[Candidate]]) -> Guess | None:
    """The record that fits best; one that was refused is not offered again."""
    ranked = ranking(row.orcid, name, found, apart_from=row.refused)
    if not ranked:
        return None
    first = ranked[0]
    if len(ranked) > 1 and ranked[1].points == first.points < SURE:
        return first._replace(reasons=(*first.reasons, "several"))
    return first


def ranking(
    orcid: str | None,
    name: Name,
    found: Mapping[str, Sequence[Candidate]],
    *,
    apart_from: Iterable[int] = (),
) -> list[Guess]:
    """The records that a person's may be, the likeliest first."""
    keys = [*namesakes.keys(name), *([orcid] if orcid else [])]
    near = {one.id: one for key in keys for one in found.get(key, ())}
    for number in apart_from:
        near.pop(number, None)
    guesses = [_weigh(orcid, name, one) for one in near.values()]
    fit = [one for one in guesses if one.points >= LEAST]
    return sorted(fit, key=lambda one: (-one.points, one.author_id))


def _weigh(orcid: str | None, name: Name, one: Candidate) -> Guess:
    points, reasons = namesakes.best(name, one.forms)
    if not (orcid and one.orcid):
        return Guess(one.id, points, reasons)
    if orcid != one.orcid:
        return Guess(one.id, 0, ())
    # A mistyped ORCID is somebody else's; people who marry change one part of their name.
    common = any(name.family == each.family or name.given == each.given for each in one.forms)
    return Guess(one.id, SURE if common else _CONTRARY, ("orcid", *reasons))


def offer(session: Session, author: int) -> None:
    """Compares a record with the names that nobody has decided on, as its forms have changed."""
    keys = list(session.scalars(select(AuthorKey.key).where(AuthorKey.author_id == author)))
    orcid = session.scalar(select(Author.orcid).where(Author.id == author))
    fits = Credit.family.in_(keys) | (Credit.author_id == author)
    if orcid:
        fits |= Credit.orcid == orcid
    query = select(Credit).where(fits, Credit.standing != Standing.CONFIRMED)
    guess(session, list(session.scalars(query)))


def slices(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in portions that one query takes."""
    rest = iter(values)
    while part := list(islice(rest, _SLICE)):
        yield part
