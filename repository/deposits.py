"""Works on their way in: those of one depositor, and those that wait for the library."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from repository.models.collections import work_collections
from repository.models.works import Event, Work
from repository.viewers import Viewer
from schemas.vocabulary import State

PAGE = 50
# What is said between the depositor and the library.
THREAD = ("returned", "rejected", "commented")


class Queue(NamedTuple):
    """Works that wait for the library, those that came first in front."""

    free: Sequence[Work]
    mine: Sequence[Work]
    others: Sequence[Work]
    later: Sequence[Work]  # accepted, and hidden until their day


def of_viewer(session: Session, viewer: Viewer, *, before: int | None = None) -> Sequence[Work]:
    """A page of the works that somebody deposits or is an author of, the newest first, and one
    more when there is another page."""
    query = (
        select(Work)
        .where(or_(Work.owner_id == (viewer.id or 0), Work.id.in_(viewer.wrote)))
        .options(selectinload(Work.files))
        .order_by(Work.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Work.id < before)
    return session.scalars(query).all()


def queue(
    session: Session,
    viewer_id: int,
    *,
    kind: str = "",
    collection: int | None = None,
    within: frozenset[int] | None = None,
) -> Queue:
    """All that waits for the library, or only for these collections, by who has claimed it."""
    query = (
        select(Work)
        .where(Work.state.in_((State.SUBMITTED, State.WAITING)))
        .options(selectinload(Work.files))
        .order_by(Work.submitted, Work.id)
    )
    if kind:
        query = query.where(Work.type == kind)
    if collection is not None:
        gathered = select(work_collections.c.work_id).where(
            work_collections.c.collection_id == collection
        )
        query = query.where(Work.id.in_(gathered))
    if within is not None:
        ours = select(work_collections.c.work_id).where(
            work_collections.c.collection_id.in_(within)
        )
        query = query.where(Work.id.in_(ours))
    works = session.scalars(query).all()
    later = [one for one in works if one.state == State.WAITING]
    works = [one for one in works if one.state == State.SUBMITTED]
    return Queue(
        later=later,
        free=[one for one in works if one.reviewer_id is None],
        mine=[one for one in works if one.reviewer_id == viewer_id],
        others=[one for one in works if one.reviewer_id not in (None, viewer_id)],
    )


def thread(session: Session, work: Work) -> Sequence[Event]:
    """What the depositor and the library have said to each other, oldest first."""
    query = (
        select(Event)
        .where(Event.work_id == work.id, Event.kind.in_(THREAD), Event.comment != "")
        .order_by(Event.moment, Event.id)
    )
    return session.scalars(query).all()
