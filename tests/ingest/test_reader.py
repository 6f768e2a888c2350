"""The reading room: pages as pictures, for whom they are, with whose name, how many, and what is
kept of it."""

import io
from datetime import timedelta

import pypdf
import pytest
from flask.testing import FlaskClient
from lxml import html
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update

from ingest import files, mark_child, marking
from repository import catalogue, publishing, reading_room, seats
from repository import pictures as kept
from repository.archive import Archive
from repository.clock import now
from repository.errors import Busy, Forbidden
from repository.models.readings import PageReading
from repository.models.works import File, Work
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, State

FIT = {
    "type": "http://purl.org/coar/resource_type/c_2f33",
    "titles": [{"text": "Тоолордун мөңгүлөрү", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["en"],
    "licence": "in-copyright",
}
VIEW_ONLY = {"copying": Copying.VIEW_ONLY}


@pytest.fixture(scope="module")
def book() -> bytes:
    """A PDF of four pages, the second lying on its side; each with words of its own."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(600, 800))
    for page in ("first", "second", "third", "fourth"):
        canvas.setFont("Helvetica", 20)
        canvas.drawString(60, 700, f"the {page} page tells of glacier lakes and canaryword")
        canvas.showPage()
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=made)
    writer.pages[1].rotate(90)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


@pytest.fixture
def app(app):
    """The application, whose readers accept the rules of the reading room when they are asked."""

    class Obliging(app.test_client_class):
        def open(self, *given, **named):
            answer = super().open(*given, **named)
            if answer.status_code != 303 or "/reading-room/rules" not in answer.location:
                return answer
            page = html.document_fromstring(super().open(answer.location).data)
            form = page.get_element_by_id("accept")
            super().open(form.action, method="POST", data=dict(form.form_values()))
            return super().open(*given, **named)

    app.test_client_class = Obliging
    return app


@pytest.fixture
def client(app) -> FlaskClient:
    """Somebody whose browser asks for English."""
    made = app.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def bring(archive: Archive, book):
    """A published work with the book; the addresses of its file in the reading room."""

    def make(name="китеп.pdf", data=b"", owner=SYSTEM, **rights):
        settings = archive.settings
        came = files.receive(
            io.BytesIO(data or book), name, staging=settings.staging, limit=settings.upload_limit
        )
        with archive.writing() as session:
            work = catalogue.draft(session, FIT, actor=owner)
            files.attach(session, work, came, settings=settings, **(rights or VIEW_ONLY))
            number = work.id
        publishing.publish(archive, number, actor=SYSTEM)
        with archive.reading() as session:
            return f"/works/{number}/read/{session.get_one(Work, number).files[0].id}"

    return make


def picture_of(answer):
    return html.document_fromstring(answer.get_data(as_text=True)).xpath("//image/@href")[0]


def pixels(answer):
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    return Image.open(io.BytesIO(answer.data)).convert("RGB")


def different(one, other):
    """How many points of two pictures differ visibly."""
    seen = ImageChops.difference(one, other).convert("L").point(lambda value: 255 * (value > 24))
    return sum(seen.histogram()[128:])


def rows(archive):
    with archive.reading() as session:
        return session.scalars(select(PageReading).order_by(PageReading.id)).all()


def test_a_page_works_without_script(client, bring):
    place = bring()
    page = html.document_fromstring(client.get(f"{place}?page=2&zoom=150&turn=90").data)
    assert page.xpath("//svg[@data-high]/@viewbox") == ["0 0 750 1000"]  # turned once more
    assert "rotate(90)" in page.xpath("//svg[@data-high]/g/@transform")[0]
    ways = {rel: page.xpath(f"//nav//a[@rel='{rel}']/@href")[0] for rel in ("prev", "next")}
    assert ways == {
        "prev": f"{place}?page=1&zoom=150&turn=90#page",
        "next": f"{place}?page=3&zoom=150&turn=90#page",
    }
    assert page.xpath("//input[@name='page']/@max") == ["4"]
    assert {f"{place}?page=2&zoom={one}&turn=90#page" for one in (125, 200)} <= set(
        page.xpath("//a/@href")
    )
    assert f"{place}?page=2&zoom=150&turn=180#page" in page.xpath("//a/@href")
    assert not page.xpath("//main//*[@style] | //script[not(@src)] | //*[@onclick]")


@pytest.mark.parametrize(
    ("asked", "page"), [("99", "4"), ("0", "1"), ("-3", "1"), ("x", "1"), ("9" * 40, "4")]
)
def test_a_page_that_is_not_there_is_the_nearest_that_is(client, bring, asked, page):
    shown = html.document_fromstring(client.get(f"{bring()}?page={asked}&zoom=7&turn=x").data)
    assert shown.xpath("//input[@name='page']/@value") == [page]
    assert not shown.xpath("//svg/g/@transform")


def test_an_open_file_has_its_usual_pictures_and_a_way_to_the_file(client, bring, archive):
    place = bring(copying=Copying.ALLOWED)
    answer = client.get(place)
    assert "/pages/" in picture_of(answer) and b"download=1" in answer.data
    assert "Set-Cookie" not in answer.headers and b"on-paper" not in answer.data
    client.get(picture_of(answer))
    assert rows(archive) == []
    card = client.get(place.partition("/read")[0]).get_data(as_text=True)
    assert f'href="{place}"' in card and "Page by page" in card


def test_what_is_for_reading_only_is_linked_read_and_kept_from_caches(client, bring):
    place = bring()
    work = place.partition("/read")[0]
    assert f'href="{place}"' in client.get(work).get_data(as_text=True)
    answer = client.get(place)
    picture = client.get(picture_of(answer))
    assert pixels(picture).size == (900, 1200)
    for one in (answer, picture):
        assert one.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in one.headers["X-Robots-Tag"]
    assert picture.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    said = answer.get_data(as_text=True)
    assert "canaryword" not in said and "download" not in said and "photograph" in said
    # Nowhere without the mark.
    file = place.rpartition("/")[2]
    assert client.get(f"{work}/pages/{file}/1/900").status_code == 403
    assert client.get(f"{work}/китеп.pdf").status_code == 403
    larger = picture_of(answer).replace("/900/", "/1400/")
    assert client.get(larger).status_code == 404


def test_whoever_may_not_read_sees_no_page_whatever_they_hold(archive, client, bring):
    place = bring()
    address = picture_of(client.get(place))
    changes = (
        ({"access": Access.REGISTERED}, 302),
        ({"access": Access.CAMPUS}, 403),
        ({"embargo_until": now().date()}, 403),
        ({"scan": "infected"}, 403),
    )
    for rights, status in changes:
        with archive.writing() as session:
            session.execute(
                update(File).values(
                    {"access": "open", "embargo_until": None, "scan": "unscanned", **rights}
                )
            )
        for path in (place, f"{place}/search?q=lakes", address):
            assert client.get(path).status_code == status, (rights, path)
    with archive.writing() as session:
        session.execute(update(File).values(access="open", embargo_until=None, scan="unscanned"))
        session.execute(update(Work).values(state=State.WITHDRAWN))
    for path in (place, f"{place}/search?q=lakes", address):
        assert client.get(path).status_code == 404


def test_what_has_no_pages_cannot_be_read_here(client, bring):
    place = bring("жазуу.txt", b"Suu")
    assert client.get(place).status_code == 404
    assert place not in client.get(place.partition("/read")[0]).get_data(as_text=True)


def test_images_of_several_pages_are_read_the_same_way(client, bring):
    made = io.BytesIO()
    pages = [Image.new("RGB", size, "white") for size in ((300, 400), (400, 300))]
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:])
    place = bring("сүрөт.tif", made.getvalue())
    for page, high in ((1, "1333"), (2, "750")):
        shown = client.get(f"{place}?page={page}")
        drawing = html.document_fromstring(shown.data).xpath("//svg[@data-high]")[0]
        assert drawing.get("data-high") == high
        picture = pixels(client.get(picture_of(shown)))
        assert picture.width * int(high) == pytest.approx(picture.height * 1000, rel=0.01)
    assert b"has not been read" in shown.data


def test_a_file_that_cannot_be_drawn_says_so(client, bring):
    answer = client.get(bring("бузук.pdf", b"%PDF-1.4\n" + b"x" * 900 + b"\nstartxref\n9\n%%EOF\n"))
    assert answer.status_code == 404 and "shown as pictures" in answer.get_data(as_text=True)


# --- tickets --------------------------------------------------------------------------------------
def test_the_address_of_a_picture_is_worth_nothing_in_another_browser(app, bring, person, enter):
    place = bring()
    mine, other = app.test_client(), app.test_client()
    address = picture_of(mine.get(place))
    assert other.get(address).status_code == 403  # it has no cookie
    other.get(place)
    assert other.get(address).status_code == 403  # it has one of its own
    signed_in = enter(person(Role.READER)).client
    signed_in.get(place)
    assert signed_in.get(address).status_code == 403
    theirs = picture_of(signed_in.get(place))
    assert mine.get(theirs).status_code == 403
    assert (mine.get(address).status_code, signed_in.get(theirs).status_code) == (200, 200)
    signed_in.delete_cookie("session-id")  # whoever signs out leaves their pages behind
    assert signed_in.get(theirs).status_code == 403


def test_a_ticket_is_for_one_page_of_one_file_and_cannot_be_made_up(client, bring):
    place, second = bring(), bring()
    address = picture_of(client.get(place))
    token = address.rpartition("/")[2]
    until, _, mark = token.partition(".")
    assert client.get(address).status_code == 200
    assert client.get(address.replace("/1/900", "/2/900")).status_code == 403
    assert client.get(f"{second}/1/900/{token}").status_code == 403
    for made_up in (
        f"{int(until) + 9}.{mark}",
        f"{until}.{mark[:-1]}x",
        mark,
        "x",
        "ы",
        until,
        ".",
    ):
        assert client.get(f"{place}/1/900/{made_up}").status_code == 403, made_up


def test_a_ticket_expires(archive, client, bring, monkeypatch):
    place = bring()
    monkeypatch.setattr(reading_room, "TICKET", -1)
    answer = client.get(picture_of(client.get(place)))
    assert answer.status_code == 403 and rows(archive) == []


def test_a_ticket_hangs_on_the_secret():
    reader, file = reading_room.Reader("browser", "key"), File(id=7)
    token = reading_room.ticket("k" * 40, reader, file, 3)
    reading_room.admit("k" * 40, reader, file, 3, token)
    with pytest.raises(Forbidden):
        reading_room.admit("l" * 40, reader, file, 3, token)


# --- marks ----------------------------------------------------------------------------------------
def test_each_reader_sees_another_name_in_the_pixels(archive, app, bring, person, enter):
    place = bring()
    file = int(place.rpartition("/")[2])
    readers = [
        enter(person(Role.READER, email=f"{name}@example.org")).client for name in ("asan", "uson")
    ]
    readers.append(app.test_client())
    seen = [pixels(one.get(picture_of(one.get(place)))) for one in readers]
    with archive.reading() as session:
        digest = session.get_one(File, file).sha512
    bare = kept.page(archive.settings.derived, digest, "1-900.webp").read_bytes()
    plain = Image.open(io.BytesIO(bare)).convert("RGB")
    for one in seen:  # over a good part of the page, in each quarter of it
        assert different(one, plain) > 15_000
        for left, top in ((0, 0), (450, 0), (0, 600), (450, 600)):
            box = (left, top, left + 450, top + 600)
            assert different(one.crop(box), plain.crop(box)) > 2_000
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert different(seen[one], seen[other]) > 3_000


def test_a_mark_is_seen_on_white_and_on_black_and_leaves_the_page_legible():
    for ground in ("white", "black"):
        blank = io.BytesIO()
        Image.new("RGB", (900, 1200), ground).save(blank, "WEBP")
        made = mark_child.marked(blank.getvalue(), ["Айгүл Өмүралиева · № 7", "2026"])
        picture = Image.open(io.BytesIO(made)).convert("L")
        shown = ImageChops.difference(picture, Image.new("L", picture.size, ground))
        strongest, touched = shown.getextrema()[1], sum(shown.histogram()[20:])
        assert 20 < strongest < 110, ground
        assert 0.005 < touched / (900 * 1200) < 0.3, ground


def test_a_page_that_cannot_be_marked_is_not_shown(archive):
    with pytest.raises(Busy):
        marking.mark(archive, b"no picture", ["Asan"])


def test_a_seat_is_named_where_nobody_is_signed_in(archive, client, bring):
    place = bring()
    with archive.writing() as session:
        code = seats.add(session, name="Стол 4", network="", actor=SYSTEM)
        token = seats.open_(session, code, address="127.0.0.1")
    client.set_cookie("seat", token)
    assert client.get(picture_of(client.get(place))).status_code == 200
    (row,) = rows(archive)
    assert (row.seat, row.account_id, row.network) == ("Стол 4", None, "127.0.0.0/24")


# --- how much, and what is kept -------------------------------------------------------------------
def test_a_reader_sees_so_many_pages_an_hour(archive, app, bring, person, enter):
    app.extensions["archive"].settings.__dict__["reading_pages"] = 2
    place = bring()
    mine = enter(person(Role.READER)).client
    for page in (1, 2, 1, 2):  # to look again costs nothing
        assert mine.get(picture_of(mine.get(f"{place}?page={page}"))).status_code == 200
    third = picture_of(mine.get(f"{place}?page=2")).replace("/2/900", "/3/900")
    assert mine.get(third).status_code == 403
    answer = mine.get(f"{place}?page=3")
    assert answer.status_code == 429 and 3500 < int(answer.headers["Retry-After"]) <= 3601
    assert "2 pages within an hour" in answer.get_data(as_text=True)
    assert mine.get(f"{place}?page=1").status_code == 200
    other = enter(person(Role.READER, email="other@example.org")).client
    assert other.get(f"{place}?page=3").status_code == 200
    with archive.writing() as session:
        session.execute(update(PageReading).values(moment=now() - timedelta(minutes=61)))
    assert mine.get(f"{place}?page=3").status_code == 200


def test_a_picture_is_refused_too_when_the_hour_is_full(app, bring):
    app.extensions["archive"].settings.__dict__["reading_pages"] = 1
    place, client = bring(), app.test_client()
    first, second = (picture_of(client.get(f"{place}?page={one}")) for one in (1, 2))
    assert (client.get(first).status_code, client.get(second).status_code) == (200, 429)


def test_strangers_who_change_their_browser_are_counted_together(app, bring, monkeypatch):
    app.extensions["archive"].settings.__dict__["reading_pages"] = 1
    monkeypatch.setattr(reading_room, "CROWD", 2)
    place = bring()
    for expected in (200, 200, 429):
        client = app.test_client()
        answer = client.get(place)
        assert answer.status_code == expected
        if expected == 200:
            assert client.get(picture_of(answer)).status_code == 200


def test_it_is_kept_who_read_which_page_and_forgotten_in_time(archive, bring, person, enter):
    place, viewer = bring(), person(Role.READER)
    mine = enter(viewer).client
    for page in (3, 3, 1):
        mine.get(picture_of(mine.get(f"{place}?page={page}")))
    found = rows(archive)
    number = int(place.split("/")[2])
    assert [(one.account_id, one.page, one.work_id) for one in found] == [
        (viewer.id, 3, number),
        (viewer.id, 1, number),
    ]
    assert all(str(viewer.id) != one.reader and len(one.reader) == 40 for one in found)
    with archive.writing() as session:
        old = now() - timedelta(days=archive.settings.reading_log_days, minutes=1)
        session.execute(update(PageReading).where(PageReading.page == 3).values(moment=old))
    assert reading_room.sweep(archive) == 1
    assert [one.page for one in rows(archive)] == [1]


def test_directors_see_who_read_what_and_catalogers_do_not(bring, person, enter):
    place, viewer = bring(), person(Role.READER, email="asan@example.org")
    mine = enter(viewer).client
    mine.get(picture_of(mine.get(f"{place}?page=3")))
    number = place.split("/")[2]
    chief = enter(person(Role.DIRECTOR))
    for query in ("", f"?work={number}"):
        page = chief.get(f"/staff/readings{query}").text_content()
        assert "Asan" in page and "китеп.pdf" in page
    assert "Asan" not in chief.get("/staff/readings?work=9999").text_content()
    assert enter(person(Role.CATALOGUER)).client.get("/staff/readings").status_code == 403


def test_whoever_keeps_the_work_reads_without_marks_and_uncounted(archive, bring, person, enter):
    place = bring()
    keeper = enter(person(Role.CATALOGUER)).client
    assert "/pages/" in picture_of(keeper.get(place)) and rows(archive) == []


# --- searching ------------------------------------------------------------------------------------
def test_hits_are_listed_by_page_and_marked_on_the_page(client, bring, settle):
    place = bring()
    settle()
    listed = client.get(f"{place}/search?q=glacier+lake")
    page = html.document_fromstring(listed.data)
    links = page.xpath("//ol//a/@href")
    assert links[1] == f"{place}?page=2&q=glacier+lake#page" and len(links) == 4
    assert page.xpath("//mark/text()")[:1] == ["glacier lakes"]
    assert listed.headers["Cache-Control"] == "private, no-store"
    shown = html.document_fromstring(client.get(links[0]).data)
    boxes = shown.xpath("//rect[@class='hit']")
    assert len(boxes) == 1 and 60 < float(boxes[0].get("y")) < 140
    assert shown.xpath("//p[@class='hits']/a/@href")[0] == f"{place}?page=2&q=glacier+lake#page"
    none = client.get(f"{place}?q=nowhere")
    assert "was not found" in none.get_data(as_text=True)
    assert client.get(f"{place}/search?q=«»").status_code == 303
    attack = client.get(f"{place}/search?q=%22%3E%3Cscript%3E").get_data(as_text=True)
    assert "<script>" not in attack.partition("<main")[2]


def test_searches_of_what_is_for_reading_only_are_counted(
    archive, client, bring, settle, monkeypatch
):
    place = bring()
    settle()
    monkeypatch.setattr(reading_room, "SEARCHES", 2)
    codes = [client.get(f"{place}/search?q={word}").status_code for word in ("one", "page", "page")]
    assert codes == [200, 200, 429]
    assert [one.page for one in rows(archive)] == [0, 0]
    assert client.get(f"{place}?page=1").status_code == 200


# --- the rules ------------------------------------------------------------------------------------
def test_no_page_is_shown_before_the_rules_are_accepted(archive, app, bring, settle):
    place, open_ = bring(), bring(copying=Copying.ALLOWED)
    settle()
    client = FlaskClient(app, app.response_class)
    for path in (place, f"{place}?page=2", f"{place}/search?q=lakes"):
        answer = client.get(path)
        assert answer.status_code == 303 and answer.location.startswith("/reading-room/rules?")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert b"image" not in answer.data and b"canaryword" not in answer.data
    # Not even by an address that is good, where a reader has taken the acceptance back.
    obliging = app.test_client()
    address = picture_of(obliging.get(place))
    with obliging.session_transaction() as kept:
        del kept["rules"]
    assert obliging.get(address).status_code == 403
    assert rows(archive) == []
    assert client.get(open_).status_code == 200  # what is open asks nothing


def test_whoever_accepts_the_rules_reads_on_where_they_wanted(app, bring, person, enter):
    place = bring()
    asked = enter(person(Role.READER)).client
    assert asked.get(f"{place}?page=3").status_code == 200
    plain = FlaskClient(app, app.response_class)
    rules = html.document_fromstring(plain.get(f"{place}?page=3", follow_redirects=True).data)
    form = rules.get_element_by_id("accept")
    assert rules.xpath("//a[@href=$work]", work=place.partition("/read")[0])
    answer = plain.post(form.action, data=dict(form.form_values()))
    assert (answer.status_code, answer.location) == (303, f"{place}?page=3")
    assert picture_of(plain.get(answer.location))
    # Another seat in the same browser is another reader.
    plain.set_cookie("seat", "another")
    assert plain.get(place).status_code == 303
