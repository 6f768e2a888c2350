"""What a catalogue's record in MARC 21 becomes: nothing that has a place may be lost."""

import pytest
from lxml import etree

from ingest import fitting
from ingest.harvest.readers import leftovers, marcxml

MARC = '<record xmlns="http://www.loc.gov/MARC21/slim">{}</record>'


def field(tag, *parts, ind1=" ", ind2=" "):
    inside = "".join(f'<subfield code="{code}">{text}</subfield>' for code, text in parts)
    return f'<datafield tag="{tag}" ind1="{ind1}" ind2="{ind2}">{inside}</datafield>'


def read(*fields, leader="00000nam a2200000 i 4500"):
    element = etree.fromstring(MARC.format(f"<leader>{leader}</leader>" + "".join(fields)))
    document, dropped = fitting.fit(marcxml.read(element).document, name="record")
    assert not dropped
    return document, leftovers.unplaced("marcxml", element)


TITLE = field("245", ("a", "Тоо көлдөрү"))


@pytest.mark.parametrize(
    ("fields", "element", "expected"),
    [
        ([field("300", ("a", "120 б. :"), ("b", "сүр. ;"), ("c", "20 см"), ("e", "1 карта"))],
         "extent", ["120 б. : сүр. ; 20 см + 1 карта"]),
        ([field("490", ("a", "Катар ;"), ("x", "9999-9994"), ("v", "4"))],
         "series", [{"title": "Катар", "number": "4", "issn": "9999-9994"}]),
        ([field("830", ("a", "Катар"))], "series", [{"title": "Катар"}]),
        ([field("651", ("a", "Нарын"))], "coverage", [{"kind": "spatial", "text": "Нарын"}]),
        ([field("648", ("a", "XX к."))], "coverage", [{"kind": "temporal", "text": "XX к"}]),
        ([field("600", ("a", "Манас,"), ("x", "изилдөө."))],
         "keywords", [{"text": "Манас — изилдөө"}]),
        ([field("505", ("a", "Мазмуну")), field("546", ("a", "Кыргызча"))],
         "notes", ["Мазмуну", "Кыргызча"]),
        ([field("536", ("a", "Тоо фонду"), ("c", "7"))],
         "funding", [{"funder": "Тоо фонду", "award": "7"}]),
        ([field("542", ("d", "Асан уулу"))], "rights_holders", ["Асан уулу"]),
        ([field("035", ("a", "(OCoLC)123")), field("852", ("p", "инв. 5"))],
         "identifiers", [{"scheme": "local", "value": "(OCoLC)123"},
                         {"scheme": "inventory", "value": "инв. 5"}]),
        ([field("780", ("t", "Мурунку журнал"), ("x", "9999-9994"))],
         "relations", [{"kind": "continues", "scheme": "issn", "value": "9999-9994",
                        "citation": "Мурунку журнал"}]),
        ([field("765", ("a", "Doe, J"), ("t", "Lakes"))],
         "relations", [{"kind": "is_translation_of", "citation": "Doe, J. Lakes"}]),
        ([field("100", ("a", "Асан, Үсөн"), ("u", "Институт"), ("6", "880-01")),
          field("880", ("6", "100-01/(B"), ("a", "Asan, Üsön"))],
         "creators", [{"kind": "person", "family": "Асан", "given": "Үсөн", "role": "aut",
                       "affiliations": [{"name": "Институт"}],
                       "forms": [{"family": "Asan", "given": "Üsön"}]}]),
    ],
)  # fmt: skip
def test_each_field_has_its_place(fields, element, expected):
    document, unplaced = read(TITLE, *fields)
    assert document[element] == expected
    assert not unplaced


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Vol. 4, no. 2 (2021), p. 5-17", {"volume": "4", "issue": "2", "pages": "5-17"}),
        ("Т. 12, № 3. С. 15-21", {"volume": "12", "issue": "3", "pages": "15-21"}),
        ("Вып. 7. 2020. С. 3", {"issue": "7", "date": "2020", "pages": "3"}),
        ("2019. №1. 12-19-б.", {"issue": "1", "date": "2019", "pages": "12-19"}),
    ],
)
def test_the_part_of_a_host_is_read_from_its_words(said, expected):
    document, _ = read(TITLE, field("773", ("t", "Жарчы"), ("g", said)))
    assert expected.items() <= document["host"].items()


def test_a_chapter_lies_in_a_book():
    host = field("773", ("t", "Жыйнак"), ("z", "978-0-306-40615-7"), ("d", "Бишкек, 2001"))
    document, _ = read(TITLE, host, leader="00000naa a2200000 i 4500")
    assert (document["host"]["kind"], document["host"]["place"]) == ("book", "Бишкек, 2001")


def test_a_thesis_says_its_degree_and_where_it_was_defended():
    said = field("502", ("b", "Candidate of sciences"), ("c", "Улуттук университет"), ("d", "2003"))
    document, unplaced = read(TITLE, said)
    assert document["thesis"] == {
        "degree": "candidate",
        "grantor": "Улуттук университет",
        "defended": "2003",
    }
    assert not unplaced


def test_a_parallel_title_is_a_translation():
    document, _ = read(field("245", ("a", "Көлдөр ="), ("b", "Озёра")))
    assert [(one["text"], one["kind"]) for one in document["titles"]] == [
        ("Көлдөр", "main"),
        ("Озёра", "translated"),
    ]


def test_roles_are_understood_as_they_are_written_here():
    document, _ = read(
        TITLE,
        field("700", ("a", "Петров, И."), ("e", "сост.")),
        field("700", ("a", "Ким, А."), ("e", "котормочу")),
        field("700", ("a", "Алиев, Б."), ("e", "отв. ред.")),
        field("700", ("a", "Гёте, И."), ("t", "Фауст")),
    )
    everybody = [*document.get("creators", ()), *document.get("contributors", ())]
    assert {(one["family"], one["role"]) for one in everybody} == {
        ("Петров", "com"),
        ("Ким", "trl"),
        ("Алиев", "edt"),
    }


def test_what_has_no_place_is_named():
    _, unplaced = read(
        TITLE, field("020", ("a", "9780306406157"), ("c", "20 сом")), field("999", ("x", "7"))
    )
    assert unplaced == ("020$c", "999$x")
