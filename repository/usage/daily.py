"""From what came in to sums by the day; the worker does this every half minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.clock import now
from repository.models.usage import UsageDay, UsageEvent
from repository.models.works import Work
from repository.usage import counting, salts
from repository.usage.counting import DOUBLE_CLICK, Counts, Event, Place

# By then the second of two clicks has come, and every server has written what it noted.
SETTLED = DOUBLE_CLICK + timedelta(seconds=30)
HOUR = timedelta(hours=1)
KEPT = 3 * HOUR  # events serve to know a session again, which is an hour long
AT_ONCE = 5000


def follow(archive: Archive) -> int:
    """Counts what has settled, and forgets what need not be known any more; how many events."""
    done = digest(archive, until=now() - SETTLED)
    if not done:
        _forget(archive)
    return done


def digest(archive: Archive, *, until: datetime) -> int:
    """Counts the events up to a moment; how many there were."""
    with archive.reading() as session:
        if not _waiting(session, until, limit=1):
            return 0
    zone = ZoneInfo(archive.settings.time_zone)
    with archive.writing() as session:
        waiting = _waiting(session, until, limit=AT_ONCE)
        if waiting:
            _add(session, _counted(session, waiting, zone))
            ids = [one.id for one in waiting]
            session.execute(update(UsageEvent).where(UsageEvent.id.in_(ids)).values(counted=True))
            old = waiting[-1].moment - KEPT
            session.execute(
                delete(UsageEvent).where(UsageEvent.counted.is_(True), UsageEvent.moment < old)
            )
    return len(waiting)


def _counted(
    session: Session, waiting: Sequence[UsageEvent], zone: ZoneInfo
) -> dict[Place, Counts]:
    first, last = waiting[0].moment, waiting[-1].moment
    ahead = select(UsageEvent).where(
        UsageEvent.counted.is_(False),
        UsageEvent.moment >= first,
        UsageEvent.moment <= last + DOUBLE_CLICK,
    )
    behind = select(UsageEvent).where(
        UsageEvent.counted.is_(True), UsageEvent.moment >= first - HOUR
    )
    own = {one.id for one in waiting}
    clicks = counting.clicks(map(_event, session.scalars(ahead)))
    kept = [one for one in clicks if one.id in own]
    return counting.tally(kept, zone=zone, before=map(_event, session.scalars(behind)))


def _waiting(session: Session, until: datetime, *, limit: int) -> Sequence[UsageEvent]:
    query = (
        select(UsageEvent)
        .where(UsageEvent.counted.is_(False), UsageEvent.moment <= until)
        .order_by(UsageEvent.moment, UsageEvent.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def _event(row: UsageEvent) -> Event:
    return Event(
        row.id, row.moment, row.visitor, row.work_id, row.kind, row.part, row.free, row.country
    )


def _add(session: Session, counts: dict[Place, Counts]) -> None:
    known = set(
        session.scalars(select(Work.id).where(Work.id.in_({one.work_id for one in counts})))
    )
    for place, sums in counts.items():
        if place.work_id not in known:
            continue
        key = (place.work_id, place.day, place.free, place.country)
        row = session.get(UsageDay, key)
        if row is None:
            row = UsageDay(**place._asdict(), **vars(Counts()))
            session.add(row)
        for name, number in vars(sums).items():
            setattr(row, name, getattr(row, name) + number)


def _forget(archive: Archive) -> None:
    """Yesterday's salt, and events of hours that are over."""
    today = now().astimezone(ZoneInfo(archive.settings.time_zone)).date()
    old = (UsageEvent.counted.is_(True)) & (UsageEvent.moment < now() - KEPT)
    with archive.reading() as session:
        if (
            not salts.old(session, today)
            and session.scalar(select(UsageEvent.id).where(old)) is None
        ):
            return
    with archive.writing() as session:
        salts.forget(session, today)
        session.execute(delete(UsageEvent).where(old))
