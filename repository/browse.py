"""What there is to browse by, and which works have it: years, kinds, people, subjects, languages,
titles, classes, collections."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, selectinload

from repository import alphabet, paging
from repository.models.collections import Collection, work_collections
from repository.models.shelves import WorkClass, WorkLanguage
from repository.models.works import File, Work, WorkAgent, WorkSubject
from repository.paging import PUBLIC, Entries, Entry, Mark, Page
from repository.tallies import remembered
from schemas import vocabulary

Which = ColumnElement[bool]

_MEMBERS: dict[str, Any] = {"author": WorkAgent, "subject": WorkSubject}
_LISTED = {"author": WorkAgent.creator, "subject": WorkSubject.scheme == ""}
_NAMED = {"author": WorkAgent.name, "subject": WorkSubject.text}


@remembered
def years(session: Session) -> list[Entry]:
    """Years with public works, newest first."""
    query = (
        select(Work.year, func.count())
        .where(PUBLIC, Work.year.is_not(None))
        .group_by(Work.year)
        .order_by(Work.year.desc())
    )
    return [Entry(str(year), str(year), count) for year, count in session.execute(query)]


@remembered
def types(session: Session) -> list[Entry]:
    """Kinds of work, the most frequent first; labels are the vocabulary's keys."""
    return _counted(session, select(Work.type, func.count()).where(PUBLIC).group_by(Work.type))


@remembered
def languages(session: Session) -> list[Entry]:
    """Languages of works, the most frequent first; labels are codes."""
    query = select(WorkLanguage.code, func.count()).join(Work, Work.id == WorkLanguage.work_id)
    return _counted(session, query.where(PUBLIC).group_by(WorkLanguage.code))


def _counted(session: Session, query: Select[*tuple[Any, ...]]) -> list[Entry]:
    rows = session.execute(query).all()
    return [Entry(key, key, count) for key, count in sorted(rows, key=lambda row: (-row[1], row))]


def named(session: Session, axis: str, letter: str = "", begin: str = "") -> Entries:
    """Authors or keywords in alphabetical order: those under one letter, from one name on."""
    table = _MEMBERS[axis]
    query = (
        select(
            table.key.label("value"),
            func.min(_NAMED[axis]).label("label"),
            func.count(func.distinct(Work.id)).label("works"),
            func.min(table.key).label("sort"),
        )
        .join(Work, Work.id == table.work_id)
        .where(PUBLIC, _LISTED[axis])
        .group_by(table.key)
    )
    if letter:
        query = query.where(under(table.key, letter))
    key = alphabet.key(begin)
    return paging.entries(session, query, (key, key) if key else None)


def under(column: Any, letter: str) -> Which:
    """Keys that begin with a letter; "е" must not bring in "ё", which is a letter of its own."""
    begin = alphabet.key(letter)
    if not begin:
        return or_(*((column >= low) & (column < high) for low, high in alphabet.OTHERS))
    fits = column.startswith(begin, autoescape=True)
    return fits & ~column.startswith(begin + alphabet.LAST) if len(begin) == 1 else fits


@remembered
def letters(session: Session, axis: str) -> list[str]:
    """The initials under which there is something, in alphabetical order."""
    if axis == "title":
        query = select(func.substr(Work.title_key, 1, 2)).where(PUBLIC)
    else:
        table = _MEMBERS[axis]
        query = select(func.substr(table.key, 1, 2)).join(Work, Work.id == table.work_id)
        query = query.where(PUBLIC, _LISTED[axis])
    return alphabet.initials(session.scalars(query.distinct()))


def which(axis: str, value: str) -> Which | None:
    """Works that have a value of an axis; None where there can be none of that value."""
    if axis == "year":
        known = re.fullmatch(r"[0-9]{1,4}", value)
        return Work.year == int(value) if known else None
    if axis == "type":
        return Work.type == value if value in vocabulary.TYPES else None
    if axis == "language":
        known = re.fullmatch(r"[a-z]{2,3}", value)
        return _among(WorkLanguage, WorkLanguage.code == value) if known else None
    key = alphabet.key(value)
    table = _MEMBERS[axis]
    return _among(table, table.key == key) if key else None


def _among(table: Any, *where: ColumnElement[bool]) -> Which:
    return Work.id.in_(select(table.work_id).where(*where))


def everything() -> Which:
    """All works."""
    return true()


def titled(letter: str) -> Which:
    """Works whose title begins with a letter."""
    return under(Work.title_key, letter)


def in_class(scheme: str, node: str) -> Which:
    """Works in a class of a library classification."""
    return _among(WorkClass, WorkClass.scheme == scheme, WorkClass.node == node)


def in_collection(collection: Collection) -> Which:
    """Works of a collection and of all below it."""
    ids = [one.id for one in _tree(collection)]
    gathered = work_collections.c
    return Work.id.in_(select(gathered.work_id).where(gathered.collection_id.in_(ids)))


def _tree(collection: Collection) -> list[Collection]:
    return [collection, *(below for child in collection.children for below in _tree(child))]


@remembered
def classes(session: Session, scheme: str) -> dict[str, int]:
    """How many public works are in each class of a scheme; classes without any are left out."""
    query = (
        select(WorkClass.node, func.count().label("works"))
        .join(Work, Work.id == WorkClass.work_id)
        .where(PUBLIC, WorkClass.scheme == scheme)
        .group_by(WorkClass.node)
    )
    return {one.node: one.works for one in session.execute(query)}


@remembered
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


def newest(session: Session, limit: int = 6, *where: Which) -> Sequence[Work]:
    """The works published last."""
    query = select(Work).where(PUBLIC, *where).options(selectinload(Work.files))
    return session.scalars(query.order_by(*_LAST).limit(limit)).all()


_LAST = (Work.published.desc(), Work.id.desc())


def added(session: Session, after: Mark | None = None) -> Page:
    """The works published last, page by page; the key of a mark is the moment."""
    where: list[Which] = []
    moment = _moment(after.key) if after else None
    if after and moment:
        where = [and_(tuple_(Work.published, Work.id) < tuple_(moment, after.id))]
    works = newest(session, paging.PAGE + 1, *where)
    last = works[paging.PAGE - 1] if len(works) > paging.PAGE else None
    mark = Mark(last.published.isoformat(), last.id) if last and last.published else None
    return Page(works[: paging.PAGE], mark)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def numbers(session: Session, *where: Which) -> dict[str, int]:
    """How much there is: public works, works with a file, people."""
    public = select(func.count()).select_from(Work).where(PUBLIC, *where)
    files = (
        select(func.count(func.distinct(File.work_id)))
        .join(Work, Work.id == File.work_id)
        .where(PUBLIC, File.removed.is_(None), *where)
    )
    people = (
        select(func.count(func.distinct(WorkAgent.key)))
        .join(Work, Work.id == WorkAgent.work_id)
        .where(PUBLIC, WorkAgent.creator, *where)
    )
    return {
        "works": session.scalar(public) or 0,
        "full_texts": session.scalar(files) or 0,
        "people": session.scalar(people) or 0,
    }
