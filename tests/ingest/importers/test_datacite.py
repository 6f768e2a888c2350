"""DataCite in JSON: what it says is what its XML says."""

import json

import pytest

from ingest.importers import datacite
from schemas import work as profile

SAID = {
    "doi": "10.5555/x",
    "titles": [
        {"title": "Суулар", "lang": "ky"},
        {"title": "Воды", "titleType": "TranslatedTitle"},
    ],
    "creators": [{"name": "GeoLab", "nameType": "Organizational"}],
    "publicationYear": 2021,
    "dates": [{"date": "2020-11-05", "dateType": "Submitted"}],
    "subjects": [{"subject": "556", "subjectScheme": "UDC"}, {"subject": "суу"}],
    "relatedIdentifiers": [
        {
            "relatedIdentifier": "10.5555/y",
            "relatedIdentifierType": "DOI",
            "relationType": "IsPartOf",
        }
    ],
    "fundingReferences": [{"funderName": "Тоо фонду", "awardNumber": "7"}],
}


@pytest.fixture
def read(tmp_path):
    """The rows of a file of JSON."""

    def of(value):
        path = tmp_path / "data.json"
        path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        return list(datacite.read(path))

    return of


@pytest.mark.parametrize(
    "value", [SAID, [SAID], {"data": {"attributes": SAID}}, {"data": [{"attributes": SAID}]}]
)
def test_a_record_is_read_in_each_wrapping(read, value):
    (row,) = read(value)
    document = profile.check(row.document)
    assert row.key == "doi:10.5555/x"
    assert [one["kind"] for one in document["titles"]] == ["main", "translated"]
    assert (document["issued"], document["submitted"]) == ("2021", "2020-11-05")
    assert document["classification"] == [{"scheme": "udc", "code": "556"}]
    assert document["keywords"] == [{"text": "суу"}]
    assert document["relations"] == [{"kind": "is_part_of", "scheme": "doi", "value": "10.5555/y"}]
    assert document["funding"] == [{"funder": "Тоо фонду", "award": "7"}]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        "text",
        [],
        {},
        {"titles": 5},
        {"titles": [None, 4, {"title": ["x"]}]},
        {"titles": "x" * 9, "creators": [[]], "types": []},
        {"doi": True, "publisher": [], "subjects": [{"subject": {"a": 1}}]},
        {"titles": [{"title": "Т"}], "publicationYear": 10**400},
        {"titles": [{"title": "Т\0\u202e"}], "creators": [{"name": None}]},
    ],
)
def test_odd_values_are_problems_or_left_out(read, odd):
    for row in read([SAID, odd, SAID]):
        assert row.problem or profile.check(row.document)
