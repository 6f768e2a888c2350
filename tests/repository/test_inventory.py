"""The inventory book: one line a copy, in the order of the numbers."""

from datetime import date
from decimal import Decimal

import pytest
from bookkeeping import booked, entered, removed, source

from repository import accessions, inventory, series
from repository.errors import TooLarge
from repository.inventory import Wanted
from schemas.roles import Role


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    return source(archive, clerk)


@pytest.fixture
def fund(archive, clerk, giver):
    """Numbers 1 to 9 of three accessions; 5 has left the fund, 7 to 9 are void."""
    booked(archive, clerk, giver, day="2025-02-03")
    booked(archive, clerk, giver, {"price": "10"}, {"inventoried": ""})
    number = booked(archive, clerk, giver, day="2026-06-01")
    removed(archive, clerk, 5, 5)
    with archive.writing() as session:
        accessions.cancel(session, accessions.get(session, number), reason="twice", actor=clerk)
    entered(archive, clerk, giver)


def numbers(archive, **wanted):
    with archive.reading() as session:
        return [one.number for one in inventory.rows(session, Wanted(**wanted))]


def test_each_copy_has_a_line_with_what_became_of_it(archive, fund):
    with archive.reading() as session:
        rows = inventory.rows(session, Wanted())
    assert [one.number for one in rows] == list(range(1, 10))
    assert [one.number for one in rows if one.cancelled] == [7, 8, 9]
    fifth = rows[4]
    assert (fifth.record, fifth.title, fifth.price) == ("1/2026", "Манас", Decimal("10.00"))
    assert (fifth.removal, fifth.removed) == ("А-1", date(2026, 5, 12))
    assert [one.number for one in rows if one.removal] == [5]


def test_the_book_is_cut_by_numbers_and_by_days(archive, fund):
    assert numbers(archive, first=3, last=5) == [3, 4, 5]
    assert numbers(archive, since=date(2026, 1, 1), until=date(2026, 5, 31)) == [4, 5, 6]
    assert numbers(archive, until=date(2025, 12, 31), first=2) == [2, 3]
    assert numbers(archive, first=50) == []


def test_a_book_that_is_too_thick_is_printed_in_parts(archive, fund, monkeypatch):
    monkeypatch.setattr(inventory, "MOST", 4)
    with pytest.raises(TooLarge):
        numbers(archive)
    assert numbers(archive, last=4) == [1, 2, 3, 4]


def test_items_are_found_by_the_numbers_that_their_copies_bear(archive, fund):
    with archive.reading() as session:
        assert [one.first for one in inventory.bearing(session, 3, 4)] == [1, 4]
        assert list(inventory.bearing(session, 7, 9)) == []
        assert series.last(session, series.INVENTORY) == 9
        assert series.last(session, "of nothing") == 0
