"""The summary book: what came, what went, what there is, by source, way and period."""

from datetime import date
from decimal import Decimal

import pytest
from bookkeeping import booked, entered, removed, source

from repository import accessions, summary
from repository.viewers import SYSTEM
from schemas.roles import Role

YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def sources(archive, clerk):
    return source(archive, clerk), source(archive, clerk, name="Илим", kind="publisher")


@pytest.fixture
def fund(archive, clerk, sources):
    """3 copies of 2025; in 2026 2 textbooks bought and 1 disc from abroad, and 1 copy went."""
    giver, shop = sources
    booked(archive, clerk, giver, day="2025-03-01")
    booked(archive, clerk, shop, {"copies": "2", "type": "textbook"}, way="purchase")
    booked(
        archive,
        clerk,
        giver,
        {"copies": "1", "price": "9.99", "language": "en", "subject": ""},
        way="exchange",
        carrier="disc",
        currency="USD",
    )
    removed(archive, clerk, 1, 1)
    entered(archive, clerk, giver)


def book(archive, since=YEAR[0], until=YEAR[1], **named):
    with archive.reading() as session:
        return summary.book(session, since, until, **named)


def test_the_parts_add_up(archive, fund):
    found = book(archive)
    tallies = found.before, found.came_in_all, found.went_in_all, found.after
    assert [one.copies for one in tallies] == [3, 3, 1, 5]
    assert [one.titles for one in tallies] == [1, 2, 0, 3]
    assert found.after.money() == [("KGS", Decimal("482.00")), ("USD", Decimal("9.99"))]
    came = found.came_in_all
    assert came.kinds == {"textbooks": 2, "books": 1}
    assert came.carriers == {"paper": 2, "discs": 1}
    assert came.languages == {"ky": 2, "others": 1}
    assert came.subjects == {"8": 2, "": 1}
    assert [one.number for one in found.came] == ["1/2026", "2/2026"]
    assert [(one.number, one.why) for one in found.went] == [("1/2026", "worn")]


def test_sums_stand_by_source_by_way_and_by_why(archive, fund):
    found = book(archive)
    assert {name: one.money() for name, one in found.by_source.items()} == {
        "Илим": [("KGS", Decimal("241.00"))],
        "Кыдыралиев А.": [("USD", Decimal("9.99"))],
    }
    assert list(found.by_way) == ["purchase", "exchange"]
    assert {name: one.copies for name, one in found.by_why.items()} == {"worn": 1}


def test_the_book_may_be_of_one_source_or_one_way(archive, fund, sources):
    giver, shop = sources
    assert book(archive, supplier=shop).after.copies == 2
    assert book(archive, supplier=giver).after.copies == 3
    only = book(archive, since=date(2025, 1, 1), way="gift")
    assert (only.came_in_all.copies, only.went_in_all.copies) == (3, 1)
    assert book(archive, way="subscription").after.copies == 0


def test_periods_follow_one_another_without_a_gap(archive, fund):
    first = book(archive, date(2025, 1, 1), date(2025, 12, 31))
    assert first.before.copies == 0
    assert first.after == book(archive).before
    assert first.after.money() == [("KGS", Decimal("361.50"))]
    assert book(archive, date(2024, 1, 1), date(2024, 12, 31)).after.money() == [
        ("KGS", Decimal("0.00"))
    ]


def test_a_title_goes_with_its_last_copy(archive, fund, clerk):
    removed(archive, clerk, 2, 3)
    found = book(archive)
    assert (found.went_in_all.copies, found.went_in_all.titles) == (3, 1)


def test_what_was_cancelled_is_shown_and_not_counted(archive, fund, clerk):
    with archive.writing() as session:
        found = accessions.page(session, way="purchase")[0]
        accessions.cancel(session, found, reason="twice", actor=clerk)
    found = book(archive)
    assert [one.cancelled for one in found.came] == [True, False]
    assert found.came_in_all.copies == 1
    assert list(found.by_way) == ["exchange"]


def test_thousands_of_sums_lose_nothing_on_any_database(any_archive):
    giver = source(any_archive, SYSTEM)
    items = [{"copies": "7", "price": "0.01"}] * 200
    for day in ("2025-03-01", "2026-03-01"):
        booked(any_archive, SYSTEM, giver, *items, day=day)
    found = book(any_archive)
    assert found.before.money() == found.came_in_all.money() == [("KGS", Decimal("14.00"))]
    assert (found.after.copies, found.after.titles) == (2800, 400)
    assert {type(one) for one in (found.after.copies, found.after.titles)} == {int}
