"""What a first visit costs: every byte that comes over the line, from this host alone."""

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from hands import IN_CHROMIUM
from playwright.sync_api import Browser, Page
from reportlab.pdfgen.canvas import Canvas

import wsgi
from ingest import derive, files, pictures
from repository import archive as opening
from repository import catalogue, publishing, settings
from repository import pictures as drawn
from repository.archive import Archive
from repository.viewers import SYSTEM

pytestmark = IN_CHROMIUM

LIMIT = 50 * 1024
HITS = 20
KINDS = ("Document", "Stylesheet", "Script", "Image", "Font", "Other")
PAGES = {
    "home": "/",
    "search results": "/search?q=мөңгү",
    "work": "/works/1",
    "person": "/people/Асанова, Айгүл Бакытовна",
    "collection": "/collections/publications",
    "browse": "/browse/author",
    "help": "/help",
    "sign in": "/account/sign-in",
}


class Fetched(NamedTuple):
    """One answer: its address, what it is, and its bytes on the line, headers and all."""

    url: str
    kind: str
    size: int


@pytest.fixture(scope="module")
def address(samples, tmp_path_factory, served) -> Iterator[str]:
    """The demonstration with as many books as a page of results has, and with their covers."""
    instance = tmp_path_factory.mktemp("weight") / "instance"
    shutil.copytree(samples, instance)
    app = wsgi.create_app(settings.load({}, instance=str(instance), secret_key="k" * 40))
    archive = app.extensions["archive"]
    with archive.reading() as session:
        document = catalogue.get(session, 1).document
    for at in range(HITS):
        title = {"text": f"Мөңгүлөр жана суулар: {at}-китеп", "language": "ky", "kind": "main"}
        newest = publish(archive, {**document, "titles": [title], "identifiers": []}, book())
    while derive.follow(archive):
        pass
    with archive.reading() as session:
        for number in (1, newest):
            (file, *_) = catalogue.get(session, number).current_files
            pictures.cover(archive, file, drawn.SMALL)
    with served(app) as found:
        yield found
    opening.close(archive)


def book() -> io.BytesIO:
    """A PDF with a full first page and a picture on it."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842), invariant=True)
    for row, column in product(range(14), range(14)):
        shade = (row * 7 + column * 5) % 19 / 19
        canvas.setFillColorRGB(shade, 1 - shade, (row + column) / 28)
        canvas.rect(72 + 32 * column, 400 + 22 * row, 32, 22, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    for line in range(18):
        canvas.drawString(72, 370 - 18 * line, f"{line} " + "The lakes of the range. " * 3)
    canvas.save()
    made.seek(0)
    return made


def publish(archive: Archive, document: dict, data: io.BytesIO) -> int:
    """A published work with a file; its number."""
    known = archive.settings
    came = files.receive(data, "book.pdf", staging=known.staging, limit=known.upload_limit)
    with archive.writing() as session:
        work = catalogue.draft(session, document, actor=SYSTEM)
        files.attach(session, work, came, settings=known)
        number = work.id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def visit(chromium: Browser, url: str) -> tuple[Page, list[Fetched]]:
    """A page in a browser that has never been here, and the list of what that loads for it."""
    context = chromium.new_context(locale="ky", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    known: dict[str, tuple[str, str]] = {}
    found: list[Fetched] = []

    def answered(said):
        known[said["requestId"]] = (said["response"]["url"], said["type"])

    def finished(said):
        found.append(Fetched(*known[said["requestId"]], int(said["encodedDataLength"])))

    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    network.send("Network.enable")
    page.goto(url)
    return page, found


def table(weights: dict[str, Counter]) -> str:
    """The weights of all pages in bytes, by what weighs."""
    lines = [f"{'':16}{''.join(f'{kind:>12}' for kind in KINDS)}{'in all':>12}"]
    for name, parts in weights.items():
        sums = "".join(f"{parts[kind]:12,}" for kind in KINDS)
        lines.append(f"{name:16}{sums}{parts.total():12,}")
    return "\n".join(lines)


def test_a_first_visit_costs_less_than_50_kilobytes(chromium, address):
    weights: dict[str, Counter] = {}
    hosts = set()
    visits = {name: visit(chromium, address + path) for name, path in PAGES.items()}
    for name, (page, found) in visits.items():
        page.wait_for_load_state("networkidle")
        page.context.close()
        weights[name] = Counter()
        for one in found:
            weights[name][one.kind] += one.size
            hosts.add(urlsplit(one.url).netloc)
    assert hosts == {urlsplit(address).netloc}
    assert {kind for one in weights.values() for kind in one} <= set(KINDS), weights
    assert max(one.total() for one in weights.values()) < LIMIT, table(weights)
    assert weights["search results"]["Image"] > HITS // 2 * 1024, table(weights)
