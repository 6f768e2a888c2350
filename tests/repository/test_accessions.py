"""How works came to the library: entered, booked with a number, corrected with a reason."""

from decimal import Decimal

import pytest
from bookkeeping import BOOK, END, TYPED, booked, entered, source, together, values
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from repository import accessions, catalogue, documents, entries, ledger, series, suppliers
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed, NotFound
from repository.models.accessions import Accession, Item
from repository.models.trust import Entry
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.accessions import Standing
from schemas.answers import Answers
from schemas.roles import Role


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    return source(archive, clerk)


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
        assert accessions.copies(two.items) == 5
        assert accessions.sums([one, two]) == {"KGS": Decimal("964.00")}


def test_each_year_begins_with_one_but_inventory_numbers_go_on(archive, clerk, giver):
    booked(archive, clerk, giver, day="2025-12-30")
    number = booked(archive, clerk, giver)
    with archive.reading() as session:
        found = accessions.get(session, number)
        assert (found.label, found.items[0].first) == ("1/2026", 4)


@pytest.mark.parametrize(
    "way", ["purchase", "subscription", "exchange", "gift", "deposit", "other"]
)
def test_each_way_of_coming_is_kept(archive, clerk, giver, way):
    number = booked(archive, clerk, giver, way=way, carrier="network", currency="USD")
    with archive.reading() as session:
        found = accessions.get(session, number)
        assert (found.way, found.carrier, found.currency) == (way, "network", "USD")
        assert (found.supplier.name, found.paper_number) == ("Кыдыралиев А.", "17")
        assert found.received_by == "Асанова А."


# --- many at once ---------------------------------------------------------------------------------
def test_numbers_have_no_gaps_when_many_book_at_once(any_archive):
    archive = any_archive
    giver = source(archive, SYSTEM)
    numbers = [entered(archive, SYSTEM, giver, {"copies": "2"}) for _ in range(12)]

    def take(mine):
        for number in mine:
            with archive.writing() as session:
                accessions.book(session, accessions.get(session, number), actor=SYSTEM)

    assert together(*(lambda at=at: take(numbers[at::4]) for at in range(4))) == [None] * 4
    with archive.reading() as session:
        found = [accessions.get(session, number) for number in numbers]
        assert sorted(one.number for one in found) == list(range(1, 13))
        assert sorted(one.items[0].first for one in found) == list(range(1, 25, 2))


def test_a_booking_that_fails_gives_its_numbers_back(any_archive):
    archive = any_archive
    giver = source(archive, SYSTEM)
    first, second = (entered(archive, SYSTEM, giver) for _ in range(2))
    with pytest.raises(ZeroDivisionError), archive.writing() as session:
        accessions.book(session, accessions.get(session, first), actor=SYSTEM)
        raise ZeroDivisionError
    with archive.writing() as session:
        accessions.book(session, accessions.get(session, second), actor=SYSTEM)
        found = accessions.get(session, second)
        assert (found.label, found.items[0].first) == ("1/2026", 1)
        assert series.last(session, series.INVENTORY) == 3


def test_an_accession_is_booked_once_however_many_press_the_button(any_archive):
    archive = any_archive
    number = entered(archive, SYSTEM, source(archive, SYSTEM))

    def book():
        with archive.writing() as session:
            accessions.book(session, accessions.get(session, number), actor=SYSTEM)

    raised = together(*[book] * 4)
    assert sorted(isinstance(one, ArchiveError) for one in raised) == [False, True, True, True]
    with archive.reading() as session:
        assert accessions.get(session, number).label == "1/2026"
        assert series.last(session, "accession 2026") == 1
        assert series.last(session, series.INVENTORY) == 3


def test_no_title_slips_into_an_accession_that_is_being_booked(any_archive):
    archive = any_archive
    giver = source(archive, SYSTEM)
    for _ in range(6):
        number = entered(archive, SYSTEM, giver)

        def book(number=number):
            with archive.writing() as session:
                accessions.book(session, accessions.get(session, number), actor=SYSTEM)

        def add(number=number):
            with archive.writing() as session:
                item = entries.read_item(session, Answers(BOOK))
                accessions.add_item(session, accessions.get(session, number), item, actor=SYSTEM)

        together(book, add)
    with archive.reading() as session:
        items = session.scalars(select(Item).order_by(Item.first)).all()
        assert [one.first for one in items] == list(range(1, 3 * len(items), 3))


