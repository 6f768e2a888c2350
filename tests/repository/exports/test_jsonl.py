import json
from datetime import UTC, datetime

import pytest

from ingest import batch
from ingest.importers import jsonl as importer
from ingest.jobs import Job
from ingest.rows import Past, Row, RowFile
from repository import collections, publishing, versions
from repository.errors import Conflict, StorageFull
from repository.exports import jsonl
from repository.models.works import Work
from repository.store import disk
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES, Access, State


def row(number, state=State.PUBLISHED, **more):
    document = {
        "type": TYPES["article"].uri,
        "titles": [{"text": f"Эмгек {number}", "language": "ky", "kind": "main"}],
    }
    return Row(f"line {number}", f"key {number}", document, state=state, **more)


@pytest.fixture
def filled(archive, tmp_path):
    """An archive with works of several states, files and a tree of collections."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"text of {name}")
    with archive.writing() as session:
        faculty = collections.add(session, "faculty", names={"ky": "Факультет"})
        collections.add(session, "chair", names={"ky": "Кафедра"}, parent=faculty)
    withdrawal = {"kind": "law", "reason": "By order.", "moment": "2022-01-01T00:00:00+00:00"}
    published = datetime(2020, 9, 1, 3, tzinfo=UTC)
    files = (
        RowFile(tmp_path / "a.txt", "Эмгек.txt"),
        RowFile(tmp_path / "b.txt", "Тиркеме.txt", access=Access.CAMPUS),
    )
    rows = [
        row(1, collections=("chair",), files=files, past=Past(published=published, number=7)),
        row(2, State.WITHDRAWN, past=Past(withdrawal=withdrawal), files=files[:1]),
        row(3, State.DRAFT, files=files[1:]),
        row(4, State.SUBMITTED, past=Past(agreement={"language": "ky", "text": "Макулмун."})),
    ]
    report = batch.run(archive, rows, Job(source="test"))
    assert not report.failed
    return archive


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_was_public_is_written_with_its_files(filled, tmp_path):
    out = tmp_path / "out"
    assert jsonl.count(filled) == 2
    written = jsonl.write(filled, out)
    assert (written.works, written.files, written.collections) == (2, 3, 2)
    assert written.problems == []
    published, withdrawn = lines(out / "works.jsonl")
    assert published["number"] == 7
    assert published["published"] == "2020-09-01T03:00:00+00:00"
    assert published["collections"] == ["chair"]
    assert [file["access"] for file in published["files"]] == ["open", "campus"]
    assert (out / "files" / "7" / "Эмгек.txt").read_text() == "text of a.txt"
    assert withdrawn["withdrawal"]["reason"] == "By order."
    assert lines(out / "collections.jsonl") == [
        {"slug": "faculty", "names": {"ky": "Факультет"}},
        {"slug": "chair", "parent": "faculty", "names": {"ky": "Кафедра"}},
    ]


def test_drafts_are_written_when_everything_is_asked_for(filled, tmp_path):
    told = []
    out = tmp_path / "out"
    written = jsonl.write(filled, out, states=jsonl.EVERYTHING, done=lambda: told.append(1))
    assert written.works == jsonl.count(filled, jsonl.EVERYTHING) == len(told) == 4
    states = [line["state"] for line in lines(out / "works.jsonl")]
    assert sorted(states) == ["draft", "published", "submitted", "withdrawn"]


def test_pages_of_works_follow_on_each_other(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "PAGE", 1)
    assert jsonl.write(filled, tmp_path / "out").works == 2


def test_an_export_is_not_written_over(filled, tmp_path):
    jsonl.write(filled, tmp_path / "out")
    with pytest.raises(Conflict, match="another folder"):
        jsonl.write(filled, tmp_path / "out")


def test_a_damaged_or_lost_file_is_left_out_and_told(filled, tmp_path):
    with filled.reading() as session:
        work = session.get(Work, 7)
        oid = versions.object_id(work.uuid)
        first, second = (filled.store.path(oid, file.stored) for file in work.files)
    first.chmod(0o644)
    first.write_text("other")
    second.unlink()
    written = jsonl.write(filled, tmp_path / "out")
    assert len(written.problems) == 2
    assert "Эмгек.txt: damaged" in written.problems[0]
    assert "Тиркеме.txt" in written.problems[1]
    assert "files" not in lines(tmp_path / "out" / "works.jsonl")[0]
    assert not (tmp_path / "out" / "files" / "7" / "Эмгек.txt").exists()


def test_a_full_disk_is_said_to_be_full(filled, tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "copy", full)
    with pytest.raises(StorageFull):
        jsonl.write(filled, tmp_path / "out")


def test_every_line_is_read_again(filled, tmp_path):
    jsonl.write(filled, tmp_path / "out", states=jsonl.EVERYTHING)
    rows = list(importer.read(tmp_path / "out"))
    assert [row for row in rows if getattr(row, "problem", "")] == []
    assert len(rows) == 6


def test_the_newest_version_is_what_is_written(filled, tmp_path):
    with filled.reading() as session:
        document = dict(session.get(Work, 7).document)
    document["issued"] = "2021"
    publishing.revise(filled, 7, actor=SYSTEM, reason="Year added", document=document)
    jsonl.write(filled, tmp_path / "out")
    first = lines(tmp_path / "out" / "works.jsonl")[0]
    assert (first["version"], first["document"]["issued"]) == (2, "2021")
