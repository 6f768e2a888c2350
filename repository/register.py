"""The register of accessions: what of it is asked for, and what that comes to."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from repository.models.accessions import Accession, Item, Supplier
from schemas.accessions import Standing

MOST_WORDS = 8
_LABEL = re.compile(r"(\d{1,9})/(\d{4})")


@dataclass(frozen=True)
class Wanted:
    """Which accessions: of a year or between two days, of a source, a way, with words."""

    year: int | None = None
    since: date | None = None
    until: date | None = None
    supplier: int | None = None
    way: str = ""
    standing: str = ""
    text: str = ""


@dataclass(frozen=True)
class Totals:
    """What accessions come to; those that are cancelled do not count."""

    accessions: int
    titles: int
    copies: int
    sums: list[tuple[str, Decimal]]  # by currency


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What accessions must be to be among those that are wanted."""
    day = Accession.day
    found: list[ColumnElement[bool]] = []
    if wanted.year:
        found.append(day.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.since:
        found.append(day >= wanted.since)
    if wanted.until:
        found.append(day <= wanted.until)
    if wanted.supplier:
        found.append(Accession.supplier_id == wanted.supplier)
    if wanted.way:
        found.append(Accession.way == wanted.way)
    if wanted.standing:
        found.append(Accession.standing == wanted.standing)
    return found + [_says(word) for word in wanted.text.split()[:MOST_WORDS]]


def _says(word: str) -> ColumnElement[bool]:
    """Whether a word stands anywhere in an accession, or is its number or one of its copies'."""
    found = [
        _contains(column, word)
        for column in (Accession.paper_number, Accession.note, Accession.received_by)
    ]
    found.append(
        Accession.supplier_id.in_(select(Supplier.id).where(_contains(Supplier.name, word)))
    )
    inside = [_contains(Item.title, word)]
    if word.isascii() and word.isdigit() and len(word) <= 9:
        number = int(word)
        inside.append(and_(Item.first <= number, Item.first + Item.copies > number))
    found.append(Accession.id.in_(select(Item.accession_id).where(or_(*inside))))
    label = _LABEL.fullmatch(word)
    if label:
        found.append(and_(Accession.number == int(label[1]), Accession.year == int(label[2])))
    return or_(*found)


def _contains(column: Any, word: str) -> ColumnElement[bool]:
    """SQLite folds the case of Latin letters only, so the usual spellings are asked for."""
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return or_(*(column.contains(one, autoescape=True) for one in spellings))


def numbered(session: Session, label: str) -> Accession | None:
    """The booked accession that bears a number such as 12/2026 in the books."""
    found = _LABEL.fullmatch(label.replace(" ", ""))
    if found is None:
        return None
    query = select(Accession).where(
        Accession.number == int(found[1]),
        Accession.year == int(found[2]),
        Accession.standing == Standing.BOOKED,
    )
    return session.scalar(query)


def totals(session: Session, wanted: Wanted) -> Totals:
    """What all wanted accessions come to together."""
    meant = [*conditions(wanted), Accession.standing != Standing.CANCELLED]
    count = session.scalar(select(func.count(Accession.id)).where(*meant))
    query = (
        select(
            Accession.currency,
            func.count(Item.id),
            func.sum(Item.copies),
            func.sum(type_coerce(Item.price, BigInteger) * Item.copies),
        )
        .join(Item.accession)
        .where(*meant)
        .group_by(Accession.currency)
        .order_by(Accession.currency)
    )
    rows = session.execute(query).all()
    return Totals(
        count or 0,
        sum(titles for _, titles, _, _ in rows),
        sum(int(copies) for _, _, copies, _ in rows),
        [(currency, Decimal(int(hundredths)).scaleb(-2)) for currency, _, _, hundredths in rows],
    )
