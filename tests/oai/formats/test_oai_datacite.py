"""oai_datacite: DataCite's kernel 4.6, its mandatory properties and its lists."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from oai.formats import oai_datacite
from schemas import vocabulary

NAMES = {
    "w": "http://schema.datacite.org/oai/oai-1.1/",
    "d": "http://datacite.org/schema/kernel-4",
}
MANDATORY = ("identifier", "creators", "titles", "publisher", "publicationYear", "resourceType")
URL = "https://archive.example.org/works/7"


def said(record, path):
    found = oai_datacite.render(record).xpath(f"w:payload/d:resource/{path}", namespaces=NAMES)
    return [getattr(one, "text", one) for one in found]


def with_document(record, **changes):
    return replace(record, document={**record.document, **changes})


@pytest.mark.parametrize("example", ["article", "embargoed", "thesis", "dataset", "bare"])
def test_the_six_mandatory_properties_are_there_once_and_first(examples, example):
    made = oai_datacite.resource(examples[example])
    assert tuple(etree.QName(one).localname for one in made[:6]) == MANDATORY
    for name in MANDATORY:
        (one,) = made.findall(f"d:{name}", NAMES)
        assert "".join(one.itertext()).strip()


def test_the_wrapper_names_the_schema_and_the_archive(examples):
    made = oai_datacite.render(examples["article"])
    assert [etree.QName(one).localname for one in made] == [
        "schemaVersion",
        "datacentreSymbol",
        "payload",
    ]
    assert made.findtext("w:schemaVersion", None, NAMES) == "4.6"
    assert made.findtext("w:datacentreSymbol", None, NAMES) == "ARCHIVE.EXAMPLE.ORG"


def test_a_work_goes_by_its_doi_else_by_its_page(examples):
    assert said(examples["article"], "d:identifier[@identifierType='DOI']") == ["10.1234/abcd"]
    assert said(
        examples["article"], "d:alternateIdentifiers/*[@alternateIdentifierType='URL']"
    ) == [URL]
    assert said(examples["dataset"], "d:identifier[@identifierType='URL']") == [URL]
    assert said(examples["dataset"], "d:alternateIdentifiers/*/@alternateIdentifierType") == [
        "Handle"
    ]


def test_what_is_not_known_is_said_in_datacites_word(examples):
    bare = examples["bare"]
    assert said(bare, "d:creators/d:creator/d:creatorName") == ["(:unav)"]
    assert said(bare, ".//d:creatorName/@nameType") == []
    assert said(bare, "d:publisher") == ["(:unav)"]
    assert said(bare, "d:publicationYear") == ["2025"]
    assert said(bare, "d:language") == []


def test_people_have_their_orcid_and_organisations_their_ror(examples):
    who = "d:creators/d:creator/d:nameIdentifier"
    assert said(examples["article"], f"{who}[@nameIdentifierScheme='ORCID']") == [
        "0000-0002-1825-0097"
    ]
    # An organisation that is its own affiliation is known by its number; a person never is.
    assert said(examples["dataset"], f"{who}[@nameIdentifierScheme='ROR']") == [
        "https://ror.org/02mhbdp94"
    ]
    where = "d:creators/d:creator[2]/d:affiliation"
    assert said(examples["dataset"], where) == ["Академия"]
    assert said(examples["dataset"], f"{where}/@affiliationIdentifier") == [
        "https://ror.org/05xpvk416"
    ]
    assert said(examples["article"], ".//d:affiliation/@*") == []


def test_given_names_hold_the_patronymic(examples):
    assert said(examples["article"], ".//d:givenName")[0] == "Айгүл Бакытовна"
    assert said(examples["article"], ".//d:familyName")[0] == "Асанова"


def test_contributors_have_types_of_the_list(examples):
    assert said(examples["dataset"], "d:contributors/*/@contributorType") == [
        "DataManager",
        "Translator",
    ]
    assert said(examples["thesis"], "d:contributors/*/@contributorType") == ["Supervisor"]


def test_every_kind_of_work_has_a_general_type():
    assert set(oai_datacite.GENERAL) == set(vocabulary.TYPES)


def test_a_thesis_is_published_by_who_gave_the_degree(examples):
    thesis = examples["thesis"]
    assert said(thesis, "d:publisher") == ["Улуттук университет"]
    assert said(thesis, "d:publicationYear") == ["2019"]
    assert said(thesis, "d:resourceType/@resourceTypeGeneral") == ["Dissertation"]
    assert said(thesis, "d:dates/d:date[@dateType='Issued']") == ["2019-06-14"]


def test_an_embargo_is_from_accepted_until_available(examples):
    dates = "d:dates/d:date[@dateType='%s']"
    embargoed = examples["embargoed"]
    assert said(embargoed, dates % "Accepted") == ["2025-01-02"]
    assert said(embargoed, dates % "Available") == ["2031-05-01"]
    accepted = with_document(embargoed, accepted="2023-11")
    assert said(accepted, dates % "Accepted") == ["2023-11"]
    assert said(examples["article"], "d:dates/d:date/@dateType") == ["Issued"]


def test_an_embargo_that_is_over_is_not_the_one_that_is_waited_for(examples):
    (file,) = examples["embargoed"].files
    over = replace(file, level=file.access, embargo_until=date(2001, 1, 1))
    record = replace(examples["embargoed"], files=(over, file))
    assert said(record, "d:dates/d:date[@dateType='Available']") == ["2031-05-01"]


def test_funders_are_known_by_their_registry(examples):
    dataset = examples["dataset"]
    grants = "d:fundingReferences/d:fundingReference"
    assert said(dataset, f"{grants}/d:funderIdentifier/@funderIdentifierType") == [
        "ROR",
        "Crossref Funder ID",
    ]
    assert said(dataset, f"{grants}[1]/d:awardNumber") == ["17/24"]
    assert said(dataset, f"{grants}[1]/d:awardNumber/@awardURI") == ["https://example.org/17"]
    assert said(dataset, f"{grants}[1]/d:awardTitle") == ["Көл"]
    assert said(dataset, f"{grants}[2]/d:awardNumber") == []


def test_rights_say_the_access_in_both_terms_and_then_the_licence(examples):
    rights = "d:rightsList/d:rights"
    assert said(examples["embargoed"], f"{rights}/@rightsURI") == [
        "info:eu-repo/semantics/embargoedAccess",
        "http://purl.org/coar/access_right/c_f1cf",
        "https://creativecommons.org/licenses/by/4.0/",
    ]
    assert said(examples["dataset"], f"{rights}/@rightsIdentifier") == ["CC0-1.0"]
    assert said(examples["thesis"], f"{rights}/@rightsIdentifier") == []
    reserved = with_document(examples["article"], licence="all-rights-reserved")
    assert said(reserved, f"{rights}[3]/@*") == []
    assert said(reserved, f"{rights}[3]") == ["All rights reserved"]


def test_the_journal_is_told_in_its_parts(examples):
    item = "d:relatedItems/d:relatedItem[@relationType='IsPublishedIn']"
    article = examples["article"]
    assert said(article, f"{item}/@relatedItemType") == ["Journal"]
    assert said(article, f"{item}/d:relatedItemIdentifier") == ["1694-7452"]
    assert said(article, f"{item}/d:titles/d:title") == ["Вестник"]
    for name, value in {"volume": "12", "issue": "3", "firstPage": "5", "lastPage": "9"}.items():
        assert said(article, f"{item}/d:{name}") == [value]
    assert said(article, "d:descriptions/*[@descriptionType='SeriesInformation']") == [
        "Вестник, 12 (3), 5–9"
    ]
    assert said(examples["thesis"], "d:relatedItems") == []


def test_a_book_is_told_with_its_editors_and_a_number_instead_of_pages(examples):
    host = {
        "kind": "book",
        "title": "Жыйнак",
        "isbn": "9783161484100",
        "article_number": "e17",
        "editors": ["Осмонов Б."],
    }
    item = "d:relatedItems/d:relatedItem"
    record = with_document(examples["article"], host=host)
    assert said(record, f"{item}/@relatedItemType") == ["Book"]
    assert said(record, f"{item}/d:relatedItemIdentifier") == ["9783161484100"]
    assert said(record, f"{item}/d:number") == ["e17"]
    assert said(record, f"{item}/d:firstPage") == []
    assert said(record, f"{item}//d:contributorName") == ["Осмонов Б."]


def test_relations_are_those_of_the_kernel(examples):
    assert said(examples["dataset"], "d:relatedIdentifiers/*/@relationType") == [
        "IsSupplementTo",
        "References",
        "IsTranslationOf",
    ]


def test_series_are_told_by_their_issn_once(examples):
    series = [{"title": "Эмгектер", "number": "4", "issn": "1694-7452"}]
    record = with_document(examples["article"], series=series)
    assert said(record, "d:relatedIdentifiers/*[@relatedIdentifierType='ISSN']") == ["1694-7452"]
    assert said(record, "d:descriptions/*[@descriptionType='SeriesInformation']")[1] == (
        "Эмгектер, 4"
    )


def test_a_catalogue_record_without_a_file_says_so(examples):
    bare = examples["bare"]
    assert said(bare, "d:formats") == said(bare, "d:sizes") == []
    assert said(bare, "d:rightsList/d:rights/@rightsURI") == [
        "info:eu-repo/semantics/closedAccess",
        "http://purl.org/coar/access_right/c_14cb",
    ]
    assert said(examples["dataset"], "d:formats/d:format") == ["text/csv"]


def test_the_rest(examples):
    dataset = examples["dataset"]
    assert said(dataset, "d:language") == ["ky"]
    assert said(dataset, "d:version") == ["2"]
    assert said(dataset, "d:subjects/d:subject[@subjectScheme='DDC']") == ["551.48 Гидрология"]
    assert said(dataset, "d:geoLocations/d:geoLocation/d:geoLocationPlace") == ["Ысык-Көл"]
