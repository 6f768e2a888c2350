"""Works seen together, of a person or in a collection: kinds, years, people, subjects."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from repository import alphabet
from repository.models.people import Author, Credit, Standing
from repository.models.works import Work, WorkAgent, WorkSubject
from repository.paging import PUBLIC, Entry
from schemas.work import Document

LISTED = 12
READ = 100  # documents

Which = ColumnElement[bool]


def kinds(session: Session, which: Which) -> list[Entry]:
    """Kinds of work among them, the most frequent first."""
    query = select(Work.type, func.count()).where(PUBLIC, which).group_by(Work.type)
    rows = session.execute(query.order_by(func.count().desc(), Work.type))
    return [Entry(key, key, count) for key, count in rows]


def years(session: Session, which: Which) -> list[Entry]:
    """Years in which they came out, the first one first."""
    query = select(Work.year, func.count()).where(PUBLIC, which, Work.year.is_not(None))
    rows = session.execute(query.group_by(Work.year).order_by(Work.year))
    return [Entry(str(year), str(year), count) for year, count in rows]


def documents(session: Session, which: Which) -> Sequence[Document]:
    """What is known of those that came last."""
    query = select(Work.document).where(PUBLIC, which).order_by(Work.id.desc()).limit(READ)
    return session.scalars(query).all()


def people(session: Session, which: Which, *but: Which) -> list[Entry]:
    """Who made them, those with the most works first; `but` keeps some out."""
    works = func.count(func.distinct(Work.id))
    query = (
        select(func.min(WorkAgent.name), works)
        .join(Work, Work.id == WorkAgent.work_id)
        .where(PUBLIC, which, WorkAgent.creator, *but)
        .group_by(WorkAgent.key)
        .order_by(works.desc(), WorkAgent.key)
        .limit(LISTED)
    )
    return [Entry(name, name, count) for name, count in session.execute(query)]


def not_named(name: str) -> Which:
    """Makers who are called otherwise."""
    return WorkAgent.key != alphabet.key(name)


def not_of(author: Author) -> Which:
    """Makers who are not surely this person."""
    same = and_(Credit.work_id == WorkAgent.work_id, Credit.position == WorkAgent.position)
    own = and_(Credit.author_id == author.id, Credit.standing == Standing.CONFIRMED)
    return ~exists().where(same, own)


def subjects(session: Session, which: Which) -> list[Entry]:
    """What they are about: keywords, the most frequent first."""
    works = func.count(func.distinct(Work.id))
    query = (
        select(func.min(WorkSubject.text), works)
        .join(Work, Work.id == WorkSubject.work_id)
        .where(PUBLIC, which, WorkSubject.scheme == "")
        .group_by(WorkSubject.key)
        .order_by(works.desc(), WorkSubject.key)
        .limit(LISTED)
    )
    return [Entry(text, text, count) for text, count in session.execute(query)]
