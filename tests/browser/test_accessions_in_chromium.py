"""The acquisitions desk as a librarian uses it in Chromium, on a telephone and without script."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from repository import requirements, sessions
from repository.models.accounts import Account
from repository.viewers import SYSTEM
from schemas.roles import Role

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed"),
]


@pytest.fixture
def address(app) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with script", "without script, on a telephone"])
def page(request, chromium, archive, address, person) -> Iterator[Page]:
    """The librarian's page."""
    clerk = person(Role.ACQUISITIONS)
    with archive.writing() as session:
        for kind in ("agreement", "transfer"):
            requirements.require(
                session, kind=kind, collection_id=None, type="", way="gift", actor=SYSTEM
            )
        account = session.get_one(Account, clerk.id)
        token = sessions.start(session, account, agent="test", address="127.0.0.1")
    context: BrowserContext = chromium.new_context(
        base_url=address,
        locale="en",
        reduced_motion="reduce",
        java_script_enabled=request.param,
        viewport={"width": 1280 if request.param else 390, "height": 900},
    )
    context.add_cookies([{"name": "session-id", "value": token, "url": address}])
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(str(error)))
    yield opened
    opened.wait_for_load_state("networkidle")
    context.close()


def begin(page: Page) -> None:
    page.goto("/staff")
    page.get_by_role("link", name="Accessions", exact=True).click()
    page.get_by_role("link", name="New accession").click()
    page.get_by_label("How it came").select_option("Gift")
    page.get_by_label("New source: its name").fill("Family of Асан Асанов")
    page.get_by_label("What kind of source").select_option("A person")
    page.get_by_label("Carrier").select_option("Paper")
    page.get_by_role("button", name="Save").click()


def add_title(page: Page, title: str, copies: str) -> None:
    page.get_by_role("link", name="Add a title").click()
    page.get_by_label("Author and title").fill(title)
    page.get_by_label("Kind of work").select_option("Monograph or book")
    page.get_by_label("Copies", exact=True).fill(copies)
    page.get_by_label("Price of a copy").fill("150,50")
    page.get_by_role("button", name="Save").click()


def add_document(page: Page, kind: str, scan: Path | None = None) -> None:
    page.get_by_role("link", name="Add a document").click()
    page.get_by_label("Which document").select_option(kind)
    if scan:
        page.set_input_files("input[type=file]", scan)
    else:
        page.get_by_label("Where the paper lies").fill("safe")
    page.get_by_role("button", name="Add the document").click()


def test_a_gift_of_two_books_is_entered_papered_booked_and_printed(page, paper):
    begin(page)
    checks = page.locator(".checks li")
    expect(checks).to_have_count(3)
    expect(page.locator(".checks .lacking")).to_have_count(3)
    add_title(page, "Манас. Эпос", "2")
    add_title(page, "Кыргыз тарыхы", "1")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("alert")).to_contain_text("The transfer act is missing.")
    add_document(page, "Agreement with the author", paper)
    expect(page.get_by_role("link", name=paper.name)).to_be_visible()
    add_document(page, "Transfer act")
    expect(page.locator(".checks .lacking")).to_have_count(0)
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("Booked under the number 1/")).to_be_visible()
    expect(page.locator("main table").first).to_contain_text("1–2")
    expect(page.locator("main .lead")).to_contain_text("3 copies · 451.50 KGS")
    wide = page.locator("html").evaluate("one => one.scrollWidth > one.clientWidth")
    assert not wide
    act = page.get_by_role("link", name="Transfer act (кыргызча)").get_attribute("href")
    answer = page.request.get(act)
    assert answer.ok and answer.body().startswith(b"%PDF")
    page.get_by_role("link", name="Accessions").last.click()
    page.get_by_label("Words or numbers").fill("тарыхы")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("main .lead")).to_contain_text("1 accession · 2 titles · 3 copies")
