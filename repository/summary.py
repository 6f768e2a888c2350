"""The summary book: what came, what went, and what the fund holds, for any period."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload, selectinload

from repository.models.accessions import Accession, Item, Removal, RemovedPart
from schemas.accessions import (
    CARRIER_COLUMNS,
    KIND_COLUMNS,
    LANGUAGE_COLUMNS,
    SUBJECTS,
    Standing,
)


class Counted(NamedTuple):
    """All by which the book tells copies apart."""

    currency: str
    carrier: str
    type: str
    language: str
    subject: str


@dataclass
class Tally:
    """Titles, copies and sums, and the copies by what the book counts."""

    titles: int = 0
    copies: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    carriers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)

    def count(self, what: "Counted", copies: int, titles: int, cost: Decimal) -> None:
        """Adds copies of what the book counts alike."""
        self.titles += titles
        self.copies += copies
        self.sums[what.currency] += cost  # type: ignore[assignment]
        self.carriers[_column(CARRIER_COLUMNS, what.carrier)] += copies
        self.kinds[_column(KIND_COLUMNS, what.type)] += copies
        self.languages[_column(LANGUAGE_COLUMNS, what.language)] += copies
        self.subjects[what.subject if what.subject in SUBJECTS else ""] += copies

    def add(self, other: "Tally", sign: int = 1) -> None:
        """Adds, or takes away, all of another."""
        self.titles += sign * other.titles
        self.copies += sign * other.copies
        for name in ("sums", "carriers", "kinds", "languages", "subjects"):
            mine: Counter = getattr(self, name)
            for key, value in getattr(other, name).items():
                mine[key] += sign * value

    def money(self) -> list[tuple[str, Decimal]]:
        """The sums that are not nothing, by currency; the first currency's zero when all are."""
        found = [(name, Decimal(one)) for name, one in sorted(self.sums.items()) if one]
        return found or [(next(iter(self.sums), "KGS"), Decimal("0.00"))]


def _column(columns: Mapping[str, tuple[str, frozenset[str]]], value: str) -> str:
    return next((key for key, (_, held) in columns.items() if value in held), "others")


@dataclass(frozen=True)
class Entry:
    """A record of the book's first part (an accession) or of its second (a removal)."""

    number: str
    day: date
    paper: str
    paper_day: date | None
    source: str
    way: str
    why: str
    cancelled: bool
    tally: Tally


@dataclass(frozen=True)
class Book:
    """The three parts of the book for a period; `groups` are the first part's totals by group."""

    since: date
    until: date
    came: list[Entry]
    went: list[Entry]
    came_in_all: Tally
    went_in_all: Tally
    before: Tally
    after: Tally
    by_source: dict[str, Tally]
    by_way: dict[str, Tally]
    by_why: dict[str, Tally]


def book(
    session: Session, since: date, until: date, *, supplier: int | None = None, way: str = ""
) -> Book:
    """The book from one day to another, both included; of one source or one way if it is given."""
    new = _came(session, since, until, supplier, way)
    went = _went(session, until, supplier, way)
    gone = [one for one in went if one.day >= since]
    before = _earlier(session, since, supplier, way)
    before.add(_all(one for one in went if one.day < since), -1)
    came_in_all, went_in_all, after = _all(new), _all(gone), Tally()
    for tally, sign in ((before, 1), (came_in_all, 1), (went_in_all, -1)):
        after.add(tally, sign)
    return Book(
        since,
        until,
        new,
        gone,
        came_in_all,
        went_in_all,
        before,
        after,
        _grouped(new, "source"),
        _grouped(new, "way"),
        _grouped(gone, "why"),
    )


def _all(entries: Iterable[Entry]) -> Tally:
    found = Tally()
    for one in entries:
        found.add(one.tally)
    return found


def _grouped(entries: Iterable[Entry], attribute: str) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for one in entries:
        if not one.cancelled:
            found.setdefault(getattr(one, attribute), Tally()).add(one.tally)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].copies, pair[0])))


def _came(
    session: Session, since: date, until: date, supplier: int | None, way: str
) -> list[Entry]:
    query = (
        select(Accession)
        .options(selectinload(Accession.items), joinedload(Accession.supplier))
        .where(Accession.standing != Standing.OPEN, Accession.day.between(since, until))
        .where(*_narrowed(supplier, way))
        .order_by(Accession.year, Accession.number)
    )
    return [_entry(one) for one in session.scalars(query)]


def _narrowed(supplier: int | None, way: str) -> list[ColumnElement[bool]]:
    return [
        *([Accession.supplier_id == supplier] if supplier else []),
        *([Accession.way == way] if way else []),
    ]


def _earlier(session: Session, since: date, supplier: int | None, way: str) -> Tally:
    """What came before a day, added up by the database: that may be many years."""
    alike = (Accession.currency, Accession.carrier, Item.type, Item.language, Item.subject)
    query = (
        select(
            *alike,
            func.sum(Item.copies),
            func.count(),
            func.sum(type_coerce(Item.price, BigInteger) * Item.copies),
        )
        .join(Item.accession)
        .where(Accession.standing == Standing.BOOKED, Accession.day < since)
        .where(*_narrowed(supplier, way))
        .group_by(*alike)
    )
    tally = Tally()
    for *what, copies, titles, hundredths in session.execute(query):
        tally.count(Counted(*what), copies, titles, Decimal(hundredths).scaleb(-2))
    return tally


def _entry(one: Accession) -> Entry:
    tally, cancelled = Tally(), one.standing == Standing.CANCELLED
    for item in one.items if not cancelled else ():
        tally.count(_counted(item), item.copies, 1, item.sum)
    return Entry(
        one.label,
        one.day,
        one.paper_number,
        one.paper_day,
        one.supplier.name,
        one.way,
        one.reason,
        cancelled,
        tally,
    )


def _counted(item: Item) -> Counted:
    accession = item.accession
    return Counted(accession.currency, accession.carrier, item.type, item.language, item.subject)


def _went(session: Session, until: date, supplier: int | None, way: str) -> list[Entry]:
    query = (
        select(Removal)
        .options(
            selectinload(Removal.parts).joinedload(RemovedPart.item).joinedload(Item.accession)
        )
        .where(Removal.standing != Standing.OPEN, Removal.day <= until)
        .order_by(Removal.day, Removal.id)
    )
    left: dict[int, int] = {}
    found = []
    for one in session.scalars(query):
        entry = _exit(one, left, supplier, way)
        if entry.tally.copies or entry.cancelled:
            found.append(entry)
    return found


def _exit(one: Removal, left: dict[int, int], supplier: int | None, way: str) -> Entry:
    """A removal; a title goes with the last of its copies, which `left` counts."""
    tally, cancelled = Tally(), one.standing == Standing.CANCELLED
    for part in one.parts if not cancelled else ():
        accession = part.item.accession
        if (supplier or accession.supplier_id) != accession.supplier_id:
            continue
        if (way or accession.way) != accession.way:
            continue
        left[part.item_id] = left.get(part.item_id, part.item.copies) - part.copies
        whole = int(left[part.item_id] == 0)
        tally.count(_counted(part.item), part.copies, whole, part.item.price * part.copies)
    return Entry(one.label, one.day, one.act, one.act_day, "", "", one.why, cancelled, tally)
