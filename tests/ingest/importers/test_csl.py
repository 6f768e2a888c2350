"""CSL-JSON as Zotero, Mendeley and citation processors write it."""

import json

import pytest

from ingest.importers import csl, csl_items, json_records
from schemas import vocabulary
from schemas import work as profile


@pytest.fixture
def read(tmp_path):
    """Reads a value, or a text, as a file of CSL-JSON."""

    def rows(value):
        path = tmp_path / "items.json"
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        path.write_text(written, encoding="utf-8")
        return list(csl.read(path))

    return rows


@pytest.fixture
def one(read):
    """The only row of an item."""

    def row(**item):
        (found,) = read([{"id": "a", "type": "book", "title": "T", **item}])
        return found

    return row


def names(row, group="creators"):
    return [profile.agent_name(one) for one in row.document.get(group, ())]


ITEM = {"id": "a", "type": "book", "title": "Тоо"}


@pytest.mark.parametrize(
    "value",
    [ITEM, [ITEM], {"items": [ITEM]}, {"style": {"a": [{"b": []}]}, "items": [ITEM], "x": 1},
     "\ufeff " + json.dumps([ITEM], indent=2)],
)  # fmt: skip
def test_items_are_found_in_whatever_holds_them(read, value):
    (row,) = read(value)
    assert (row.key, row.document["titles"][0]["text"]) == ("a", "Тоо")
    assert json.loads(row.kept.text) == ITEM if value != ITEM else row.kept.format == "csl"


def test_an_item_with_a_list_of_its_own_is_one_work(read):
    (row,) = read({**ITEM, "references": "none", "custom": {"items": [{"title": "No"}]}})
    assert row.document["titles"][0]["text"] == "Тоо"
    assert set(row.unplaced) == {"custom", "references"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"family": "Асанов", "given": "Бакыт Маратович"}, "Асанов, Бакыт Маратович"),
        ({"family": "Berg", "given": "J.", "non-dropping-particle": "van der"}, "van der Berg, J."),
        ({"family": "Humboldt", "given": "A.", "dropping-particle": "von"}, "Humboldt, A. von"),
        ({"family": "Doe", "given": "John", "suffix": "Jr."}, "Doe, John Jr."),
        ({"family": "UNESCO"}, "UNESCO"),
        ({"literal": "Көл изилдөө борбору"}, "Көл изилдөө борбору"),
        ({"literal": "Асанов Б. М."}, "Асанов, Б. М."),
    ],
)  # fmt: skip
def test_people_are_taken_apart(one, said, meant):
    assert names(one(author=[said])) == [meant]


def test_people_are_known_by_what_they_did(one):
    doe, roe, poe = ({"family": name, "given": "A."} for name in ("Doe", "Roe", "Poe"))
    row = one(author=[doe], editor=[roe], translator=[poe], recipient=[poe])
    assert [one["role"] for one in row.document["contributors"]] == ["edt", "trl"]
    assert row.unplaced == ("recipient",)
    row = one(editor=[roe], **{"container-title": "Китеп", "type": "chapter"})
    assert row.document["creators"][0]["role"] == "edt"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"date-parts": [[2020, 5, 31]]}, "2020-05-31"),
        ({"date-parts": [["2020", "5"]]}, "2020-05"),
        ({"date-parts": [[2020], [2021]]}, "2020"),
        ({"date-parts": [[1957]], "circa": True}, "1957~"),
        ({"date-parts": [[2020, 2, 31]]}, "2020-02"),
        ({"raw": "2020-05-31"}, "2020-05-31"),
        ({"literal": "2020"}, "2020"),
        ("2020-05", "2020-05"),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": [[None, "x", {}]]}, ""),
        ({"raw": "in press"}, ""),
        (17, ""),
    ],
)
def test_dates_are_as_exact_as_they_exist(one, said, meant):
    assert one(issued=said).document.get("issued", "") == meant


