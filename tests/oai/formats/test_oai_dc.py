"""oai_dc as OpenAIRE 3 (interop 3.1), BASE's OVAL (2.1) and CORE (2.4) want it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from oai.formats import oai_dc
from repository.records import Record, RecordFile
from schemas import languages
from schemas.vocabulary import ACCESS_RIGHTS, TYPES, VERSIONS, Access

DC = "{http://purl.org/dc/elements/1.1/}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
EU_REPO = "info:eu-repo/semantics/"
URL = "https://archive.example.org/works/7"
UNRELATED: dict[str, list] = {"identifiers": [], "relations": []}
GRANT = {"funder": "NSF", "award": "17"}

OPENAIRE_TYPES = (
    "article bachelorThesis masterThesis doctoralThesis book bookPart review conferenceObject "
    "lecture workingPaper preprint report annotation contributionToPeriodical patent other"
).split()
OPENAIRE_VERSIONS = (
    "draft submittedVersion acceptedVersion publishedVersion updatedVersion"
).split()
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


def test_a_work_without_a_date_has_another_one_rather_than_none():
    # OpenAIRE: "It is better to use one date than no date at all."
    assert said("date", with_document(issued=None, accepted="2020-02", submitted="2019")) == [
        "2020-02"
    ]
    assert said("date", with_document(issued=None, submitted="2019")) == ["2019"]
    assert said("date", with_document(issued=None)) == ["2025-01-01"]


def test_there_is_one_date_of_publication():
    record = with_document(accepted="2023-01", submitted="2022", available="2024-07-01")
    assert said("date", record) == ["2024-05"]


def test_the_end_of_another_files_embargo_that_is_over_is_not_said():
    held = (
        file("a.pdf", level=Access.CAMPUS, until=date(2001, 1, 1)),
        file("b.pdf", level=Access.CLOSED, until=date(2990, 1, 31)),
    )
    embargoed = replace(RECORD, files=held, access_right="embargoed")
    assert said("date", embargoed)[1:] == ["info:eu-repo/date/embargoEnd/2990-01-31"]


def test_an_open_work_says_nothing_of_the_embargo_of_one_of_its_files():
    held = (file("a.pdf"), file("b.pdf", level=Access.CLOSED, until=date(2990, 1, 31)))
    record = replace(RECORD, files=held)
    assert said("date", record) == ["2024-05"]
    assert said("identifier", record)[-1] == f"{URL}/a.pdf"


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
        "info:eu-repo/grantAgreement/ИИМ%2FКР//17%2F24//Тил/",
        "info:eu-repo/semantics/altIdentifier/isbn/9783161484100",
        "info:eu-repo/semantics/altIdentifier/doi/10.1234/abcd",
        "info:eu-repo/semantics/reference/doi/10.1/x",
        "https://doi.org/10.1/y",
        "The original",
    ]


def test_a_grant_without_a_name_has_three_fields_and_one_with_a_name_six():
    (short,) = said("relation", with_document(**UNRELATED, funding=[GRANT]))
    assert short == "info:eu-repo/grantAgreement/NSF//17"
    named = [{**GRANT, "title": "Тил/сөз"}]
    (long,) = said("relation", with_document(**UNRELATED, funding=named))
    assert long == "info:eu-repo/grantAgreement/NSF//17//Тил%2Fсөз/"
    fields = long.removeprefix("info:eu-repo/grantAgreement/").split("/")
    assert len(fields) == 6


def test_a_grant_without_a_number_is_no_grant_agreement():
    assert said("relation", with_document(**UNRELATED, funding=[{"funder": "БУМ"}])) == []


@pytest.mark.parametrize(
    ("scheme", "value", "address", "alternate"),
    [
        (
            "doi",
            "10.1016/s0140-6736(05)1234-6",
            "https://doi.org/10.1016/s0140-6736(05)1234-6",
            "doi/10.1016/s0140-6736(05)1234-6",
        ),
        (
            "doi",
            "10.1002/a<1::b>3#c?d",
            "https://doi.org/10.1002/a%3C1::b%3E3%23c%3Fd",
            "doi/10.1002/a%3C1::b%3E3%23c%3Fd",
        ),
        ("handle", "20.1000/100", "https://hdl.handle.net/20.1000/100", "hdl/20.1000/100"),
        ("arxiv", "2401.01234v2", "https://arxiv.org/abs/2401.01234v2", "arxiv/2401.01234v2"),
        ("isbn", "9783161484100", "urn:isbn:9783161484100", "isbn/9783161484100"),
        ("urn", "urn:nbn:de:101:1-2011", "urn:nbn:de:101:1-2011", "urn/urn:nbn:de:101:1-2011"),
    ],
)
def test_identifiers_are_links_and_alternatives_with_a_scheme_of_the_list(
    scheme, value, address, alternate
):
    identifiers = [{"scheme": scheme, "value": value}]
    record = with_document(relations=[], funding=[], identifiers=identifiers)
    assert said("identifier", record)[1] == address
    assert said("relation", record) == [f"info:eu-repo/semantics/altIdentifier/{alternate}"]


@pytest.mark.parametrize("scheme", ["local", "irbis_mfn", "inventory"])
def test_numbers_that_mean_nothing_elsewhere_stay_here(scheme):
    identifiers = [{"scheme": scheme, "value": "17"}]
    record = with_document(relations=[], funding=[], identifiers=identifiers)
    assert said("identifier", record) == [URL, f"{URL}/a.pdf"]
    assert said("relation", record) == []


def test_the_source_is_the_journal_with_its_issn():
    assert said("source") == ["Вестник, 12 (3), 5–9", "urn:issn:1694-7452"]


def test_keywords_come_before_codes_and_below_each_code_are_its_words():
    codes = [{"scheme": "ddc", "code": "641", "label": "Тамак-аш"}, {"scheme": "vak", "code": "9"}]
    assert said("subject", with_document(classification=codes)) == [
        "тил",
        "info:eu-repo/classification/ddc/641",
        "Тамак-аш",
        "VAK 9",
    ]


@pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.key)
def test_the_first_type_of_every_kind_is_one_of_openaires_sixteen(kind):
    term = said("type", with_document(type=kind.uri))[0].removeprefix(EU_REPO)
    assert term in OPENAIRE_TYPES


@pytest.mark.parametrize("version", VERSIONS)
def test_the_second_type_is_one_of_openaires_five_versions(version):
    term = said("type", with_document(version_type=version))[1].removeprefix(EU_REPO)
    assert term in OPENAIRE_VERSIONS


def test_without_a_version_coars_term_comes_second():
    assert said("type", with_document(version_type=None))[1] == DOCUMENT["type"]


@pytest.mark.parametrize("code", sorted(languages.CODES))
def test_every_language_is_said_in_iso_639_3(code):
    (one,) = said("language", with_document(languages=[code]))
    assert len(one) == 3
    assert languages.normalise(one) == code


def test_only_open_pdfs_are_full_texts():
    held = (
        file("data.csv", "text/csv"),
        file("campus.pdf", level=Access.CAMPUS),
        file("closed.pdf", level=Access.CLOSED),
        file("one.pdf"),
        file("two.pdf"),
    )
    own = [one for one in said("identifier", replace(RECORD, files=held)) if one.startswith(URL)]
    assert own == [URL, f"{URL}/one.pdf", f"{URL}/two.pdf"]


def test_a_licence_without_an_address_is_said_in_words_and_none_not_at_all():
    assert said("rights", with_document(licence="in-copyright"))[1:] == [
        "http://rightsstatements.org/vocab/InC/1.0/"
    ]
    assert len(said("rights", with_document(licence=None))) == 1


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


def test_nobody_is_made_up_where_no_creator_is_known():
    bare = {"type": DOCUMENT["type"], "titles": [{"text": "Эски китеп", "kind": "main"}]}
    record = replace(RECORD, document=bare, files=(), access_right="metadata-only")
    for element in ("identifier", "title", "date", "type", "rights"):
        assert said(element, record)
    assert said("creator", record) == said("format", record) == []
