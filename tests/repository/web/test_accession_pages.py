"""The acquisitions desk: a gift is entered, booked, printed, and some of it removed."""

import io

import pytest
from sqlalchemy import select

from repository import accessions, catalogue, documents, publishing
from repository.errors import Invalid
from repository.models.accessions import Accession, Document, Item, Supplier
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import State

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def clerk(enter, person):
    return enter(person(Role.ACQUISITIONS))


def text(page):
    return " ".join(page.text_content().split())


def post(browser, path, **typed):
    """Sends the form at an address with what was typed."""
    page = browser.get(path)
    form = page.xpath("//form[@method='post' and not(contains(@action, 'sign-out'))]")[-1]
    fields = dict(form.form_values())
    return browser.client.post(form.action or page.base_url, data={**fields, **typed})


@pytest.fixture
def gift(archive, clerk):
    """An accession that is being entered, with one title; its address."""
    post(clerk, "/staff/books/sources/new", name="«Илим»", kind="publisher")
    answer = post(
        clerk,
        "/staff/accessions/new",
        way="gift",
        supplier_id="1",
        carrier="paper",
        received_by="Асанова",
        day="2026-05-12",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    where = answer.headers["Location"]
    answer = post(
        clerk,
        f"{where}/items/new",
        title="Манас",
        type="monograph",
        copies="3",
        price="100",
        inventoried="yes",
    )
    assert answer.status_code == 303
    return where


def test_a_gift_is_entered_booked_and_printed(clerk, gift):
    page = clerk.get(gift)
    assert "Манас" in text(page) and "300.00 KGS" in text(page)
    clerk.send(page, "/book")
    page = clerk.get(gift)
    assert "1/2026" in text(page) and "1–3" in text(page)
    for language in ("ky", "ru"):
        act = clerk.client.get(f"/staff/books/acts/1?language={language}")
        assert act.status_code == 200 and act.data.startswith(b"%PDF")
    for path in (
        "inventory?form=pdf",
        "inventory?form=xlsx&language=ru",
        "summary?since=2026-01-01&until=2026-12-31&form=pdf",
        "summary?since=2026-01-01&until=2026-12-31&form=xlsx",
    ):
        assert clerk.client.get(f"/staff/books/{path}").status_code == 200, path


def test_the_page_of_the_books_prints_what_is_asked_for_and_says_what_is_wrong(clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    page = clerk.get("/staff/books")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    printed = (
        "acts?accession=1/2026&act_language=ru&form=pdf",
        "acts?accession=1%20/%202026&act_language=ky&form=xlsx",
        "inventory?entered_since=2026-05-01&entered_until=2026-05-31&inventory_language=ky",
    )
    for path in printed:
        answer = clerk.client.get(f"/staff/books/{path}")
        assert answer.status_code == 200, path
        assert answer.data.startswith(b"PK" if "xlsx" in path else b"%PDF")
        assert ("-ru." if "=ru" in path else "-ky.") in answer.headers["Content-Disposition"]
    wrong = {
        "acts?accession=7/2026": "accession",
        "acts": "accession",
        "inventory?entered_since=2026-05-02&entered_until=2026-05-01": "entered_until",
        "inventory?first=x": "first",
        "summary?since=2026-05-02&until=2026-05-01": "until",
    }
    for path, field in wrong.items():
        answer = clerk.client.get(f"/staff/books/{path}")
        assert answer.status_code == 422, path
        assert clerk.read(answer).xpath(f"//*[@id='e-{field}']"), path


def test_the_register_is_narrowed_by_period_way_source_and_words_and_added_up(clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    found = (
        "since=2026-05-01&until=2026-05-31&way=gift&supplier=1&standing=booked",
        "text=манас",
        "text=илим",
        "text=1/2026",
        "text=3",  # an inventory number
        "text=МАНАС+АСАНОВА",
    )
    for query in found:
        said = text(clerk.get(f"/staff/accessions?{query}"))
        assert "1 accession · 1 title · 3 copies · 300.00 KGS" in said, query
    for query in ("since=2026-05-13", "way=purchase", "text=Манас+Сейтек", "text=4", "text=2/2026"):
        assert "No accessions" in text(clerk.get(f"/staff/accessions?{query}")), query


def test_a_filter_that_is_wrong_says_so_and_the_others_hold(clerk, gift):
    answer = clerk.client.get("/staff/accessions?since=May&way=theft&text=манас")
    assert answer.status_code == 422
    page = clerk.read(answer)
    assert page.xpath("//*[@id='e-since']") and page.xpath("//*[@id='e-way']")
    assert page.xpath("//input[@name='since']/@value") == ["May"]
    answer = clerk.client.get("/staff/accessions?since=2026-05-13&until=2026-05-01")
    assert clerk.read(answer).xpath("//*[@id='e-until']")


def test_what_is_cancelled_is_not_added_up(clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    clerk.send(clerk.get(gift), "/cancel", typed={"reason": "twice"})
    said = text(clerk.get("/staff/accessions"))
    assert "0 accessions · 0 titles · 0 copies" in said and "Cancelled" in said


def test_a_source_that_is_not_in_the_list_is_entered_along(archive, clerk):
    typed = {"way": "exchange", "carrier": "disc", "received_by": "Асанова", "day": "2026-05-12"}
    new = {**typed, "source": "Ош китепканасы"}
    answer = post(clerk, "/staff/accessions/new", **new)
    page = clerk.read(answer)
    assert answer.status_code == 422 and page.xpath("//*[@id='e-source_kind']")
    assert page.xpath("//input[@name='source']/@value") == ["Ош китепканасы"]
    answer = post(clerk, "/staff/accessions/new", **new, source_kind="library")
    assert answer.status_code == 303
    assert "Ош китепканасы" in text(clerk.get(answer.headers["Location"]))
    answer = post(clerk, "/staff/accessions/new", **new, source_kind="library")
    said = clerk.read(answer).xpath("//*[@id='e-source']")
    assert "already" in said[0].text_content()
    answer = post(clerk, "/staff/accessions/new", **new, source_kind="library", supplier_id="1")
    assert clerk.read(answer).xpath("//*[@id='e-source']")
    assert clerk.read(post(clerk, "/staff/accessions/new", **typed)).xpath(
        "//*[@id='e-supplier_id']"
    )
    with archive.reading() as session:
        assert [one.name for one in session.scalars(select(Supplier))] == ["Ош китепканасы"]
        assert len(session.scalars(select(Accession)).all()) == 1


@pytest.fixture
def works(archive, person):
    """Two published works and a draft; their numbers."""
    author = person(Role.DEPOSITOR)
    numbers = []
    with archive.writing() as session:
        for title in ("Көлдөр", "Тоолор", "Долбоор"):
            document = {
                "type": vocabulary.TYPES["textbook"].uri,
                "titles": [{"text": title, "kind": "main"}],
                "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
                "issued": "2024",
                "languages": ["ky"],
            }
            work = catalogue.draft(session, document, actor=author)
            work.state = State.DRAFT if title == "Долбоор" else State.PUBLISHED
            numbers.append(work.id)
    return numbers


def test_works_of_the_archive_are_linked_by_number_and_taken_out_again(archive, clerk, gift, works):
    first, second, hidden = works

    def link(numbers):
        return clerk.send(clerk.get(gift), "/works", typed={"works": numbers})

    for wrong in ("", "two", f"{first} 999", f"{first}, {hidden}", "1-900"):
        answer = link(wrong)
        assert answer.status_code == 422, wrong
        assert clerk.read(answer).xpath("//*[@id='e-works']"), wrong
    assert link(f"{first}–{second}").status_code == 303
    assert link(f"{first}").status_code == 303  # it is there already
    page = clerk.get(gift)
    assert "Асанов. Көлдөр" in text(page) and f"№ {second} Тоолор" in text(page)
    with archive.reading() as session:
        found = session.scalars(select(Item).order_by(Item.id)).all()
        assert [(one.work_id, one.copies) for one in found] == [
            (None, 3),
            (first, 1),
            (second, 1),
        ]
        middle = found[1].id
    clerk.send(page, f"/items/{middle}/drop")
    assert post(clerk, f"{gift}/items/{found[2].id}", work_id="").status_code == 303
    page = clerk.get(gift)
    assert "Көлдөр" not in page.xpath("string(//table)")
    assert "Тоолор" in page.xpath("string(//table)") and f"№ {second}" not in text(page)
    assert f"/staff/accessions/{gift.rpartition('/')[2]}" not in text(page)


def test_a_work_says_with_which_accession_it_came(clerk, gift, works):
    clerk.send(clerk.get(gift), "/works", typed={"works": str(works[0])})
    page = clerk.get(f"/staff/works/{works[0]}/documents")
    assert page.xpath(f"//a[@href='{gift}']")


def test_a_booked_title_keeps_its_copies_and_its_form_does_not_ask(archive, clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    assert not clerk.get(f"{gift}/items/1").xpath("//input[@name='copies']")
    answer = post(clerk, f"{gift}/items/1", copies="9", price="7", reason="typing error")
    assert answer.status_code == 303
    with archive.reading() as session:
        one = session.scalars(select(Item)).one()
    assert (one.copies, str(one.price), one.inventoried) == (3, "7.00", True)
    assert clerk.send(clerk.get(gift), "/cancel", typed={"reason": " "}).status_code == 422


def test_the_checklist_says_what_is_there_and_what_is_missing(clerk, gift):
    post(clerk, "/staff/documents/required", kind="transfer", way="gift")
    post(clerk, "/staff/documents/required", kind="invoice", way="purchase")
    page = clerk.get(gift)
    checks = [" ".join(one.text_content().split()) for one in page.find_class("checks")[0]]
    assert checks == ["Titles is there", "The transfer act is missing."]
    answer = clerk.send(page, "/book")
    assert answer.status_code == 422
    assert clerk.read(answer).xpath("//a[@href='#f-documents']")
    post(clerk, f"{gift}/documents/new", kind="transfer", place="safe")
    page = clerk.get(gift)
    assert not page.find_class("lacking")
    assert clerk.send(page, "/book").status_code == 303


def test_after_booking_a_change_asks_for_a_reason(archive, clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    assert post(clerk, f"{gift}/edit", note="x").status_code == 422
    assert post(clerk, f"{gift}/edit", note="x", reason="forgotten").status_code == 303
    assert "forgotten" in text(clerk.get(gift))
    assert post(clerk, f"{gift}/items/1", price="5", reason="wrong").status_code == 303
    clerk.send(clerk.get(gift), "/cancel", typed={"reason": "twice"})
    with archive.reading() as session:
        assert session.scalars(select(Accession.standing)).all() == ["cancelled"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(clerk, gift):
    answer = post(
        clerk,
        "/staff/accessions/new",
        way="gift",
        supplier_id="1",
        carrier="paper",
        received_by="Асанова",
        day="2126-05-12",
        note="from the family",
    )
    assert answer.status_code == 422
    page = clerk.read(answer)
    assert page.xpath("//*[@id='e-day']") and "from the family" in text(page)
    answer = post(clerk, f"{gift}/items/new", title="X", copies="0")
    assert answer.status_code == 422
    assert clerk.read(answer).xpath("//*[@id='e-copies']")


def test_an_empty_accession_is_not_booked_and_can_be_deleted(archive, clerk, gift):
    clerk.send(clerk.get(gift), "/drop")
    answer = clerk.send(clerk.get(gift), "/book")
    assert answer.status_code == 422 and "at least one title" in text(clerk.read(answer))
    clerk.send(clerk.get(gift), "/discard")
    with archive.reading() as session:
        assert session.scalars(select(Accession)).all() == []


def test_copies_are_removed_by_an_act(archive, clerk, gift):
    clerk.send(clerk.get(gift), "/book")
    answer = post(clerk, "/staff/books/removals/new", day="2026-06-01", act="А-1", why="worn")
    where = answer.headers["Location"]
    page = clerk.get(where)
    token = page.xpath("//input[@name='csrf_token']/@value")[0]

    def do(**fields):
        return clerk.client.post(where, data={"csrf_token": token, **fields})

    assert do(do="numbers", numbers="2-9").status_code == 422
    assert do(do="numbers", numbers="two").status_code == 422
    assert do(do="numbers", numbers="2–3").status_code == 303
    assert do(do="book").status_code == 303
    assert "1/2026" in text(clerk.get(where))
    with archive.reading() as session:
        item = session.scalars(select(Item)).one()
    assert item.copies == 3
    assert do(do="cancel", reason="found").status_code == 303


def test_the_series_goes_on_from_the_book_on_paper(clerk):
    answer = post(clerk, "/staff/books", last_number="20000")
    assert answer.status_code == 303
    assert "20000" in text(clerk.get("/staff/books"))


def test_a_scan_is_kept_apart_and_opened_by_staff_alone(archive, app, enter, person, clerk, gift):
    sent = (io.BytesIO(PDF), "договор.pdf")
    answer = post(clerk, f"{gift}/documents/new", kind="invoice", number="17", file=sent)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:  # the small PDF is refused as broken: a picture will do
        picture = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 64), "договор.png")
        answer = post(clerk, f"{gift}/documents/new", kind="invoice", number="17", file=picture)
        assert answer.status_code == 303, text(clerk.read(answer))
    assert "договор" in text(clerk.get(gift))
    with archive.reading() as session:
        found = session.scalars(select(Document)).one()
    assert documents.path(archive.settings, found.sha512).is_file()
    address = f"/staff/documents/{found.id}"
    assert clerk.client.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 302
    assert enter(person(Role.DEPOSITOR)).client.get(address).status_code == 403
    token = clerk.token()
    clerk.client.post(f"{address}/remove", data={"csrf_token": token, "reason": "wrong"})
    assert clerk.client.get(address).status_code == 404
    assert not documents.path(archive.settings, found.sha512).exists()


def test_an_executable_is_no_scan(clerk, gift):
    sent = (io.BytesIO(b"MZ\x90\x00" + b"\0" * 200), "договор.pdf")
    answer = post(clerk, f"{gift}/documents/new", kind="invoice", file=sent)
    assert answer.status_code == 422
    assert post(clerk, f"{gift}/documents/new", kind="invoice").status_code == 422


def test_a_work_is_not_accepted_without_the_documents_that_a_rule_wants(
    archive, clerk, enter, person
):
    answer = post(clerk, "/staff/documents/required", kind="agreement")
    assert answer.status_code == 303
    author, chief = person(Role.DEPOSITOR), enter(person(Role.CATALOGUER))
    document = {
        "type": vocabulary.TYPES["article"].uri,
        "titles": [{"text": "Көлдөр", "kind": "main"}],
        "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
        "issued": "2024",
        "languages": ["ky"],
        "licence": "cc-by-4.0",
    }
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=author)
        agreement = {
            "version": "1",
            "language": "en",
            "text": "-",
            "moment": "2026-05-12T06:00:00+00:00",
        }
        catalogue.submit(session, work, actor=author, agreement=agreement)
        number = work.id
    with pytest.raises(Invalid, match="Documents"):
        publishing.accept(archive, number, actor=chief.viewer)
    page = chief.get(f"/staff/works/{number}/documents")
    assert "The agreement with the author is missing." in text(page)
    answer = post(chief, f"/staff/works/{number}/documents/new", kind="agreement", place="safe")
    assert answer.status_code == 303
    assert publishing.accept(archive, number, actor=chief.viewer) == 1
    receipt = enter(author).client.get(f"/deposit/{number}/receipt?language=ky")
    assert receipt.status_code == 200 and receipt.data.startswith(b"%PDF")
    stranger = enter(person(Role.DEPOSITOR, email="other@example.org"))
    assert stranger.client.get(f"/deposit/{number}/receipt").status_code == 403
    assert enter(author).get(f"/deposit/{number}").xpath("//a[contains(@href, 'receipt')]")


def test_an_accession_is_booked_with_the_documents_that_its_way_wants(clerk, gift):
    answer = post(clerk, "/staff/documents/required", kind="transfer", way="gift")
    assert answer.status_code == 303
    assert "Gift" in text(clerk.get("/staff/documents/required"))
    page = clerk.get(gift)
    assert "The transfer act is missing." in text(page)
    answer = clerk.send(page, "/book")
    assert answer.status_code == 422
    assert "The transfer act is missing." in text(clerk.read(answer))
    post(clerk, f"{gift}/documents/new", kind="transfer", place="folder 3")
    answer = clerk.send(clerk.get(gift), "/discard")
    assert answer.status_code == 422 and "documents away" in text(clerk.read(answer))
    assert clerk.send(clerk.get(gift), "/book").status_code == 303
    assert "missing" not in text(clerk.get(gift))


def test_the_director_looks_and_changes_nothing(enter, person, clerk, gift):
    director = enter(person(Role.DIRECTOR))
    assert director.client.get(gift).status_code == 200
    assert director.client.get("/staff/books").status_code == 200
    assert director.client.get("/staff/accessions/new").status_code == 403
    assert not director.get(gift).xpath("//main//form[@method='post']")
    page = director.get("/staff/accessions")
    assert not page.xpath("//a[contains(@href, '/new')]")
    clerk.send(clerk.get(gift), "/book")
    acts = director.get(gift).xpath("//a[contains(@href, '/acts/')]/@href")
    assert len(acts) == 3
    assert [director.client.get(one).status_code for one in acts] == [200, 200, 200]
    desk = director.get("/staff")
    for room in ("accessions", "books", "books/sources", "books/removals", "documents/required"):
        assert desk.xpath(f"//main//a[@href='/staff/{room}']"), room


def test_sums_of_several_currencies_stand_apart(archive, clerk, gift):
    with archive.reading() as session:
        found = session.scalars(select(Accession)).all()
        assert str(accessions.sums(found)["KGS"]) == "300.00"
