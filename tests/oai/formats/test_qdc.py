"""Qualified Dublin Core: only DCMI's terms, and what the other examples do not reach."""

import pytest
from lxml import etree

from oai.elements import XSI
from oai.formats import qdc

TERMS = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": XSI,
}
# What DCMI's XML schemas declare: no copy of them is at hand to check against.
ELEMENTS = set(
    "title creator subject description publisher contributor date type format identifier source "
    "language relation coverage rights".split()
)
REFINED = ELEMENTS | set(
    "abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience "
    "available bibliographicCitation conformsTo created dateAccepted dateCopyrighted "
    "dateSubmitted educationLevel extent hasFormat hasPart hasVersion instructionalMethod "
    "isFormatOf isPartOf isReferencedBy isReplacedBy isRequiredBy issued isVersionOf license "
    "mediator medium modified provenance references replaces requires rightsHolder spatial "
    "tableOfContents temporal valid".split()
)
SCHEMES = set(
    "LCSH MESH DDC LCC UDC Period W3CDTF DCMIType IMT URI ISO639-2 ISO639-3 RFC1766 RFC3066 "
    "RFC4646 Point ISO3166 Box TGN".split()
)


def said(record, path):
    return [getattr(one, "text", one) for one in qdc.render(record).xpath(path, namespaces=TERMS)]


@pytest.mark.parametrize("example", ["article", "embargoed", "thesis", "part", "bare"])
def test_it_has_only_terms_and_schemes_of_dcmi(examples, example):
    made = qdc.render(examples[example])
    for one in made:
        name = etree.QName(one)
        known = ELEMENTS if name.namespace == TERMS["dc"] else REFINED
        assert name.namespace in TERMS.values()
        assert name.localname in known
        assert not len(one)
    for scheme in made.xpath("*/@xsi:type", namespaces=TERMS):
        assert scheme.removeprefix("dcterms:") in SCHEMES


def test_no_term_has_both_a_scheme_and_a_language(examples):
    for record in examples.values():
        assert said(record, "*[@xsi:type][@xml:lang]") == []


def test_a_thesis_says_its_degree(examples):
    assert said(examples["thesis"], "dc:description") == [
        "Candidate of sciences, 10.02.06 Түрк тилдери, Улуттук университет, Д 10.19.586, Бишкек"
    ]


def test_editions_and_funders(examples):
    assert said(examples["part"], "dcterms:isVersionOf") == [
        "2-басылышы",
        "Иванов А. Города Чуя. М., 1980.",
    ]
    assert said(examples["article"], "dcterms:relation") == ["Илим фонду. Тил. 17/24"]
