"""Pages that staff write: for readers, in their language; the editor; the rules of the reading room
that are accepted once."""

import pytest
from lxml import html
from sqlalchemy import select

from repository import audit_list, house_rules, site_pages
from repository.models.site import Acceptance, Page
from repository.viewers import SYSTEM
from schemas.roles import Role

TYPED = {
    "slug": "opening-hours",
    "place": "menu",
    "titles.ky": "Иш убактысы",
    "texts.ky": "Биз **күн сайын** иштейбиз.",
    "titles.en": "Opening hours",
    "texts.en": "# Every day\n\n[From nine](/about) to six. <script>alert(1)</script>",
}


@pytest.fixture
def cataloguer(enter, person):
    return enter(person(Role.CATALOGUER, email="aida@example.org"))


@pytest.fixture
def write(cataloguer):
    """Writes a page as a cataloguer does; the answer."""

    def make(button=None, **typed):
        page = cataloguer.get("/staff/pages/new")
        return cataloguer.send(page, "write", button, typed={**TYPED, **typed})

    return make


def put(archive, slug, **given):
    said = {"slug": slug, "titles": {"en": "Title"}, "texts": {"en": "Text."}, "place": "nowhere"}
    with archive.writing() as session:
        said = site_pages.checked({**said, **given})
        return site_pages.add(session, said, actor=SYSTEM).id


def text(answer):
    return answer.get_data(as_text=True)


# --- readers --------------------------------------------------------------------------------------
def test_a_page_is_read_in_the_readers_language_and_found_from_everywhere(write, client):
    assert write().status_code == 303
    page = text(client.get("/pages/opening-hours?lang=ky"))
    assert '<h1 lang="ky">Иш убактысы</h1>' in page and "<strong>күн сайын</strong>" in page
    page = text(client.get("/pages/opening-hours?lang=en"))
    assert '<a href="/about">From nine</a>' in page and "<h2>Every day</h2>" in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    home = html.document_fromstring(text(client.get("/?lang=en")))
    assert home.xpath("//header//nav//a[@href='/pages/opening-hours']/text()") == ["Opening hours"]
    assert home.xpath("//footer//a[@href='/pages/opening-hours']")


def test_a_language_that_is_missing_shows_another_and_says_so(write, client):
    write(**{"titles.en": "", "texts.en": ""})
    page = text(client.get("/pages/opening-hours?lang=en"))
    assert "has not been written in this language" in page
    assert "Иш убактысы" in page and 'class="prose written" lang="ky"' in page
    page = text(client.get("/pages/opening-hours?lang=ky"))
    assert "жазыла элек" not in page


def test_the_page_about_the_archive_stands_in_place_of_the_words_that_are_ready(archive, client):
    assert "Who may read" in text(client.get("/about?lang=en"))
    put(archive, "about", texts={"en": "We are ours."})
    put(archive, "help", texts={"en": "Ask Aida."})
    assert "We are ours." in text(client.get("/about?lang=en"))
    helped = text(client.get("/help?lang=en"))
    assert "Ask Aida." in helped and "/help/readers" in helped
    for slug in ("about", "help"):
        answer = client.get(f"/pages/{slug}")
        assert (answer.status_code, answer.location) == (301, f"/{slug}")


def test_a_page_that_is_not_there_is_said_to_be_none(client):
    assert client.get("/pages/nowhere").status_code == 404


# --- writing --------------------------------------------------------------------------------------
def test_a_preview_shows_the_page_and_keeps_nothing(archive, write):
    answer = write(button=("preview", "yes"))
    assert answer.status_code == 200 and "<strong>күн сайын</strong>" in text(answer)
    assert "Биз **күн сайын** иштейбиз." in text(answer)
    with archive.reading() as session:
        assert session.scalars(select(Page)).all() == []


