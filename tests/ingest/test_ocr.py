"""Scans: how they are read, watched, stopped and taken up again; with the real tesseract."""

import io
import shutil
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from ingest import arrivals, files, ocr, ocr_run, offers, pdf, pictures
from repository import catalogue, derived, examined, publishing, texts, working
from repository.archive import Archive
from repository.clock import now
from repository.models.arrivals import FileStep
from repository.models.works import Change, File, Work
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access, State

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LINES = (
    "Өнөр үлгүлөрү жана мөңгү суулары",
    "Съёмка горных рек и ледников",
    "The rivers and the glaciers",
)
FIT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Scan", "kind": "main", "language": "en"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}
reads = pytest.mark.skipif(
    shutil.which("tesseract") is None or bool(ocr_run.missing()),
    reason="tesseract with kir, rus and eng is not installed",
)


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    """A PDF of two pages that are pictures, in three languages."""
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    font = ImageFont.truetype(FONT, 40)
    pages = []
    for _ in range(2):
        page = Image.new("L", (900, 400), 255)
        for at, line in enumerate(LINES):
            ImageDraw.Draw(page).text((50, 50 + at * 90), line, font=font, fill=0)
        pages.append(page)
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=150)
    return path


def with_settings(archive, **more):
    fields = {name: getattr(archive, name) for name in archive.__dataclass_fields__}
    return Archive(**{**fields, "settings": replace(archive.settings, **more)})


def bring(archive, path, *, access=Access.OPEN, state=State.SUBMITTED):
    """A work with the file, whose text has been judged; its number."""
    settings = archive.settings
    arrival = files.receive(
        io.BytesIO(path.read_bytes()), path.name, staging=settings.staging, limit=2**30
    )
    with archive.writing() as session:
        work = catalogue.draft(session, FIT, actor=SYSTEM)
        files.attach(session, work, arrival, settings=settings, access=access)
        work.state, work.submitted = state, now()
        number = work.id
    arrivals.follow(archive)
    return number


def read_scans(archive):
    return arrivals.follow(archive, arrivals.SLOW)


def steps_of(archive, number):
    with archive.reading() as session:
        (file,) = session.get_one(Work, number).files
        return examined.steps(session, [file])[file.id]


def only_file(archive, number):
    with archive.reading() as session:
        (file,) = session.get_one(Work, number).files
        return file


@pytest.fixture(scope="module")
def read_once(scan, tmp_path_factory):
    """What OCR makes of the scan: the folder of one run."""
    folder = tmp_path_factory.mktemp("run")
    report = ocr_run.run(ocr_run.Task(scan, "skip", [1, 2], 1), folder, lambda done: True)
    return folder, report


@reads
def test_the_letters_of_three_languages_come_back(read_once):
    folder, report = read_once
    assert (report.problem, report.pages) == ("", 2)
    assert report.words >= 20 and report.sure > 0.7
    for page in pdf.text(folder / "result.pdf"):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert lines == list(LINES)
        assert all(letter in page for letter in "өүңё")


@reads
def test_a_scan_is_read_and_found_beside_its_original(archive, scan):
    number = bring(archive, scan)
    steps = steps_of(archive, number)
    assert steps["text"].outcome == "scan"
    assert texts.said(steps) == "The scanned pages wait to be read."
    publishing.accept(archive, number, actor=SYSTEM)
    with archive.writing() as session:
        session.query(Change).delete()
    assert read_scans(archive) == 1
    step = steps_of(archive, number)["ocr"]
    assert (step.state, step.outcome, step.detail["pages"]) == ("done", "read", 2)
    assert step.detail["language"] == "ky" and step.detail["confidence"] > 0.7
    file = only_file(archive, number)
    assert "мөңгү" in derived.pages(archive.settings.derived, file.sha512)[1]
    made = derived.searchable(archive.settings.derived, file.sha512)
    assert made.read_bytes()[:5] == b"%PDF-" and made.read_bytes() != scan.read_bytes()
    with archive.reading() as session:
        assert session.scalars(select(Change.follower)).all() == ["index"]
    # The same file again costs nothing.
    other = bring(archive, scan)
    assert read_scans(archive) == 1
    assert steps_of(archive, other)["ocr"].detail == step.detail


