"""The end of an embargo or of a lease is a change like any other: harvesters and the index hear
of it."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repository import changes
from repository.archive import Archive
from repository.catalogue import note
from repository.clock import now
from repository.models.works import File, Work
from repository.viewers import SYSTEM
from schemas.vocabulary import State


def lift(archive: Archive) -> int:
    """Tells the followers of works whose files have opened or closed since their last change; how
    many."""
    today = now().date()
    query = (
        select(Work.id)
        .join(File, File.work_id == Work.id)
        .where(
            Work.state == State.PUBLISHED,
            File.removed.is_(None),
            or_(File.embargo_until < today, File.lease_until < today),
        )
        .distinct()
    )
    with archive.reading() as session:
        passed = session.scalars(query).all()
        ended = [number for number in passed if any(_ended(session, number, today))]
    for number in ended:
        with archive.writing() as session:
            found = list(_ended(session, number, today))
            if found:
                _tell(session, session.get_one(Work, number), found)
    return len(ended)


def _ended(session: Session, number: int, today: date) -> Iterator[str]:
    """What has ended in a published work since its last change."""
    work = session.get(Work, number)
    if work is None or work.state != State.PUBLISHED:
        return
    since = work.changed.date()
    for kind, days in (
        ("embargo ended", [one.embargo_until for one in work.current_files]),
        ("lease ended", [one.lease_until for one in work.current_files]),
    ):
        if any(day and since <= day < today for day in days):
            yield kind


def _tell(session: Session, work: Work, kinds: list[str]) -> None:
    work.changed = now()
    for kind in kinds:
        note(session, work, kind, actor=SYSTEM)
    changes.record(session, work.id)
