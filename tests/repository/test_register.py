"""The register of accessions is found by what it says, and added up, on each database."""

from datetime import date
from decimal import Decimal

import pytest
from bookkeeping import booked, entered, source

from repository import accessions, register
from repository.register import Wanted
from repository.viewers import SYSTEM


@pytest.fixture
def kept(any_archive):
    """A purchase of May in som and a gift of June in dollars, still being entered."""
    giver = source(any_archive, SYSTEM)
    shop = source(any_archive, SYSTEM, name="Дүкөн «Раритет» 100%", kind="shop")
    bought = booked(any_archive, SYSTEM, shop, {}, {"copies": "2"}, way="purchase", note="Өзгөн")
    given = entered(
        any_archive, SYSTEM, giver, {"title": "Айчүрөк"}, day="2026-06-01", currency="USD"
    )
    return any_archive, bought, given


def test_the_register_is_narrowed_by_days_and_words(kept):
    archive, bought, given = kept

    def found(**asked):
        with archive.reading() as session:
            return [one.id for one in accessions.page(session, **asked)]

    assert found() == [given, bought]
    assert found(since=date(2026, 6, 1)) == found(way="gift") == [given]
    assert found(until=date(2026, 5, 31)) == found(year=2026, way="purchase") == [bought]
    for words in ("ӨЗГӨН", "раритет", "манас раритет", "1/2026", "5", "100%"):
        assert found(text=words) == [bought], words
    assert found(text="айчүрөк") == found(text="кыдыралиев") == [given]
    for words in ("6", "манас айчүрөк", "2/2026", "1_0", "99999999999"):
        assert found(text=words) == [], words


def test_all_that_is_found_is_added_up_by_currency_without_what_is_cancelled(kept):
    archive, bought, _given = kept
    with archive.reading() as session:
        assert register.totals(session, Wanted()) == register.Totals(
            2, 3, 8, [("KGS", Decimal("602.50")), ("USD", Decimal("361.50"))]
        )
        assert register.totals(session, Wanted(text="айчүрөк")).copies == 3
        assert register.totals(session, Wanted(text="нет")) == register.Totals(0, 0, 0, [])
    with archive.writing() as session:
        accessions.cancel(session, accessions.get(session, bought), reason="twice", actor=SYSTEM)
    with archive.reading() as session:
        assert register.totals(session, Wanted()).sums == [("USD", Decimal("361.50"))]


def test_an_accession_is_found_by_the_number_that_it_bears_in_the_books(kept):
    archive, bought, _given = kept
    with archive.reading() as session:
        assert register.numbered(session, " 1 / 2026").id == bought
        for label in ("", "1", "2/2026", "1/2025", "1/2026/3", "x/2026"):
            assert register.numbered(session, label) is None, label
    with archive.writing() as session:
        accessions.cancel(session, accessions.get(session, bought), reason="twice", actor=SYSTEM)
    with archive.reading() as session:
        assert register.numbered(session, "1/2026") is None
