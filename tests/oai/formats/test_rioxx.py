"""rioxx: RIOXX 3.0, property by property."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from oai.formats import rioxx
from schemas import vocabulary
from schemas.vocabulary import Access

COAR = "http://purl.org/coar/"
NAMES = {
    "r": "http://www.rioxx.net/schema/v3.0/rioxx/",
    "t": "http://www.rioxx.net/schema/v3.0/rioxxterms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
URL = "https://archive.example.org/works/7"


def said(record, path):
    found = rioxx.render(record).xpath(path, namespaces=NAMES)
    return [getattr(one, "text", one) for one in found]


def with_document(record, **changes):
    return replace(record, document={**record.document, **changes})


def with_file(record, **changes):
    return replace(record, files=(replace(record.files[0], **changes),))


def test_the_root_declares_its_namespace_as_the_default(examples):
    # CORE's own software looks for "<rioxx".
    assert etree.tostring(rioxx.render(examples["article"])).startswith(b"<rioxx ")


@pytest.mark.parametrize("example", ["article", "embargoed", "thesis", "dataset"])
def test_what_is_mandatory_is_there(examples, example):
    record = examples[example]
    assert said(record, "dc:identifier") == [URL]
    assert len(said(record, "dc:title")) == 1
    assert said(record, "dc:type") == [record.document["type"]]
    assert all(len(one) == 3 for one in said(record, "dc:language"))
    assert said(record, "t:creator/t:name")


def test_a_work_without_a_creator_is_not_offered(examples):
    assert rioxx.render(examples["bare"]) is None


def test_a_work_without_a_language_is_in_an_unknown_one(examples):
    assert said(with_document(examples["thesis"], languages=[]), "dc:language") == ["und"]


def test_the_first_creator_is_marked_and_has_an_orcid(examples):
    article = examples["article"]
    assert said(article, "t:creator[@first-named-author='true']/t:name") == [
        "Асанова, Айгүл Бакытовна"
    ]
    assert said(article, "t:creator/@first-named-author") == ["true"]
    assert said(article, "t:creator/t:id") == ["https://orcid.org/0000-0002-1825-0097"]


def test_an_organisation_has_its_own_ror_and_nobody_that_of_an_employer(examples):
    assert said(examples["dataset"], "t:creator/t:id") == ["https://ror.org/02mhbdp94"]


def test_a_title_holds_its_subtitle(examples):
    assert said(examples["article"], "dc:title") == ["Кыргыз тили: сөз байлыгы"]


def test_the_english_abstract_comes_first(examples):
    assert said(examples["article"], "dc:description") == ["Words", "Сөздөр"]


def test_subjects_are_keywords_and_addresses_of_codes(examples):
    assert said(examples["article"], "dc:subject") == [
        "тил",
        "info:eu-repo/classification/udc/811.512.154",
    ]
    codes = [{"scheme": "bbk", "code": "81.2"}]
    assert said(with_document(examples["thesis"], classification=codes), "dc:subject") == [
        "эпос",
        "BBK 81.2",
    ]


def test_the_source_is_one_number(examples):
    assert said(examples["article"], "dc:source") == ["1694-7452"]
    host = {"title": "Жыйнак", "isbn": "9783161484100"}
    assert said(with_document(examples["article"], host=host), "dc:source") == ["9783161484100"]
    assert said(with_document(examples["article"], host={"title": "Жыйнак"}), "dc:source") == []


def test_a_file_is_listed_with_all_that_is_known_of_it(examples):
    deposited = datetime(2025, 1, 1, 9, tzinfo=UTC)
    record = with_file(examples["article"], deposited=deposited)
    (relation,) = rioxx.render(record).xpath("dc:relation", namespaces=NAMES)
    assert relation.text == f"{URL}/a.pdf"
    assert dict(relation.attrib) == {
        "rel": "item",
        "type": "application/pdf",
        "coar_type": f"{COAR}resource_type/c_6501",
        "coar_version": f"{COAR}version/c_970fb48d4fbd8a85",
        "deposit_date": "2025-01-01",
        "resource_exposed_date": "2025-01-02",
        "access_rights": f"{COAR}access_right/c_abf2",
        "license_ref": "https://creativecommons.org/licenses/by/4.0/",
    }


def test_a_file_that_came_later_was_to_be_seen_later(examples):
    record = with_file(examples["article"], deposited=datetime(2025, 6, 1, tzinfo=UTC))
    assert said(record, "dc:relation/@resource_exposed_date") == ["2025-06-01"]


def test_an_embargoed_file_is_listed_with_the_day_on_which_it_opens(examples):
    embargoed = examples["embargoed"]
    assert said(embargoed, "dc:relation[@rel='item']") == [f"{URL}/a.pdf"]
    assert said(embargoed, "dc:relation/@access_rights") == [f"{COAR}access_right/c_f1cf"]
    # Closed until the end of the first of May.
    assert said(embargoed, "dc:relation/@resource_exposed_date") == ["2031-05-02"]
    for_ever = with_file(embargoed, embargo_until=date.max)
    assert said(for_ever, "dc:relation/@resource_exposed_date") == []


@pytest.mark.parametrize(
    ("access", "term"),
    [
        (Access.REGISTERED, "c_16ec"),
        (Access.CAMPUS, "c_16ec"),
        (Access.STAFF, "c_16ec"),
        (Access.CLOSED, "c_14cb"),
    ],
)
def test_what_not_everybody_may_open_was_never_exposed(examples, access, term):
    record = with_file(examples["article"], access=access, level=access)
    assert said(record, "dc:relation/@access_rights") == [f"{COAR}access_right/{term}"]
    assert said(record, "dc:relation/@resource_exposed_date") == []


def test_what_is_closed_after_its_embargo_is_not_embargoed(examples):
    record = with_file(examples["embargoed"], access=Access.CLOSED)
    assert said(record, "dc:relation/@access_rights") == [f"{COAR}access_right/c_14cb"]


def test_an_open_file_that_is_locked_away_has_no_day(examples):
    record = with_file(examples["article"], level=Access.CLOSED)
    assert said(record, "dc:relation/@resource_exposed_date") == []


def test_identifiers_that_may_lead_elsewhere_are_external(examples):
    own = "t:ext_relation[@rel='cite-as']"
    assert said(examples["article"], own)[0] == "https://doi.org/10.1234/abcd"
    # It came out in a journal: the DOI names what came out there.
    assert said(examples["article"], f"{own}/@coar_version") == [
        f"{COAR}version/c_970fb48d4fbd8a85"
    ]
    assert said(examples["dataset"], own)[0] == "https://hdl.handle.net/20.1000/100"
    assert said(examples["dataset"], f"{own}/@coar_version") == []
    assert said(examples["article"], "dc:relation/@rel") == ["item"]


def test_other_works_are_related_and_only_forms_of_this_one_are_cited_as_it(examples):
    others = rioxx.render(examples["dataset"]).xpath("t:ext_relation", namespaces=NAMES)[1:]
    assert [(one.text, one.get("rel")) for one in others] == [
        ("https://doi.org/10.1234/abcd", "cite-as"),
        ("https://doi.org/10.1234/cited", "related"),
        ("https://example.org/ru", "related"),
    ]
    assert {one.get("coar_type") for one in others} == {vocabulary.TYPES["other"].uri}
    same = rioxx.render(examples["article"]).xpath("t:ext_relation", namespaces=NAMES)[1]
    assert same.get("coar_type") == f"{COAR}resource_type/c_6501"


def test_a_grant_names_its_funder(examples):
    (grant,) = rioxx.render(examples["dataset"]).xpath("t:grant", namespaces=NAMES)
    assert grant.text == "17/24"
    assert dict(grant.attrib) == {
        "funder_name": "Илим фонду",
        "funder_id": "https://ror.org/0472cxd90",
    }


def test_dates_are_days_months_or_years(examples):
    assert said(examples["article"], "t:publication_date") == ["2024-05"]
    assert said(examples["article"], "t:record_public_release_date") == ["2025-01-02"]
    accepted = with_document(examples["article"], accepted="2024-03-01~", issued=None)
    assert said(accepted, "dcterms:dateAccepted") == ["2024-03-01"]
    assert said(accepted, "t:publication_date") == []


def test_a_thesis_is_published_by_who_gave_the_degree(examples):
    assert said(examples["thesis"], "t:publisher/t:name") == ["Улуттук университет"]
    assert said(examples["thesis"], "t:contributor/t:name") == ["Осмонов, Бакыт"]
    assert said(examples["thesis"], "t:publication_date") == ["2019-06-14"]
