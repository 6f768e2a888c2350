"""The harvest log in the database: adding to it, forgetting what is old."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from oai import harvesters
from oai.harvesters import Identity
from oai.sums import Failed, Sums, Taken, Visit, key, merged
from oai.tokens import Query
from repository.archive import Archive
from repository.clock import now
from repository.models.harvesters import (
    Harvester,
    HarvesterDay,
    HarvesterError,
    HarvesterList,
)

# Harvesters that are told apart, so that nobody fills the disk by taking a new name each time.
MOST = 2000
# Lists that are remembered of each; whoever comes daily for a year has them all.
MOST_LISTS = 1000


def write(session: Session, sums: Sums) -> None:
    """Adds sums to the log."""
    for visit in sums.visits.values():
        harvester = _harvester(session, visit.who, visit)
        harvester.last = max(harvester.last, visit.last)
        harvester.agent, harvester.network = visit.who.agent, visit.who.network
        _add_days(session, harvester, visit)
        for code, failed in visit.errors.items():
            _add_error(session, harvester, code, failed)
        for query, taken in visit.lists.items():
            _add_list(session, harvester, key(visit.who, query), query, taken)


def _harvester(session: Session, who: Identity, visit: Visit) -> Harvester:
    """The row of a harvester, locked; a new one when it was never here."""
    query = select(Harvester).with_for_update()
    found = session.scalar(query.where(Harvester.key == who.key))
    if found is None and (session.scalar(select(func.count(Harvester.id))) or 0) >= MOST:
        who = Identity(harvesters.OTHERS, "", "", "")
        found = session.scalar(query.where(Harvester.key == who.key))
    if found is None:
        found = Harvester(key=who.key, name=who.name, agent="", network="")
        found.first, found.last = visit.first, visit.last
        session.add(found)
        session.flush()
    return found


def _add_days(session: Session, harvester: Harvester, visit: Visit) -> None:
    for day, more in visit.days.items():
        row = session.get(HarvesterDay, (harvester.id, day))
        if row is None:
            row = HarvesterDay(
                harvester_id=harvester.id, day=day, requests=0, records=0, bytes=0, errors=0
            )
            session.add(row)
        row.requests += more.requests
        row.records += more.records
        row.bytes += more.bytes
        row.errors += more.errors


def _add_error(session: Session, harvester: Harvester, code: str, failed: Failed) -> None:
    row = session.get(HarvesterError, (harvester.id, code))
    if row is None:
        row = HarvesterError(harvester_id=harvester.id, code=code, count=0)
        session.add(row)
    row.count += failed.count
    row.last, row.asked = failed.last, failed.asked


def _add_list(
    session: Session, harvester: Harvester, name: str, query: Query, taken: Taken
) -> None:
    row = session.scalar(select(HarvesterList).where(HarvesterList.key == name))
    if row is None:
        row = HarvesterList(harvester_id=harvester.id, key=name, **query._asdict())
        row.requests = row.records = row.bytes = row.size = 0
        row.began, row.last, row.ranges, row.ended = taken.began, taken.last, [], False
        session.add(row)
    row.began, row.last = min(row.began, taken.began), max(row.last, taken.last)
    row.requests += taken.requests
    row.records += taken.records
    row.bytes += taken.bytes
    row.size = max(row.size, taken.size)
    row.ranges = merged(row.ranges, taken.ranges)
    row.ended = row.ended or taken.ended


def rename(session: Session, number: int, label: str) -> None:
    """Gives a harvester the name that the library knows it by; none when empty."""
    session.execute(update(Harvester).where(Harvester.id == number).values(label=label))


def forget(archive: Archive) -> int:
    """Forgets what is older than the settings say; 0, for there is no more of it to do."""
    until = now() - timedelta(days=archive.settings.harvest_log_days)
    place = func.row_number().over(
        partition_by=HarvesterList.harvester_id, order_by=HarvesterList.last.desc()
    )
    numbered = select(HarvesterList.id, place.label("place")).subquery()
    too_many = select(numbered.c.id).where(numbered.c.place > MOST_LISTS)
    old = (
        delete(HarvesterDay).where(HarvesterDay.day < until.date()),
        delete(HarvesterList).where(HarvesterList.last < until),
        delete(HarvesterList).where(HarvesterList.id.in_(too_many)),
        delete(HarvesterError).where(HarvesterError.last < until),
        delete(Harvester).where(Harvester.last < until),
    )
    with archive.writing() as session:
        for one in old:
            session.execute(one)
    return 0
