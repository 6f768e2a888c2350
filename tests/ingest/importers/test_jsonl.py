import json
from datetime import UTC, date, datetime

import pytest

from ingest.importers import jsonl
from ingest.rows import Gathering
from repository.errors import NotFound
from schemas.vocabulary import TYPES, Access, State

DOCUMENT = {"type": TYPES["article"].uri, "titles": [{"text": "Title", "kind": "main"}]}


@pytest.fixture
def rows(tmp_path):
    """Reads lines (JSON values, or bytes as they are) that are written into a file."""

    def read(*lines, name="works.jsonl"):
        data = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
        (tmp_path / name).write_bytes(b"\n".join(data))
        return list(jsonl.read(tmp_path / name))

    return read


def test_a_line_becomes_a_row_with_all_that_it_says(rows, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(b"%PDF")
    (row,) = rows(
        {
            "uuid": "6b29fc40-ca47-11d1-b31d-00dd010662da",
            "number": 12,
            "version": 3,
            "state": "withdrawn",
            "published": "2024-05-31T09:30:00+00:00",
            "withdrawal": {"kind": "error", "reason": "Why"},
            "collections": ["theses"],
            "document": DOCUMENT,
            "files": [
                {
                    "path": "files/a.pdf",
                    "name": "Эмгек.pdf",
                    "access": "campus",
                    "embargo_until": "2030-01-01",
                    "sha512": "ab" * 64,
                }
            ],
        }
    )
    assert row.place == "works.jsonl, line 1"
    assert row.key == row.past.uuid == "6b29fc40-ca47-11d1-b31d-00dd010662da"
    assert row.document == DOCUMENT
    assert row.state is State.WITHDRAWN
    assert row.collections == ("theses",)
    assert (row.past.number, row.past.version) == (12, 3)
    assert row.past.published == datetime(2024, 5, 31, 9, 30, tzinfo=UTC)
    assert row.past.withdrawal == {"kind": "error", "reason": "Why"}
    (file,) = row.files
    assert file.path == tmp_path / "files" / "a.pdf"
    assert (file.name, file.access) == ("Эмгек.pdf", Access.CAMPUS)
    assert (file.embargo_until, file.sha512) == (date(2030, 1, 1), "ab" * 64)


def test_a_key_is_what_the_line_says_or_what_its_description_amounts_to(rows):
    named, first, second, other = rows(
        {"key": "mine", "document": DOCUMENT},
        {"document": DOCUMENT},
        {"document": dict(reversed(DOCUMENT.items())), "collections": ["a"]},
        {"document": {**DOCUMENT, "issued": "2024"}},
    )
    assert named.key == "mine"
    assert first.key == second.key != other.key


def test_a_broken_line_in_the_middle_is_reported_and_the_others_are_read(rows):
    broken = {
        b"{": "not JSON",
        b'{"document": {"type": ': "not JSON",
        b"\xff\xfe\x00": "not UTF-8",
        b"[1, 2]": "group of fields",
        b'{"number": NaN}': "too deep, or too large",
        b'{"number": 1e999}': "number",
        b"[" * 100_000: "too deep, or too large",
        b'{"number": ' + b"9" * 5000 + b"}": "too deep, or too large",
        b'{"state": "lost"}': "state",
        b'"\\ud800"': "group of fields",
    }
    found = rows({"document": DOCUMENT}, *broken, {"document": DOCUMENT})
    assert [bool(row.problem) for row in found] == [False, *[True] * len(broken), False]
    for number, (row, reason) in enumerate(zip(found[1:-1], broken.values(), strict=True), 2):
        assert row.place == f"works.jsonl, line {number}"
        assert reason in row.problem


def test_a_line_of_enormous_length_is_left_out_without_being_kept(rows, monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST", 1000)
    first, long, last = rows(
        {"document": DOCUMENT}, b'{"key": "' + b"x" * 5500 + b'"}', {"document": DOCUMENT}
    )
    assert "longer than" in long.problem
    assert (first.place, last.place) == ("works.jsonl, line 1", "works.jsonl, line 3")
    assert not last.problem


def test_empty_lines_and_a_byte_order_mark_are_passed_over(rows):
    first, second = rows(
        b"\xef\xbb\xbf" + json.dumps({"document": DOCUMENT}).encode(),
        b"",
        b"  ",
        {"document": DOCUMENT},
    )
    assert not first.problem
    assert second.place == "works.jsonl, line 4"


def test_files_are_taken_from_inside_the_folder_only(rows, tmp_path):
    (tmp_path.parent / "secret").write_text("secret")
    (tmp_path / "link").symlink_to(tmp_path.parent / "secret")
    (tmp_path / "folder").mkdir()
    for path in ("../secret", str(tmp_path.parent / "secret"), "link", "folder", "absent"):
        (row,) = rows({"document": DOCUMENT, "files": [{"path": path}]})
        assert row.problem
        assert not row.files


def test_a_folder_gives_its_collections_before_its_works(tmp_path):
    lines = {
        "collections.jsonl": {"slug": "theses", "names": {"en": "Theses"}},
        "works.jsonl": {"document": DOCUMENT},
    }
    for name, line in lines.items():
        (tmp_path / name).write_text(json.dumps(line) + "\n")
    collection, work = jsonl.read(tmp_path)
    assert isinstance(collection, Gathering)
    assert collection.names == {"en": "Theses"}
    assert work.document == DOCUMENT
    assert jsonl.count(tmp_path) == 2
    assert jsonl.count(tmp_path / "works.jsonl") == 1


def test_a_broken_collection_is_a_row_with_a_problem(tmp_path):
    (tmp_path / "collections.jsonl").write_text('{"slug": "Не то"}\n')
    (tmp_path / "works.jsonl").write_text("")
    (row,) = jsonl.read(tmp_path)
    assert row.place == "collections.jsonl, line 1"
    assert "slug" in row.problem


def test_a_folder_without_works_is_said_to_be_such(tmp_path):
    with pytest.raises(NotFound, match=r"works\.jsonl"):
        list(jsonl.read(tmp_path))
    with pytest.raises(NotFound, match=r"works\.jsonl"):
        jsonl.count(tmp_path)
