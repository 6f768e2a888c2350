"""What has changed and who has yet to hear of it: the outbox.

A change is written in the transaction of what it is about, one row for each follower. Followers
take single rows, act on the *current* state of the work, and so may act twice without harm.
Rows are never taken by "id greater than the last one": a transaction that commits late would be
lost.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from repository.clock import now
from repository.models.works import Change, Work
from schemas.vocabulary import State

FOLLOWERS = ("oai", "index")
EXPOSED = (State.PUBLISHED, State.WITHDRAWN)
MOST_PATIENCE = timedelta(hours=1)


def record(session: Session, work_id: int, followers: Iterable[str] = FOLLOWERS) -> None:
    """Tells the followers of a change, once it is committed."""
    record_all(session, [work_id], followers)


def record_all(
    session: Session, works: Iterable[int], followers: Iterable[str] = FOLLOWERS
) -> None:
    """Tells the followers that works have changed, once that is committed."""
    moment, told = now(), tuple(followers)
    rows = [
        {"follower": one, "work_id": work, "moment": moment, "due": moment}
        for work in works
        for one in told
    ]
    if rows:
        session.execute(insert(Change), rows)


def take(session: Session, follower: str, limit: int) -> Sequence[Change]:
    """Committed changes whose turn has come, oldest first."""
    query = (
        select(Change)
        .where(Change.follower == follower, Change.due <= now())
        .order_by(Change.due, Change.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def done(session: Session, ids: Collection[int]) -> None:
    """Forgets changes that have been acted on; exactly those, not what came meanwhile."""
    session.execute(delete(Change).where(Change.id.in_(ids)))


def failed(session: Session, ids: Collection[int], error: str) -> None:
    """Puts changes off: each further try waits twice as long, an hour at most."""
    for change in session.scalars(select(Change).where(Change.id.in_(ids))):
        change.tries += 1
        change.error = error[:500]
        change.due = now() + min(timedelta(seconds=2**change.tries), MOST_PATIENCE)


def again(session: Session, follower: str) -> int:
    """Marks every exposed work as changed for one follower, so that it rebuilds; how many."""
    works = session.scalars(select(Work.id).where(Work.state.in_(EXPOSED))).all()
    session.execute(delete(Change).where(Change.follower == follower))
    record_all(session, works, [follower])
    return len(works)


def waiting(session: Session) -> dict[str, int]:
    """How many changes each follower has yet to hear of."""
    query = select(Change.follower, func.count()).group_by(Change.follower)
    return {row[0]: row[1] for row in session.execute(query)}


def hurry(session: Session, follower: str) -> None:
    """Makes every waiting change of a follower due now."""
    session.execute(update(Change).where(Change.follower == follower).values(due=now()))
