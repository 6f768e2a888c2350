"""How much works were used: sums for pages, of any set of works."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
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


class Used(NamedTuple):
    """A work in a list of the most used."""

    work: Work
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
    query = select(UsageDay.day, *_SUMS).where(*_among(which)).group_by(UsageDay.day)
    sums: dict[date, list[int]] = {}
    for day, *figures in session.execute(query):
        old = sums.get(day.replace(day=1), [0, 0, 0, 0])
        sums[day.replace(day=1)] = [a + b for a, b in zip(old, figures, strict=True)]
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
) -> list[Used]:
    """The public works that were read most, and looked at most."""
    days = [UsageDay.day >= since] if since else []
    sums: Any = (
        select(
            UsageDay.work_id, *(one.label(name) for one, name in zip(_SUMS, "abcd", strict=True))
        )
        .where(*_among(which), *days)
        .group_by(UsageDay.work_id)
        .subquery()
    )
    query = (
        select(Work, sums.c.a, sums.c.b, sums.c.c, sums.c.d)
        .join(sums, sums.c.work_id == Work.id)
        .where(PUBLIC)
        .options(selectinload(Work.files))
        .order_by(sums.c.d.desc(), sums.c.b.desc(), Work.id.desc())
        .limit(limit)
    )
    return [Used(work, Figures(*figures)) for work, *figures in session.execute(query)]


def most_read(session: Session, days: int = 30, limit: int = 5) -> Sequence[Work]:
    """The public works that were read most in the last days; none that nobody has read."""
    used = top(session, since=now().date() - timedelta(days=days), limit=limit)
    return [one.work for one in used if one.figures.unique_downloads]


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
