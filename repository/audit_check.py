"""Whether the audit log is whole: every row, the chain, its end, and what was anchored outside."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repository import audit
from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid, NotFound
from repository.models.trust import Entry, Head, Person

AT_ONCE = 1000
NEAR = 1000  # how far away a row is looked for that was moved
TRIGGERS = {
    "sqlite": {"audit_unchanged", "audit_kept", "audit_in_order", "audit_people_unchanged"},
    "postgresql": {"audit_unchanged", "audit_kept", "audit_people_unchanged"},
}


class Fault(NamedTuple):
    """Something that is wrong: at which row, of what kind, and a sentence."""

    row: int
    kind: str
    says: str


class Anchor(NamedTuple):
    """The head of the log at a moment, as it was kept elsewhere."""

    row: int
    hash: str
    moment: str

    def __str__(self) -> str:
        return f"{self.row} {self.hash} {self.moment}"


def check_tables(session: Session) -> None:
    """Raises NotFound when there is no log to check."""
    if not inspect(session.connection()).has_table("audit"):
        raise NotFound("There is no audit log yet. Run `open-archive upgrade` first.")


def count(session: Session) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def anchor(session: Session) -> Anchor:
    """The head of the log as it is now."""
    head = session.get(Head, 1)
    if head is None:
        raise NotFound("The head of the audit log is missing.")
    return Anchor(head.last, head.hash, now().isoformat(timespec="seconds"))


def keep(path: Path, made: Anchor) -> None:
    """Adds an anchor to a file, and makes sure that it is on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{made}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def anchors(path: Path) -> list[Anchor]:
    """The anchors in a file; raises Invalid where a line is none."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        parts = line.split()
        if len(parts) != 3 or not parts[0].isdigit() or len(parts[1]) != 64:
            raise Invalid("%(file)s, line %(number)s: no anchor.", file=path.name, number=number)
        found.append(Anchor(int(parts[0]), parts[1], parts[2]))
    return found


def heads(archive: Archive) -> Path:
    """The file in the instance folder in which the head of the log is noted every day."""
    return archive.settings.instance / "audit-heads"


def daily(archive: Archive) -> int:
    """Anchors the log once a day, in the instance folder; how many lines were written."""
    with archive.reading() as session:
        made = anchor(session)
    path = heads(archive)
    before = anchors(path)[-1:] if path.exists() else []
    for last in before:
        if last.moment[:10] == made.moment[:10] or last.hash == made.hash:
            return 0
    keep(path, made)
    return 1


def faults(
    session: Session, known: Iterable[Anchor] = (), *, tick: Callable[[], None] = lambda: None
) -> Iterator[Fault]:
    """All that is wrong, in the order of the rows; nothing when the log is whole."""
    wanted: dict[int, list[Anchor]] = {}
    for one in known:
        wanted.setdefault(one.row, []).append(one)
    last, before = 0, audit.ORIGIN
    yield from _anchored(wanted.pop(0, []), audit.ORIGIN)
    people: set[tuple[str, int]] = set()
    forgotten: set[str] = set()
    try:
        for row in _rows(session):
            yield from _linked(row, last, before)
            yield from _anchored(wanted.pop(row["id"], []), row["hash"])
            if row["actor_id"] is not None:
                people.add((row["actor"], row["actor_id"]))
            if row["kind"] == "account.forgotten":
                forgotten.add(row["object_id"])
            last, before = row["id"], row["hash"]
            tick()
    # A row may be spoilt so that the database itself cannot read it.
    except (SQLAlchemyError, ValueError) as error:
        yield Fault(last + 1, "changed", f"A row after {last} cannot be read: {error}")
        return
    yield from _end(session, last, before)
    for number in sorted(number for number in wanted if number > last):
        when = wanted[number][0].moment
        says = f"Rows {last + 1} to {number}, there at {when}, are missing."
        yield Fault(last + 1, "truncated", says)
    yield from _names(session, people, forgotten)
    yield from _guards(session)


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    columns = [getattr(Entry, name) for name in (*audit.COLUMNS, "hash")]
    query = select(*columns).order_by(Entry.id).execution_options(yield_per=AT_ONCE)
    for row in session.execute(query).mappings():
        yield dict(row)


def _linked(row: dict[str, Any], last: int, before: str) -> Iterator[Fault]:
    """What is wrong with one row and its place after the row `last`."""
    number = row["id"]
    if number < 1:
        yield Fault(number, "inserted", f"Row {number} was put before the first.")
    elif number > last + 1:
        these = (
            f"Row {last + 1} is" if number == last + 2 else f"Rows {last + 1} to {number - 1} are"
        )
        yield Fault(last + 1, "missing", f"{these} missing.")
    if audit.seal(row) != row["hash"]:
        yield _moved(row) or Fault(number, "changed", f"Row {number} was changed.")
    elif number == last + 1 and row["previous"] != before:
        yield Fault(
            max(last, 1),
            "replaced",
            f"Row {number} does not follow row {last}: one of them was replaced.",
        )


def _moved(row: dict[str, Any]) -> Fault | None:
    """The fault of a row that is whole, but was written under another number nearby."""
    for number in range(max(1, row["id"] - NEAR), row["id"] + NEAR + 1):
        if audit.seal({**row, "id": number}) == row["hash"]:
            says = f"Row {row['id']} was row {number}: rows were put in another order."
            return Fault(row["id"], "reordered", says)
    return None


def _anchored(those: Iterable[Anchor], own: str) -> Iterator[Fault]:
    for one in those:
        if one.hash != own:
            says = f"Row {one.row} is not what it was at {one.moment}: the log was written anew."
            yield Fault(one.row, "rewritten", says)


def _end(session: Session, last: int, before: str) -> Iterator[Fault]:
    head = session.execute(select(Head.last, Head.hash).where(Head.id == 1)).first()
    if head is None:
        yield Fault(last, "head", "The head of the log is missing.")
    elif head.last > last:
        yield Fault(
            last + 1, "truncated", f"Rows {last + 1} to {head.last} are missing at the end."
        )
    elif head.last < last:
        yield Fault(head.last + 1, "inserted", f"Rows after {head.last} were put in by hand.")
    elif head.hash != before:
        yield Fault(last, "replaced", f"Row {last}, the last one, is not the one that was written.")


def _names(session: Session, people: set[tuple[str, int]], forgotten: set[str]) -> Iterator[Fault]:
    known = {}
    for one in session.scalars(select(Person)):
        given = {name: getattr(one, name) for name in ("account_id", "name", "email", "salt")}
        known[one.digest] = one.account_id
        if audit.digest(given) != one.digest:
            yield Fault(0, "name", f"The name of account {one.account_id} was changed.")
    for made, account in sorted(people, key=str):
        if known.get(made) != account and str(account) not in forgotten:
            yield Fault(0, "name", f"The name of account {account} was taken away.")


def _guards(session: Session) -> Iterator[Fault]:
    dialect = session.connection().dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    missing = TRIGGERS[dialect] - set(session.scalars(text(query)))
    if missing:
        says = f"The database no longer refuses changes: {', '.join(sorted(missing))} is missing."
        yield Fault(0, "unguarded", says)