# --- corrections ----------------------------------------------------------------------------------
def test_after_booking_a_change_wants_a_reason_and_leaves_what_was(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        noted = values(giver, note="x")
        with pytest.raises(Invalid):
            accessions.change(session, found, noted, reason="", revision=None, actor=clerk)
        accessions.change(session, found, noted, reason="typo", revision=None, actor=clerk)
        with pytest.raises(Conflict):
            accessions.change(session, found, noted, reason="typo", revision=1, actor=clerk)
        with pytest.raises(NotAllowed):
            accessions.add_item(session, found, {}, actor=clerk)
        with pytest.raises(Invalid, match="booked in the year 2026"):
            accessions.change(
                session,
                found,
                values(giver, day="2025-05-12"),
                reason="typo",
                revision=None,
                actor=clerk,
            )
    with archive.reading() as session:
        events = ledger.events(session, "accession", number)
        assert [one.kind for one in events] == ["begun", "item added", "booked", "changed"]
        assert events[-1].details == {"before": {"note": ""}, "after": {"note": "x"}}
        assert (events[-1].reason, events[-1].actor) == ("typo", clerk.name)


def test_each_step_stands_in_the_audit_log(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    other = entered(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        accessions.cancel(session, found, reason="twice", actor=clerk)
        found = accessions.get(session, other)
        accessions.drop_item(session, found, found.items[0], actor=clerk)
        accessions.discard(session, found, actor=clerk)
    with archive.reading() as session:
        kinds = set(session.scalars(select(Entry.kind)))
        assert {
            "supplier.added",
            "accession.begun",
            "accession.item added",
            "accession.item dropped",
            "accession.booked",
            "accession.cancelled",
            "accession.discarded",
        } <= kinds
        assert session.scalars(select(Accession.id)).all() == [number]
        assert ledger.events(session, "accession", other)[-1].kind == "discarded"


def test_copies_and_numbers_of_a_booked_title_stay(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        typed = entries.read_item(session, Answers({**BOOK, "copies": "9", "price": "1"}))
        with pytest.raises(Invalid):
            accessions.change_item(session, found, found.items[0], typed, reason=" ", actor=clerk)
        accessions.change_item(session, found, found.items[0], typed, reason="price", actor=clerk)
        assert (found.items[0].copies, found.items[0].price) == (3, Decimal("1.00"))
    with archive.reading() as session:
        details = ledger.events(session, "accession", number)[-1].details
        assert details == {"before": {"price": "120.50"}, "after": {"price": "1.00"}}


def test_what_is_cancelled_keeps_its_number_and_changes_no_more(archive, clerk, giver):
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        found = accessions.get(session, number)
        with pytest.raises(Invalid):
            accessions.cancel(session, found, reason="", actor=clerk)
        accessions.cancel(session, found, reason="twice", actor=clerk)
        for step in (
            lambda: accessions.cancel(session, found, reason="twice", actor=clerk),
            lambda: accessions.discard(session, found, actor=clerk),
            lambda: accessions.book(session, found, actor=clerk),
            lambda: accessions.change(
                session, found, values(giver), reason="x", revision=None, actor=clerk
            ),
        ):
            with pytest.raises(NotAllowed):
                step()
    assert booked(archive, clerk, giver)
    with archive.reading() as session:
        assert accessions.get(session, number).standing == Standing.CANCELLED
        assert accessions.get(session, number + 1).label == "2/2026"


def test_what_has_documents_is_not_deleted_with_them(archive, clerk, giver):
    number = entered(archive, clerk, giver)
    paper = {"kind": "invoice", "number": "1", "day": None, "place": "folder", "note": ""}
    with archive.writing() as session:
        found = accessions.get(session, number)
        made = documents.add(session, paper, actor=clerk, accession=found)
        with pytest.raises(NotAllowed):
            accessions.discard(session, found, actor=clerk)
        documents.remove(session, made, reason="wrong book", actor=clerk)
        accessions.discard(session, found, actor=clerk)
    with archive.reading() as session, pytest.raises(NotFound):
        accessions.get(session, number)


def test_the_register_is_narrowed_and_goes_page_by_page(archive, clerk, giver, monkeypatch):
    monkeypatch.setattr(accessions, "PAGE", 2)
    other = source(archive, clerk, name="Илим", kind="publisher")
    old = booked(archive, clerk, giver, day="2025-02-03")
    new = [entered(archive, clerk, other, way="purchase") for _ in range(3)]
    with archive.reading() as session:

        def ids(**asked):
            return [one.id for one in accessions.page(session, **asked)]

        assert ids() == [*new[::-1]][:3]
        assert ids(before=new[1]) == [new[0], old]
        assert ids(year=2025) == ids(supplier=giver) == ids(standing="booked") == [old]
        assert ids(way="purchase", standing="booked") == []


# --- what is typed --------------------------------------------------------------------------------
def test_a_work_says_what_the_books_need(archive, clerk):
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
        typed = {"work_id": str(work.id), "copies": "1", "issued": "2021"}
        found = entries.read_item(session, Answers(typed))
        assert (found["title"], found["issued"]) == ("Асанов, Б. Математика", "2021")
        assert (found["type"], found["subject"], found["language"]) == ("textbook", "5", "ky")


def test_the_accessions_of_a_work_are_found(archive, clerk, giver):
    with archive.writing() as session:
        work = catalogue.draft(session, {}, actor=clerk).id
    number = entered(archive, clerk, giver, {"work_id": str(work)}, {"work_id": str(work)})
    entered(archive, clerk, giver)
    with archive.reading() as session:
        assert [one.id for one in accessions.of_work(session, work)] == [number]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2099-01-01"}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"way": "theft"}, "way"),
        ({"carrier": "papyrus"}, "carrier"),
        ({"currency": "XXX"}, "currency"),
        ({"received_by": ""}, "received_by"),
        ({"supplier_id": "0"}, "supplier_id"),
        ({"supplier_id": "000000000001999999999999"}, "supplier_id"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(typed, field):
    answers = Answers({**TYPED, "supplier_id": "1", **typed})
    entries.read(answers, END)
    assert set(answers.errors) == {field}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"type": ""}, "type"),
        ({"copies": "0"}, "copies"),
        ({"copies": "10001"}, "copies"),
        ({"work_id": "77"}, "work_id"),
        ({"language": "k1"}, "language"),
        ({"subject": "4"}, "subject"),
        *(({"price": one}, "price") for one in ("1,5,0", "-1", "12.345", "NaN", "1e30", "сом")),
    ],
)
def test_what_is_wrong_with_a_title_is_said_at_its_field(archive, typed, field):
    answers = Answers({**BOOK, **typed})
    with archive.reading() as session:
        entries.read_item(session, answers)
    assert set(answers.errors) == {field}


def test_sums_are_exact_to_the_hundredth_or_not_stored(any_archive):
    giver = source(any_archive, SYSTEM)
    number = entered(any_archive, SYSTEM, giver, *[{"price": "0.10", "copies": "1"}] * 3)
    with any_archive.reading() as session:
        items = accessions.get(session, number).items
        assert accessions.total(items) == Decimal("0.30")
        assert str(items[0].price) == "0.10"
    with pytest.raises(StatementError, match="hundredth"), any_archive.writing() as session:
        accessions.get(session, number).items[0].price = Decimal("0.105")


def test_an_unknown_source_is_refused_at_its_field(archive, clerk, giver):
    with archive.writing() as session, pytest.raises(Invalid) as caught:
        accessions.begin(session, values(giver + 1), actor=clerk)
    assert set(caught.value.errors) == {"supplier_id"}


# --- sources --------------------------------------------------------------------------------------
def test_sources_stand_in_the_order_of_the_alphabet_and_once(archive, clerk):
    for name in ("Өнөр", "Окуу китеби", "Ак-Суу"):
        source(archive, clerk, name=name)
    with pytest.raises(Invalid):
        source(archive, clerk, name="Өнөр")
    with archive.writing() as session:
        found = suppliers.everything(session)
        assert [one.name for one in found] == ["Ак-Суу", "Окуу китеби", "Өнөр"]
        typed = {"name": "Ак-Суу басмасы", "kind": "publisher"}
        suppliers.change(session, found[0], suppliers.read(Answers(typed)), actor=clerk)
        details = ledger.events(session, "supplier", found[0].id)[-1].details
        assert details["before"] == {"name": "Ак-Суу", "kind": "person"}
        with pytest.raises(NotFound):
            suppliers.get(session, 99)


def test_the_series_goes_on_from_the_old_book(archive, clerk, giver):
    with archive.writing() as session:
        series.begin_inventory(session, 20_000, actor=clerk)
    number = booked(archive, clerk, giver)
    with archive.writing() as session:
        assert accessions.get(session, number).items[0].first == 20_001
        with pytest.raises(NotAllowed):
            series.begin_inventory(session, 1, actor=clerk)
        assert [one.details["last"] for one in ledger.events(session, "series", 0)] == [20_000]
