import json
from pathlib import Path

import pytest

from schemas import exchange
from schemas import work as profile
from schemas.work import Unfit

WRONG = {
    "not a group": (["a"], ""),
    "unknown field": ({"documents": {"a": 1}}, "documents"),
    "document": ({"document": "text"}, "document"),
    "uuid": ({"uuid": "12"}, "uuid"),
    "number as text": ({"number": "12"}, "number"),
    "number zero": ({"number": 0}, "number"),
    "number true": ({"number": True}, "number"),
    "number with a fraction": ({"number": 1.5}, "number"),
    "huge number": ({"number": 2**40}, "number"),
    "state": ({"state": "lost"}, "state"),
    "moment": ({"published": "yesterday"}, "published"),
    "moment without a zone": ({"published": "2024-05-31T09:30:00"}, "published"),
    "slug": ({"collections": ["Факультет"]}, "collections.0"),
    "withdrawn without a reason": ({"state": "withdrawn"}, "withdrawal"),
    "path upwards": ({"files": [{"path": "../secret"}]}, "files.0.path"),
    "path from the root": ({"files": [{"path": "/etc/passwd"}]}, "files.0.path"),
    "path of Windows": ({"files": [{"path": "a\\..\\b"}]}, "files.0.path"),
    "no path": ({"files": [{"name": "a"}]}, "files.0.path"),
    "digest": ({"files": [{"path": "a", "sha512": "12"}]}, "files.0.sha512"),
    "access": ({"files": [{"path": "a", "access": "all"}]}, "files.0.access"),
    "embargo": ({"files": [{"path": "a", "embargo_until": "2024"}]}, "files.0.embargo_until"),
    "size": ({"files": [{"path": "a", "size": -1}]}, "files.0.size"),
    "control characters": ({"key": "a\x07b"}, "key"),
}


@pytest.mark.parametrize(("line", "field"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_in_a_line_is_named(line, field):
    with pytest.raises(Unfit) as unfit:
        exchange.check_work(line)
    assert list(unfit.value.errors) == [field]


def test_values_are_brought_into_their_normal_form():
    found = exchange.check_work(
        {
            "uuid": "6B29FC40CA4711D1B31D00DD010662DA",
            "published": "2024-05-31T09:30:00+06:00",
            "files": [{"path": "a.pdf", "sha512": "AB" * 64}],
            "key": "",
        }
    )
    assert found["uuid"] == "6b29fc40-ca47-11d1-b31d-00dd010662da"
    assert found["published"] == "2024-05-31T03:30:00+00:00"
    assert found["files"] == [
        {"path": "a.pdf", "sha512": "ab" * 64, "access": "open", "copying": "allowed"}
    ]
    assert "key" not in found


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"names": {"ky": "Тарых"}}, "slug"),
        ({"slug": "a b"}, "slug"),
        ({"slug": "a", "names": {"kyrgyz": "Тарых"}}, "names"),
        ({"slug": "a", "parent": "Б"}, "parent"),
        ({"slug": "a", "position": "first"}, "position"),
    ],
)
def test_what_is_wrong_in_the_line_of_a_collection_is_named(line, field):
    with pytest.raises(Unfit) as unfit:
        exchange.check_collection(line)
    assert list(unfit.value.errors) == [field]


def test_a_collection_has_names_by_language():
    names = {"ky": "Тарых", "ru": "История"}
    assert exchange.check_collection({"slug": "history", "names": names})["names"] == names


def test_the_example_of_the_guide_is_one():
    guide = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
    line = json.loads(guide.split("```json\n")[1].split("```")[0])
    found = exchange.check_work(line)
    assert profile.check(found["document"])["issued"] == "1957~"
    assert found["files"][0]["access"] == "open"
