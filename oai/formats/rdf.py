"""rdf: the work as RDF, in Dublin Core terms, with people as things of their own (FOAF).

The subject of all statements is the address of the work's page.
"""

from collections.abc import Iterator

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from oai.formats.said import Document
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
VERSION = 1

_TERMS = "http://purl.org/dc/terms/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_BIBO = "http://purl.org/ontology/bibo/"
_PREFIXES = {"rdf": NAMESPACE, "dcterms": _TERMS, "foaf": _FOAF, "bibo": _BIBO, "xsi": XSI}
_rdf = Names(NAMESPACE, _PREFIXES)
_terms = Names(_TERMS)
_foaf = Names(_FOAF)
_bibo = Names(_BIBO)

_ABOUT, _RESOURCE, _DATATYPE = (
    f"{{{NAMESPACE}}}{name}" for name in ("about", "resource", "datatype")
)
_KINDS = {
    "is_part_of": "isPartOf",
    "has_part": "hasPart",
    "is_version_of": "isVersionOf",
    "has_version": "hasVersion",
    "references": "references",
    "is_referenced_by": "isReferencedBy",
    "replaces": "replaces",
    "is_replaced_by": "isReplacedBy",
}
# W3C XML Schema's name of a date, by the length of what is known of it.
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}

Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The work in RDF/XML."""
    document = record.document
    description = _rdf(
        "Description",
        *_titles(document),
        *(_terms("creator", _agent(one)) for one in document.get("creators", ())),
        *(_terms("contributor", _agent(one)) for one in document.get("contributors", ())),
        *_points("type", profile.work_type(document).uri),
        *_dates(record),
        *(_terms("publisher", _named(one["name"])) for one in document.get("publishers", ())),
        *_texts("abstract", document.get("abstracts", ())),
        *_texts("subject", document.get("keywords", ())),
        *(_terms("language", languages.alpha3(one)) for one in document.get("languages", ())),
        *_identifiers(record),
        *_host(document),
        *_relations(document),
        *_files(record),
        *_rights(record),
    )
    description.set(_ABOUT, record.url)
    return located(_rdf.root("RDF", description), SCHEMA)


def _points(term: str, address: str) -> Elements:
    made = _terms(term)
    made.set(_RESOURCE, address)
    yield made


def _texts(term: str, entries: list[Document]) -> Elements:
    for one in entries:
        yield _terms(term, one["text"], language=one.get("language"))


def _titles(document: Document) -> Elements:
    title, language = said.main_title(document)
    yield _terms("title", title, language=language)
    yield from _texts("alternative", said.other_titles(document))


def _agent(agent: Document) -> etree._Element:
    kind = "Person" if agent.get("kind", "person") == "person" else "Organization"
    made = _foaf(kind, _foaf("name", profile.agent_reading(agent)))
    for name in ("familyName", "givenName"):
        value = agent.get(name.removesuffix("Name"))
        if value:
            made.append(_foaf(name, value))
    if "orcid" in agent:
        made.set(_ABOUT, f"https://orcid.org/{agent['orcid']}")
    return made


def _named(name: str) -> etree._Element:
    return _foaf("Agent", _foaf("name", name))


def _dates(record: Record) -> Elements:
    for term in ("issued", "submitted", "accepted", "available"):
        date = said.day(record.document.get(term))
        if date:
            names = {"submitted": "dateSubmitted", "accepted": "dateAccepted"}
            made = _terms(names.get(term, term), date)
            made.set(_DATATYPE, f"http://www.w3.org/2001/XMLSchema#{_DATES[len(date)]}")
            yield made


def _identifiers(record: Record) -> Elements:
    yield _terms("identifier", record.url)
    for scheme, value, address in said.links(record):
        yield (
            _bibo(scheme, value)
            if scheme in ("doi", "isbn", "issn")
            else _terms("identifier", address)
        )


def _host(document: Document) -> Elements:
    host = document.get("host")
    if host:
        yield _terms("bibliographicCitation", said.citation(host))
        for issn in host.get("issn", ()):
            yield from _points("isPartOf", said.LINKS["issn"] % issn)


def _relations(document: Document) -> Elements:
    for one in document.get("relations", ()):
        link = said.LINKS.get(one.get("scheme", ""))
        if link and one.get("value"):
            yield from _points(_KINDS.get(one["kind"], "relation"), link % one["value"])


def _files(record: Record) -> Elements:
    for file in record.files:
        if file.free:
            yield from _points("hasFormat", file.url)


def _rights(record: Record) -> Elements:
    yield from _points("accessRights", vocabulary.ACCESS_RIGHTS[record.access_right].uri)
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence and licence.url:
        yield from _points("license", licence.url)
    for holder in record.document.get("rights_holders", ()):
        yield _terms("rightsHolder", _named(holder))