@reads
def test_what_shows_one_thing_and_says_another_is_drawn_and_read(archive, draw, say, cyrillic):
    path = draw(
        [say("Горные реки и ледники Киргизии", 20)], [say("Good text of a page")], fonts=cyrillic
    )
    number = bring(archive, path)
    assert "ocr" not in steps_of(archive, number)
    with archive.writing() as session:
        texts.again(
            session, archive.settings, session.get_one(Work, number).files[0], everything=True
        )
    hasten(archive)
    arrivals.follow(archive)
    read_scans(archive)
    step = steps_of(archive, number)["ocr"]
    assert (step.outcome, step.detail["mode"], step.detail["of"]) == ("read", "force", 2)
    file = only_file(archive, number)
    assert "ледники" in derived.pages(archive.settings.derived, file.sha512)[0]


def hasten(archive):
    with archive.writing() as session:
        for step in session.scalars(select(FileStep)):
            step.due = now()


def test_pages_are_said_in_ranges(tmp_path):
    task = ocr_run.Task(tmp_path, "redo", [1, 2, 3, 7, 9, 10], 1)
    said = ocr_run.arguments(task, tmp_path)
    assert said[said.index("--pages") + 1] == "1-3,7,9-10"
    assert said[said.index("--language") + 1] == "kir+rus+eng"


def test_without_tesseract_the_file_gets_a_mark_and_is_read_once_it_is_there(
    archive, scan, monkeypatch, tmp_path
):
    number = bring(archive, scan)
    with monkeypatch.context() as here:
        here.setenv("PATH", str(tmp_path))
        ocr_run._known.cache_clear()
        read_scans(archive)
        step = steps_of(archive, number)["ocr"]
        assert (step.state, step.outcome) == ("done", "missing")
        assert step.detail["needs"][0] == "tesseract-ocr"
        assert texts.said(steps_of(archive, number)).startswith("Scanned pages without text: 2.")
        assert ocr.mend(archive) == 0
    ocr_run._known.cache_clear()
    if not ocr_run.missing():
        assert ocr.mend(archive) == 1
        assert steps_of(archive, number)["ocr"].state == "waiting"


def test_where_it_is_off_or_too_much_nothing_is_read(archive, scan):
    number = bring(archive, scan)
    read_scans(with_settings(archive, ocr="off"))
    assert steps_of(archive, number)["ocr"].outcome == "off"
    with archive.writing() as session:
        texts.await_again(session.scalars(select(FileStep).where(FileStep.step == "ocr")).one())
    read_scans(with_settings(archive, ocr_pages=1))
    assert steps_of(archive, number)["ocr"].outcome == "large"


@reads
def test_a_worker_that_ends_leaves_the_file_for_the_next(archive, scan):
    number = bring(archive, scan)
    ending = threading.Timer(0.6, working.stopping.set)
    ending.start()
    try:
        read_scans(archive)
    finally:
        ending.join()
        working.stopping.clear()
    step = steps_of(archive, number)["ocr"]
    assert (step.state, step.error) == ("waiting", "reading was stopped")
    assert step.detail["of"] == 2
    assert texts.said(steps_of(archive, number)) == "The scanned pages are being read: 0 of 2."
    assert list((archive.settings.derived / "scratch").iterdir()) == []


@reads
def test_whoever_switches_a_file_off_stops_what_is_going_on(archive, scan, monkeypatch):
    number = bring(archive, scan)
    monkeypatch.setattr(ocr, "BEAT", 0.0)

    def switch_off():
        with archive.writing() as session:
            texts.switch_off(session, archive.settings, session.get_one(Work, number).files[0])

    switching = threading.Timer(0.8, switch_off)
    switching.start()
    read_scans(archive)
    switching.join()
    arrivals.follow(archive)
    assert read_scans(archive) == 0
    steps = steps_of(archive, number)
    assert steps["ocr"].outcome == "switched off"
    assert "switched off" in texts.said(steps)


