"""Runs of numbers in the library's books: without gaps, and none given twice."""

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repository import ledger
from repository.errors import NotAllowed
from repository.models.accessions import Item, Series
from repository.viewers import Viewer

INVENTORY = "inventory"
REMOVALS = "removals"  # has no numbers: acts that take copies wait for each other here


def take(session: Session, name: str, count: int = 1) -> int:
    """The first of the next `count` numbers. A transaction that fails gives them back."""
    row = _row(session, name)
    first = row.last + 1
    row.last += count
    session.flush()
    return first


def lock(session: Session, name: str) -> None:
    """Lets nobody else take a number until the transaction ends."""
    _row(session, name)


def last(session: Session, name: str) -> int:
    """The last number given; 0 when there is none."""
    found = session.get(Series, name)
    return found.last if found else 0


def begin_inventory(session: Session, number: int, *, actor: Viewer) -> None:
    """Says which inventory number was the last one before this archive gave any."""
    row = _row(session, INVENTORY)
    if session.scalar(select(Item.id).where(Item.first.is_not(None)).limit(1)):
        raise NotAllowed("Inventory numbers were given here already: they go on from the last one.")
    row.last = number
    session.flush()
    ledger.note(session, "series", 0, "set", actor=actor, name=INVENTORY, last=number)


def _row(session: Session, name: str) -> Series:
    """The row of a series, locked until the transaction ends."""
    found = session.get(Series, name, with_for_update=True, populate_existing=True)
    if found is None:
        with suppress(IntegrityError), session.begin_nested():  # somebody else was faster
            session.add(Series(name=name, last=0))
        found = session.get_one(Series, name, with_for_update=True, populate_existing=True)
    return found
