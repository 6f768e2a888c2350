"""BibTeX, RIS and CSL-JSON as the programs of others read them."""

import json

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares

from repository.exports import bibtex, csl, many, ris

ASANOVA = {"family": "Асанова", "given": "Айгүл", "patronymic": "Бекбо кызы"}
HOUSE = {"kind": "organisation", "name": "Наука and {Жизнь}, ОсОО"}
ARTICLE = {
    "creators": [ASANOVA, HOUSE],
    "contributors": [{"family": "Петров", "given": "И. И.", "role": "edt"}],
    "issued": "2024-05-31",
    "languages": ["ky"],
    "host": {"title": "Вестник & К°", "volume": "12", "issue": "3", "pages": "11–29",
             "issn": ["1694-5123"]},
    "identifiers": [{"scheme": "doi", "value": "10.1234/a_b"}],
    "keywords": [{"text": "тоо"}, {"text": "суу 100%"}],
    "abstracts": [{"text": "Кыскача\nмазмуну", "language": "ky"}],
}  # fmt: skip
TITLE = "Тоо {жана} суу: 50% ~ $x_1$ \\ #1"


def parsed(data):
    """The entries, with names taken apart and TeX undone, as a reference manager does."""
    library = bibtexparser.parse_string(
        data.decode(),
        append_middleware=[
            middlewares.MonthIntMiddleware(),
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
            middlewares.LatexDecodingMiddleware(),
        ],
    )
    assert not library.failed_blocks
    return library.entries


def test_bibtex_is_read_again_with_its_names_and_titles(record):
    (entry,) = parsed(bibtex.dumps(record("article", TITLE, **ARTICLE)))
    found = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("article", "work7")
    assert found["title"].strip("{}") == TITLE
    first, second = found["author"]
    assert first.last == ["Асанова"] and first.first == ["Айгүл", "Бекбо", "кызы"]
    assert "".join(second.last).strip("{}").startswith("Наука and")
    assert found["editor"][0].last == ["Петров"]
    assert (found["journal"], found["pages"]) == ("Вестник & К°", "11–29")
    assert (found["year"], found["month"], found["doi"]) == ("2024", 5, "10.1234/a_b")
    assert found["keywords"] == "тоо, суу 100%"


def test_a_brace_without_its_fellow_does_not_end_the_entry(record):
    for title in ("Тоо } суу", "Тоо { суу", "}{", "Тоо ^ суу"):
        (entry,) = parsed(bibtex.dumps(record("article", title, issued="2024")))
        assert "year" in entry.fields_dict


def test_several_works_are_several_entries(record):
    records = [record("article", f"Тоо {one}", number=one) for one in (1, 2, 3)]
    assert [one.key for one in parsed(many.KINDS["bib"].write(records))] == [
        "work1", "work2", "work3",
    ]  # fmt: skip
    read = rispy.loads(many.KINDS["ris"].write(records).decode())
    assert [one["title"] for one in read] == ["Тоо 1", "Тоо 2", "Тоо 3"]
    read = json.loads(many.KINDS["csl.json"].write(records))
    assert [one["id"] for one in read] == ["work1", "work2", "work3"]
    assert json.loads(b"".join(csl.render_many([]))) == []


@pytest.mark.parametrize(
    ("kind", "more", "entry", "ris_type", "csl_type"),
    [
        ("article", {"host": {"kind": "book", "title": "Китеп"}}, "incollection", "CHAP",
         "chapter"),
        ("article", {"host": {"kind": "conference", "title": "Жыйын"}}, "inproceedings", "CPAPER",
         "paper-conference"),
        ("monograph", {}, "book", "BOOK", "book"),
        ("thesis-abstract", {"thesis": {"degree": "phd", "grantor": "КНУ"}}, "phdthesis", "THES",
         "thesis"),
        ("master-thesis", {}, "mastersthesis", "THES", "thesis"),
        ("report", {}, "techreport", "RPRT", "report"),
        ("dataset", {}, "misc", "DATA", "dataset"),
        ("map", {}, "misc", "MAP", "map"),
        ("other", {}, "misc", "GEN", "document"),
    ],
)  # fmt: skip
def test_kinds_go_by_the_names_of_each_format(record, kind, more, entry, ris_type, csl_type):
    one = record(kind, "Тоо", **more)
    assert parsed(bibtex.dumps(one))[0].entry_type == entry
    assert ris.dumps(one).decode().startswith(f"TY  - {ris_type}\r\n")
    assert csl.item(one)["type"] == csl_type


def test_ris_is_read_again_with_its_names_and_titles(record):
    (read,) = rispy.loads(ris.dumps(record("article", TITLE, **ARTICLE)).decode())
    assert read["type_of_reference"] == "JOUR"
    assert read["authors"] == ["Асанова, Айгүл Бекбо кызы", "Наука and {Жизнь}, ОсОО"]
    assert read["secondary_authors"] == ["Петров, И. И."]
    assert read["title"] == TITLE
    assert (read["start_page"], read["end_page"], read["number"]) == ("11", "29", "3")
    assert (read["year"], read["date"], read["doi"]) == ("2024", "2024/05/31", "10.1234/a_b")
    assert read["abstract"] == "Кыскача мазмуну" and read["keywords"] == ["тоо", "суу 100%"]


def test_csl_says_people_by_what_they_did(record):
    item = csl.item(record("article", "Тоо", **ARTICLE))
    assert item["author"] == [
        {"family": "Асанова", "given": "Айгүл Бекбо кызы"},
        {"literal": "Наука and {Жизнь}, ОсОО"},
    ]
    assert item["editor"] == [{"family": "Петров", "given": "И. И."}]
    assert item["issued"] == {"date-parts": [[2024, 5, 31]]}
    assert (item["container-title"], item["page"]) == ("Вестник & К°", "11-29")
    assert (item["DOI"], item["ISSN"], item["language"]) == ("10.1234/a_b", "1694-5123", "ky")


def test_csl_tells_a_thesis_and_a_date_that_is_not_sure(record):
    one = record(
        "doctoral-thesis", "Тоо", issued="1970~", languages=["ru"], extent=["150 с."],
        thesis={"degree": "candidate", "grantor": "КНУ", "place": "Бишкек"},
    )  # fmt: skip
    item = csl.item(one)
    assert item["genre"] == "кандидатская диссертация"
    assert (item["publisher"], item["publisher-place"]) == ("КНУ", "Бишкек")
    assert item["issued"] == {"date-parts": [[1970]], "circa": True}
    assert item["number-of-pages"] == "150"
