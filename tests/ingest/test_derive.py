import gzip
from io import BytesIO

import pytest

from ingest import arrivals, derive, files
from repository import catalogue, derived
from repository.errors import StorageFull
from repository.store import disk
from repository.viewers import SYSTEM


def read(archive, path, sha512="ab" * 64, media_type="text/plain"):
    return derive.read(archive, path, sha512=sha512, media_type=media_type)


def test_the_text_of_a_pdf_is_kept_page_by_page(archive, draw, say):
    path = draw([say("Sublimation of snow")], [say("Second page")])
    pages = read(archive, path, media_type="application/pdf")
    assert [page.strip() for page in pages] == ["Sublimation of snow", "Second page"]
    assert derived.pages(archive.settings.derived, "ab" * 64) == pages


def test_a_file_is_read_once(archive, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before", "utf-8")
    assert read(archive, path) == ["before"]
    path.write_text("after", "utf-8")
    assert read(archive, path) == ["before"]


def test_what_cannot_be_read_has_no_text_and_is_not_tried_again(archive, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing inside\nstartxref\n0\n%%EOF\n")
    assert read(archive, path, media_type="application/pdf") == []
    assert derived.has(archive.settings.derived, "ab" * 64)


def test_a_file_that_is_away_for_now_is_tried_again(archive, tmp_path):
    assert read(archive, tmp_path / "absent.txt") == []
    assert not derived.has(archive.settings.derived, "ab" * 64)


def test_pictures_have_no_text(archive, tmp_path):
    assert read(archive, tmp_path / "a.png", media_type="image/png") == []


def test_damaged_text_counts_as_none(archive):
    folder = archive.settings.derived
    derived.keep(folder, "cd" * 64, ["text"])
    path = derived.path(folder, "cd" * 64)
    path.write_bytes(path.read_bytes()[:-6])
    assert derived.pages(folder, "cd" * 64) == []
    path.write_bytes(gzip.compress(b"no json"))
    assert derived.pages(folder, "cd" * 64) == []


def test_on_a_full_disk_no_half_text_is_kept(archive, monkeypatch):
    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "sync", full)
    folder = archive.settings.derived
    with pytest.raises(StorageFull):
        derived.keep(folder, "ef" * 64, ["text"])
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_an_upload_is_read_by_the_worker(archive):
    arrival = files.receive(
        BytesIO("Жайлоо".encode()), "a.txt", staging=archive.settings.staging, limit=100
    )
    with archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        files.attach(session, work, arrival, settings=archive.settings)
    arrivals.follow(archive)
    assert derived.pages(archive.settings.derived, arrival.sha512) == ["Жайлоо"]
