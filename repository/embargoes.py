"""The end of an embargo is a change like any other: harvesters and the index hear of it."""

from sqlalchemy import func, select

from repository import changes
from repository.archive import Archive
from repository.catalogue import note
from repository.clock import now
from repository.models.works import File, Work
from repository.viewers import SYSTEM
from schemas.vocabulary import State


def lift(archive: Archive) -> int:
    """Tells the followers of works whose files have opened since their last change; how many."""
    today = now().date()
    query = (
        select(Work.id, func.max(File.embargo_until))
        .join(File, File.work_id == Work.id)
        .where(Work.state == State.PUBLISHED, File.removed.is_(None), File.embargo_until < today)
        .group_by(Work.id)
    )
    with archive.reading() as session:
        passed = session.execute(query).all()
        ended = [
            number
            for number, until in passed
            if until and (work := session.get(Work, number)) and work.changed.date() <= until
        ]
    for number in ended:
        with archive.writing() as session:
            work = session.get(Work, number)
            if work is None or work.state != State.PUBLISHED:
                continue
            work.changed = now()
            note(session, work, "embargo ended", actor=SYSTEM)
            changes.record(session, number)
    return len(ended)
