"""Inventory numbers: which copy bears which, and which have left the fund."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from repository.errors import TooLarge
from repository.models.accessions import Accession, Item, Removal, RemovedPart
from schemas.accessions import Standing

# Rows of the inventory book that are printed in one go.
MOST = 10_000


@dataclass(frozen=True)
class Row:
    """A line of the inventory book: one copy."""

    number: int
    day: date
    record: str
    title: str
    issued: str
    price: Decimal
    currency: str
    removal: str  # the act by which it left the fund
    removed: date | None
    cancelled: bool


@dataclass(frozen=True)
class Wanted:
    """Which lines: of numbers, of days; None is no bound."""

    first: int | None = None
    last: int | None = None
    since: date | None = None
    until: date | None = None


def rows(session: Session, wanted: Wanted) -> list[Row]:
    """The lines in the order of their numbers. Raises TooLarge when they are too many to print."""
    items = session.scalars(_items(wanted).limit(MOST + 1)).all()
    gone = _gone(session, [one.id for one in items])
    found: list[Row] = []
    for item in items:
        found += [one for one in _lines(item, gone) if _within(one.number, wanted)]
        if len(found) > MOST:
            raise TooLarge("That is more than %(most)s lines. Print the book in parts.", most=MOST)
    return found


def _items(wanted: Wanted) -> Select[Item]:
    query = (
        select(Item)
        .join(Item.accession)
        .options(contains_eager(Item.accession))
        .where(Item.first.is_not(None))
        .order_by(Item.first)
    )
    if wanted.first is not None:
        query = query.where(Item.first + Item.copies > wanted.first)
    if wanted.last is not None:
        query = query.where(Item.first <= wanted.last)
    if wanted.since is not None:
        query = query.where(Accession.day >= wanted.since)
    if wanted.until is not None:
        query = query.where(Accession.day <= wanted.until)
    return query


def _lines(item: Item, gone: dict[int, Removal]) -> Iterator[Row]:
    accession = item.accession
    for number in range(item.first or 0, (item.last or -1) + 1):
        removal = gone.get(number)
        yield Row(
            number,
            accession.day,
            accession.label,
            item.title,
            item.issued,
            item.price,
            accession.currency,
            (removal.act or removal.label) if removal else "",
            removal.day if removal else None,
            accession.standing == Standing.CANCELLED,
        )


def _within(number: int, wanted: Wanted) -> bool:
    return (wanted.first or 0) <= number <= (wanted.last or number)


def _gone(session: Session, items: Sequence[int]) -> dict[int, Removal]:
    """The inventory numbers of items that booked acts have removed, each with its act."""
    query = (
        select(RemovedPart, Removal)
        .join(Removal)
        .where(
            RemovedPart.item_id.in_(items),
            RemovedPart.first.is_not(None),
            Removal.standing == Standing.BOOKED,
        )
    )
    found: dict[int, Removal] = {}
    for part, removal in session.execute(query):
        first = part.first or 0
        found |= dict.fromkeys(range(first, first + part.copies), removal)
    return found


def parts(session: Session, item: Item) -> Sequence[tuple[RemovedPart, Removal]]:
    """What booked acts have removed of an item, oldest first."""
    query = (
        select(RemovedPart, Removal)
        .join(Removal)
        .where(RemovedPart.item_id == item.id, Removal.standing == Standing.BOOKED)
        .order_by(Removal.day, Removal.id)
    )
    return [(part, removal) for part, removal in session.execute(query)]


def bearing(session: Session, first: int, last: int) -> Sequence[Item]:
    """The booked items that have any of these inventory numbers, in their order."""
    query = (
        select(Item)
        .join(Item.accession)
        .where(
            Accession.standing == Standing.BOOKED,
            Item.first.is_not(None),
            Item.first <= last,
            Item.first + Item.copies > first,
        )
        .order_by(Item.first)
    )
    return session.scalars(query).all()


def left(session: Session, item: Item) -> int:
    """How many copies of an item are still in the fund."""
    return item.copies - sum(part.copies for part, _ in parts(session, item))