WRONG = (
    ({"slug": "Opening Hours"}, "slug"),
    ({"slug": "about-" * 11 + "x"}, "slug"),
    ({"place": "moon"}, "place"),
    ({"position": "-1"}, "position"),
    ({"position": "1000"}, "position"),
    ({"texts.en": ""}, "texts.en"),
    ({"titles.ky": ""}, "titles.ky"),
    ({"titles.ky": "x" * 201}, "titles.ky"),
    ({"texts.ky": "x" * 50_001}, "texts.ky"),
    ({"texts.en": "[x](javascript:alert(1))"}, "texts.en"),
    ({"texts.en": "![x](https://example.org/x.png)"}, "texts.en"),
    (dict.fromkeys(("titles.ky", "texts.ky", "titles.en", "texts.en"), ""), "titles.ky"),
)


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(archive, write):
    for typed, field in WRONG:
        answer = write(**typed)
        assert answer.status_code == 422, typed
        page = html.document_fromstring(text(answer))
        assert page.xpath(f"//*[@id='f-{field}']/@aria-invalid") == ["true"], typed
        if "slug" not in typed:
            assert page.xpath("//input[@name='slug']/@value") == ["opening-hours"]
    with archive.reading() as session:
        assert session.scalars(select(Page)).all() == []


def test_an_address_is_given_once(write):
    write()
    answer = write()
    assert answer.status_code == 422 and "There is a page of this address" in text(answer)


def test_a_change_is_kept_with_what_was_there_before(archive, write, cataloguer, client):
    place = write().location
    page = cataloguer.get(place)
    cataloguer.send(page, "write", typed={"texts.en": "Closed."})
    assert "Closed." in text(client.get("/pages/opening-hours?lang=en"))
    page = cataloguer.get(place)
    assert page.xpath("//input[@name='revision']/@value")[0] == "2"
    past = page.xpath("//ul[contains(@class, 'earlier')]")[0].text_content()
    assert "Closed." in past and "[From nine](/about)" in past and "Aida" in past
    with archive.reading() as session:
        lines, _rest = audit_list.page(session, audit_list.Wanted(kind="page"))
    assert [one.kind for one in lines] == ["page.changed", "page.created"]
    assert lines[0].details["changed"] == ["en"]
    before = len(lines)
    cataloguer.send(page, "write")  # as it is
    with archive.reading() as session:
        assert len(audit_list.page(session, audit_list.Wanted(kind="page"))[0]) == before


def test_whoever_was_slower_sees_what_the_other_wrote_and_loses_nothing(write, cataloguer, client):
    place = write().location
    slow = cataloguer.get(place)
    cataloguer.send(cataloguer.get(place), "write", typed={"texts.en": "The quick one."})
    answer = cataloguer.send(slow, "write", typed={"texts.en": "The slow one."})
    assert answer.status_code == 409
    assert "The quick one." in text(answer) and "The slow one." in text(answer)
    assert "The quick one." in text(client.get("/pages/opening-hours?lang=en"))
    again = cataloguer.send(cataloguer.read(answer), "write")  # having compared them
    assert again.status_code == 303
    assert "The slow one." in text(client.get("/pages/opening-hours?lang=en"))
    assert cataloguer.send(slow, "remove").status_code == 409


def test_a_deleted_page_is_gone_and_what_it_said_is_in_the_log(archive, write, cataloguer, client):
    page = cataloguer.get(write().location)
    assert cataloguer.send(page, "remove").status_code == 303
    assert client.get("/pages/opening-hours").status_code == 404
    assert "/pages/opening-hours" not in text(client.get("/"))
    with archive.reading() as session:
        lines, _rest = audit_list.page(session, audit_list.Wanted(kind="page.deleted"))
    assert lines[0].details["texts"]["ky"] == TYPED["texts.ky"]


def test_others_write_no_pages(enter, person):
    for role in (Role.READER, Role.DEPOSITOR, Role.ACQUISITIONS):
        assert enter(person(role)).client.get("/staff/pages").status_code == 403


