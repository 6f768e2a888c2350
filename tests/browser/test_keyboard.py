"""Somebody who has a keyboard and no mouse: every control is reached, seen and pressed."""

import re
from collections.abc import Iterator

import looks
import pytest
from hands import IN_CHROMIUM
from playwright.sync_api import Page, expect

pytestmark = IN_CHROMIUM

MOST = 120  # stops on a page


@pytest.fixture(scope="module")
def address(house, served) -> Iterator[str]:
    """The demonstration on a port."""
    with served(house.app) as found:
        yield found


@pytest.fixture
def page(chromium, address) -> Iterator[Page]:
    """A page in English."""
    context = chromium.new_context(base_url=address, locale="en", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def tab(page: Page) -> dict | None:
    """Goes to the next control: what it is; it is seen that it has the focus, and it comes after
    the one before it."""
    page.keyboard.press("Tab")
    found = looks.ask(page, "focused")
    if found:
        assert found["seen"], found
        assert not found["backwards"], found
    return found


def reach(page: Page, wanted: str) -> None:
    """Goes on until a control is reached of which a part of the text or the name is that."""
    for _ in range(MOST):
        found = tab(page)
        if found and (wanted in found["text"] or wanted == found["field"]):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, key: str, wanted: str) -> None:
    """Presses a key that leads to an address."""
    with page.expect_navigation(url=re.compile(wanted)):
        page.keyboard.press(key)


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=тоо", "/works/1", "/browse/author", "/account/sign-in", "/deposit/{}/about"],
)
def test_the_keyboard_reaches_everything_and_is_let_go(page, address, house, path):
    if "deposit" in path:
        cookie = {"name": "session-id", "value": house.token, "url": address}
        page.context.add_cookies([cookie])
    page.goto(path.format(house.draft))
    wanted = looks.ask(page, "reachable")
    if looks.ask(page, "focused"):
        while tab(page):  # to the end of the page, to begin at its top
            pass
    met = 0
    while tab(page):
        met += 1
        assert met <= wanted, "the keyboard is trapped"
    assert met == wanted > 10


def test_a_focus_that_is_not_seen_is_noticed(page):
    page.set_content("<body><button style='outline:none'>One</button>")
    with pytest.raises(AssertionError):
        tab(page)


def test_the_way_past_the_header_is_seen_and_leads_to_the_text(page):
    page.goto("/")
    assert tab(page)["text"] == "Skip to the text"
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_work_is_found_opened_and_cited(page):
    page.goto("/")
    reach(page, "q")
    page.keyboard.type("жайлоо")
    press(page, "Enter", "/search")
    reach(page, "Жайлоо лексикасы")
    press(page, "Enter", "/works/1$")
    reach(page, "Page by page")
    press(page, "Enter", "/read")
    page.go_back()  # Chromium without a window has no key for this
    reach(page, "IEEE")
    page.keyboard.press("Enter")
    expect(page.locator("#citation")).to_contain_text("т. 7")
    expect(page.get_by_role("link", name="IEEE")).to_be_focused()


def test_the_lasting_address_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/works/1")
    button = page.get_by_role("region", name="Share").get_by_role("button")
    button.press("Enter")
    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        copied
        == page.locator("#address").inner_text()
        == "https://doi.org/10.5555/zharchy.2023.2.01"
    )


def test_the_language_is_changed(page):
    page.goto("/browse")
    reach(page, "Eng")
    page.keyboard.press("Space")
    expect(page.locator(".menu .drop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu .drop")).to_be_hidden()
    page.keyboard.press("Enter")
    reach(page, "Кыргызча")
    press(page, "Enter", "/browse")
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def test_somebody_signs_in_and_begins_to_deposit(page):
    page.on("filechooser", lambda chooser: None)  # or Chromium would wait for a person
    page.goto("/deposit?lang=en")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("chief@example.org")
    reach(page, "password")
    page.keyboard.type("a long enough password")
    press(page, "Enter", "/deposit")
    reach(page, "file")
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
    reach(page, "Begin without a file")
    press(page, "Enter", "/about")
    describe(page)


def describe(page: Page) -> None:
    """The first step, from its top to its end; what was typed is kept."""
    reach(page, "type")
    page.keyboard.type("Article")
    reach(page, "issued")
    page.keyboard.type("2024")
    reach(page, "titles.0.text")
    page.keyboard.type("Glacier lakes")
    reach(page, "languages")
    page.keyboard.press("Space")
    reach(page, "Save and continue")
    press(page, "Enter", "/people")
    reach(page, "What it is")
    press(page, "Enter", "/about")
    expect(page.locator("[name='type'] option:checked")).to_have_text("Article")
    expect(page.locator("[name='titles.0.text']")).to_have_value("Glacier lakes")
    expect(page.locator("[name='languages']:checked")).to_have_count(1)
