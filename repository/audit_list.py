"""The audit log as people read it: filtered, page by page, with the names that are still kept."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from repository import audit
from repository.clock import now
from repository.errors import Invalid
from repository.models.trust import Entry, Person

PAGE = 50
AT_ONCE = 500
COLUMNS = ("row", "moment", "actor", "email", "kind", "object", "from", "reason", "details", "hash")


@dataclass(frozen=True)
class Wanted:
    """Which rows: of a work, of an actor (a name, an address, or a number), of kinds, of days."""

    work: int | None = None
    actor: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Line:
    """A row with the actor's name as it was then; empty once the person was forgotten."""

    number: int
    moment: datetime
    actor_id: int | None
    name: str
    email: str
    kind: str
    object_kind: str
    object_id: str
    origin: str
    reason: str
    details: dict[str, Any]
    hash: str


def day(given: str) -> date | None:
    """A day that somebody typed; None for nothing. Raises Invalid."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise Invalid("“%(day)s” is no day; write it as 2026-03-31.", day=given[:40]) from error


def page(session: Session, wanted: Wanted, *, size: int = PAGE) -> tuple[list[Line], int | None]:
    """The newest rows that are wanted, and before which number the next page begins."""
    rows = session.scalars(_query(session, wanted).limit(size + 1)).all()
    shown = rows[:size]
    return _lines(session, shown), (shown[-1].id if len(rows) > size else None)


def every(session: Session, wanted: Wanted) -> Iterator[Line]:
    """All rows that are wanted, newest first, a few at a time."""
    before = wanted.before
    while True:
        lines, before = page(session, replace(wanted, before=before), size=AT_ONCE)
        session.expunge_all()
        yield from lines
        if before is None:
            return


def _query(session: Session, wanted: Wanted) -> Select[Entry]:
    query = select(Entry).order_by(Entry.id.desc())
    if wanted.work is not None:
        query = query.where(Entry.object_kind == "work", Entry.object_id == str(wanted.work))
    if wanted.kind:
        query = query.where(
            or_(Entry.kind == wanted.kind, Entry.kind.startswith(f"{wanted.kind}."))
        )
    if wanted.actor:
        query = query.where(_acted(session, wanted.actor))
    if wanted.since:
        query = query.where(Entry.moment >= _begins(wanted.since))
    if wanted.until:
        query = query.where(Entry.moment < _begins(wanted.until + timedelta(days=1)))
    if wanted.before is not None:
        query = query.where(Entry.id < wanted.before)
    return query


def _begins(one: date) -> str:
    return datetime(one.year, one.month, one.day, tzinfo=UTC).isoformat(timespec="microseconds")


def _acted(session: Session, actor: str) -> Any:
    said = actor.strip()
    if said.isdigit():
        return Entry.actor_id == min(int(said), 2**31 - 1)
    known = select(Person.account_id).where(or_(Person.email == said.lower(), Person.name == said))
    return or_(Entry.actor_id.in_(known), Entry.actor_id.is_(None) & (Entry.actor == said))


def _lines(session: Session, rows: Sequence[Entry]) -> list[Line]:
    digests = {row.actor for row in rows if row.actor_id is not None}
    people = session.scalars(select(Person).where(Person.digest.in_(digests)))
    known = {one.digest: one for one in people}
    return [_line(row, known.get(row.actor)) for row in rows]


def _line(row: Entry, person: Person | None) -> Line:
    program = row.actor if row.actor_id is None else ""
    return Line(
        number=row.id,
        moment=datetime.fromisoformat(row.moment),
        actor_id=row.actor_id,
        name=person.name if person else program,
        email=person.email if person else "",
        kind=row.kind,
        object_kind=row.object_kind,
        object_id=row.object_id,
        origin=row.origin,
        reason=row.reason,
        details=json.loads(row.details),
        hash=row.hash,
    )


def as_csv(lines: Iterable[Line]) -> Iterator[str]:
    """The lines as CSV for a spreadsheet; what would be a formula begins with an apostrophe."""
    yield "\ufeff" + _row(COLUMNS)
    for one in lines:
        yield _row(cells(one))


def cells(line: Line) -> tuple[str, ...]:
    """A line as texts, in the order of COLUMNS."""
    details = json.dumps(line.details, ensure_ascii=False) if line.details else ""
    account = f"account {line.actor_id}" if line.actor_id is not None else ""
    return (
        str(line.number),
        line.moment.isoformat(timespec="seconds"),
        line.name or account,
        line.email,
        line.kind,
        f"{line.object_kind} {line.object_id}".strip(),
        line.origin,
        line.reason,
        details,
        line.hash,
    )


def _row(texts: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{one}" if one[:1] in "=+-@\t\r" and one else one for one in texts])
    return out.getvalue()


def lately(
    session: Session, kind: str, actor_id: int | None, work: int, details: dict[str, Any]
) -> bool:
    """Whether the same was written within the last hour."""
    since = (now() - timedelta(hours=1)).isoformat(timespec="microseconds")
    query = select(Entry.id).where(
        Entry.object_kind == "work",
        Entry.object_id == str(work),
        Entry.actor_id == actor_id,
        Entry.kind == kind,
        Entry.details == audit.canonical(details),
        Entry.moment > since,
    )
    return session.scalar(query.limit(1)) is not None


def about(session: Session, kind: str, object_id: object, *, size: int = PAGE) -> list[Line]:
    """The newest rows about one object."""
    query = select(Entry).where(Entry.object_kind == kind, Entry.object_id == str(object_id))
    return _lines(session, session.scalars(query.order_by(Entry.id.desc()).limit(size)).all())
