"""How copies leave the fund: under an act, once, with a reason, and back when it was wrong."""

from datetime import date

import pytest
from bookkeeping import begun, booked, entered, removed, source, together
from sqlalchemy import select

from repository import accessions, inventory, ledger, removals
from repository.errors import ArchiveError, Invalid, NotAllowed, NotFound
from repository.inventory import Wanted
from repository.models.accessions import Item, Removal
from repository.viewers import SYSTEM
from schemas.accessions import Standing
from schemas.answers import Answers
from schemas.roles import Role


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    return source(archive, clerk)


def test_removed_copies_leave_the_fund_once(archive, clerk, giver):
    booked(archive, clerk, giver)
    removed(archive, clerk, 2, 3)
    with archive.reading() as session:
        item = session.scalars(select(Item)).one()
        assert inventory.left(session, item) == 1
        rows = inventory.rows(session, Wanted())
        assert [(one.number, bool(one.removal)) for one in rows] == [
            (1, False),
            (2, True),
            (3, True),
        ]
    for first, last in ((3, 3), (4, 4), (1, 2), (0, 1), (3, 1)):
        with pytest.raises(Invalid):
            removed(archive, clerk, first, last)
    with pytest.raises(Invalid, match="came only later"):
        removed(archive, clerk, 1, 1, day=date(2026, 5, 1))


def test_numbers_of_one_act_may_run_over_several_titles(archive, clerk, giver):
    booked(archive, clerk, giver)
    booked(archive, clerk, giver, {"copies": "2"}, {"copies": "2"})
    with archive.reading() as session:
        found = removals.get(session, removed(archive, clerk, 3, 6))
        assert [(one.first, one.last) for one in found.parts] == [(3, 3), (4, 5), (6, 6)]
        assert found.label == "1/2026"


def test_copies_of_a_cancelled_accession_cannot_be_removed(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    booked(archive, clerk, giver)
    with archive.writing() as session:
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)
    with pytest.raises(Invalid, match="inventory number 3"):
        removed(archive, clerk, 3, 4)


def test_titles_without_numbers_are_removed_by_count(archive, clerk, giver):
    loose = {"inventoried": "", "copies": "5"}
    booked(archive, clerk, giver, loose)
    booked(archive, clerk, giver)
    entered(archive, clerk, giver, loose)
    with archive.writing() as session:
        (item,) = removals.unnumbered(session)
        act = begun(session, clerk)
        removals.add_copies(session, act, item.id, 4, actor=clerk)
        with pytest.raises(Invalid), session.begin_nested():
            removals.add_copies(session, act, item.id, 2, actor=clerk)
        with pytest.raises(Invalid), session.begin_nested():
            removals.add_copies(session, act, item.id + 1, 1, actor=clerk)
        removals.book(session, act, actor=clerk)
        assert inventory.left(session, item) == 1
        assert list(removals.unnumbered(session)) == [item]
        act = begun(session, clerk)
        removals.add_copies(session, act, item.id, 1, actor=clerk)
        removals.book(session, act, actor=clerk)
        assert list(removals.unnumbered(session)) == []


def test_a_line_is_taken_out_and_an_empty_act_is_not_booked(archive, clerk, giver):
    booked(archive, clerk, giver)
    with archive.writing() as session:
        act = begun(session, clerk)
        removals.add_numbers(session, act, 1, 2, actor=clerk)
        removals.drop(session, act, act.parts[0].id, actor=clerk)
        with pytest.raises(NotAllowed):
            removals.book(session, act, actor=clerk)
        number = act.id
        removals.discard(session, act, actor=clerk)
    with archive.reading() as session:
        with pytest.raises(NotFound):
            removals.get(session, number)
        kinds = [one.kind for one in ledger.events(session, "removal", number)]
        assert kinds == ["begun", "copies", "dropped", "discarded"]


def test_what_is_booked_stays(archive, clerk, giver):
    booked(archive, clerk, giver)
    number = removed(archive, clerk, 1, 1)
    with archive.writing() as session:
        act = removals.get(session, number)
        for step in (
            lambda: removals.add_numbers(session, act, 2, 2, actor=clerk),
            lambda: removals.drop(session, act, act.parts[0].id, actor=clerk),
            lambda: removals.book(session, act, actor=clerk),
            lambda: removals.discard(session, act, actor=clerk),
        ):
            with pytest.raises(NotAllowed):
                step()


def test_a_cancelled_removal_brings_copies_back(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    act = removed(archive, clerk, 1, 3)
    with archive.writing() as session, pytest.raises(NotAllowed):
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)
    with archive.writing() as session:
        found = removals.get(session, act)
        with pytest.raises(Invalid):
            removals.cancel(session, found, reason="", actor=clerk)
        removals.cancel(session, found, reason="found", actor=clerk)
    assert removed(archive, clerk, 1, 1)
    with archive.reading() as session:
        assert [one.standing for one in removals.everything(session)] == ["booked", "cancelled"]
        assert [one.label for one in removals.everything(session)] == ["2/2026", "1/2026"]
        assert len(removals.everything(session, limit=0)) == 1


def test_two_acts_cannot_take_the_same_copies_at_once(any_archive):
    archive = any_archive
    booked(archive, SYSTEM, source(archive, SYSTEM))
    numbers = []
    with archive.writing() as session:
        for _ in range(4):
            act = begun(session, SYSTEM)
            removals.add_numbers(session, act, 1, 2, actor=SYSTEM)
            numbers.append(act.id)

    def book(number):
        with archive.writing() as session:
            removals.book(session, removals.get(session, number), actor=SYSTEM)

    raised = together(*(lambda number=number: book(number) for number in numbers * 2))
    assert sum(one is None for one in raised) == 1
    assert all(one is None or isinstance(one, ArchiveError) for one in raised)
    with archive.reading() as session:
        labels = [one.label for one in session.scalars(select(Removal)) if one.label]
        assert labels == ["1/2026"]
        assert inventory.left(session, session.scalars(select(Item)).one()) == 1


def test_an_accession_is_not_cancelled_while_its_copies_are_removed(any_archive):
    archive = any_archive
    giver = source(archive, SYSTEM)
    for _ in range(5):
        number = booked(archive, SYSTEM, giver)
        with archive.reading() as session:
            first = accessions.get(session, number).items[0].first

        def cancel(number=number):
            with archive.writing() as session:
                found = accessions.get(session, number)
                accessions.cancel(session, found, reason="twice", actor=SYSTEM)

        raised = together(cancel, lambda first=first: removed(archive, SYSTEM, first, first))
        assert sum(one is None for one in raised) == 1
    with archive.reading() as session:
        for act in session.scalars(select(Removal).where(Removal.standing == Standing.BOOKED)):
            assert [one.item.accession.standing for one in act.parts] == [Standing.BOOKED]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"act": ""}, "act"), ({"why": "sold"}, "why"), ({"day": "2027-01-01"}, "day")],
)
def test_what_is_typed_wrongly_is_said_at_its_field(typed, field):
    answers = Answers({"day": "2026-06-01", "act": "А-1", "why": "worn", **typed})
    removals.read(answers, date(2026, 12, 31))
    assert set(answers.errors) == {field}
