"""Covers and pages as pictures: drawn in a limited process, cached in bounds, shown to whom it may
concern and nobody else."""

import fcntl
import io
import os
import time

import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest import arrivals, files, pictures
from repository import catalogue, examined, publishing
from repository import pictures as kept
from repository.clock import now
from repository.errors import Busy, NotFound
from repository.models.arrivals import FileStep
from repository.models.works import File, Work
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, Scan, State

FIT = {
    "type": "http://purl.org/coar/resource_type/c_2f33",
    "titles": [{"text": "Тоолордун мөңгүлөрү", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture(scope="module")
def book() -> bytes:
    """A PDF of three pages: the first red above; the second lies on its side."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(600, 800))
    canvas.setFillColorRGB(0.9, 0, 0)
    canvas.rect(0, 400, 600, 400, fill=1, stroke=0)
    canvas.showPage()
    canvas.setFont("Helvetica", 20)
    canvas.drawString(60, 700, "glacier lakes")
    canvas.showPage()
    canvas.drawString(300, 400, "end")
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=made)
    writer.pages[1].rotate(90)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


@pytest.fixture
def bring(archive):
    """A work with uploads, published unless said otherwise, with its first steps taken; number."""

    def make(*uploads, owner=SYSTEM, state=State.PUBLISHED, steps=True, **rights):
        settings = archive.settings
        came = [
            files.receive(
                io.BytesIO(data), name, staging=settings.staging, limit=settings.upload_limit
            )
            for name, data in uploads
        ]
        with archive.writing() as session:
            work = catalogue.draft(session, FIT, actor=owner)
            for one in came:
                files.attach(session, work, one, settings=settings, **rights)
            number = work.id
        while steps and arrivals.follow(archive):
            pass
        if state == State.PUBLISHED:
            publishing.publish(archive, number, actor=SYSTEM)
        return number

    return make


def first(archive, number):
    with archive.reading() as session:
        return session.get_one(Work, number).files[0]


def step(archive, file):
    with archive.reading() as session:
        return examined.steps(session, [file])[file.id]["pictures"]


def image(data):
    return Image.open(io.BytesIO(data))


def test_the_first_page_of_a_pdf_becomes_the_cover(archive, client, bring, book):
    number = bring(("китеп.pdf", book))
    file = first(archive, number)
    found = step(archive, file)
    assert (found.outcome, file.pages) == ("cover", 3)
    assert found.tool.startswith("PDFium")
    for path, width in (("", 240), ("/96", 96), ("/240", 240)):
        answer = client.get(f"/works/{number}/thumbnail{path}")
        picture = image(answer.data)
        assert (answer.mimetype, picture.size) == ("image/webp", (width, width * 4 // 3))
        red, green, _ = picture.getpixel((width // 2, 10))
        assert red > 200 and green < 60
        assert len(answer.data) < 10_000
    assert client.get(f"/works/{number}/thumbnail/5000").status_code == 404


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "WEBP"])
def test_images_have_covers_too(archive, client, bring, kind):
    made = io.BytesIO()
    Image.new("P" if kind == "GIF" else "RGB", (800, 400), 0).save(made, kind)
    number = bring((f"сүрөт.{kind.lower()}", made.getvalue()))
    assert step(archive, first(archive, number)).outcome == "cover"
    assert image(client.get(f"/works/{number}/thumbnail").data).size == (240, 120)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "P", "RGBA", "CMYK"])
def test_images_of_every_mode_are_drawn(tmp_path, mode):
    path = tmp_path / "scan.tiff"
    # Half of what the mode can say, so that a picture drawn black or white is wrong.
    value = {"I;16": 32768, "LA": (128, 255), "CMYK": (0, 0, 0, 128), "1": 1}.get(mode, 128)
    if mode == "RGBA":
        value = (128, 128, 128, 255)
    plain = Image.new("L", (500, 500), 128).quantize() if mode == "P" else None
    (plain or Image.new(mode, (500, 500), value)).save(path)
    drawing = pictures._ask("draw", path, "image/tiff", 1, (480,), seconds=10)
    assert drawing.error == ""
    red, _, _ = image(drawing.parts[0]).getpixel((200, 200))
    assert red > 250 if mode == "1" else 115 < red < 140


def test_a_scan_of_several_pages_is_shown_page_by_page(archive, client, bring):
    made = io.BytesIO()
    pages = [Image.new("L", (600, 800), shade) for shade in (0, 255)]
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:])
    number = bring(("скан.tif", made.getvalue()))
    place = f"/works/{number}/pages/{first(archive, number).id}"
    shades = [image(client.get(f"{place}/{page}/480").data).getpixel((9, 9))[0] for page in (1, 2)]
    assert shades[0] < 10 < 245 < shades[1]
    assert client.get(f"{place}/3/480").status_code == 404


def test_what_cannot_be_drawn_is_said_to_those_who_keep_the_work(
    archive, bring, enter, person, client
):
    broken = b"%PDF-1.7\n" + bytes(range(256)) * 9 + b"\nstartxref\n9\n%%EOF\n"
    number = bring(("бузук.pdf", broken), state=State.DRAFT)
    found = step(archive, first(archive, number))
    assert (found.state, found.outcome, found.detail["why"]) == ("done", "refused", "broken")
    page = enter(person(Role.CATALOGUER)).get(f"/deposit/{number}/files")
    assert "No picture: the file is damaged." in page.text_content()


def test_a_cover_that_was_lost_is_drawn_again_by_the_worker_or_for_a_reader(
    archive, client, bring, book
):
    number = bring(("китеп.pdf", book))
    file = first(archive, number)
    places = [kept.cover(archive.settings.derived, file.sha512, one) for one in kept.COVERS]
    assert pictures.mend(archive) == 0
    places[0].unlink()
    assert pictures.mend(archive) == 1
    assert arrivals.follow(archive) == 1
    assert all(one.exists() for one in places)
    places[1].unlink()
    assert client.get(f"/works/{number}/thumbnail/96").status_code == 200
    assert all(one.exists() for one in places)
    with archive.writing() as session:  # a file that came before there were covers
        session.delete(session.get_one(FileStep, (file.id, "pictures")))
    assert (pictures.mend(archive), pictures.mend(archive)) == (1, 0)
    assert arrivals.follow(archive) == 1
    assert pictures.mend(archive) == 0


def test_lists_show_a_cover_or_what_stands_for_it(archive, client, bring, book):
    number = bring(("китеп.pdf", book))
    bare = bring(("тиркеме.txt", b"Suu"))
    page = client.get("/browse/type?value=monograph").get_data(as_text=True)
    assert f'src="/works/{number}/thumbnail/96?v=' in page
    assert '<img class="cover" width="56" height="79"' in page and 'alt="" loading="lazy"' in page
    assert f"/works/{bare}/thumbnail" not in page
    assert page.count("kinds.svg#book") == 1
    shown = client.get(f"/works/{number}").get_data(as_text=True)
    assert f'src="/works/{number}/thumbnail/96?v=' in shown


def test_a_file_of_that_very_name_can_be_had(client, bring, book):
    number = bring(("thumbnail", b"Suu"), ("китеп.pdf", book))
    assert client.get(f"/works/{number}/thumbnail").data == b"Suu"
    assert client.get(f"/works/{number}/thumbnail/240").mimetype == "image/webp"


def test_pages_come_in_a_few_widths_and_are_drawn_once(archive, client, bring, book):
    number = bring(("китеп.pdf", book))
    file = first(archive, number)
    place = f"/works/{number}/pages/{file.id}"
    sizes = [image(client.get(f"{place}/1/{one}").data).size for one in pictures.WIDTHS]
    assert sizes == [(480, 640), (900, 1200), (1400, 1867)]
    assert image(client.get(f"{place}/2/480").data).size == (480, 360)
    for path in ("1/481", "0/480", "4/480", "99999999999/480"):
        assert client.get(f"{place}/{path}").status_code == 404, path
    assert client.get(f"/works/{number}/pages/{file.id + 1}/1/480").status_code == 404
    cached = kept.page(archive.settings.derived, file.sha512, "1-480.webp")
    cached.write_bytes(b"seen")
    answer = client.get(f"{place}/1/480")
    assert answer.data == b"seen"
    cached.unlink()
    again = client.get(f"{place}/1/480", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, cached.exists()) == (304, b"", False)


def test_words_say_where_they_stand_in_the_picture(archive, bring, book):
    number = bring(("китеп.pdf", book))
    with archive.reading() as session:
        file = session.get_one(Work, number).files[0]
        assert pictures.words(archive, file, 1) == []
        turned = pictures.words(archive, file, 2)
        (end,) = pictures.words(archive, file, 3)
        with pytest.raises(NotFound):
            pictures.words(archive, file, 4)
        assert pictures.words(archive, file, 2) == turned
        data = pictures.page(archive, file, 2, 900)
    assert [one.text for one in turned] == ["glacier", "lakes"]
    assert end.x0 == pytest.approx(0.5, abs=0.01) and end.y1 == pytest.approx(0.5, abs=0.02)
    # The page was turned: its words run down the right side. There is ink where they stand.
    picture = image(data).convert("L")
    for word in turned:
        box = [word.x0 * 900, word.y0 * 675, word.x1 * 900, word.y1 * 675]
        assert picture.crop([round(one) for one in box]).getextrema()[0] < 100
        assert word.x0 > 0.8 and word.y1 - word.y0 > word.x1 - word.x0


# For the anonymous, the registered, the owner, a cataloguer: what comes, and how it may be cached.
RIGHTS = (
    ({}, State.PUBLISHED, (200, 200, 200, 200), "public"),
    ({"copying": Copying.VIEW_ONLY}, State.PUBLISHED, (403, 403, 200, 200), "private"),
    ({"access": Access.REGISTERED}, State.PUBLISHED, (302, 200, 200, 200), "private"),
    ({"access": Access.CAMPUS}, State.PUBLISHED, (403, 403, 200, 200), "private"),
    ({"access": Access.CLOSED}, State.PUBLISHED, (403, 403, 200, 200), "private"),
    ({"embargo_until": now().date()}, State.PUBLISHED, (403, 403, 200, 200), "private"),
    ({}, State.DRAFT, (404, 404, 200, 200), "private"),
    ({}, State.WITHDRAWN, (404, 404, 404, 404), ""),
)
USUAL = {"access": Access.OPEN, "copying": Copying.ALLOWED, "embargo_until": None}


def test_pictures_are_for_those_who_may_open_the_file(archive, app, bring, book, person, enter):
    owner = person(Role.DEPOSITOR)
    readers = (person(Role.READER, email="r@example.org"), owner, person(Role.CATALOGUER))
    clients = (app.test_client(), *(enter(one).client for one in readers))
    number = bring(("китеп.pdf", book), owner=owner)
    page = f"/works/{number}/pages/{first(archive, number).id}/1/480"
    for rights, state, expected, caching in RIGHTS:  # what was cached for one must not help another
        with archive.writing() as session:
            work = session.get_one(Work, number)
            work.state = state
            for name, value in {**USUAL, **rights}.items():
                setattr(work.files[0], name, value)
        for client, status in zip(clients, expected, strict=True):
            check(client, number, page, status, caching, covered="copying" in rights)


def check(client, number, page, status, caching, *, covered=False):
    cover, found = client.get(f"/works/{number}/thumbnail"), client.get(page)
    assert found.status_code == status
    seen = status == 200 or covered  # a cover is no page to read
    assert cover.status_code == (200 if seen else 404)
    for answer in (cover, found):
        if answer.status_code == 200:
            assert answer.headers["Cache-Control"].startswith(caching)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
    if not seen:
        assert b"/thumbnail" not in client.get(f"/works/{number}").data


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_what_was_not_cleared_has_no_pictures_for_anybody(
    archive, bring, book, person, enter, scan
):
    owner = person(Role.DEPOSITOR)
    number = bring(("китеп.pdf", book), owner=owner)
    file = first(archive, number)
    with archive.writing() as session:
        session.get_one(File, file.id).scan = scan
    for viewer in (owner, person(Role.ADMINISTRATOR)):
        client = enter(viewer).client
        page = client.get(f"/works/{number}/pages/{file.id}/1/480").status_code
        assert page in (403, 404)
        assert client.get(f"/works/{number}/thumbnail").status_code == 404
    with archive.reading() as session, pytest.raises(NotFound):
        pictures.words(archive, session.get_one(File, file.id), 1)


def test_the_cache_stays_within_its_bound_and_the_oldest_go(archive, client, bring, book):
    number = bring(("китеп.pdf", book))
    file = first(archive, number)
    folder, most = archive.settings.derived, 20 * kept.BLOCK
    for day in range(100):
        path = kept.page(folder, f"{day:04}", "1-480.webp")
        kept.cache(folder, path, b"x" * 2000, most=most)
        if path.exists():
            os.utime(path, (day, day))
        size = sum(1 for one in (folder / "pages").rglob("*") if one.is_file())
        assert size <= 20
    assert kept.page(folder, "0099", "1-480.webp").exists()
    assert not kept.page(folder, "0000", "1-480.webp").parent.exists()
    cover = kept.cover(folder, file.sha512, 96)
    kept.sweep(folder, most=1)
    assert cover.exists() and not list((folder / "pages").rglob("*.webp"))


def test_what_is_asked_for_is_not_the_oldest(archive):
    path = kept.page(archive.settings.derived, "ab12", "1-480.webp")
    kept.keep(path, b"x")
    old = time.time() - 9000
    os.utime(path, (old, old))
    assert kept.cached(path) == b"x"
    assert path.stat().st_mtime > old + 8000


def test_when_too_many_are_drawn_readers_are_asked_to_come_again(
    archive, client, bring, book, monkeypatch
):
    monkeypatch.setattr(pictures, "PATIENCE", 0.1)
    number = bring(("китеп.pdf", book))
    place = f"/works/{number}/pages/{first(archive, number).id}/1/480"
    folder = archive.settings.derived
    locks = [(folder / f"painter-{one}.lock").open("ab") for one in range(pictures.PAINTERS)]
    for one in locks:
        fcntl.flock(one, fcntl.LOCK_EX)
    answer = client.get(place)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get(f"/works/{number}").status_code == 200
    for one in locks:
        one.close()
    assert client.get(place).status_code == 200
    for _ in range(pictures.THREADS):
        pictures._threads.acquire()
    with pytest.raises(Busy), pictures.turn(folder):
        pass
    for _ in range(pictures.THREADS):
        pictures._threads.release()


def test_a_page_that_cannot_be_drawn_is_tried_once_a_day(archive, client, bring, book):
    number = bring(("китеп.pdf", book), steps=False)
    file = first(archive, number)
    path = archive.store.path(f"urn:uuid:{_uuid(archive, number)}", file.stored)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7 nothing")
    place = f"/works/{number}/pages/{file.id}/1/480"
    assert client.get(place).status_code == 404
    path.write_bytes(book)
    assert client.get(place).status_code == 404
    refusal = kept.page(archive.settings.derived, file.sha512, "1-480.webp")
    os.utime(refusal, (0, 0))
    assert client.get(place).status_code == 200


def _uuid(archive, number):
    with archive.reading() as session:
        return session.get_one(Work, number).uuid
