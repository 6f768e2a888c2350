"""Records of InvenioRDM and of Zenodo before it, with their files and terms."""

import json
from datetime import date

import importing
import pytest

from ingest.importers import invenio
from schemas import vocabulary
from schemas.vocabulary import Access

NEW = {
    "id": "abc-1",
    "files": {"entries": {"a.pdf": {"key": "a.pdf"}}},
    "metadata": {
        "resource_type": {"id": "publication-section"},
        "title": "Тоо",
        "creators": [{"person_or_org": {"type": "personal", "name": "Асанов, Бакыт"}}],
        "publication_date": "2020/2021",
    },
    "custom_fields": {
        "imprint:imprint": {"title": "Тоолор", "isbn": "978-3-16-148410-0", "place": "Бишкек"}
    },
}

FIELDS = (
    "creators resource_type languages subjects rights identifiers dates funding description journal"
).split()


def read(folder, record, *, name="records.json"):
    (folder / name).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return list(invenio.read(folder / name))


def with_(**more):
    return {**NEW, "metadata": {**NEW["metadata"], **more}}


def test_the_sample_says_what_it_means():
    article, broken, thesis, data = importing.read("invenio", importing.sample("invenio"))
    assert article.document["host"]["issn"] == ["1694-7681"]
    assert article.document["creators"][0]["orcid"] == "0000-0002-1825-0097"
    assert article.document["licence"] == "cc-by-4.0"
    assert [one["kind"] for one in article.document["titles"]] == ["main", "translated"]
    assert "Correct it" in broken.problem
    assert thesis.document["thesis"] == {"degree": "phd", "grantor": "КНУ"}
    assert thesis.document["contributors"][0]["role"] == "ths"
    assert data.document["funding"] == [{"funder": "Science Fund", "award": "17", "title": "Snow"}]
    assert data.document["relations"][0]["kind"] == "is_supplement_to"
    assert data.unplaced == ("version",) and data.kept and '"version"' in data.kept.text


@pytest.mark.parametrize("shape", [NEW, [NEW], {"hits": {"hits": [NEW]}}, {"hits": [NEW]}])
def test_one_record_a_list_and_an_answer_are_read_alike(tmp_path, shape):
    (row,) = read(tmp_path, shape)
    assert row.key == "abc-1" and row.document["type"] == vocabulary.TYPES["book-part"].uri
    assert row.document["host"]["title"] == "Тоолор" and row.document["issued"] == "2020"
    assert row.document["creators"][0]["family"] == "Асанов"


def test_files_lie_beside_or_in_the_folder_of_their_record(tmp_path):
    (row,) = read(tmp_path, NEW)
    assert not row.files and [one.name for one in row.links] == ["a.pdf"]
    (tmp_path / "abc-1").mkdir()
    (tmp_path / "abc-1/a.pdf").write_bytes(b"%PDF")
    (row,) = read(tmp_path, NEW)
    assert [one.name for one in row.files] == ["a.pdf"] and not row.links
    (row,) = read(tmp_path, {**NEW, "files": [{"filename": "../records.json"}, {"key": "a.pdf"}]})
    assert [one.name for one in row.files] == ["records.json", "a.pdf"]
    assert all(one.path.is_relative_to(tmp_path) for one in row.files)


@pytest.mark.parametrize(
    ("record", "access", "until"),
    [
        (NEW, Access.OPEN, None),
        ({**NEW, "access": {"files": "restricted"}}, Access.CLOSED, None),
        ({**NEW, "access": {"record": "restricted"}}, Access.CLOSED, None),
        (with_(access_right="closed"), Access.CLOSED, None),
        (with_(access_right="embargoed", embargo_date="2031-02-03"), Access.OPEN, date(2031, 2, 3)),
        (
            {**NEW, "access": {"embargo": {"active": True, "until": "2031-02-03"}}},
            Access.OPEN,
            date(2031, 2, 3),
        ),
        ({**NEW, "access": {"embargo": {"active": True, "until": "soon"}}}, Access.CLOSED, None),
    ],
)
def test_terms_of_files_come_along(tmp_path, record, access, until):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (row,) = read(tmp_path, record)
    assert [(one.access, one.embargo_until) for one in row.files] == [(access, until)]
    assert bool(row.remarks) == ("soon" in str(record))


@pytest.mark.parametrize("strange", [None, 7, "x", [], [[]], {"a": []}, [{"id": {}}], True])
@pytest.mark.parametrize("key", FIELDS)
def test_fields_of_another_shape_cost_only_themselves(tmp_path, key, strange):
    (row,) = read(tmp_path, with_(**{key: strange}))
    assert row.document["titles"][0]["text"] == "Тоо" and not row.problem
