"""A reader whose browser runs no script: everything is found, read, cited and signed into."""

import re
from collections.abc import Iterator

import looks
import pytest
from hands import IN_CHROMIUM
from playwright.sync_api import Page, expect

pytestmark = IN_CHROMIUM

SEEN = ("/", "/search?q=тоо", "/works/1", "/works/1/cite", "/works/1/card")
SEEN_BY_STAFF = ("/deposit", "/deposit/{draft}/about", "/deposit/{draft}/files", "/review/{sent}")


@pytest.fixture
def address(house, served) -> Iterator[str]:
    """The demonstration on a port."""
    with served(house.app) as found:
        yield found


@pytest.fixture
def page(chromium, address) -> Iterator[Page]:
    """A page in English without script."""
    context = chromium.new_context(base_url=address, locale="en", java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_work_is_found_narrowed_down_read_and_cited(page):
    page.goto("/")
    page.get_by_role("searchbox").last.fill("тоо")
    page.get_by_role("searchbox").last.press("Enter")
    found = int(re.match(r"\d+", page.locator("h1").inner_text())[0])
    page.locator(".facet a", has_text="Article").first.click()
    assert 0 < int(re.match(r"\d+", page.locator("h1").inner_text())[0]) < found
    page.locator(".result h2 a").first.click()
    page.get_by_role("link", name="Page by page").first.click()
    expect(page.locator(".frame image")).to_have_count(1)
    page.get_by_role("link", name="Next page").first.click()
    expect(page.get_by_label("Go to page")).to_have_value("2")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="APA").click()
    expect(page.locator("#cited-apa")).to_be_visible()
    assert page.url.endswith("#apa")


def test_the_language_is_changed_and_kept(page):
    page.goto("/works/1")
    page.locator("summary", has_text="Eng").click()
    page.get_by_role("link", name="Кыргызча").click()
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    page.goto("/browse")
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def test_somebody_signs_in_and_out(page):
    page.goto("/works/1")
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_label("E-mail address").fill("chief@example.org")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    assert page.url.endswith("/works/1")
    page.locator("header summary").last.click()
    page.locator("header .drop button").click()
    expect(page.locator("header .enter")).to_be_visible()


def test_nothing_is_shown_that_only_a_script_would_answer(page, address, house):
    found = []
    for paths, token in ((SEEN, ""), (SEEN_BY_STAFF, house.token)):
        page.context.add_cookies([{"name": "session-id", "value": token, "url": address}])
        for path in paths:
            answer = page.goto(path.format(draft=house.draft, sent=house.draft + 1))
            assert answer.status == 200, path
            found += [f"{path}: {one}" for one in looks.ask(page, "idle")]
    assert found == []
