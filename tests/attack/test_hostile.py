"""Hostile files go all the way that files go, and nothing crashes, hangs, or runs."""

import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select
from werkzeug.http import parse_options_header

from ingest import arrivals, derive, file_names, files, pictures, pronom, virus
from ingest.findings import Subject
from repository import catalogue, publishing
from repository import pictures as kept
from repository.errors import ArchiveError
from repository.models.arrivals import FileStep, StepState
from repository.models.works import Work
from repository.viewers import SYSTEM
from repository.web.works import SHOWN
from schemas.vocabulary import Scan

FIT = {
    "type": "http://purl.org/coar/resource_type/c_ddb1",
    "titles": [{"text": "Жаман файлдар", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}
SECONDS = 2  # for one picture; the archive gives 20
LONGEST = 120  # for one file and one step, whatever happens to it, while the machine is busy
MEMORY = 512 * 2**10  # KiB
HANDS = 3
SPARED = {pronom.STEP: 8, derive.STEP: 2}
PDF = "application/pdf"
STEPS = (virus.STEP, pronom.STEP, derive.STEP, pictures.STEP)
# What could run in a browser, were it shown as what it is.
ACTIVE = ("html", "svg", "xml", "javascript")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> dict[Path, str]:
    """The hostile files, with the names that they want to have."""
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, Path(__file__).with_name("hostile.py"), folder], check=True)
    names = json.loads((folder / "names.json").read_text("utf-8"))
    return {folder / one: name for one, name in names.items()}


def receive(archive, path, name):
    """The arrival, or None where the file was refused with a sentence."""
    settings = archive.settings
    try:
        with path.open("rb") as stream:
            return files.receive(stream, name, staging=settings.staging, limit=2**30)
    except ArchiveError as error:
        assert error.status in (413, 422), name
        return None


def attach(archive, came):
    """A work that has all that came; its number."""
    with archive.writing() as session:
        work = catalogue.draft(session, FIT, actor=SYSTEM)
        for one in came:
            files.attach(session, work, one, settings=archive.settings)
        return work.id


def spare(archive):
    """Takes steps from files for which they are much the same, since each costs a process: the
    format of most, the text of every other PDF. ARCHIVE_TEST_HOSTILE=all takes nothing."""
    if os.environ.get("ARCHIVE_TEST_HOSTILE") == "all":
        return
    with archive.writing() as session:
        kinds = {file.id: file.media_type for file in session.get_one(Work, 1).files}
        for step in session.scalars(select(FileStep).where(FileStep.step.in_(SPARED))):
            kind, every = kinds[step.file_id], SPARED[step.step]
            plain = kind in (PDF, "text/plain") or (kind in kept.KINDS and step.step == pronom.STEP)
            if plain and step.file_id % every:
                step.state = StepState.DONE


def work_through(archive):
    """Takes all steps, with several hands; the longest time of any in seconds."""
    longest = [0.0]

    def timed(step):
        def look(archive, subject):
            begun = time.monotonic()
            found = step.look(archive, subject)
            longest[0] = max(longest[0], time.monotonic() - begun)
            return found

        return step._replace(look=look)

    steps = {name: timed(arrivals.STEPS[name]) for name in STEPS}
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(HANDS) as hands:
        patch.setattr(arrivals, "STEPS", steps)
        patch.setattr(arrivals, "BATCH", 4)
        while any(hands.map(lambda _: arrivals.follow(archive), range(HANDS))):
            pass
    return longest[0]


def test_hostile_files_are_looked_at_kept_and_served_and_do_no_harm(
    archive, app, corpus, monkeypatch
):
    monkeypatch.setattr(pictures, "COVER_SECONDS", SECONDS)
    monkeypatch.setattr(pictures, "PAGE_SECONDS", SECONDS)
    monkeypatch.setattr(pictures, "PATIENCE", 60.0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    came, refused = [], []
    for path, name in corpus.items():
        arrival = receive(archive, path, name)
        came.append(arrival) if arrival else refused.append(path)
    number = attach(archive, came)
    spare(archive)
    longest = work_through(archive)
    longest = max(longest, bypassing(archive, refused))
    with archive.reading() as session:
        left = session.execute(
            select(FileStep.step, FileStep.error).where(
                FileStep.step.in_(STEPS), FileStep.state != StepState.DONE
            )
        ).all()
    assert not left
    publishing.publish(archive, number, actor=SYSTEM)
    with archive.reading() as session:
        kinds = {file.id: file for file in session.get_one(Work, number).current_files}
        assert {file.scan for file in kinds.values()} == {Scan.UNSCANNED}
    begun = time.monotonic()
    for file in kinds.values():
        served(app.test_client(), f"/works/{number}/{quote(file.name)}", file)
    drawn = [file for file in kinds.values() if file.media_type in kept.KINDS][::3]
    with ThreadPoolExecutor(HANDS) as hands:
        answers = list(hands.map(lambda one: pictured(app, number, one), drawn))
        assert app.test_client().get(f"/works/{number}").status_code == 200
    assert app.test_client().get("/search?q=hello").status_code == 200
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(  # seen with `pytest -s`
        f"{len(corpus)} files, {len(refused)} refused at the door; {answers.count(200)} of "
        f"{len(drawn)} pages drawn; longest step {longest:.1f} s, largest process "
        f"{most // 2**10} MiB; served in {time.monotonic() - begun:.1f} s"
    )
    assert len(corpus) > 140
    assert longest < LONGEST
    assert most <= max(before, MEMORY)
    assert not list(archive.settings.instance.parent.rglob("*slipped*"))


def bypassing(archive, paths):
    """Has the tools look at what would not have come so far; the longest time in seconds."""

    def look(path):
        begun = time.monotonic()
        subject = Subject(0, path.name, "application/pdf", path.name * 40, path)
        assert derive.look(archive, subject).outcome
        assert pictures.look(archive, subject).outcome in ("cover", "refused")
        return time.monotonic() - begun

    with ThreadPoolExecutor(HANDS) as hands:
        return max(hands.map(look, paths))


def served(client, path, file):
    answer = client.get(path, headers={"Range": "bytes=0-99"})
    assert answer.status_code == 206, path
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in headers or "x=1" not in headers["Set-Cookie"]
    kind, options = parse_options_header(headers["Content-Disposition"])
    assert options["filename"] == file.name
    assert (kind == "inline") == (file.media_type in SHOWN), path
    if kind == "inline":
        assert not any(one in answer.mimetype for one in ACTIVE), path
        assert "script-src" not in headers["Content-Security-Policy"]


def pictured(app, number, file):
    """Asks for the cover and a page; the page's status."""
    client = app.test_client()
    page = client.get(f"/works/{number}/pages/{file.id}/1/480")
    cover = client.get(f"/works/{number}/thumbnail")
    assert cover.status_code == 200
    assert page.status_code in (200, 404), file.name
    if page.status_code == 200:
        assert page.data[8:12] == b"WEBP"
        assert page.headers["Content-Type"] == "image/webp"
    return page.status_code


def test_no_name_leads_out_of_its_folder_or_into_a_header(corpus):
    for name in corpus.values():
        safe = file_names.safe(name)
        assert safe and safe not in (".", "..") and len(safe.encode()) <= 255
        assert not set(safe) & set('/\\\0\r\n"<>|:*?\u202e\u2066')
        assert not safe.startswith((".", "-", "~"))
