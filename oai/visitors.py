"""What the harvest log says: who was here when, what they took, and whether it was all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oai import harvesters
from oai.sums import covered
from repository.clock import now
from repository.errors import NotFound
from repository.models.feed import FeedItem
from repository.models.harvesters import (
    Harvester,
    HarvesterDay,
    HarvesterError,
    HarvesterList,
)

# Lists that were taken within that time belong to one visit: some take set after set.
VISIT = timedelta(hours=12)
# Who has asked for the page before this long ago may well be about to ask for the next.
PATIENCE = timedelta(minutes=5)
MOST = 200
MOST_LISTS = 100


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BROWSERS = _("People with browsers")
NAMELESS = _("A program without a name")
OTHERS = _("All others")
# How the last visit went. The names are of any gender and number.
SAYS = {
    "whole": _("%(name)s was last here %(ago)s and took all: %(size)s of %(size)s."),
    "part": _("%(name)s was last here %(ago)s and took all but %(missing)s of %(size)s."),
    "cut": _("%(name)s was last here %(ago)s and stopped after %(taken)s of %(size)s."),
    "running": _("%(name)s is harvesting now: %(taken)s of %(size)s so far."),
    "nothing": _("%(name)s was last here %(ago)s and found nothing new."),
    "none": _("%(name)s was last here %(ago)s and took no list of records."),
}


class Harvest(NamedTuple):
    """One list that was taken. `missing` is how many of its records were not."""

    row: HarvesterList
    taken: int
    missing: int
    outcome: str


class Totals(NamedTuple):
    """How much was taken in a time."""

    requests: int = 0
    records: int = 0
    bytes: int = 0
    errors: int = 0


class Visitor(NamedTuple):
    """A harvester with its last visit; `outcome` is a key of SAYS.

    `changed` is how many records have changed since it last took everything; None when it never
    did, for then it cannot be said.
    """

    row: Harvester
    outcome: str
    taken: int
    size: int
    missing: int
    totals: Totals
    changed: int | None

    @property
    def name(self) -> str:
        """What the library calls it, or what it calls itself; a sentence of ours for the rest."""
        ours = {harvesters.BROWSERS: BROWSERS, harvesters.OTHERS: OTHERS}
        return self.row.label or self.row.name or ours.get(self.row.key, NAMELESS)


class Bar(NamedTuple):
    """How much was taken on a day, or in the week that begins with it."""

    day: date
    totals: Totals


def everybody(session: Session, since: date) -> list[Visitor]:
    """All who were here, the last first; their totals since a day."""
    query = select(Harvester).order_by(Harvester.last.desc()).limit(MOST)
    sums = _totals(session, since)
    found = session.scalars(query).all()
    return [_visitor(session, one, sums.get(one.id, Totals())) for one in found]


def one(session: Session, number: int, since: date) -> Visitor:
    """One harvester; raises NotFound."""
    found = session.get(Harvester, number)
    if found is None:
        raise NotFound("There is no such harvester in the log, or not any more.")
    return _visitor(session, found, _totals(session, since).get(found.id, Totals()))


def harvests(session: Session, number: int) -> list[Harvest]:
    """The lists that a harvester took, the newest first."""
    query = (
        select(HarvesterList)
        .where(HarvesterList.harvester_id == number)
        .order_by(HarvesterList.last.desc(), HarvesterList.id.desc())
    )
    return [harvest(row) for row in session.scalars(query.limit(MOST_LISTS))]


def errors(session: Session, number: int) -> Sequence[HarvesterError]:
    """What a harvester was told when it got no result, the latest first."""
    query = select(HarvesterError).where(HarvesterError.harvester_id == number)
    return session.scalars(query.order_by(HarvesterError.last.desc())).all()


def days(session: Session, since: date, until: date, number: int | None = None) -> list[Bar]:
    """How much was taken, day by day or, of a longer time, week by week; by all or by one."""
    step = 1 if (until - since).days <= 100 else 7
    sums = [
        Bar(since + timedelta(days=day), Totals())
        for day in range(0, (until - since).days + 1, step)
    ]
    columns = (func.sum(getattr(HarvesterDay, name)) for name in Totals._fields)
    query = select(HarvesterDay.day, *columns).group_by(HarvesterDay.day)
    query = query.where(HarvesterDay.day >= since, HarvesterDay.day <= until)
    if number is not None:
        query = query.where(HarvesterDay.harvester_id == number)
    for day, *found in session.execute(query):
        place = (day - since).days // step
        sums[place] = Bar(sums[place].day, _plus(sums[place].totals, map(int, found)))
    return sums


def harvest(row: HarvesterList) -> Harvest:
    """A list with how much of it was taken."""
    taken = covered(row.ranges)
    # Behind the last page nothing is missing, though the list may have become shorter meanwhile.
    whole = row.ranges[-1][1] if row.ended and row.ranges else row.size
    return Harvest(row, taken, whole - taken, _outcome(row.last, taken, whole))


def _outcome(last: datetime, taken: int, size: int) -> str:
    missing = size - taken
    if not missing:
        return "whole" if size else "nothing"
    if now() - last < PATIENCE:
        return "running"
    return "part" if missing * 10 <= size else "cut"


def _plus(one: Totals, more: Iterable[int]) -> Totals:
    return Totals(*map(sum, zip(one, more, strict=True)))


def _totals(session: Session, since: date) -> dict[int, Totals]:
    columns = (func.sum(getattr(HarvesterDay, name)) for name in Totals._fields)
    query = select(HarvesterDay.harvester_id, *columns).where(HarvesterDay.day >= since)
    found = session.execute(query.group_by(HarvesterDay.harvester_id))
    return {number: Totals(*map(int, sums)) for number, *sums in found}


def _visitor(session: Session, row: Harvester, totals: Totals) -> Visitor:
    lists = _visit(session, row.id)
    taken = sum(one.taken for one in lists)
    missing = sum(one.missing for one in lists)
    outcome = "none"
    if lists:
        outcome = _outcome(max(one.row.last for one in lists), taken, taken + missing)
    return Visitor(row, outcome, taken, taken + missing, missing, totals, _changed(session, row.id))


def _visit(session: Session, number: int) -> list[Harvest]:
    """The lists of a harvester's last visit; of one that it began anew, the last beginning."""
    query = select(HarvesterList).where(HarvesterList.harvester_id == number)
    newest = session.scalar(query.order_by(HarvesterList.last.desc()).limit(1))
    if newest is None:
        return []
    rows = session.scalars(
        query.where(HarvesterList.last >= newest.last - VISIT).order_by(HarvesterList.last)
    )
    latest = {(row.verb, row.prefix, row.spec, row.upper): row for row in rows}
    return [harvest(row) for row in latest.values()]


def _changed(session: Session, number: int) -> int | None:
    query = select(HarvesterList).where(
        HarvesterList.harvester_id == number,
        HarvesterList.verb == "ListRecords",
        HarvesterList.spec.is_(None),
        HarvesterList.upper.is_(None),
        HarvesterList.ended,
    )
    whole = session.scalar(query.order_by(HarvesterList.last.desc()).limit(1))
    if whole is None or harvest(whole).missing:
        return None
    later = (
        FeedItem.superseded.is_(None),
        FeedItem.datestamp > whole.asof,
        FeedItem.work_id > 0,
    )
    return session.scalar(select(func.count()).select_from(FeedItem).where(*later)) or 0
