"""The deposit as a person does it in Chromium: quickly, with saving, offline, in two tabs."""

import time

import pytest
from hands import IN_CHROMIUM, Hand
from playwright.sync_api import BrowserContext, Page, expect

from repository import catalogue
from schemas.roles import Role
from schemas.vocabulary import State

ARTICLE = "http://purl.org/coar/resource_type/c_6501"
TITLE = "Glacier lakes of the northern Tien Shan and their outburst floods"

pytestmark = IN_CHROMIUM


@pytest.fixture
def author(archive, person):
    """A depositor."""
    return person(Role.DEPOSITOR)


@pytest.fixture
def signed_in(context_of, author) -> BrowserContext:
    """The depositor's browser."""
    return context_of(author)


@pytest.fixture
def page(signed_in) -> Page:
    """A page that may not make an error of script or policy."""
    opened = signed_in.new_page()
    opened.on("pageerror", lambda error: pytest.fail(str(error)))
    return opened


@pytest.fixture
def draft(archive, author):
    """Makes a draft; its number."""

    def make(**document) -> int:
        with archive.writing() as session:
            return catalogue.draft(session, document, actor=author).id

    return make


@pytest.fixture
def title_of(archive):
    """The title that the database has."""

    def read(number: int) -> str:
        with archive.reading() as session:
            return catalogue.get(session, number).title

    return read


