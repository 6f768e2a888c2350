"""How much works were used: sums for pages, of any set of works."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session, selectinload

from repository.clock import now
from repository.models.usage import UsageDay
from repository.models.works import Work
from schemas.vocabulary import State

PUBLIC = Work.state == State.PUBLISHED
MONTHS = 24
LISTED = 20


class Figures(NamedTuple):
    """Looks at works and readings of their files; `unique` ones counted once an hour a reader."""

    views: int = 0
    unique_views: int = 0
    downloads: int = 0
    unique_downloads: int = 0


class Month(NamedTuple):
    """What was counted in a month, named by its first day."""

    first: date
    figures: Figures


_SUMS = (
    func.coalesce(func.sum(UsageDay.investigations), 0),
    func.coalesce(func.sum(UsageDay.unique_investigations), 0),
    func.coalesce(func.sum(UsageDay.requests), 0),
    func.coalesce(func.sum(UsageDay.unique_requests), 0),
)


def of_work(session: Session, number: int) -> Figures:
    """All use of one work."""
    return Figures(*session.execute(select(*_SUMS).where(UsageDay.work_id == number)).one())


def _among(which: ColumnElement[bool] | None) -> list[ColumnElement[bool]]:
    """The days of some works; of every work, one that was withdrawn too, without a condition."""
    if which is None:
        return []
    return [UsageDay.work_id.in_(select(Work.id).where(which))]


def total(session: Session, which: ColumnElement[bool] | None = None) -> Figures:
    """All use of some works, or of the whole archive."""
    return Figures(*session.execute(select(*_SUMS).where(*_among(which))).one())


def months(
    session: Session, which: ColumnElement[bool] | None = None, *, most: int = MONTHS
) -> list[Month]:
    """Use by the month, oldest first, from the first that has any; at most so many, to today's."""
    # The month as text, not the day: then the table is read once, and not by its index.
    month = func.substr(cast(UsageDay.day, String), 1, 7)
    query = select(month, *_SUMS).where(*_among(which)).group_by(month)
    rows = session.execute(query)
    sums = {date.fromisoformat(f"{name}-01"): figures for name, *figures in rows}
    if not sums:
        return []
    last = max(*sums, now().date().replace(day=1))
    return [Month(one, Figures(*sums.get(one, ()))) for one in _firsts(min(sums), last)][-most:]


def _firsts(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


def top(
    session: Session,
    which: ColumnElement[bool] | None = None,
    *,
    since: date | None = None,
    limit: int = LISTED,
) -> list[tuple[int, Figures]]:
    """The numbers of the public works that were read most, and looked at most."""
    days = [UsageDay.day >= since] if since else []
    names = ("views", "unique_views", "downloads", "unique_downloads")
    sums = (
        select(UsageDay.work_id, *(one.label(name) for one, name in zip(_SUMS, names, strict=True)))
        .where(*_among(which), *days)
        .group_by(UsageDay.work_id)
        .subquery()
    )
    query = (
        select(sums)
        .join(Work, Work.id == sums.c.work_id)
        .where(PUBLIC)
        .order_by(sums.c.unique_downloads.desc(), sums.c.unique_views.desc(), Work.id.desc())
        .limit(limit)
    )
    return [(number, Figures(*figures)) for number, *figures in session.execute(query)]


def most_read(session: Session, days: int = 30, limit: int = 5) -> list[int]:
    """Numbers of the public works that were read most in the last days; none that nobody read."""
    used = top(session, since=now().date() - timedelta(days=days), limit=limit)
    return [number for number, figures in used if figures.unique_downloads]


def works(session: Session, numbers: Sequence[int]) -> list[Work]:
    """The works of these numbers that are public now, in this order."""
    query = select(Work).where(PUBLIC, Work.id.in_(numbers)).options(selectinload(Work.files))
    found = {work.id: work for work in session.scalars(query)}
    return [found[one] for one in numbers if one in found]


def countries(
    session: Session, which: ColumnElement[bool] | None = None, *, limit: int = LISTED
) -> list[tuple[str, Figures]]:
    """Codes of countries with their use, the most first; those not known are left out."""
    query = (
        select(UsageDay.country, *_SUMS)
        .where(UsageDay.country != "", *_among(which))
        .group_by(UsageDay.country)
        .order_by(func.sum(UsageDay.unique_investigations).desc(), UsageDay.country)
        .limit(limit)
    )
    return [(code, Figures(*figures)) for code, *figures in session.execute(query)]


def first_day(session: Session) -> date | None:
    """The first day of which anything is known."""
    return session.scalar(select(func.min(UsageDay.day)))