def test_zotero_is_read(one):
    row = one(
        id="http://zotero.org/users/1/items/AB12CD34", type="article-journal", volume=3,
        **{"container-title": "Water", "journalAbbreviation": "W.", "title-short": "T",
           "ISSN": "1694-7681, 2049-3630", "page": "1-20", "URL": "https://example.org/a",
           "accessed": {"date-parts": [[2020, 1, 2]]}, "call-number": "UDC 551.3",
           "note": "Read on the way.", "source": "Example", "license": "CC BY 4.0",
           "abstract": "<jats:p>About <i>ice</i>: H<sub>2</sub>O.</jats:p>", "archive": "Box 7"},
    )  # fmt: skip
    found = row.document
    assert row.key == "http://zotero.org/users/1/items/AB12CD34"
    assert found["host"] == {
        "kind": "journal", "title": "Water", "volume": "3", "pages": "1–20",
        "issn": ["1694-7681", "2049-3630"],
    }  # fmt: skip
    assert found["classification"] == [{"scheme": "udc", "code": "551.3"}]
    assert (found["licence"], found["notes"]) == ("cc-by-4.0", ["Read on the way."])
    assert found["abstracts"][0]["text"] == "About ice: H2O."
    assert row.unplaced == ("archive",)


def test_numbers_of_a_processor_are_no_keys(read):
    rows = read([{**ITEM, "id": name, "title": f"T{at}"} for at, name in
                 enumerate((1, "ITEM-2", "Cite_3", "doe2020"))])  # fmt: skip
    assert [row.key.partition(":")[0] for row in rows] == ["sha256"] * 3 + ["doe2020"]


def test_values_of_other_shapes_say_nothing(one):
    row = one(
        volume={"a": 1}, issue=[[]], publisher=True, page=None, edition=1e999, keyword=["a", "b"],
        author="Doe", editor=[None, 3, {}], issued=[], DOI=17, ISBN={}, abstract=["x"],
    )  # fmt: skip
    assert not row.problem
    assert set(row.document) <= {"type", "titles", "edition", "keywords"}


def test_a_broken_item_costs_only_itself(read):
    rows = read(
        """[
  {"id": "a", "type": "book", "title": "Bir"},
  null,
  {"id": "b", "type": "book", "title": "Eki" "issued": {}},
  {"id": "c", "type": "book"},
  {"id": "d", "type": "book", "title": ["x", "y"]},
  {"id": "e", "type": "book", "title": "Үч, \\"төрт\\" [беш] {алты"}
]"""
    )
    assert [bool(row.problem) for row in rows] == [False, True, True, True, True, False]
    assert "no record" in rows[1].problem and "line 4" in rows[2].problem
    assert rows[-1].place == "items.json, entry 6, line 7 (e)"


def test_an_item_without_its_end_takes_no_other_along(read):
    rows = read(
        """[
  {
    "id": "a", "type": "book", "title": "Bir",
    "author": [
      {"family": "Doe"}
    ]
  },
  {
    "id": "b", "type": "book", "title": "Eki,
    "author": [ {"family": "Doe"
  },
  {
    "id": "c", "type": "book", "title": "Үч"
  }
]
"""
    )
    assert [row.key for row in rows if not row.problem] == ["a", "c"]
    assert len(rows) == 3
    assert rows[2].place == "items.json, entry 3, line 12 (c)"


def test_a_file_that_is_cut_off_says_so(read):
    rows = read('[{"id": "a", "type": "book", "title": "T"}, {"id": "b", "ty')
    assert "end is missing" in rows[1].problem
    rows = read('[{"id": "a", "type": "book", "title": "T"},')
    assert "end is missing" in rows[1].problem
    (row,) = read("[]")
    assert "no records" in row.problem
    (row,) = read("Жок")
    assert "not JSON" in row.problem


def test_kinds_are_those_of_the_archive():
    assert set(csl_items.KINDS.values()) <= set(vocabulary.TYPES)


def test_items_are_found_across_the_edges_of_blocks(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    items = [{"id": f"a{at}", "t": '"\\{[', "b": {"c": [{}]}} for at in range(30)]
    path.write_text(json.dumps({"items": items}, indent=1), encoding="utf-8")
    whole = list(json_records.read(path, ("items",)))
    assert [one.value for one in whole] == items
    for size in (1, 7, 64):
        monkeypatch.setattr(json_records, "BLOCK", size)
        assert list(json_records.read(path, ("items",))) == whole


def test_an_item_that_is_too_large_does_not_fill_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "LONGEST", 2**18)
    path = tmp_path / "a.json"
    items = [{"id": "a", "x": "y" * 2**20}, {"id": "b"}]
    path.write_text(json.dumps(items, indent=2), encoding="utf-8")
    found = list(json_records.read(path))
    assert "larger" in found[0].problem
    assert found[-1].value == {"id": "b"}
