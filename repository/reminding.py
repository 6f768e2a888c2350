"""Works that wait too long for their review are called to mind, at most once in so many days."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository import appointments, notices
from repository.archive import Archive
from repository.clock import now
from repository.models.accounts import Account, AccountState
from repository.models.checklists import Reminder
from repository.models.works import Event, Work
from schemas.vocabulary import State

NAMED = 20  # works that a letter names


def waiting(session: Session, since: datetime) -> Sequence[Work]:
    """Works under review of which nothing has been heard since, the oldest first."""
    last = (
        select(func.max(Event.moment)).where(Event.work_id == Work.id).correlate(Work)
    ).scalar_subquery()
    query = (
        select(Work)
        .where(Work.state == State.SUBMITTED, Work.submitted < since, last < since)
        .order_by(Work.submitted, Work.id)
    )
    return session.scalars(query).all()


def remind(archive: Archive) -> int:
    """Writes to reviewers of works that wait, and to all who may review those that
    nobody has taken; how many works were called to mind."""
    days = archive.settings.review_days
    if not days:
        return 0
    since = now() - timedelta(days=days)
    with archive.writing() as session:
        known = {one.work_id: one for one in session.scalars(select(Reminder))}
        due = [
            work
            for work in waiting(session, since)
            if work.id not in known or known[work.id].moment < since
        ]
        for account, works in _by_reader(session, due):
            _tell(session, archive, account, works)
        for work in due:
            reminder = known.get(work.id)
            if reminder is None:
                session.add(Reminder(work_id=work.id))
            else:
                reminder.moment = now()
    return len(due)


def _by_reader(session: Session, due: Sequence[Work]) -> list[tuple[Account, list[Work]]]:
    found: dict[int, tuple[Account, list[Work]]] = {}
    for work in due:
        reviewer = session.get(Account, work.reviewer_id) if work.reviewer_id else None
        active = reviewer is not None and reviewer.state == AccountState.ACTIVE
        readers = (
            [reviewer] if active and reviewer is not None else appointments.staff(session, work)
        )
        for account in readers:
            found.setdefault(account.id, (account, []))[1].append(work)
    return list(found.values())


def _tell(session: Session, archive: Archive, account: Account, works: list[Work]) -> None:
    notices.tell(
        session,
        account,
        "review_overdue",
        settings=archive.settings,
        path="/review",
        count=len(works),
        works=[f"№ {work.id} {work.title}" for work in works[:NAMED]],
        more=max(0, len(works) - NAMED),
    )
