"""Records of people who make works: made, changed, found; and which works are theirs.

A record is public as soon as one public work is surely its person's. Its notes and its account are
for the staff alone.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import accounts, alphabet, audit, credits, namesakes
from repository.clock import now
from repository.errors import Conflict, Invalid, NotFound
from repository.models.people import (
    Author,
    AuthorForm,
    AuthorIdentifier,
    AuthorKey,
    AuthorPlace,
    Credit,
    Standing,
)
from repository.models.works import Work
from repository.viewers import Viewer
from schemas import author as border
from schemas import work as profile
from schemas.vocabulary import State

FORMS = 100  # in one record
PARTS = ("family", "given", "patronymic")


def get(session: Session, number: int) -> Author:
    """The record of that number; raises NotFound."""
    found = session.get(Author, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no record of this person.")
    return found


def living(session: Session, number: int) -> Author:
    """The same, or the one that it was merged into."""
    found = get(session, number)
    seen = {found.id}
    while found.merged_into_id is not None and found.merged_into_id not in seen:
        found = get(session, found.merged_into_id)
        seen.add(found.id)
    return found


def described(author: Author) -> dict[str, Any]:
    """All that a record holds, in the shape in which it is written."""
    return {
        "forms": [
            {name: getattr(one, name) for name in (*PARTS, "language") if getattr(one, name)}
            for one in author.forms
        ],
        "orcid": author.orcid or "",
        "identifiers": [{"scheme": one.scheme, "value": one.value} for one in author.identifiers],
        "affiliations": [
            {name: getattr(one, name) for name in ("name", "ror", "since", "until")}
            for one in author.affiliations
        ],
        "notes": author.notes,
    }


def create(
    session: Session, given: Mapping[str, Any], *, actor: Viewer, account: str = ""
) -> Author:
    """A new record; raises Unfit, or Conflict when another has the ORCID."""
    author = Author()
    _write(session, author, border.check(given), _account(session, account))
    session.add(author)
    session.flush()
    _settle(session, author)
    _log(session, author, "created", actor)
    return author


def edit(
    session: Session,
    author: Author,
    given: Mapping[str, Any],
    *,
    actor: Viewer,
    revision: int | None = None,
    account: str = "",
) -> None:
    """Writes a record anew; raises Conflict when it has been changed since `revision`."""
    check_revision(author, revision)
    checked = border.check(given)
    before = {**profile.prune(described(author)), "account": author.account_id}
    _write(session, author, checked, _account(session, account))
    after = {**checked, "account": author.account_id}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        author.changed = now()
        session.flush()
        _settle(session, author)
        _log(session, author, "changed", actor, changed=sorted(changed))


def check_revision(author: Author, revision: int | None) -> None:
    """Raises Conflict when somebody has changed the record since `revision` was read."""
    if author.merged_into_id is not None or revision not in (None, author.revision):
        raise Conflict("Somebody else has changed this record in the meantime. Look at it again.")


def _account(session: Session, address: str) -> int | None:
    if not address.strip():
        return None
    found = accounts.find(session, address)
    if found is None:
        raise Invalid("There is no account with this address.", {"account": []})
    return found.id


def _write(
    session: Session, author: Author, checked: Mapping[str, Any], account: int | None
) -> None:
    orcid = checked.get("orcid") or None
    _check_free(session, author, orcid)
    author.orcid, author.notes, author.account_id = orcid, checked.get("notes", ""), account
    author.forms = [form(one) for one in checked["forms"]]
    author.identifiers = [AuthorIdentifier(**one) for one in checked.get("identifiers", ())]
    author.affiliations = [
        AuthorPlace(position=at, **one) for at, one in enumerate(checked.get("affiliations", ()))
    ]


def _check_free(session: Session, author: Author, orcid: str | None) -> None:
    query = select(Author).where(Author.orcid == orcid, Author.id != (author.id or 0))
    other = session.scalar(query) if orcid else None
    if other is not None:
        raise Conflict("The record of %(name)s has this ORCID already.", name=other.name)


def form(given: Mapping[str, Any]) -> AuthorForm:
    """A form of a name, with how it sounds."""
    kept = {name: given.get(name) or "" for name in (*PARTS, "language")}
    return AuthorForm(**kept, sound=namesakes.packed(namesakes.heard(kept)))


def _settle(session: Session, author: Author) -> None:
    """Brings what repeats the forms in line with them, and looks for works anew."""
    arrange(session, author)
    credits.offer(session, author.id)


def arrange(session: Session, author: Author) -> None:
    """Brings a record's order, and the keys under which it is found, in line with its forms."""
    for position, one in enumerate(author.forms):
        one.position = position
    author.name = author.forms[0].filed
    author.key = alphabet.key(author.name)
    session.flush()
    names = [namesakes.unpacked(one.sound) for one in author.forms]
    wanted = dict.fromkeys(key for name in names for key in namesakes.keys(name))
    session.execute(delete(AuthorKey).where(AuthorKey.author_id == author.id))
    session.add_all(AuthorKey(author_id=author.id, key=key) for key in wanted)
    session.flush()


def _agent(one: AuthorForm) -> dict[str, str]:
    return {name: getattr(one, name) for name in PARTS}


def _log(
    session: Session, author: Author, what: str, actor: Viewer, reason: str = "", **details: object
) -> None:
    about = ("author", author.id)
    audit.write(session, f"author.{what}", actor=actor, about=about, reason=reason, details=details)


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
        _settle(session, author)
        _log(session, author, "linked", actor, works=sorted({row.work_id for row in rows}))
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
        _log(session, author, "unlinked", actor, works=sorted({row.work_id for row in rows}))
    return len(rows)


def _rows(session: Session, numbers: Collection[int]) -> list[Credit]:
    return [
        row
        for part in credits.slices(sorted(set(numbers)))
        for row in session.scalars(select(Credit).where(Credit.id.in_(part)))
    ]


def _learn(session: Session, author: Author, rows: Iterable[Credit]) -> None:
    """Adds the spellings of public works to the forms of the record."""
    known = {_spelt(_agent(one)) for one in author.forms}
    for agent in spellings(session, rows):
        if _spelt(agent) not in known and len(author.forms) < FORMS:
            known.add(_spelt(agent))
            author.forms.append(form(agent))


def _spelt(agent: Mapping[str, Any]) -> str:
    return "|".join((agent.get(name) or "").casefold() for name in PARTS)


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
    return [{name: one[name] for name in (*PARTS, "language") if one.get(name)} for one in found]


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
    names = [_agent(one) | {"language": one.language} for one in taken]
    names = names or spellings(session, rows)
    if not rows or not names:
        raise Invalid("Tick the works that are somebody else's.")
    if taken and len(taken) == len(author.forms):
        raise Invalid("One form of the name must stay.")
    author.forms = [one for one in author.forms if one not in taken]
    author.changed = now()
    arrange(session, author)
    plain = [{name: one[name] for name in (*PARTS, "language") if one.get(name)} for one in names]
    made = create(session, {"forms": plain[:FORMS]}, actor=actor)
    for row in rows:
        row.author_id, row.decided, row.decided_by = made.id, now(), actor.name
        row.refused = [*row.refused, author.id]
    session.flush()
    works = sorted({row.work_id for row in rows})
    _log(session, author, "split", actor, into=made.id, works=works)
    return made
