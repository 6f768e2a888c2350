"""oai_dc: unqualified Dublin Core, for OpenAIRE 3, BASE and CORE together.

The elements come in the order of the Dublin Core element set. Within them the order matters:

- dc:type: the info:eu-repo term first (OpenAIRE), then the version, then COAR's URI, then words;
- dc:identifier: the landing page first (OpenAIRE, BASE), then persistent identifiers, then the
  PDF's own address (CORE);
- dc:rights: the access term first, then the licence;
- dc:subject: keywords first, then codes, each with its words below it;
- dc:date: one, without a time, and the embargo's end as a date of its own. A work without a date
  has the day on which it was published here: OpenAIRE and BASE want any date rather than none.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import said
from repository.records import Record
from schemas import languages, vocabulary
from schemas import work as profile

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
VERSION = 2

_DC = "http://purl.org/dc/elements/1.1/"
_PREFIXES = {"oai_dc": NAMESPACE, "dc": _DC, "xsi": XSI}
_oai_dc = Names(NAMESPACE, _PREFIXES)
dc = Names(_DC)

_EU = "info:eu-repo/semantics/"
# OpenAIRE's names of the schemes that it knows.
_SCHEMES = {"doi": "doi", "handle": "hdl", "arxiv": "arxiv", "isbn": "isbn", "urn": "urn"}
_CODES = {"ddc": "info:eu-repo/classification/ddc/%s", "udc": "info:eu-repo/classification/udc/%s"}

Document = dict[str, Any]
Elements = Iterator[etree._Element]


def render(record: Record) -> etree._Element:
    """The record in oai_dc."""
    document = record.document
    return whole(
        *_titles(document),
        *_agents("creator", document),
        *_subjects(document),
        *_descriptions(document),
        *_publishers(document),
        *_agents("contributor", document),
        *_dates(record),
        *_types(document),
        *_formats(record),
        *_identifiers(record),
        *_sources(document),
        *_languages(document),
        *_relations(document),
        *_coverage(document),
        *_rights(record),
    )


def minimal(record: Record) -> etree._Element:
    """What can be said of a record that cannot be rendered: that it is there, and where."""
    return whole(dc("title", _any_title(record)), dc("identifier", record.url))


def whole(*elements: etree._Element) -> etree._Element:
    """Elements of `dc` under one root, with its schema."""
    return located(_oai_dc.root("dc", *elements), SCHEMA)


def _any_title(record: Record) -> str:
    titles = record.document.get("titles")
    first = titles[0] if isinstance(titles, list) and titles else None
    text = first.get("text") if isinstance(first, dict) else None
    return text if isinstance(text, str) and text else f"[{record.number}]"


def _titles(document: Document) -> Elements:
    title, language = said.main_title(document)
    yield dc("title", title, language=language)
    for other in said.other_titles(document):
        yield dc("title", other["text"], language=other.get("language"))


def _agents(element: str, document: Document) -> Elements:
    for agent in document.get(f"{element}s", ()):
        yield dc(element, profile.agent_name(agent))


def _subjects(document: Document) -> Elements:
    for keyword in document.get("keywords", ()):
        yield dc("subject", keyword["text"], language=keyword.get("language"))
    for entry in document.get("classification", ()):
        scheme, code = entry["scheme"], entry["code"]
        yield dc("subject", _CODES.get(scheme, f"{scheme.upper()} %s") % code)
        if "label" in entry:
            yield dc("subject", entry["label"])


def _descriptions(document: Document) -> Elements:
    for abstract in document.get("abstracts", ()):
        yield dc("description", abstract["text"], language=abstract.get("language"))
    for note in document.get("notes", ()):
        yield dc("description", note)


def _publishers(document: Document) -> Elements:
    for name in said.publishers(document):
        yield dc("publisher", name)


def _dates(record: Record) -> Elements:
    yield dc("date", said.dated(record))
    end = said.embargo_end(record)
    if end:
        yield dc("date", f"info:eu-repo/date/embargoEnd/{end}")


def _types(document: Document) -> Elements:
    kind = profile.work_type(document)
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    yield dc("type", _EU + kind.eu_repo)
    if version:
        yield dc("type", _EU + version.eu_repo)
    yield dc("type", kind.uri)
    yield dc("type", kind.label, language="en")


def _formats(record: Record) -> Elements:
    for media_type in dict.fromkeys(file.media_type for file in record.files):
        yield dc("format", media_type)
    for extent in record.document.get("extent", ()):
        yield dc("format", extent)


def _identifiers(record: Record) -> Elements:
    yield dc("identifier", record.url)
    for _, _, address in said.links(record):
        yield dc("identifier", address)
    for file in record.files:
        if file.media_type == "application/pdf" and file.free:
            yield dc("identifier", file.url)


def _sources(document: Document) -> Elements:
    host = document.get("host")
    if host:
        yield dc("source", said.citation(host))
        for issn in host.get("issn", ()):
            yield dc("source", said.LINKS["issn"] % issn)
        if "isbn" in host:
            yield dc("source", said.LINKS["isbn"] % host["isbn"])


def _languages(document: Document) -> Elements:
    for code in document.get("languages", ()):
        yield dc("language", languages.alpha3(code))


def _relations(document: Document) -> Elements:
    for grant in document.get("funding", ()):
        if "award" in grant:
            # Funder, programme, number; then either nothing or jurisdiction, name, acronym.
            more = ("", grant["title"], "") if "title" in grant else ()
            parts = (grant["funder"], "", grant["award"], *more)
            words = "/".join(part.replace("/", "%2F") for part in parts)
            yield dc("relation", f"info:eu-repo/grantAgreement/{words}")
    for entry in document.get("identifiers", ()):
        if entry["scheme"] in _SCHEMES:
            scheme = _SCHEMES[entry["scheme"]]
            yield dc("relation", f"{_EU}altIdentifier/{scheme}/{said.escaped(entry['value'])}")
    for series in document.get("series", ()):
        yield dc("relation", "; ".join(filter(None, (series["title"], series.get("number")))))
    for relation in document.get("relations", ()):
        yield from (dc("relation", one) for one in filter(None, [_related(relation)]))


def _related(relation: Document) -> str | None:
    scheme, value = relation.get("scheme", ""), relation.get("value")
    if value and relation["kind"] == "references" and scheme in _SCHEMES:
        return f"{_EU}reference/{_SCHEMES[scheme]}/{said.escaped(value)}"
    if value:
        return said.address(scheme, value) if scheme in said.LINKS else value
    # A list of references in words would be longer than all the rest, and helps no software.
    return relation["citation"] if relation["kind"] != "references" else None


def _coverage(document: Document) -> Elements:
    for entry in document.get("coverage", ()):
        yield dc("coverage", entry["text"])


def _rights(record: Record) -> Elements:
    yield dc("rights", _EU + vocabulary.ACCESS_RIGHTS[record.access_right].eu_repo)
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence:
        yield dc("rights", licence.url or licence.label)
