"""qdc: qualified Dublin Core, DCMI's terms with their encoding schemes, for CORE and others.

The container is OCLC's, whose schema takes every term of dc and dcterms in any order.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://worldcat.org/xmlschemas/qdc-1.0/"
SCHEMA = "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd"
VERSION = 1

_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_qdc = Names(NAMESPACE, {"qdc": NAMESPACE, "dc": _DC, "dcterms": _TERMS, "xsi": XSI})
_dc = Names(_DC)
_terms = Names(_TERMS)
_SCHEME = f"{{{XSI}}}type"

_DATES = {
    "issued": "issued",
    "submitted": "dateSubmitted",
    "accepted": "dateAccepted",
    "available": "available",
}
_RELATIONS = {
    "is_part_of": "isPartOf",
    "has_part": "hasPart",
    "is_version_of": "isVersionOf",
    "has_version": "hasVersion",
    "is_translation_of": "isVersionOf",
    "has_translation": "hasVersion",
    "references": "references",
    "is_referenced_by": "isReferencedBy",
    "replaces": "replaces",
    "is_replaced_by": "isReplacedBy",
}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The record in qualified Dublin Core."""
    document = record.document
    made = _qdc.root(
        "qualifieddc",
        *_titles(document),
        *(_dc("creator", profile.agent_name(one)) for one in document.get("creators", ())),
        *_subjects(document),
        *_texts("abstract", document.get("abstracts", ())),
        *(_dc("description", one) for one in document.get("notes", ())),
        *_degree(document),
        *(_dc("publisher", one["name"]) for one in document.get("publishers", ())),
        *(_dc("contributor", profile.agent_name(one)) for one in document.get("contributors", ())),
        *_dates(record),
        *_types(document),
        *_formats(record),
        *_identifiers(record),
        *_host(document),
        *(
            _in("language", languages.alpha3(one), "ISO639-3")
            for one in document.get("languages", ())
        ),
        *_relations(document),
        *(_terms(one["kind"], one["text"]) for one in document.get("coverage", ())),
        *_rights(record),
    )
    return located(made, SCHEMA)


def _in(term: str, value: str, scheme: str) -> etree._Element:
    """A term whose value follows an encoding scheme of DCMI."""
    made = _terms(term, value)
    made.set(_SCHEME, f"dcterms:{scheme}")
    return made


def _texts(term: str, entries: list[Document]) -> Elements:
    for one in entries:
        yield _terms(term, one["text"], language=one.get("language"))


def _titles(document: Document) -> Elements:
    title, language = said.main_title(document)
    yield _dc("title", title, language=language)
    yield from _texts("alternative", said.other_titles(document))


def _subjects(document: Document) -> Elements:
    for keyword in document.get("keywords", ()):
        yield _dc("subject", keyword["text"], language=keyword.get("language"))
    for entry in document.get("classification", ()):
        if entry["scheme"] in ("udc", "ddc"):
            yield _in("subject", entry["code"], entry["scheme"].upper())
        else:
            yield _dc("subject", f"{entry['scheme'].upper()} {entry['code']}")


def _degree(document: Document) -> Elements:
    thesis = document.get("thesis")
    if thesis:
        specialty = thesis.get("specialty", {})
        words = (
            vocabulary.DEGREES[thesis["degree"]],
            " ".join(filter(None, (specialty.get("code"), specialty.get("name")))),
            *(thesis.get(name) for name in ("grantor", "council", "place")),
        )
        yield _dc("description", ", ".join(filter(None, words)))


def _dates(record: Record) -> Elements:
    for element, term in _DATES.items():
        date = said.day(record.document.get(element))
        if date:
            yield _in(term, date, "W3CDTF")
    defended = said.day(record.document.get("thesis", {}).get("defended"))
    if defended and "issued" not in record.document:
        yield _in("issued", defended, "W3CDTF")
    until = said.embargo_end(record)
    if until and "available" not in record.document:
        yield _in("available", until, "W3CDTF")


def _types(document: Document) -> Elements:
    kind = profile.work_type(document)
    yield _in("type", kind.uri, "URI")
    yield _terms("type", kind.label, language="en")
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    if version:
        yield _in("type", version.uri, "URI")


def _formats(record: Record) -> Elements:
    for media_type in dict.fromkeys(file.media_type for file in record.files):
        yield _in("format", media_type, "IMT")
    for extent in record.document.get("extent", ()):
        yield _terms("extent", extent)


def _identifiers(record: Record) -> Elements:
    yield _in("identifier", record.url, "URI")
    for _, _, address in said.links(record):
        yield _in("identifier", address, "URI")
    for file in record.files:
        if file.media_type == "application/pdf" and file.free:
            yield _in("identifier", file.url, "URI")


def _host(document: Document) -> Elements:
    host = document.get("host")
    if host:
        yield _terms("bibliographicCitation", said.citation(host))
        for issn in host.get("issn", ()):
            yield _in("isPartOf", said.LINKS["issn"] % issn, "URI")
        if "isbn" in host:
            yield _in("isPartOf", said.LINKS["isbn"] % host["isbn"], "URI")
    for series in document.get("series", ()):
        yield _terms("isPartOf", "; ".join(filter(None, (series["title"], series.get("number")))))


def _relations(document: Document) -> Elements:
    if "edition" in document:
        yield _terms("isVersionOf", document["edition"])
    for one in document.get("relations", ()):
        term = _RELATIONS.get(one["kind"], "relation")
        link = said.LINKS.get(one.get("scheme", ""))
        if link and one.get("value"):
            yield _in(term, link % one["value"], "URI")
        elif one["kind"] != "references":
            yield _terms(term, one.get("citation") or one["value"])
    for grant in document.get("funding", ()):
        words = (said.grant(grant), grant.get("award"))
        yield _terms("relation", ". ".join(filter(None, words)))


def _rights(record: Record) -> Elements:
    right = vocabulary.ACCESS_RIGHTS[record.access_right]
    yield _in("accessRights", right.uri, "URI")
    yield _terms("accessRights", right.label, language="en")
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence and licence.url:
        yield _in("license", licence.url, "URI")
    elif licence:
        yield _terms("rights", licence.label, language="en")
    for holder in record.document.get("rights_holders", ()):
        yield _terms("rightsHolder", holder)
