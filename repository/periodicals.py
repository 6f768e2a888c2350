"""Periodicals and series as public works make them: titles, issues, contents."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from repository import alphabet, paging
from repository.browse import under
from repository.models.shelves import WorkHost
from repository.models.works import Work
from repository.paging import PUBLIC, Entries
from repository.shelving import ISSUE, SERIES, WHOLE

Query = Select[*tuple[Any, ...]]

ISSUES = 100  # in one page
CONTENTS = 60


class Periodical(NamedTuple):
    """A periodical or series: its titles, the most used first, its ISSN, the years of its works."""

    key: str
    titles: Sequence[str]
    issn: Sequence[str]
    first: str
    last: str
    works: int
    numbered: int  # of these in a series


class Issue(NamedTuple):
    """An issue: its word in addresses, where it stands, how many works it has here."""

    part: str
    sort: str
    year: str
    volume: str
    issue: str
    works: int


class Place(NamedTuple):
    """Where a page of contents ended."""

    part_key: str
    page: int
    title_key: str
    id: int


class Line(NamedTuple):
    """A work in a list of contents."""

    work: Work
    host: WorkHost

    @property
    def place(self) -> Place:
        """Where it stands among the others."""
        host, work = self.host, self.work
        return Place(host.part_key, host.first_page, work.title_key, work.id)


def _joined(query: Query) -> Any:
    return query.join(Work, Work.id == WorkHost.work_id).where(PUBLIC)


def letters(session: Session) -> list[str]:
    """The initials of their titles, in alphabetical order."""
    begins = _joined(select(func.substr(WorkHost.title_key, 1, 2)).distinct())
    return alphabet.initials(session.scalars(begins))


def listed(session: Session, letter: str = "", begin: str = "") -> Entries:
    """Periodicals and series by title: those under one letter, from one of them on."""
    query = _joined(
        select(
            WorkHost.key.label("value"),
            func.min(WorkHost.title).label("label"),
            func.count(func.distinct(Work.id)).label("works"),
            func.min(WorkHost.title_key).label("sort"),
        )
    ).group_by(WorkHost.key)
    if letter:
        query = query.where(under(WorkHost.title_key, letter))
    first = query.where(WorkHost.key == begin).subquery() if begin else None
    sort = None if first is None else session.scalar(select(first.c.sort))
    return paging.entries(session, query, None if sort is None else (sort, begin))


def find(session: Session, key: str) -> Periodical | None:
    """The periodical of that key, as far as there are public works in it."""
    works = func.count(func.distinct(Work.id))
    query = _joined(select(WorkHost.title, WorkHost.issn, WorkHost.kind, works, *_span())).where(
        WorkHost.key == key
    )
    grouped = query.group_by(WorkHost.title, WorkHost.issn, WorkHost.kind)
    rows = session.execute(grouped.order_by(works.desc(), WorkHost.title).limit(50)).all()
    if not rows:
        return None
    years = [year for row in rows for year in row[4:] if year]
    return Periodical(
        key,
        list(dict.fromkeys(row.title for row in rows)),
        list(dict.fromkeys(one for row in rows for one in row.issn.split())),
        min(years, default=""),
        max(years, default=""),
        sum(row[3] for row in rows),
        sum(row[3] for row in rows if row.kind == SERIES),
    )


def _span() -> tuple[Any, Any]:
    year = func.nullif(WorkHost.year, "")
    return func.min(year), func.max(year)


def moved(session: Session, slug: str) -> str | None:
    """The key of the periodical that was known by its title before it had an ISSN."""
    query = _joined(select(WorkHost.key)).where(WorkHost.slug == slug).distinct().limit(2)
    keys = session.scalars(query).all()
    return keys[0] if len(keys) == 1 else None


def _issues(key: str) -> Any:
    columns = (WorkHost.year, WorkHost.volume, WorkHost.issue)
    return (
        _joined(
            select(
                WorkHost.part,
                WorkHost.part_key,
                *(func.min(one) for one in columns),
                func.count(func.distinct(Work.id)),
            )
        )
        .where(WorkHost.key == key, WorkHost.kind.not_in((SERIES, WHOLE)))
        .group_by(WorkHost.part, WorkHost.part_key)
    )


def issues(session: Session, key: str, before: str | None = None) -> list[Issue]:
    """Issues of a periodical, newest first; one more than a page has, if there are more."""
    query = _issues(key).order_by(WorkHost.part_key.desc()).limit(ISSUES + 1)
    if before is not None:
        query = query.where(WorkHost.part_key < before)
    return [Issue(*row) for row in session.execute(query)]


def issue(session: Session, key: str, part: str) -> Issue | None:
    """One issue, if there is something in it."""
    row = session.execute(_issues(key).where(WorkHost.part == part)).first()
    return Issue(*row) if row else None


def neighbours(session: Session, key: str, one: Issue) -> tuple[Issue | None, Issue | None]:
    """The issues before and after one."""
    order = WorkHost.part_key
    before = _issues(key).where(order < one.sort).order_by(order.desc()).limit(1)
    after = _issues(key).where(order > one.sort).order_by(order).limit(1)
    rows = [session.execute(query).first() for query in (before, after)]
    first, last = (Issue(*row) if row else None for row in rows)
    return first, last


def contents(
    session: Session, key: str, part: str | None, after: Place | None = None
) -> list[Line]:
    """Works of an issue as its pages follow, or (part None) of a series by number; one more than
    a page has, if there are more."""
    order = (WorkHost.part_key, WorkHost.first_page, Work.title_key, Work.id)
    kind: ColumnElement[bool] = WorkHost.kind == SERIES
    if part is not None:
        kind = (WorkHost.kind.not_in((SERIES, WHOLE, ISSUE))) & (WorkHost.part == part)
    query = _joined(select(Work, WorkHost)).where(WorkHost.key == key, kind)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [Line(*row) for row in session.execute(query.order_by(*order).limit(CONTENTS + 1))]


def whole(session: Session, key: str, part: str | None = None) -> Sequence[Work]:
    """Works that are the periodical itself, or (with a part) the whole of an issue."""
    own = (
        WorkHost.kind == WHOLE
        if part is None
        else (WorkHost.kind == ISSUE) & (WorkHost.part == part)
    )
    query = _joined(select(Work)).select_from(WorkHost).where(WorkHost.key == key, own)
    return session.scalars(query.order_by(Work.title_key, Work.id).limit(paging.PAGE)).all()


def of_work(session: Session, work: Work) -> dict[str, tuple[str, str]]:
    """The periodicals and series of one work: key and issue by title."""
    query = select(WorkHost.title, WorkHost.key, WorkHost.part, WorkHost.kind)
    rows = session.execute(query.where(WorkHost.work_id == work.id)).all()
    return {row.title: (row.key, "" if row.kind in (SERIES, WHOLE) else row.part) for row in rows}
