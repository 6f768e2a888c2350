"""How works came to the library: entered, booked with a number, corrected with a reason."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from repository import (
    accessions,
    catalogue,
    documents,
    entries,
    inventory,
    ledger,
    removals,
    requirements,
    series,
    suppliers,
)
from repository import summary as books
from repository.errors import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from repository.inventory import Wanted
from repository.models.accessions import Item
from repository.models.trust import Entry
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.accessions import Paper, Standing
from schemas.answers import Answers
from schemas.roles import Role
from schemas.vocabulary import Scan

DAY = date(2026, 5, 12)
TYPED = {
    "day": "2026-05-12",
    "way": "gift",
    "paper_number": "17",
    "paper_day": "2026-05-10",
    "currency": "KGS",
    "carrier": "paper",
    "received_by": "Асанова А.",
    "note": "",
}
BOOK = {
    "title": "Манас",
    "issued": "1986",
    "type": "monograph",
    "language": "ky",
    "copies": "3",
    "price": "120,50",
    "inventoried": "yes",
    "subject": "8",
}


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    with archive.writing() as session:
        values = suppliers.read(Answers({"name": "Кыдыралиев А.", "kind": "person"}))
        return suppliers.add(session, values, actor=clerk).id


def entered(archive, clerk, giver, *items, **typed):
    """An accession that is being entered; its id."""
    with archive.writing() as session:
        answers = Answers({**TYPED, "supplier_id": str(giver), **typed})
        values = entries.read(answers, date(2026, 12, 31))
        assert not answers.errors
        made = accessions.begin(session, values, actor=clerk)
        for item in items or (BOOK,):
            wanted = Answers({**BOOK, **item})
            accessions.add_item(session, made, entries.read_item(session, wanted), actor=clerk)
            assert not wanted.errors
        return made.id


def booked(archive, clerk, giver, *items, **typed):
    number = entered(archive, clerk, giver, *items, **typed)
    with archive.writing() as session:
        accessions.book(session, accessions.get(session, number), actor=clerk)
    return number


def test_what_is_booked_has_the_next_number_and_its_copies_theirs(archive, clerk, giver):
    first = booked(archive, clerk, giver)
    second = booked(archive, clerk, giver, {"copies": "2"}, {"inventoried": ""})
    with archive.reading() as session:
        one, two = accessions.get(session, first), accessions.get(session, second)
        assert (one.label, two.label) == ("1/2026", "2/2026")
        assert [(item.first, item.last) for item in (*one.items, *two.items)] == [
            (1, 3),
            (4, 5),
            (None, None),
        ]
        assert accessions.total(one.items) == Decimal("361.50")


def test_numbers_have_no_gaps_when_many_book_at_once(any_archive):
    archive = any_archive
    with archive.writing() as session:
        giver = suppliers.add(
            session, suppliers.read(Answers({"name": "Илим", "kind": "publisher"})), actor=SYSTEM
        ).id
    numbers = [entered(archive, SYSTEM, giver, {"copies": "2"}) for _ in range(12)]

    def take(mine):
        for number in mine:
            with archive.writing() as session:
                accessions.book(session, accessions.get(session, number), actor=SYSTEM)

    hands = [threading.Thread(target=take, args=(numbers[at::4],)) for at in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    with archive.reading() as session:
        found = [accessions.get(session, number) for number in numbers]
        assert sorted(one.number for one in found) == list(range(1, 13))
        assert sorted(one.items[0].first for one in found) == list(range(1, 25, 2))


def test_after_booking_a_change_wants_a_reason_and_leaves_what_was(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        values = entries.read(
            Answers({**TYPED, "supplier_id": str(giver), "note": "x"}), date(2026, 12, 31)
        )
        with pytest.raises(Invalid):
            accessions.change(session, found, values, reason="", revision=None, actor=clerk)
        accessions.change(session, found, values, reason="typo", revision=None, actor=clerk)
        with pytest.raises(Conflict):
            accessions.change(session, found, values, reason="typo", revision=1, actor=clerk)
        with pytest.raises(NotAllowed):
            accessions.add_item(session, found, {}, actor=clerk)
    with archive.reading() as session:
        events = ledger.events(session, "accession", number)
        assert [one.kind for one in events] == ["begun", "item added", "booked", "changed"]
        assert events[-1].details == {"before": {"note": ""}, "after": {"note": "x"}}
        kinds = session.scalars(select(Entry.kind)).all()
        assert "accession.booked" in kinds


def test_copies_and_numbers_of_a_booked_title_stay(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        values = entries.read_item(session, Answers({**BOOK, "copies": "9", "price": "1"}))
        accessions.change_item(session, found, found.items[0], values, reason="price", actor=clerk)
        assert (found.items[0].copies, found.items[0].price) == (3, Decimal("1.00"))


def test_what_is_cancelled_keeps_its_number(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        accessions.cancel(session, found, reason="twice", actor=clerk)
    assert booked(archive, clerk, giver)
    with archive.reading() as session:
        assert accessions.get(session, number).standing == Standing.CANCELLED
        assert accessions.get(session, number + 1).label == "2/2026"


def test_a_work_says_what_the_books_need(archive, clerk, giver):
    document = {
        "type": vocabulary.TYPES["textbook"].uri,
        "titles": [{"text": "Математика", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Асанов", "given": "Б.", "role": "aut"}],
        "issued": "2020",
        "languages": ["ky"],
        "classification": [{"scheme": "udc", "code": "51"}],
    }
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=clerk)
        values = entries.read_item(session, Answers({"work_id": str(work.id), "copies": "1"}))
        assert values["title"] == "Асанов, Б. Математика"
        assert (values["type"], values["subject"], values["language"]) == ("textbook", "5", "ky")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2099-01-01"}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"way": "theft"}, "way"),
        ({"currency": "XXX"}, "currency"),
        ({"received_by": ""}, "received_by"),
        ({"supplier_id": "0"}, "supplier_id"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(typed, field):
    answers = Answers({**TYPED, "supplier_id": "1", **typed})
    entries.read(answers, date(2026, 12, 31))
    assert set(answers.errors) == {field}


@pytest.mark.parametrize("text", ["1,5,0", "-1", "12.345", "NaN", "1e30", "сом"])
def test_sums_are_exact_or_refused(archive, text):
    answers = Answers({**BOOK, "price": text})
    with archive.reading() as session:
        entries.read_item(session, answers)
    assert set(answers.errors) == {"price"}


# --- removals and the books -----------------------------------------------------------------------
def removed(archive, clerk, first, last, day=DAY):
    with archive.writing() as session:
        values = removals.read(
            Answers({"day": day.isoformat(), "act": "А-1", "why": "worn"}), date(2026, 12, 31)
        )
        made = removals.begin(session, values, actor=clerk)
        removals.add_numbers(session, made, first, last, actor=clerk)
        removals.book(session, made, actor=clerk)
        return made.id


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
    for first, last in ((3, 3), (4, 4), (1, 2)):
        with pytest.raises(Invalid):
            removed(archive, clerk, first, last)
    with pytest.raises(Invalid):
        removed(archive, clerk, 1, 1, day=date(2026, 5, 1))  # before it came


def test_a_cancelled_removal_brings_copies_back(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    act = removed(archive, clerk, 1, 3)
    with archive.writing() as session, pytest.raises(NotAllowed):
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)
    with archive.writing() as session:
        removals.cancel(session, removals.get(session, act), reason="found", actor=clerk)
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)


def test_the_summary_book_adds_up(archive, clerk, giver):
    booked(archive, clerk, giver, day="2025-03-01")
    booked(archive, clerk, giver, {"copies": "2", "type": "textbook"}, way="purchase")
    removed(archive, clerk, 1, 1)
    with archive.reading() as session:
        book = books.book(session, date(2026, 1, 1), date(2026, 12, 31))
        assert (book.before.copies, book.came_in_all.copies, book.went_in_all.copies) == (3, 2, 1)
        assert book.after.copies == 4
        assert dict(book.after.sums) == {"KGS": Decimal("482.00")}
        assert book.came_in_all.kinds["textbooks"] == 2
        assert list(book.by_way) == ["purchase"]
        only = books.book(session, date(2025, 1, 1), date(2026, 12, 31), way="gift")
        assert only.came_in_all.copies == 3


def test_the_series_goes_on_from_the_old_book(archive, clerk, giver):
    with archive.writing() as session:
        series.begin_inventory(session, 20_000, actor=clerk)
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        assert accessions.get(session, number).items[0].first == 20_001
        with pytest.raises(NotAllowed):
            series.begin_inventory(session, 1, actor=clerk)


# --- documents ------------------------------------------------------------------------------------
def papered(archive, clerk, work, **values):
    given = {"kind": Paper.AGREEMENT, "number": "", "day": None, "place": "folder 3", "note": ""}
    with archive.writing() as session:
        return documents.add(
            session, {**given, **values}, actor=clerk, work=catalogue.get(session, work)
        ).id


@pytest.fixture
def work(archive, clerk):
    with archive.writing() as session:
        return catalogue.draft(session, {}, actor=clerk).id


def lacking(archive, number):
    with archive.reading() as session:
        found = requirements.missing(session, catalogue.get(session, number))
        return [one.sentence for one in found]


def test_a_required_document_is_missed_until_it_is_there_and_clean(archive, clerk, work):
    assert lacking(archive, work) == []
    with archive.writing() as session:
        requirements.require(session, kind="agreement", collection_id=None, type="", actor=clerk)
    assert lacking(archive, work) == ["The agreement with the author is missing."]
    with archive.reading() as session, pytest.raises(Invalid):
        requirements.insist(session, catalogue.get(session, work))
    scan = {"sha512": "0" * 128, "name": "a.pdf", "size": 1, "scan": Scan.WAITING}
    number = papered(archive, clerk, work, **scan)
    assert lacking(archive, work) == ["“%(name)s” has not been checked for viruses yet."]
    with archive.writing() as session:
        found = documents.get(session, number)
        with pytest.raises(Forbidden):
            documents.check_readable(found)
        found.scan = Scan.CLEAN
    assert lacking(archive, work) == []
    with archive.writing() as session:
        gone = documents.remove(session, documents.get(session, number), reason="-", actor=clerk)
        assert gone == "0" * 128
    assert lacking(archive, work) == ["The agreement with the author is missing."]


def test_a_rule_may_be_of_a_type_and_be_waived(archive, clerk, work):
    with archive.writing() as session:
        requirements.require(
            session, kind=Paper.INVOICE, collection_id=None, type="textbook", actor=clerk
        )
        with pytest.raises(Invalid):
            requirements.require(
                session, kind=Paper.INVOICE, collection_id=None, type="textbook", actor=clerk
            )
    assert lacking(archive, work) == []
    with archive.writing() as session:
        requirements.waive(session, requirements.rules(session)[0].id, actor=clerk)
        assert requirements.rules(session) == []


def test_a_document_of_the_accession_counts_for_its_works(archive, clerk, giver, work):
    with archive.writing() as session:
        requirements.require(session, kind="transfer", collection_id=None, type="", actor=clerk)
    number = entered(archive, clerk, giver, {"work_id": str(work)})
    with archive.writing() as session:
        documents.add(
            session,
            {"kind": Paper.TRANSFER, "number": "1", "day": DAY, "place": "folder", "note": ""},
            actor=clerk,
            accession=accessions.get(session, number),
        )
    assert lacking(archive, work) == []


def test_a_document_is_a_scan_or_says_where_it_lies(archive, clerk, work):
    with pytest.raises(Invalid):
        papered(archive, clerk, work, place="")
    with archive.reading() as session, pytest.raises(NotFound):
        documents.check_readable(documents.get(session, papered(archive, clerk, work)))
