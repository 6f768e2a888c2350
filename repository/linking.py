"""Which works are whose: said by the staff, taken back, or parted between two records."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import credits, people
from repository.clock import now
from repository.errors import Invalid
from repository.models.people import Author, Credit, Standing
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.vocabulary import State


def offered(session: Session, author: Author, numbers: Collection[int]) -> list[int]:
    """Those of these credits that are, or are suggested to be, this person's."""
    return [row.id for row in _rows(session, numbers) if row.author_id == author.id]


def confirm(session: Session, author: Author, numbers: Collection[int], *, actor: Viewer) -> int:
    """Says that these credits are this person's; how many. New spellings become forms."""
    rows = _rows(session, numbers)
    for row in rows:
        row.author_id, row.standing = author.id, Standing.CONFIRMED
        row.refused = [one for one in row.refused if one != author.id]
        row.decided, row.decided_by = now(), actor.name
    session.flush()
    if rows:
        _learn(session, author, rows)
        people.settle(session, author)
        people.log(session, author, "linked", actor, works=sorted({row.work_id for row in rows}))
    return len(rows)


def refuse(session: Session, author: Author, numbers: Collection[int], *, actor: Viewer) -> int:
    """Says that these credits are not this person's, or not any more; how many."""
    rows = [row for row in _rows(session, numbers) if row.author_id == author.id]
    for row in rows:
        row.author_id, row.standing = None, Standing.OPEN
        row.refused = [*row.refused, author.id]
        row.decided, row.decided_by, row.score, row.reasons = now(), actor.name, 0, []
    session.flush()
    if rows:
        credits.guess(session, rows)
        people.log(session, author, "unlinked", actor, works=sorted({row.work_id for row in rows}))
    return len(rows)


def _rows(session: Session, numbers: Collection[int]) -> list[Credit]:
    return [
        row
        for part in credits.slices(sorted(set(numbers)))
        for row in session.scalars(select(Credit).where(Credit.id.in_(part)))
    ]


def _learn(session: Session, author: Author, rows: Iterable[Credit]) -> None:
    """Adds the spellings of public works to the forms of the record."""
    known = {_spelt(people.agent_of(one)) for one in author.forms}
    for agent in spellings(session, rows):
        if _spelt(agent) not in known and len(author.forms) < people.FORMS:
            known.add(_spelt(agent))
            author.forms.append(people.form(agent))


def _spelt(agent: Mapping[str, Any]) -> str:
    return "|".join((agent.get(name) or "").casefold() for name in people.PARTS)


def spellings(session: Session, rows: Iterable[Credit]) -> list[dict[str, Any]]:
    """The names that public works give to these people, with other forms that stand in them."""
    places: dict[int, set[int]] = {}
    for row in rows:
        places.setdefault(row.work_id, set()).add(row.position)
    found: list[dict[str, Any]] = []
    for part in credits.slices(places):
        query = select(Work).where(Work.id.in_(part), Work.state == State.PUBLISHED)
        for work in session.scalars(query.order_by(Work.id)):
            for one in credits.persons(work.document):
                if one.position in places[work.id]:
                    found += [dict(one.agent), *(dict(each) for each in one.agent.get("forms", ()))]
    return list({_spelt(one): one for one in reversed(found)}.values())[::-1]


def spellings_of(session: Session, numbers: Collection[int]) -> list[dict[str, str]]:
    """The forms of a name for a new record, from the works of these credits."""
    found = spellings(session, _rows(session, numbers))
    return [
        {name: one[name] for name in (*people.PARTS, "language") if one.get(name)} for one in found
    ]


def split(
    session: Session,
    author: Author,
    numbers: Collection[int],
    forms: Collection[int],
    *,
    actor: Viewer,
) -> Author:
    """A record of its own for some of the works and forms of another; raises Invalid."""
    rows = [
        row
        for row in _rows(session, numbers)
        if row.author_id == author.id and row.standing == Standing.CONFIRMED
    ]
    taken = [one for one in author.forms if one.id in forms]
    names = [people.agent_of(one) | {"language": one.language} for one in taken]
    names = names or spellings(session, rows)
    if not rows or not names:
        raise Invalid("Tick the works that are somebody else's.")
    if taken and len(taken) == len(author.forms):
        raise Invalid("One form of the name must stay.")
    author.forms = [one for one in author.forms if one not in taken]
    author.changed = now()
    people.arrange(session, author)
    plain = [
        {name: one[name] for name in (*people.PARTS, "language") if one.get(name)} for one in names
    ]
    made = people.create(session, {"forms": plain[: people.FORMS]}, actor=actor)
    for row in rows:
        row.author_id, row.decided, row.decided_by = made.id, now(), actor.name
        row.refused = [*row.refused, author.id]
    session.flush()
    works = sorted({row.work_id for row in rows})
    people.log(session, author, "split", actor, into=made.id, works=works)
    return made
