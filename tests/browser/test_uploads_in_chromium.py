"""Large files in Chromium: the connection is cut, the page is loaded anew, the upload goes on."""

import hashlib
import os
import time

import pytest
from hands import IN_CHROMIUM
from playwright.sync_api import Page, expect
from sqlalchemy import select

from repository import catalogue
from repository.models.uploads import Upload
from schemas.roles import Role

SIZE = 20 * 2**20
SPEED = 2**20  # bytes a second, so that there is a middle of the upload

pytestmark = IN_CHROMIUM


@pytest.fixture
def author(person):
    """A depositor."""
    return person(Role.DEPOSITOR)


@pytest.fixture
def page(page_of, author) -> Page:
    """The depositor's page."""
    return page_of(author)


@pytest.fixture
def line(page):
    """Gives the page a line of some speed (-1: a fast one), or none."""
    control = page.context.new_cdp_session(page)
    control.send("Network.enable")

    def give(speed: int = SPEED, *, offline: bool = False) -> None:
        said = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
        control.send("Network.emulateNetworkConditions", {**said, "offline": offline})

    give()
    return give


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A file of 20 MB."""
    path = tmp_path_factory.mktemp("big") / "Көлдөр.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


@pytest.fixture
def files(archive):
    """The names and digests of a draft's files."""

    def read(number):
        with archive.reading() as session:
            work = catalogue.get(session, number)
            return [(file.name, file.sha512) for file in work.current_files]

    return read


def begun(page: Page) -> None:
    """Waits until a part of the file has come."""
    expect(page.locator(".transfers li").first).to_contain_text("% sent")
    bar = page.locator(".transfers progress").first
    end = time.monotonic() + 15
    while bar.evaluate("bar => bar.value") < 500_000:
        assert time.monotonic() < end, "nothing comes"
        page.wait_for_timeout(50)


def test_an_upload_outlives_a_lost_connection_and_a_reload(page, line, archive, author, big, files):
    with archive.writing() as session:
        number = catalogue.draft(session, {}, actor=author).id
    page.goto(f"/deposit/{number}/files")
    page.set_input_files("input[type=file]", big)
    begun(page)
    line(offline=True)
    expect(page.locator(".transfers li")).to_contain_text("No connection.")
    expect(page.get_by_role("status").filter(has_text="No connection.")).to_have_count(1)
    assert files(number) == []
    line()
    expect(page.locator(".transfers li")).to_contain_text("% sent")
    page.get_by_role("button", name=f"Pause {big.name}").press("Enter")
    expect(page.locator(".transfers li")).to_contain_text("Paused at")
    expect(page.get_by_role("button", name="Continue")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("heading", name="Not sent to the end")).to_be_visible()
    expect(page.locator("[data-unfinished] li")).to_contain_text(big.name, timeout=20_000)
    before = int(page.locator("[data-unfinished] li").get_attribute("data-here") or 0)
    assert 0 < before < SIZE
    line(-1)
    page.set_input_files("input[type=file]", big)
    expect(page.locator(".files")).to_contain_text(big.name, timeout=20_000)
    assert files(number) == [(big.name, hashlib.sha512(big.read_bytes()).hexdigest())]
    expect(page.get_by_role("heading", name="Not sent to the end")).to_have_count(0)
    with archive.reading() as session:
        assert len(session.scalars(select(Upload)).all()) == 1, "it began anew"


def test_a_large_first_file_makes_the_draft_to_which_a_reload_leads(page, line, files, tmp_path):
    some = tmp_path / "some.bin"
    some.write_bytes(os.urandom(SIZE // 3))
    page.goto("/deposit")
    page.set_input_files("input[type=file]", some)
    begun(page)
    page.reload()
    assert page.url.endswith("/files")
    number = int(page.url.split("/")[-2])
    line(-1)
    page.set_input_files("input[type=file]", some)
    expect(page.locator(".files")).to_contain_text(some.name, timeout=20_000)
    assert [name for name, _ in files(number)] == [some.name]


def test_several_files_go_one_after_the_other_and_one_can_be_let_go(
    page, line, archive, author, big, files, tmp_path
):
    with archive.writing() as session:
        number = catalogue.draft(session, {}, actor=author).id
    note = tmp_path / "note.txt"
    note.write_text("Эскертүү")
    bad = tmp_path / "page.pdf"
    bad.write_bytes(b"<!doctype html><html><body>Sign in</body></html>")
    page.goto(f"/deposit/{number}/files")
    page.set_input_files("input[type=file]", [big, note, bad])
    begun(page)
    expect(page.locator(".transfers li").nth(1)).to_contain_text("Waits for its turn")
    page.get_by_role("button", name=f"Remove {big.name}").click()
    line(-1)
    expect(page.get_by_role("alert")).to_contain_text("HTML page")
    expect(page.locator(".transfers li").first).to_contain_text("Arrived")
    page.get_by_role("button", name="Remove page.pdf").click()
    expect(page.locator(".files")).to_contain_text("note.txt")
    assert [name for name, _ in files(number)] == ["note.txt"]
    assert list(archive.settings.uploads.iterdir()) == []
    expect(page.get_by_role("heading", name="Not sent to the end")).to_have_count(0)
