"""Lists of what is public, for browsing: by year, author, subject, type and collection."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from repository import alphabet
from repository.models.collections import Collection, work_collections
from repository.models.works import File, Work, WorkAgent, WorkSubject
from schemas.vocabulary import State

PAGE = 25
PUBLIC = Work.state == State.PUBLISHED


class Entry(NamedTuple):
    """A value to browse by, and how many public works have it."""

    value: str
    label: str
    works: int


class Mark(NamedTuple):
    """Where a page of works ended: the sort key and the id of its last work."""

    key: str
    id: int


class Page(NamedTuple):
    """Works, and the mark from which the next page goes on (None at the end)."""

    works: Sequence[Work]
    next: Mark | None


def years(session: Session) -> list[Entry]:
    """Years with public works, newest first."""
    query = (
        select(Work.year, func.count())
        .where(PUBLIC, Work.year.is_not(None))
        .group_by(Work.year)
        .order_by(Work.year.desc())
    )
    return [Entry(str(year), str(year), count) for year, count in session.execute(query)]


def types(session: Session) -> list[Entry]:
    """Kinds of work, the most frequent first; labels are the vocabulary's keys."""
    query = (
        select(Work.type, func.count())
        .where(PUBLIC)
        .group_by(Work.type)
        .order_by(func.count().desc(), Work.type)
    )
    return [Entry(key, key, count) for key, count in session.execute(query)]


def authors(session: Session, *, letter: str = "", limit: int = 1000) -> list[Entry]:
    """Creators in alphabetical order, those under one letter when it is given."""
    query = (
        select(func.min(WorkAgent.name), func.count(func.distinct(Work.id)), WorkAgent.key)
        .join(Work, Work.id == WorkAgent.work_id)
        .where(PUBLIC, WorkAgent.creator)
        .group_by(WorkAgent.key)
        .order_by(WorkAgent.key)
        .limit(limit)
    )
    if letter:
        query = query.where(_under(WorkAgent.key, letter))
    return [Entry(name, name, count) for name, count, _ in session.execute(query)]


def subjects(session: Session, *, letter: str = "", limit: int = 1000) -> list[Entry]:
    """Keywords in alphabetical order, those under one letter when it is given."""
    query = (
        select(func.min(WorkSubject.text), func.count(func.distinct(Work.id)), WorkSubject.key)
        .join(Work, Work.id == WorkSubject.work_id)
        .where(PUBLIC, WorkSubject.scheme == "")
        .group_by(WorkSubject.key)
        .order_by(WorkSubject.key)
        .limit(limit)
    )
    if letter:
        query = query.where(_under(WorkSubject.key, letter))
    return [Entry(text, text, count) for text, count, _ in session.execute(query)]


def _under(column: InstrumentedAttribute[str], letter: str) -> ColumnElement[bool]:
    """Keys that begin with a letter; "е" must not bring in "ё", which is a letter of its own."""
    begin = alphabet.key(letter)
    fits = column.startswith(begin, autoescape=True)
    return fits & ~column.startswith(begin + alphabet.LAST) if len(begin) == 1 else fits


def letters(session: Session, axis: str) -> list[str]:
    """The initials under which there is something, in alphabetical order."""
    table: Any = {"author": WorkAgent, "subject": WorkSubject}[axis]
    counted = WorkAgent.creator if table is WorkAgent else WorkSubject.scheme == ""
    query = (
        select(func.substr(table.key, 1, 2))
        .join(Work, Work.id == table.work_id)
        .where(PUBLIC, counted)
        .distinct()
    )
    found = {alphabet.letter_of(key) for key in session.scalars(query) if key}
    return sorted(found, key=alphabet.key)


def collections(session: Session) -> dict[int, int]:
    """How many public works each collection holds, those of its children included; by id."""
    query = (
        select(work_collections.c.collection_id, Work.id)
        .join(Work, Work.id == work_collections.c.work_id)
        .where(PUBLIC)
    )
    parents = dict(session.execute(select(Collection.id, Collection.parent_id)).all())
    works: dict[int, set[int]] = {one: set() for one in parents}
    for collection_id, work_id in session.execute(query):
        at: int | None = collection_id
        while at is not None:
            works[at].add(work_id)
            at = parents[at]
    return {one: len(members) for one, members in works.items()}


def _works() -> Select[Work]:
    return select(Work).where(PUBLIC).options(selectinload(Work.files))


def by_year(session: Session, year: int, after: Mark | None = None) -> Page:
    """Works of one year, by title."""
    return _page(session, _works().where(Work.year == year), after)


def by_type(session: Session, key: str, after: Mark | None = None) -> Page:
    """Works of one kind, by title."""
    return _page(session, _works().where(Work.type == key), after)


def by_author(session: Session, name: str, after: Mark | None = None) -> Page:
    """Works that name this creator or contributor, by title."""
    own = select(WorkAgent.work_id).where(WorkAgent.key == alphabet.key(name))
    return _page(session, _works().where(Work.id.in_(own)), after)


def by_subject(session: Session, text: str, after: Mark | None = None) -> Page:
    """Works with this keyword or code, by title."""
    own = select(WorkSubject.work_id).where(WorkSubject.key == alphabet.key(text))
    return _page(session, _works().where(Work.id.in_(own)), after)


def by_collection(session: Session, collection: Collection, after: Mark | None = None) -> Page:
    """Works of a collection and of all below it, by title."""
    ids = [one.id for one in _tree(collection)]
    own = select(work_collections.c.work_id).where(work_collections.c.collection_id.in_(ids))
    return _page(session, _works().where(Work.id.in_(own)), after)


def _tree(collection: Collection) -> list[Collection]:
    return [collection, *(below for child in collection.children for below in _tree(child))]


def _page(session: Session, query: Select[Work], after: Mark | None) -> Page:
    if after is not None:
        query = query.where(tuple_(Work.title_key, Work.id) > tuple_(after.key, after.id))
    query = query.order_by(Work.title_key, Work.id).limit(PAGE + 1)
    works = session.scalars(query).all()
    more = len(works) > PAGE
    last = works[PAGE - 1] if more else None
    return Page(works[:PAGE], Mark(last.title_key, last.id) if last else None)


def newest(session: Session, limit: int = 6) -> Sequence[Work]:
    """The works published last."""
    query = _works().order_by(Work.published.desc(), Work.id.desc()).limit(limit)
    return session.scalars(query).all()


def numbers(session: Session) -> dict[str, int]:
    """How much there is: public works, works with a file, people."""
    public = select(func.count()).select_from(Work).where(PUBLIC)
    files = (
        select(func.count(func.distinct(File.work_id)))
        .join(Work, Work.id == File.work_id)
        .where(PUBLIC, File.removed.is_(None))
    )
    people = (
        select(func.count(func.distinct(WorkAgent.key)))
        .join(Work, Work.id == WorkAgent.work_id)
        .where(PUBLIC, WorkAgent.creator)
    )
    return {
        "works": session.scalar(public) or 0,
        "full_texts": session.scalar(files) or 0,
        "people": session.scalar(people) or 0,
    }