def test_the_list_names_pages_and_those_that_are_there_without_the_staff(write, cataloguer):
    write()
    page = cataloguer.get("/staff/pages").text_content()
    assert "Opening hours" in page and "Rules of the reading room" in page


# --- rules of the reading room --------------------------------------------------------------------
def test_the_rules_are_there_in_three_languages_until_staff_write_others(archive, client):
    for language, words in (("ky", "Окуу залынын"), ("ru", "читального"), ("en", "Rules of the")):
        assert words in text(client.get(f"/pages/reading-room-rules?lang={language}"))
    put(archive, "reading-room-rules", texts={"en": "Be quiet."})
    assert "Be quiet." in text(client.get("/reading-room/rules?lang=en"))


def test_the_editor_of_the_rules_begins_with_the_words_that_are_ready(cataloguer):
    page = cataloguer.get("/staff/pages/new?slug=reading-room-rules")
    assert page.xpath("//input[@name='titles.ru']/@value") == ["Правила читального зала"]
    assert "I make no copies" in page.xpath("//textarea[@name='texts.en']/text()")[0]
    assert page.xpath("//input[@name='anew']")


def accept(client, target="", **typed):
    page = html.document_fromstring(text(client.get(f"/reading-room/rules?next={target}")))
    found = page.xpath("//form[@id='accept']")
    assert found, "the rules are accepted already"
    fields = {**dict(found[0].form_values()), **typed}
    return client.post(found[0].action, data=fields)


def test_an_account_accepts_once_in_whatever_browser(archive, app, enter, person):
    viewer = person(Role.READER)
    assert accept(enter(viewer).client, "/works/1/read/2").location == "/works/1/read/2"
    assert "You have accepted" in text(enter(viewer).client.get("/reading-room/rules?lang=en"))
    with archive.reading() as session:
        assert house_rules.accepted(session, viewer)
        assert session.get_one(Acceptance, viewer.id).edition == 1
    assert "You have accepted" not in text(app.test_client().get("/reading-room/rules?lang=en"))


def test_a_browser_without_an_account_accepts_for_itself_and_for_its_seat(app, client):
    accept(client)
    assert "You have accepted" in text(client.get("/reading-room/rules?lang=en"))
    client.set_cookie("seat", "another")
    assert "You have accepted" not in text(client.get("/reading-room/rules?lang=en"))
    with client.session_transaction() as kept:
        edition, seat, _moment = kept["rules"]
        kept["rules"] = [edition, seat, "2020-01-01T00:00:00+00:00"]
    client.delete_cookie("seat")
    assert "You have accepted" not in text(client.get("/reading-room/rules?lang=en"))


def test_new_rules_are_accepted_anew_where_staff_want_it(archive, client, enter, person):
    viewer = person(Role.READER)
    accept(enter(viewer).client)
    page_id = put(archive, "reading-room-rules")
    for anew, expected in ((False, True), (True, False)):
        with archive.writing() as session:
            page = site_pages.get(session, page_id)
            said = {"titles": {"en": "Rules"}, "texts": {"en": f"Anew: {anew}."}, "slug": page.slug}
            said |= {"place": page.place, "position": 0}
            revision = page.revision
            site_pages.change(session, page, said, actor=SYSTEM, revision=revision, anew=anew)
        with archive.reading() as session:
            assert house_rules.accepted(session, viewer) is expected


def test_rules_that_changed_meanwhile_are_shown_once_more(client):
    answer = accept(client, edition="7")
    assert answer.status_code == 409
    assert "You have accepted" not in text(client.get("/reading-room/rules?lang=en"))


def test_nobody_is_led_off_the_site(app):
    for target in ("//example.org", "https://example.org", "/\\\\example.org"):
        client = app.test_client()
        assert accept(client, target).location == "/"
        assert accept(app.test_client(), next=target).location == "/"
