"""oai_dc as OpenAIRE 3 (interop 3.1), BASE's OVAL (2.1) and CORE (2.4) want it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from oai.formats import oai_dc
from repository.records import Record, RecordFile
from schemas.vocabulary import ACCESS_RIGHTS, Access

DC = "{http://purl.org/dc/elements/1.1/}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
URL = "https://archive.example.org/works/7"
DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "version_type": "http://purl.org/coar/version/c_970fb48d4fbd8a85",
    "titles": [
        {"text": "Кыргыз тили", "language": "ky", "kind": "main"},
        {"text": "сөз байлыгы", "kind": "subtitle"},
        {"text": "The Kyrgyz language", "language": "en", "kind": "translated"},
    ],
    "creators": [
        {"kind": "person", "family": "Асанова", "given": "Айгүл", "patronymic": "Бакытовна"},
        {"kind": "organisation", "name": "Илимдер академиясы"},
    ],
    "contributors": [{"kind": "person", "family": "Петров", "given": "И.", "role": "edt"}],
    "issued": "2024-05~",
    "publishers": [{"name": "Илим", "place": "Бишкек"}],
    "abstracts": [{"text": "Сөздөр", "language": "ky"}, {"text": "Words", "language": "en"}],
    "keywords": [{"text": "тил", "language": "ky"}],
    "classification": [{"scheme": "udc", "code": "811.512.154"}, {"scheme": "bbk", "code": "81.2"}],
    "languages": ["ky", "ru", "dng"],
    "identifiers": [
        {"scheme": "isbn", "value": "9783161484100"},
        {"scheme": "doi", "value": "10.1234/abcd"},
        {"scheme": "inventory", "value": "17"},
    ],
    "host": {
        "title": "Вестник",
        "volume": "12",
        "issue": "3",
        "pages": "5–9",
        "issn": ["1694-7452"],
    },
    "funding": [{"funder": "ИИМ/КР", "award": "17/24", "title": "Тил"}, {"funder": "БУМ"}],
    "relations": [
        {"kind": "references", "citation": "Юнусалиев, 1971"},
        {"kind": "references", "scheme": "doi", "value": "10.1/x"},
        {"kind": "is_version_of", "scheme": "doi", "value": "10.1/y"},
        {"kind": "is_translation_of", "citation": "The original"},
    ],
    "licence": "cc-by-4.0",
}


def file(name, media_type="application/pdf", level=Access.OPEN, until=None):
    return RecordFile(
        name=name,
        position=1,
        size=1,
        media_type=media_type,
        sha512="0" * 128,
        pages=None,
        access=Access.OPEN,
        level=level,
        embargo_until=until,
        url=f"{URL}/{name}",
    )


RECORD = Record(
    id=7,
    number=7,
    uuid="6b4d4b3c-0000-4000-8000-000000000007",
    state="published",
    version=1,
    document=DOCUMENT,
    files=(file("data.csv", "text/csv"), file("a.pdf"), file("b.pdf", level=Access.CAMPUS)),
    sets=(),
    collections=(),
    published=datetime(2025, 1, 1, tzinfo=UTC),
    changed=datetime(2025, 1, 1, tzinfo=UTC),
    withdrawal=None,
    url=URL,
    access_right="open",
)


def said(element, record=RECORD):
    return [one.text for one in oai_dc.render(record).findall(DC + element)]


def with_document(**changes):
    return replace(RECORD, document={**DOCUMENT, **changes})


def test_the_landing_page_comes_first_then_persistent_identifiers_then_open_pdfs():
    assert said("identifier") == [
        URL,
        "https://doi.org/10.1234/abcd",
        "urn:isbn:9783161484100",
        f"{URL}/a.pdf",
    ]


def test_the_first_type_is_of_openaire_then_the_version_then_coar_then_words():
    assert said("type") == [
        "info:eu-repo/semantics/article",
        "info:eu-repo/semantics/publishedVersion",
        "http://purl.org/coar/resource_type/c_6501",
        "Article",
    ]


def test_rights_say_the_access_first_and_then_the_licence():
    assert said("rights") == [
        "info:eu-repo/semantics/openAccess",
        "https://creativecommons.org/licenses/by/4.0/",
    ]
    assert said("rights", with_document(licence="all-rights-reserved"))[1] == "All rights reserved"


@pytest.mark.parametrize("right", ACCESS_RIGHTS)
def test_every_access_right_has_its_term(right):
    (first, *_) = said("rights", replace(RECORD, access_right=right))
    assert first == f"info:eu-repo/semantics/{ACCESS_RIGHTS[right].eu_repo}"


@pytest.mark.parametrize(
    ("issued", "shown"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-31", "2024-05-31"),
        ("2024~", "2024"),
        ("2024-05?", "2024-05"),
    ],
)
def test_dates_have_no_times_and_no_marks(issued, shown):
    assert said("date", with_document(issued=issued)) == [shown]


def test_a_thesis_without_a_date_has_that_of_its_defence():
    record = with_document(issued=None, thesis={"degree": "doctor", "defended": "2019-06-01"})
    assert said("date", record) == ["2019-06-01"]


def test_the_end_of_an_embargo_is_a_date_of_its_own():
    until = date(2990, 1, 31)
    held = (file("a.pdf", level=Access.CLOSED, until=until),)
    embargoed = replace(RECORD, files=held, access_right="embargoed")
    assert said("date", embargoed) == ["2024-05", "info:eu-repo/date/embargoEnd/2990-01-31"]
    assert said("rights", embargoed)[0] == "info:eu-repo/semantics/embargoedAccess"
    assert said("identifier", embargoed)[-1] != f"{URL}/a.pdf"


def test_languages_have_three_letters():
    assert said("language") == ["kir", "rus", "dng"]


def test_people_are_one_to_an_element_family_name_first():
    assert said("creator") == ["Асанова, Айгүл Бакытовна", "Илимдер академиясы"]
    assert said("contributor") == ["Петров, И."]


def test_texts_say_their_language():
    titles = oai_dc.render(RECORD).findall(f"{DC}title")
    assert [(one.text, one.get(LANGUAGE)) for one in titles] == [
        ("Кыргыз тили: сөз байлыгы", "ky"),
        ("The Kyrgyz language", "en"),
    ]
    abstracts = oai_dc.render(RECORD).findall(f"{DC}description")
    assert [one.get(LANGUAGE) for one in abstracts] == ["ky", "en"]


def test_grants_and_related_works_are_said_as_openaire_reads_them():
    assert said("relation") == [
        "info:eu-repo/grantAgreement/ИИМ%2FКР//17%2F24//Тил",
        "info:eu-repo/semantics/altIdentifier/isbn/9783161484100",
        "info:eu-repo/semantics/altIdentifier/doi/10.1234/abcd",
        "info:eu-repo/semantics/reference/doi/10.1/x",
        "https://doi.org/10.1/y",
        "The original",
    ]


def test_the_source_is_the_journal_with_its_issn():
    assert said("source") == ["Вестник, 12 (3), 5–9", "urn:issn:1694-7452"]


def test_the_rest():
    assert said("publisher") == ["Илим"]
    assert said("format") == ["text/csv", "application/pdf"]
    assert said("subject") == [
        "тил",
        "info:eu-repo/classification/udc/811.512.154",
        "BBK 81.2",
    ]


def test_a_thesis_is_published_by_who_gave_the_degree():
    thesis = {"degree": "doctor", "grantor": "КУУ"}
    assert said("publisher", with_document(publishers=[], thesis=thesis)) == ["КУУ"]


def test_what_oval_asks_of_every_record_is_there():
    for element in ("identifier", "title", "date", "type", "creator"):
        assert said(element)
