"""The reading room in Chromium: keys, looking closely, turning, swiping, searching, printing."""

import io

import pytest
from hands import CHROMIUM, IN_CHROMIUM
from playwright.sync_api import Page, expect, sync_playwright
from reportlab.pdfgen.canvas import Canvas

from ingest import files
from repository import catalogue, publishing
from repository.viewers import SYSTEM
from schemas.vocabulary import Copying

WORK = {
    "type": "http://purl.org/coar/resource_type/c_2f33",
    "titles": [{"text": "Glacier lakes", "kind": "main", "language": "en"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["en"],
    "licence": "in-copyright",
}
IMAGE = ".frame image"
LOADED = f"""async () => {{
  const probe = new Image();
  probe.src = document.querySelector("{IMAGE}").getAttribute("href");
  await probe.decode();
  return [probe.naturalWidth, probe.naturalHeight];
}}"""

pytestmark = IN_CHROMIUM


@pytest.fixture
def number(archive, settle) -> int:
    """A published book of five pages that is for reading only."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for page in range(1, 6):
        canvas.setFont("Times-Roman", 13)
        for line in range(40):
            said = f"{page}.{line} The glacier lakes of the northern range grow from year to year."
            canvas.drawString(72, 780 - 18 * line, said)
        canvas.showPage()
    canvas.save()
    made.seek(0)
    settings = archive.settings
    came = files.receive(made, "book.pdf", staging=settings.staging, limit=settings.upload_limit)
    with archive.writing() as session:
        work = catalogue.draft(session, WORK, actor=SYSTEM)
        files.attach(session, work, came, settings=settings, copying=Copying.VIEW_ONLY)
        found = work.id
    settle()
    publishing.publish(archive, found, actor=SYSTEM)
    return found


def at(page: Page, number: int) -> None:
    """Waits until that page is shown, with its script at work and its picture there."""
    expect(page.get_by_label("Go to page")).to_have_value(str(number))
    expect(page.locator("[data-keys]")).to_be_visible()
    page.wait_for_load_state()


def test_a_reader_walks_through_a_book(address, number):
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=address, locale="en", reduced_motion="reduce")
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        read_by_keys(page, number)
        look_closely(page)
        find_words(page)
        try_to_print(page)
        on_the_phone(browser, address, page.url)
        browser.close()
    assert faults == []


def read_by_keys(page: Page, number: int) -> None:
    page.goto(f"/works/{number}")
    page.get_by_role("link", name="Read here").click()
    page.get_by_role("button", name="I accept these rules").click()
    at(page, 1)
    assert page.evaluate(LOADED) == [900, 1274]
    for key, expected in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 5)):
        page.keyboard.press(key)
        at(page, expected)
    page.keyboard.press("Home")
    at(page, 1)
    field = page.get_by_label("Go to page")
    field.fill("4")
    field.press("Enter")
    at(page, 4)


def look_closely(page: Page) -> None:
    frame, drawing = page.locator(".frame"), page.locator(".frame svg")
    wide = drawing.bounding_box()["width"]
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator("[data-level]")).to_have_text("150 %")
    assert drawing.bounding_box()["width"] > 1.4 * wide
    assert frame.evaluate("one => one.scrollWidth > one.clientWidth")
    page.keyboard.press("r")
    assert drawing.get_attribute("viewBox") == "0 0 1415 1000"
    assert "zoom=150" in page.url and "turn=90" in page.url
    page.get_by_role("link", name="Next page").click()
    at(page, 5)
    expect(page.locator("[data-level]")).to_have_text("150 %")
    assert drawing.get_attribute("viewBox") == "0 0 1415 1000"
    for _ in range(3):
        page.get_by_role("link", name="Turn the page").click()
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert "zoom" not in page.url and "turn" not in page.url


def find_words(page: Page) -> None:
    page.get_by_label("Search in this file").fill("glacier lake")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("link", name="Page 3", exact=True).click()
    at(page, 3)
    expect(page.locator(".hit")).to_have_count(40)
    hit, drawing = (page.locator(one).first.bounding_box() for one in (".hit", ".frame svg"))
    # "glacier" of the first line: a quarter from the left, a twelfth from above.
    assert 0.15 < (hit["x"] - drawing["x"]) / drawing["width"] < 0.3
    assert 0.05 < (hit["y"] - drawing["y"]) / drawing["height"] < 0.09
    page.get_by_role("link", name="The next page with a hit, 4").click()
    at(page, 4)


def try_to_print(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".frame")).to_be_hidden()
    expect(page.get_by_text("This page is not printed.")).to_be_visible()
    page.emulate_media(media="screen")


def on_the_phone(browser, address: str, url: str) -> None:
    phone = browser.new_context(
        base_url=address, locale="en", has_touch=True, viewport={"width": 390, "height": 844}
    )
    page = phone.new_page()
    page.goto(url.partition("?")[0])
    page.get_by_role("button", name="I accept these rules").click()
    at(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    drag = phone.new_cdp_session(page)
    for kind, x in (("touchStart", 320), ("touchMove", 200), ("touchMove", 60), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": x, "y": 500}]
        drag.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    at(page, 2)
    phone.close()
