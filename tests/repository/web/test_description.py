"""A description survives the way into its form and back."""

import pytest
from werkzeug.datastructures import MultiDict

from repository.web import description
from schemas import work as profile

ARTICLE = "http://purl.org/coar/resource_type/c_6501"


def fields(value, path=""):
    """A document as the pairs of names and values that its form sends."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from fields(one, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from fields(one, f"{path}.{number}")
    else:
        yield path, value


def sent(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_names_of_fields_are_paths_in_the_document():
    form = sent(
        ("type", ARTICLE),
        ("titles.0.text", "Ала-Тоо"),
        ("titles.0.kind", "main"),
        ("thesis.specialty.code", "05.13.18"),
        ("host.issn.0", "1694-5220"),
    )
    assert description.read(form, description.WHOLE) == {
        "type": ARTICLE,
        "titles": [{"text": "Ала-Тоо", "kind": "main"}],
        "thesis": {"specialty": {"code": "05.13.18"}},
        "host": {"issn": ["1694-5220"]},
    }


def test_rows_keep_the_order_in_which_they_are_sent():
    form = sent(("creators.7.family", "Осмонов"), ("creators.2.family", "Айтматов"))
    typed = description.read(form, description.PEOPLE)
    assert [one["family"] for one in typed["creators"]] == ["Осмонов", "Айтматов"]


def test_a_row_with_only_its_choices_made_is_empty():
    form = sent(
        ("creators.0.kind", "person"),
        ("creators.0.role", "aut"),
        ("identifiers.0.scheme", "doi"),
        ("identifiers.0.value", " "),
        ("host.kind", "journal"),
        ("titles.0.kind", "main"),
    )
    assert description.read(form, description.WHOLE) == {}


def test_keywords_are_parted_by_semicolons_or_else_by_commas():
    form = sent(
        ("keywords.0.text", "тоо; суу, мөңгү"),
        ("keywords.0.language", "ky"),
        ("keywords.1.text", "mountain, water"),
    )
    assert description.read(form, description.ABOUT)["keywords"] == [
        {"text": "тоо", "language": "ky"},
        {"text": "суу, мөңгү", "language": "ky"},
        {"text": "mountain"},
        {"text": "water"},
    ]


@pytest.mark.parametrize("words", [["a"], ["a, b"], ["a", "b, c"], ["a", "b"]])
def test_keywords_come_back_as_they_were(words):
    document = {"keywords": [{"text": one, "language": "en"} for one in words]}
    line = description.keyword_rows(document)[0]
    form = sent(("keywords.0.text", line["text"]), ("keywords.0.language", "en"))
    assert description.read(form, ["keywords"]) == document


def test_languages_are_ticked_or_looked_up():
    form = sent(("languages", "en"), ("languages", "ky"), ("other_language", "kk"))
    assert description.read(form, ["languages"]) == {"languages": ["en", "ky", "kk"]}


def test_the_first_language_stays_first():
    form = sent(("languages", "ky"), ("languages", "ru"))
    typed = description.read(form, ["languages"])
    merged = description.merge({"languages": ["ru"]}, typed, ["languages"])
    assert merged["languages"] == ["ru", "ky"]


def test_a_row_is_removed_by_its_button():
    form = sent(
        ("creators.0.family", "Осмонов"),
        ("creators.1.family", "Айтматов"),
        ("remove", "creators.0"),
    )
    assert description.read(form, ["creators"]) == {"creators": [{"family": "Айтматов"}]}


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("creators.1.up", "bac"),
        ("creators.1.down", "acb"),
        ("creators.0.up", "abc"),
        ("creators.2.down", "abc"),
        ("creators.9.up", "abc"),
        ("up", "abc"),
    ],
)
def test_a_row_is_moved_by_its_button(button, order):
    form = sent(
        ("creators.0.family", "a"),
        ("creators.1.family", "b"),
        ("creators.2.family", "c"),
        ("move", button),
    )
    typed = description.read(form, ["creators"])
    assert "".join(one["family"] for one in typed["creators"]) == order


def test_elements_that_the_form_does_not_show_stay():
    typed = description.read(sent(("licence", "cc-by-4.0")), description.RIGHTS)
    document = {"notes": ["a"], "licence": "cc0-1.0", "rights_holders": ["b"]}
    merged = description.merge(document, typed, description.RIGHTS)
    assert merged == {"notes": ["a"], "licence": "cc-by-4.0"}


@pytest.mark.parametrize(
    "pairs",
    [
        [("titles", "not a list")],
        [("titles.0", "not a group")],
        [("titles.0", "x"), ("titles.0.text", "y")],
        [("type.0", "x")],
        [("host", "x")],
        [("creators.0.forms.0.family.0.0.0.0", "x")],
        [("titles.0.unknown", "x"), ("unknown", "x"), ("", "x"), ("....", "x")],
        [("remove", "titles.0.text.x"), ("move", "..up")],
    ],
)
def test_a_form_of_another_shape_does_no_harm(pairs):
    typed = description.read(sent(*pairs), description.WHOLE)
    kept, _ = profile.draft(typed)
    assert kept in ({}, {"titles": [{"text": "y"}]})


def test_a_whole_description_comes_back_as_it_was():
    document = {
        "type": ARTICLE,
        "titles": [
            {"text": "Тоо", "language": "ky", "kind": "main"},
            {"text": "Mountain", "language": "en", "kind": "translated"},
        ],
        "creators": [
            {
                "kind": "person",
                "family": "Осмонов",
                "given": "Алыкул",
                "role": "aut",
                "forms": [{"family": "Osmonov", "given": "Alykul", "language": "en"}],
                "affiliations": [{"name": "КНУ", "ror": "https://ror.org/00000"}],
                "orcid": "0000-0002-1825-0097",
            },
            {"kind": "organisation", "name": "Институт", "role": "aut"},
        ],
        "languages": ["ky"],
        "issued": "2024-05",
        "abstracts": [{"text": "Биринчи\n\nэкинчи", "language": "ky"}],
        "host": {"kind": "journal", "title": "Вестник", "issn": ["1694-5220"], "editors": ["А"]},
        "identifiers": [{"scheme": "doi", "value": "10.1234/a"}],
        "funding": [{"funder": "Фонд", "funder_id": "https://example.org/f", "award": "7"}],
        "relations": [{"kind": "references", "citation": "Книга"}],
        "coverage": [{"kind": "spatial", "text": "Нарын"}],
        "extent": ["12 б."],
        "notes": ["а", "б"],
        "licence": "cc-by-4.0",
        "rights_holders": ["Автор"],
    }
    pairs = [pair for pair in fields(document) if not pair[0].startswith("languages")]
    form = sent(*pairs, ("languages", "ky"))
    assert description.read(form, description.WHOLE) == document


def test_the_main_title_is_shown_first():
    other, main = {"text": "b", "kind": "translated"}, {"text": "a", "kind": "main"}
    assert description.title_rows({"titles": [other, main]}) == [main, other]
    assert description.title_rows({"titles": [other]}) == [{"kind": "main"}, other]
    assert description.title_rows({}) == [{"kind": "main"}]