def until(check, seconds: float = 15) -> None:
    """Waits until `check()` holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def test_a_paper_is_deposited_in_ninety_seconds_and_twelve_interactions(page, paper, archive):
    page.goto("/deposit")
    hand = Hand(page)
    hand.choose_file(paper)
    page.wait_for_url("**/about")
    hand.click("button", "Use all")
    hand.choose("Kind of work", "Article")
    hand.click("button", "Save and continue")
    hand.click("button", "Save and continue")
    hand.choose("Terms of use", "cc-by-4.0")
    hand.click("button", "Save and continue")
    hand.click("checkbox", "I have read this and agree")
    hand.click("button", "Send to the library")
    expect(page.get_by_text("Waiting for the library")).to_be_visible()
    seconds = hand.seconds
    assert hand.count <= 12
    assert seconds < 90
    number = int(page.url.rpartition("/")[2])
    with archive.reading() as session:
        work = catalogue.get(session, number)
        assert work.state == State.SUBMITTED
        assert work.title == TITLE
        assert [one["family"] for one in work.document["creators"]] == ["Osmonova", "Toktogulov"]
        assert work.document["identifiers"] == [{"scheme": "doi", "value": "10.5555/mr.2024.0012"}]
        assert work.agreement["language"] == "en"


def test_an_upload_that_is_refused_says_why_and_can_be_tried_again(page, paper, tmp_path):
    bad = tmp_path / "page.pdf"
    bad.write_bytes(b"<!doctype html><html><body>Sign in</body></html>")
    page.goto("/deposit")
    page.set_input_files("input[type=file]", bad)
    expect(page.get_by_role("alert")).to_contain_text("HTML page")
    page.set_input_files("input[type=file]", paper)
    page.wait_for_url("**/about")


def test_typing_saves_itself_and_is_there_on_another_device(page, signed_in, draft, title_of):
    number = draft()
    page.goto(f"/deposit/{number}/about")
    page.get_by_label("Title", exact=True).press_sequentially("Ала-Тоонун мөңгүлөрү")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    until(lambda: title_of(number) == "Ала-Тоонун мөңгүлөрү")
    other = signed_in.new_page()
    other.goto(f"/deposit/{number}/about")
    expect(other.get_by_label("Title", exact=True)).to_have_value("Ала-Тоонун мөңгүлөрү")


def test_typing_while_the_connection_is_lost_is_sent_when_it_is_back(
    page, signed_in, draft, title_of
):
    number = draft()
    page.goto(f"/deposit/{number}/about")
    signed_in.set_offline(True)
    page.get_by_label("Title", exact=True).fill("Байланыш жок")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Байланыш жок")
    assert title_of(number) == ""
    signed_in.set_offline(False)
    expect(page.get_by_text("The connection is back")).to_be_visible()
    until(lambda: title_of(number) == "Байланыш жок")


def test_typing_that_a_closed_browser_could_not_send_comes_back(page, signed_in, draft, title_of):
    number = draft()
    page.goto(f"/deposit/{number}/about")
    signed_in.set_offline(True)
    page.get_by_label("Title", exact=True).fill("Өчүп калды")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.close()
    signed_in.set_offline(False)
    again = signed_in.new_page()
    again.goto(f"/deposit/{number}/about")
    expect(again.get_by_label("Title", exact=True)).to_have_value("Өчүп калды")
    until(lambda: title_of(number) == "Өчүп калды")


def test_leaving_the_page_at_once_loses_nothing(page, draft, title_of):
    number = draft()
    page.goto(f"/deposit/{number}/about")
    page.get_by_label("Title", exact=True).fill("Шашып кетти")
    page.get_by_role("link", name="My works").first.click()
    until(lambda: title_of(number) == "Шашып кетти")


def test_of_two_tabs_the_slower_one_is_told_and_compares(page, signed_in, draft, title_of):
    number = draft()
    other = signed_in.new_page()
    for tab in (page, other):
        tab.goto(f"/deposit/{number}/about")
    page.get_by_label("Title", exact=True).fill("Биринчи")
    until(lambda: title_of(number) == "Биринчи")
    other.get_by_label("Title", exact=True).fill("Экинчи")
    expect(other.get_by_text("Somebody else has changed")).to_be_visible()
    assert title_of(number) == "Биринчи"
    other.get_by_role("button", name="Compare").click()
    expect(other.locator("table.compare")).to_contain_text("Экинчи")
    expect(other.locator("table.compare")).to_contain_text("Биринчи")
    other.get_by_role("button", name="Save what I typed").click()
    until(lambda: title_of(number) == "Экинчи")


def test_fields_follow_the_kind_of_work_and_keep_what_they_hold(page, draft):
    page.goto(f"/deposit/{draft()}/about")
    journal, degree = (
        page.get_by_label("Journal, book or conference"),
        page.get_by_label("Degree", exact=True),
    )
    expect(journal).to_be_hidden()
    page.get_by_label("Kind of work").select_option("Article")
    expect(journal).to_be_visible()
    page.get_by_label("Kind of work").select_option("Doctoral or candidate thesis")
    expect(journal).to_be_hidden()
    expect(degree).to_be_visible()
    degree.select_option("phd")
    page.get_by_label("Institution that gave the degree").fill("КНУ")
    page.get_by_label("Kind of work").select_option("Article")
    expect(degree).to_be_visible()


def test_a_likely_duplicate_is_named_while_one_types(page, draft):
    first = draft(titles=[{"text": TITLE, "kind": "main"}])
    page.goto(f"/deposit/{draft()}/about")
    expect(page.get_by_text("Perhaps it is here already")).to_be_hidden()
    page.get_by_label("Title", exact=True).fill(TITLE.upper())
    warned = page.get_by_role("link", name=TITLE)
    expect(warned).to_have_attribute("href", f"/works/{first}")


def test_an_added_row_has_the_cursor_and_the_page_stays_where_it_was(page, draft):
    page.set_viewport_size({"width": 390, "height": 700})
    number = draft(creators=[{"family": f"Автор {n}", "kind": "person"} for n in range(6)])
    page.goto(f"/deposit/{number}/people")
    page.get_by_role("button", name="Add an author").click()
    fresh = page.locator("[id='f-creators.6.family']")
    expect(fresh).to_be_focused()
    expect(fresh).to_be_in_viewport()


def test_without_script_the_same_form_does_the_same(chromium, address, signed_in, paper, archive):
    context = chromium.new_context(base_url=address, locale="en", java_script_enabled=False)
    context.add_cookies(signed_in.cookies())
    page = context.new_page()
    page.goto("/deposit")
    page.set_input_files("input[type=file]", paper)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("button", name="Use all").click()
    page.get_by_label("Kind of work").select_option(ARTICLE)
    page.get_by_label("Title", exact=True).fill("Тоо")
    page.get_by_label("Date of publication").press("Enter")
    expect(page.get_by_label("Journal, book or conference")).to_be_visible()
    page.get_by_role("button", name="Who made it").click()
    expect(page.get_by_role("heading", name="Who made it")).to_be_visible()
    number = int(page.url.split("/")[-2])
    with archive.reading() as session:
        assert catalogue.get(session, number).title == "Тоо"
    context.close()
