"""Lists of records and of names without one; what readers are told of a person."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from repository import alphabet, credits, namesakes
from repository.credits import Guess
from repository.models.people import Author, AuthorForm, Credit, Standing
from repository.models.works import Work, WorkAgent
from repository.paging import PUBLIC
from repository.transliteration import sound

LISTED = 30
SUGGESTED = 8  # while somebody types
_ORCID = re.compile(r"\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx]")
_SURE = Credit.standing == Standing.CONFIRMED


class Known(NamedTuple):
    """A record in a list, and how many public works are surely its person's."""

    author: Author
    works: int


class Unlinked(NamedTuple):
    """A name, in all its spellings that sound the same, of which nobody has said whose it is."""

    sound: str
    names: Sequence[str]
    works: int
    guesses: int


class Named(NamedTuple):
    """A credit with the name as the work has it."""

    credit: Credit
    name: str
    work: Work


def _like(text: str) -> ColumnElement[bool]:
    """Forms in which each word of `text` begins a word, in whatever script."""
    words = [namesakes.root(one) for one in sound(text).split()]
    # What is typed may break off in the middle of a sound: "Кыдырали" is no beginning of what
    # "Кыдыралиев" sounds like, but without its last vowel it is.
    bare = [one.rstrip("i") if len(one) > 3 else one for one in words]
    return and_(*(_begins(one) for one in bare)) if bare else false()


def _begins(word: str) -> ColumnElement[bool]:
    column = AuthorForm.sound
    return or_(
        column.startswith(word, autoescape=True),
        *(column.contains(f"{mark}{word}", autoescape=True) for mark in ("|", " ")),
    )


def _records(text: str) -> Select[Author]:
    query = select(Author).where(Author.merged_into_id.is_(None))
    orcid = _ORCID.search(text)
    if orcid:
        bare = orcid[0].replace("-", "").upper()
        return query.where(Author.orcid == "-".join(re.findall("....", bare)))
    if text.strip():
        query = query.where(Author.id.in_(select(AuthorForm.author_id).where(_like(text))))
    return query.order_by(Author.key, Author.id)


def search(session: Session, text: str, page: int = 1) -> tuple[list[Known], bool]:
    """A page of records with such a name or ORCID, and whether there are more."""
    query = _records(text).options(selectinload(Author.forms))
    rows = session.scalars(query.offset((page - 1) * LISTED).limit(LISTED + 1)).all()
    counted = works_of(session, [one.id for one in rows])
    known = [Known(one, counted.get(one.id, 0)) for one in rows[:LISTED]]
    return known, len(rows) > LISTED


def works_of(session: Session, authors: Iterable[int]) -> dict[int, int]:
    """How many public works each person surely has."""
    query = (
        select(Credit.author_id, func.count(func.distinct(Credit.work_id)))
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, _SURE, Credit.author_id.in_(list(authors)))
        .group_by(Credit.author_id)
    )
    return {int(row[0] or 0): row[1] for row in session.execute(query)}


def suggestions(session: Session, text: str, account: int | None) -> Sequence[Author]:
    """Records that are public, or that of this account, whose name begins like this."""
    if len(sound(text)) < 2 and not _ORCID.search(text):
        return []
    public = select(Credit.author_id).join(Work, Work.id == Credit.work_id).where(PUBLIC, _SURE)
    own = Author.account_id == account if account else false()
    query = _records(text).where(or_(Author.id.in_(public), own)).limit(SUGGESTED)
    belongings = (selectinload(Author.forms), selectinload(Author.affiliations))
    return session.scalars(query.options(*belongings)).all()


