"""Values are said as a reader grasps them, and messages stand at the right field."""

import pytest

from repository.web import faults, values
from schemas import work as profile


@pytest.fixture(autouse=True)
def page(app):
    """A page in English is being made."""
    with app.test_request_context("/?lang=en"):
        yield


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ("type", "http://purl.org/coar/resource_type/c_6501", "Article"),
        ("type", "unheard of", "unheard of"),
        ("licence", "cc-by-4.0", "CC BY 4.0"),
        ("issued", "2024-05", "2024-05"),
        ("languages", ["ky", "en"], "Kyrgyz, English"),
        ("titles", [{"text": "Тоо", "kind": "main", "language": "ky"}], "Тоо (Kyrgyz)"),
        ("titles", [{"text": "Hill", "kind": "translated"}], "Translated title: Hill"),
        ("creators", [{"family": "Осмонов", "given": "Алыкул"}], "Алыкул Осмонов"),
        (
            "contributors",
            [{"family": "A", "role": "ths", "affiliations": [{"name": "КНУ"}]}],
            "A, Supervisor, КНУ",
        ),
        (
            "creators",
            [{"family": "A", "orcid": "0", "forms": [{"family": "А", "language": "ky"}]}],
            "A, ORCID 0; А (Kyrgyz)",
        ),
        (
            "keywords",
            [{"text": "a"}, {"text": "b"}, {"text": "в", "language": "ru"}],
            "a; b\nв (Russian)",
        ),
        ("identifiers", [{"scheme": "doi", "value": "10.1/2"}], "DOI 10.1/2"),
        ("classification", [{"scheme": "udc", "code": "551"}], "UDC 551"),
        ("relations", [{"kind": "references", "citation": "Книга"}], "References: Книга"),
        ("coverage", [{"kind": "spatial", "text": "Нарын"}], "Place: Нарын"),
        (
            "host",
            {"kind": "journal", "title": "Вестник", "volume": "2", "issn": ["1694-5220"]},
            "Вестник, Volume 2, ISSN 1694-5220",
        ),
        (
            "thesis",
            {"degree": "phd", "specialty": {"code": "05", "name": "ИТ"}},
            "PhD, 05 ИТ",
        ),
        ("notes", ["a", "b"], "a\nb"),
        ("notes", None, ""),
    ],
)
def test_values_are_said_in_words(element, value, said):
    assert values.said(element, value) == said


def test_only_what_differs_is_named():
    mine = {"issued": "2024", "edition": "2", "notes": []}
    theirs = {"issued": "2025", "edition": "2"}
    named = values.differences(mine, theirs, ["issued", "edition", "notes"])
    assert named == [("issued", "Date of publication", "2024", "2025")]


def test_every_element_of_the_profile_has_a_name():
    for name in profile.WorkSchema().fields:
        assert name == "access" or faults.label(name) != name
    assert faults.label("creators.3.forms.0.family") == "Authors"
    assert faults.label("host.issn.0") == "ISSN"


def test_an_empty_description_is_told_where_to_begin():
    found = faults.of({})
    assert set(found) == {
        "type",
        "titles.0.text",
        "creators.0.family",
        "issued",
        "languages",
        "licence",
    }
    assert set(faults.of({}, ["issued", "licence"])) == {"issued", "licence"}


def test_messages_stand_at_the_row_that_is_shown():
    document = {
        "titles": [{"text": "x" * 2001, "kind": "subtitle"}],
        "keywords": [
            {"text": "a", "language": "ky"},
            {"text": "b", "language": "ru"},
            {"text": "y" * 301, "language": "ky"},
        ],
        "creators": [{"kind": "person", "given": "A"}],
        "identifiers": [{"scheme": "doi", "value": "nonsense"}],
        "languages": ["ky", "xx"],
        "host": {"title": "J", "issn": ["1694-5221"]},
    }
    found = faults.of(document)
    assert {
        "titles.1.text",
        "keywords.0.text",
        "creators.0.family",
        "identifiers.0.value",
        "languages",
        "host.issn.0",
    } <= set(found)
    assert "not a DOI" in found["identifiers.0.value"][0]