@reads
def test_a_broken_pdf_is_refused_for_good(archive, scan, tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing\nstartxref\n0\n%%EOF\n")
    report = ocr_run.run(ocr_run.Task(path, "skip", [1], 1), tmp_path, lambda done: True)
    assert report.problem == "broken"


@reads
def test_what_takes_too_long_is_ended(scan, tmp_path, monkeypatch):
    monkeypatch.setattr(ocr_run, "START_SECONDS", 1)
    monkeypatch.setattr(ocr_run, "PAGE_SECONDS", 0)
    report = ocr_run.run(ocr_run.Task(scan, "skip", [1], 1), tmp_path, lambda done: True)
    assert report.problem == "hard"


def test_lost_results_and_files_that_were_never_judged_are_taken_up_again(archive, scan):
    number = bring(archive, scan)
    with archive.writing() as session:
        (file,) = session.get_one(Work, number).files
        steps = examined.steps(session, [file])[file.id]
        steps["text"].tool = ""  # as before texts were judged
        steps["ocr"].state, steps["ocr"].outcome = "done", "read"
    lost = 0 if ocr_run.missing() else 1
    assert ocr.mend(archive) == 1 + lost
    assert steps_of(archive, number)["text"].state == "waiting"


def test_the_server_never_imports_ocrmypdf():
    said = "import wsgi, sys; sys.exit('ocrmypdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0


@reads
def test_staff_see_how_far_it_is_and_may_ask_again(archive, app, client, enter, person, scan):
    number = bring(archive, scan)
    file = only_file(archive, number)
    staff = enter(person(Role.CATALOGUER))
    assert "wait to be read" in staff.client.get("/staff/texts").text
    shown = staff.client.get(f"/staff/texts/{file.id}")
    assert shown.status_code == 200 and "Read the text again" in shown.text
    assert client.get(f"/works/{number}/text/{file.id}.pdf").status_code == 404
    derived.keep_searchable(archive.settings.derived, file.sha512, copy_of(scan, archive))
    publishing.accept(archive, number, actor=SYSTEM)
    answer = client.get(f"/works/{number}/text/{file.id}.pdf")
    assert answer.status_code == 200 and answer.data == scan.read_bytes()
    assert f"/works/{number}/text/{file.id}.pdf" in client.get(f"/works/{number}").text
    address = f"/staff/texts/{file.id}"
    assert staff.send(staff.get(address), address, ("do", "again")).status_code == 303
    assert not derived.searchable(archive.settings.derived, file.sha512).exists()
    assert staff.send(staff.get(address), address, ("do", "off")).status_code == 303
    assert steps_of(archive, number)["ocr"].outcome == "switched off"
    assert staff.send(staff.get(address), address, ("do", "nonsense")).status_code == 404


def copy_of(scan, archive):
    made = archive.settings.derived / "made"
    made.parent.mkdir(parents=True, exist_ok=True)
    return shutil.copy(scan, made)


@pytest.mark.parametrize("level", [Access.REGISTERED, Access.CAMPUS, Access.STAFF, Access.CLOSED])
def test_a_closed_scan_has_a_closed_text(archive, client, scan, level):
    number = bring(archive, scan, access=level)
    publishing.accept(archive, number, actor=SYSTEM)
    file = only_file(archive, number)
    derived.keep_searchable(archive.settings.derived, file.sha512, copy_of(scan, archive))
    assert client.get(f"/works/{number}/text/{file.id}.pdf").status_code in (302, 403)
    assert f"/text/{file.id}.pdf" not in client.get(f"/works/{number}").text


def test_a_scan_that_is_only_read_here_is_not_handed_out(archive, client, scan):
    number = bring(archive, scan)
    publishing.accept(archive, number, actor=SYSTEM)
    with archive.writing() as session:
        file = session.scalars(select(File)).one()
        file.copying = "view-only"
        derived.keep_searchable(archive.settings.derived, file.sha512, copy_of(scan, archive))
        number_of_file = file.id
    assert client.get(f"/works/{number}/text/{number_of_file}.pdf").status_code == 403


def test_the_language_of_any_document_is_suggested_once_it_was_read(archive, tmp_path):
    said = "Бул эмгекте мөңгүлөрдүн эриши жана өзөндөрдүн агымы үчүн маалымат берилген. " * 5
    path = tmp_path / "эмгек.html"
    path.write_text(f"<html><body><p>{said}</p></body></html>", "utf-8")
    number = bring(archive, path, state=State.DRAFT)
    assert steps_of(archive, number)["text"].detail["language"] == "ky"
    with archive.reading() as session:
        assert offers.of(archive, session.get_one(Work, number)) == {"languages": ["ky"]}


@reads
def test_the_words_of_a_scan_have_their_places(archive, scan, read_once):
    number = bring(archive, scan)
    file = only_file(archive, number)
    assert pictures.words(archive, file, 1) == []
    made = archive.settings.derived / "made"
    shutil.copy(read_once[0] / "result.pdf", made)
    derived.keep_searchable(archive.settings.derived, file.sha512, made)
    assert "мөңгү" in {word.text for word in pictures.words(archive, file, 1)}