def unlinked(session: Session, text: str = "", page: int = 1) -> tuple[list[Unlinked], bool]:
    """Names of public works without a sure record, those with the most works first."""
    works = func.count(func.distinct(Credit.work_id))
    query = (
        select(Credit.sound, works, func.count(Credit.author_id))
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, ~_SURE)
        .group_by(Credit.sound)
        .order_by(works.desc(), Credit.sound)
    )
    for word in sound(text).split():
        query = query.where(Credit.sound.contains(namesakes.root(word), autoescape=True))
    rows = session.execute(query.offset((page - 1) * LISTED).limit(LISTED + 1)).all()
    names = _names(session, [row[0] for row in rows[:LISTED]])
    found = [Unlinked(row[0], names[row[0]], row[1], row[2]) for row in rows[:LISTED]]
    return found, len(rows) > LISTED


def _names(session: Session, sounds: Collection[str]) -> dict[str, list[str]]:
    """The spellings in public works of names that sound like this."""
    query = (
        select(Credit.sound, WorkAgent.name, func.count())
        .join(WorkAgent, _SAME)
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, ~_SURE, Credit.sound.in_(sounds))
        .group_by(Credit.sound, WorkAgent.name)
        .order_by(func.count().desc(), WorkAgent.name)
    )
    found: dict[str, list[str]] = {one: [] for one in sounds}
    for heard, name, _ in session.execute(query):
        found[heard].append(name)
    return found


_SAME = and_(WorkAgent.work_id == Credit.work_id, WorkAgent.position == Credit.position)


def _named(session: Session, *where: ColumnElement[bool], limit: int) -> list[Named]:
    query = (
        select(Credit, WorkAgent.name, Work)
        .join(WorkAgent, _SAME)
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, *where)
        .options(selectinload(Work.files))
        .order_by(Credit.score.desc(), Work.year.desc(), Credit.id)
        .limit(limit)
    )
    return [Named(*row) for row in session.execute(query)]


def of_sound(session: Session, heard: str, limit: int = 200) -> list[Named]:
    """Public works with a name that sounds like this and has no sure record."""
    return _named(session, ~_SURE, Credit.sound == heard, limit=limit)


def credited(session: Session, author: Author, standing: Standing, limit: int) -> list[Named]:
    """Public works that are, or are suggested to be, this person's."""
    return _named(session, Credit.standing == standing, Credit.author_id == author.id, limit=limit)


def guesses(session: Session, heard: str) -> list[tuple[Author, Guess]]:
    """The records that a name may be, the likeliest first."""
    name = namesakes.unpacked(heard)
    found = credits.candidates(session, namesakes.keys(name))
    ranked = credits.ranking(None, name, found)[:SUGGESTED]
    return [(session.get_one(Author, one.author_id), one) for one in ranked]


def spelt_like(session: Session, name: str) -> list[Author]:
    """The records of the people whom public works call exactly this."""
    query = (
        select(Author)
        .join(Credit, Credit.author_id == Author.id)
        .join(WorkAgent, _SAME)
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, _SURE, WorkAgent.key == alphabet.key(name))
        .distinct()
        .order_by(Author.id)
    )
    return list(session.scalars(query))


def others(session: Session, author: Author) -> list[str]:
    """Names of this person under which there are public works that are not surely theirs."""
    query = (
        select(func.min(WorkAgent.name))
        .join(Credit, _SAME)
        .join(Work, Work.id == Credit.work_id)
        .where(PUBLIC, Credit.author_id == author.id, ~_SURE)
        .group_by(WorkAgent.key)
        .order_by(WorkAgent.key)
    )
    return list(session.scalars(query.limit(SUGGESTED)))


def theirs(author: Author) -> ColumnElement[bool]:
    """Works that are surely this person's."""
    return Work.id.in_(select(Credit.work_id).where(Credit.author_id == author.id, _SURE))


def told(author: Author) -> Mapping[str, Any]:
    """What anybody may know of a person."""
    places = [one for one in author.affiliations if not one.until] or author.affiliations[-1:]
    return {
        "forms": [
            {"family": one.family, "given": one.given, "patronymic": one.patronymic}
            for one in author.forms
        ],
        "orcid": author.orcid or "",
        "affiliation": places[-1].name if places else "",
    }
