"""The works published last: of the whole archive, a collection, a person, a subject."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from repository import alphabet
from repository.models.collections import Collection, work_collections
from repository.models.people import Author, Credit, Standing
from repository.models.works import Work, WorkSubject
from schemas.vocabulary import State

LISTED = 30


def everywhere() -> ColumnElement[bool]:
    """Works of the whole archive."""
    return true()


def in_collection(collection: Collection) -> ColumnElement[bool]:
    """Works of a collection and of all below it."""
    ids = [one.id for one in _below(collection)]
    gathered = work_collections.c
    return _among(select(gathered.work_id).where(gathered.collection_id.in_(ids)))


def _below(collection: Collection) -> list[Collection]:
    return [collection, *(one for child in collection.children for one in _below(child))]


def by_person(author: Author) -> ColumnElement[bool]:
    """Works that are surely this person's."""
    sure = Credit.standing == Standing.CONFIRMED
    return _among(select(Credit.work_id).where(Credit.author_id == author.id, sure))


def on_subject(text: str) -> ColumnElement[bool]:
    """Works with this keyword or code."""
    return _among(select(WorkSubject.work_id).where(WorkSubject.key == alphabet.key(text)))


def _among(own: Select[int]) -> ColumnElement[bool]:
    return Work.id.in_(own)


def published(session: Session, which: ColumnElement[bool]) -> Sequence[int]:
    """The numbers of the public works published last, newest first."""
    query = select(Work.id).where(Work.state == State.PUBLISHED, which)
    return session.scalars(
        query.order_by(Work.published.desc(), Work.id.desc()).limit(LISTED)
    ).all()


def moved(session: Session) -> datetime | None:
    """When the last change of a work was that is public, or was."""
    moments = [withdrawn(session), _last(session, State.PUBLISHED)]
    return max((one for one in moments if one), default=None)


def withdrawn(session: Session) -> datetime | None:
    """When a withdrawn work was last changed: most often when it was withdrawn."""
    return _last(session, State.WITHDRAWN)


def _last(session: Session, state: State) -> datetime | None:
    return session.scalar(select(func.max(Work.changed)).where(Work.state == state))
