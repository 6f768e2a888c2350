import json
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest import demonstration, media
from ingest.demonstration import FOLDER, make
from ingest.reports import Outcome
from repository import derived
from repository.models.works import Work
from schemas import vocabulary
from schemas import work as profile
from schemas.vocabulary import State

LINES = [json.loads(line) for line in (FOLDER / "works.jsonl").read_text("utf-8").splitlines()]
FILES = sorted({file["path"] for line in LINES for file in line.get("files", ())})


@pytest.fixture
def loaded(archive):
    report = demonstration.load(archive)
    assert not report.remarks
    return archive


def test_everything_is_taken_in_and_the_second_time_nothing(loaded):
    again = demonstration.load(loaded)
    assert again.outcomes == {Outcome.KNOWN: len(LINES)}
    assert again.collections == 0
    with loaded.reading() as session:
        works = session.scalars(select(Work)).all()
        assert len(works) == len(LINES)
        assert {work.state for work in works} == {State.PUBLISHED, State.WITHDRAWN}


def test_every_text_can_be_found_by_a_phrase_from_inside(loaded):
    phrases = {
        "zhailoo.pdf": "Сүзмө илинген жерде кыш башталат",
        "streamflow.pdf": "sealed-envelope rule",
        "handwriting.pdf": "спросить дважды, но об одном",
        "caravans.pdf": "реку переходят до петухов",
        "caravans-abstract.pdf": "главным имуществом каравана",
        "air.pdf": "жалган түтүн",
        "informatics.pdf": "эң эски эсептөөчү машина",
        "yurt.pdf": "дом задержал дыхание",
        "survey.pdf": "if the form had asked me less",
        "lecture.pdf": "Жабык сандыктагы алтын",
        "naryn-monthly.csv": "precipitation_mm",
    }
    with loaded.reading() as session:
        works = session.scalars(select(Work)).all()
        sizes = {file.size: file.sha512 for work in works for file in work.files}
    for name, phrase in phrases.items():
        sha512 = sizes[(FOLDER / "files" / name).stat().st_size]
        text = " ".join(" ".join(derived.pages(loaded.settings.derived, sha512)).split())
        assert phrase in text, name


def test_the_works_are_of_many_kinds_and_three_languages():
    documents = [profile.check(line["document"]) for line in LINES]
    assert len({document["type"] for document in documents}) >= 12
    languages = {code for document in documents for code in document["languages"]}
    assert languages == {"ky", "ru", "en"}
    levels = {file.get("access", "open") for line in LINES for file in line.get("files", ())}
    assert levels >= {"open", "registered", "campus"}
    assert any(file.get("embargo_until") for line in LINES for file in line.get("files", ()))
    assert any(not line.get("files") and line["state"] == "published" for line in LINES)
    licences = {document["licence"] for document in documents}
    assert licences <= set(vocabulary.LICENCES)


def test_collections_are_named_in_three_languages_and_each_holds_something():
    lines = (FOLDER / "collections.jsonl").read_text("utf-8").splitlines()
    collections = [json.loads(line) for line in lines]
    used = {slug for line in LINES for slug in line["collections"]}
    used |= {one.get("parent") for one in collections}
    for one in collections:
        assert list(one["names"]) == ["ky", "ru", "en"]
        assert one["slug"] in used


@pytest.mark.parametrize("path", FILES)
def test_files_are_small_and_what_they_seem(path):
    file = FOLDER / path
    assert file.stat().st_size < 40_000
    assert not media.identify(file, file.name).mismatch


def test_no_file_lies_there_unused():
    here = {f"files/{path.name}" for path in (FOLDER / "files").iterdir()}
    assert here == set(FILES)


@pytest.mark.skipif(not make.FACE.exists(), reason="DejaVu fonts are not installed")
def test_files_are_those_that_the_script_makes(tmp_path: Path, monkeypatch):
    """The same bytes, where the fonts and reportlab are the same; else the same names."""
    for name in ("works.jsonl", "texts"):
        (tmp_path / name).symlink_to(FOLDER / name)
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    make.main()
    assert sorted(f"files/{path.name}" for path in (tmp_path / "files").iterdir()) == FILES
    table = "files/naryn-monthly.csv"
    assert (tmp_path / table).read_bytes() == (FOLDER / table).read_bytes()
