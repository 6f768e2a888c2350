"""Long lists of public works, page by page: each page goes on where the one before ended.

So that nobody has to turn a hundred pages, a long list also names its parts, and a part that is
long its own: no work is further away than a few links.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select, true, tuple_
from sqlalchemy.orm import Session, selectinload

from repository.models.works import Work
from schemas.vocabulary import State

PAGE = 25
ENTRIES = 100  # names in one page of an alphabetical list
PARTS = 24  # into which a long list is cut
PUBLIC = Work.state == State.PUBLISHED
_place = tuple_(Work.title_key, Work.id)


class Mark(NamedTuple):
    """Where a page of works ended: the sort key and the id of its last work."""

    key: str
    id: int


class Page(NamedTuple):
    """Works, and the mark from which the next page goes on (None at the end)."""

    works: Sequence[Work]
    next: Mark | None


class Stretch(NamedTuple):
    """A part of a list: after one work (None: from the beginning), up to another."""

    after: Mark | None
    until: Mark


class Part(NamedTuple):
    """A part as a link names it: its first and last title, how many works, the numbers of the
    work after which it begins (0: none) and of the one with which it ends."""

    first: str
    last: str
    works: int
    after: int
    until: int


def stretch(session: Session, after: int, until: int) -> Stretch | None:
    """The part between two public works; None when there are no such works."""
    ends = (_mark(session, after) if after else None), _mark(session, until)
    return None if ends[1] is None or (after and ends[0] is None) else Stretch(*ends)  # type: ignore[arg-type]


def _mark(session: Session, number: int) -> Mark | None:
    row = session.execute(select(Work.title_key, Work.id).where(PUBLIC, Work.id == number)).first()
    return Mark(*row) if row else None


def _within(part: Stretch | None) -> ColumnElement[bool]:
    if part is None:
        return true()
    until = _place <= tuple_(*part.until)
    return and_(_place > tuple_(*part.after), until) if part.after else until


def page(
    session: Session,
    which: ColumnElement[bool],
    after: Mark | None = None,
    part: Stretch | None = None,
) -> Page:
    """Public works that are `which`, by title."""
    query = select(Work).where(PUBLIC, which, _within(part)).options(selectinload(Work.files))
    if after is not None:
        query = query.where(_place > tuple_(*after))
    works = session.scalars(query.order_by(Work.title_key, Work.id).limit(PAGE + 1)).all()
    last = works[PAGE - 1] if len(works) > PAGE else None
    return Page(works[:PAGE], Mark(last.title_key, last.id) if last else None)


def parts(session: Session, which: ColumnElement[bool], part: Stretch | None = None) -> list[Part]:
    """The parts of a list, or of a part of it; none where two pages show it all."""
    within = and_(PUBLIC, which, _within(part))
    total = session.scalar(select(func.count()).select_from(Work).where(within)) or 0
    if total <= 2 * PAGE:
        return []
    step = PAGE * -(-total // (PARTS * PAGE))
    place = func.row_number().over(order_by=(Work.title_key, Work.id)).label("place")
    listed = select(Work.id, Work.title, place).where(within).subquery()
    rows = session.execute(_ends(listed, total, step)).all()
    before = part.after.id if part and part.after else 0
    found = []
    for first, last in zip(rows[::2], rows[1::2], strict=True):
        found.append(Part(first.title, last.title, last.place - first.place + 1, before, last.id))
        before = last.id
    return found


def _ends(listed: Any, total: int, step: int) -> Select[Any]:
    """The first and the last row of every `step`; a row that is both comes twice."""
    place = listed.c.place
    firsts = select(listed, func.abs(0).label("end")).where((place - 1) % step == 0)
    lasts = select(listed, func.abs(1).label("end")).where((place % step == 0) | (place == total))
    both = firsts.union_all(lasts).subquery()
    return select(both).order_by(both.c.place, both.c.end)


class Entry(NamedTuple):
    """A value to browse by, and how many public works have it."""

    value: str
    label: str
    works: int


class Entries(NamedTuple):
    """A page of an alphabetical list, the first entry of the next one, and where else to begin."""

    entries: Sequence[Entry]
    next: Entry | None
    parts: Sequence[tuple[Entry, Entry]]


def entries(
    session: Session, grouped: Select[Any], begin: tuple[str, str] | None = None
) -> Entries:
    """A page of what `grouped` counts: its columns are value, label, works and sort."""
    listed = grouped.subquery()
    place = tuple_(listed.c.sort, listed.c.value)
    query = select(listed).order_by(listed.c.sort, listed.c.value).limit(ENTRIES + 1)
    if begin:
        query = query.where(place >= tuple_(*begin))
    rows = [Entry(row.value, row.label, row.works) for row in session.execute(query)]
    following = rows[ENTRIES] if len(rows) > ENTRIES else None
    cut = _cut(session, listed) if following or begin else []
    return Entries(rows[:ENTRIES], following, cut)


def _cut(session: Session, listed: Any) -> list[tuple[Entry, Entry]]:
    total = session.scalar(select(func.count()).select_from(listed)) or 0
    step = ENTRIES * -(-total // (PARTS * ENTRIES))
    place = func.row_number().over(order_by=(listed.c.sort, listed.c.value)).label("place")
    numbered = select(listed, place).subquery()
    rows = session.execute(_ends(numbered, total, step)).all()
    ends = [Entry(row.value, row.label, row.works) for row in rows]
    return list(zip(ends[::2], ends[1::2], strict=True)) if total > ENTRIES else []
