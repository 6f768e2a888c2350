"""The default metadata of SWORD 3.0: terms of Dublin Core in JSON, read and written."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from ingest import fitting
from ingest.harvest.readers import oai_dc
from ingest.harvest.readers.elements import XML_LANG
from ingest.sword.atom import DCTERMS
from ingest.sword.packages import Refused
from ingest.sword3.documents import CONTEXT
from schemas import text, vocabulary
from schemas import work as profile
from schemas.languages import normalise

FORMAT = "http://purl.org/net/sword/3.0/types/Metadata"
UNTITLED = "–"
_TERM = re.compile(
    r"(?:dc:|dcterms:|http://purl\.org/dc/terms/|http://purl\.org/dc/elements/1\.1/)([A-Za-z]+)"
)
_DATES = {"issued": "issued", "submitted": "dateSubmitted", "accepted": "dateAccepted"}
_DATES["available"] = "available"
_SCHEMES = {"udc": "UDC", "ddc": "DDC", "bbk": "ББК", "grnti": "ГРНТИ"}
_RELATIONS = {
    "is_part_of": "isPartOf",
    "has_part": "hasPart",
    "is_version_of": "isVersionOf",
    "references": "references",
    "is_referenced_by": "isReferencedBy",
    "replaces": "replaces",
    "is_replaced_by": "isReplacedBy",
}


def parse(data: bytes) -> dict[str, Any]:
    """The JSON object that was sent; raises Refused where it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused("ContentMalformed", 400, "The body is no JSON.") from error
    if not isinstance(found, dict):
        raise Refused("ContentMalformed", 400, "The body is no JSON object.")
    return found


def read(given: Mapping[str, Any], *, titled: bool = True) -> dict[str, Any]:
    """The description in a metadata document; `titled`: it must have a title, and has one then.

    Fields that are not of Dublin Core, and values that do not fit, are left out.
    """
    record = etree.Element(f"{{{DCTERMS}}}record")
    for key, value in given.items():
        term = _TERM.fullmatch(key)
        for said, language in _values(value) if term else ():
            made = etree.SubElement(record, f"{{{DCTERMS}}}{term[1] if term else ''}")
            made.text = said
            if normalise(language):
                made.set(XML_LANG, language)
    found = dict(oai_dc.read(record).document)
    if not found.get("titles"):
        if titled:
            raise Refused("ValidationFailed", 400, "The metadata has no title (dc:title).")
        return {key: one for key, one in _fit(found).items() if key != "titles"}
    return _fit(found)


def _fit(found: dict[str, Any]) -> dict[str, Any]:
    return fitting.fit(found, name=UNTITLED)[0]


def _values(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a value, each with its language: a text, a value of JSON-LD, or a list."""
    for one in value if isinstance(value, list) else [value]:
        said, language = one, ""
        if isinstance(one, dict):
            said, language = one.get("@value", one.get("@id")), one.get("@language", "")
        if isinstance(said, (str, int, float)) and isinstance(language, str):
            yield text.clean(str(said)), text.line(language)


def joined(document: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The document with what is said in addition; nothing of it is overwritten."""
    made = {**more, **document}
    for element, value in more.items():
        there = document.get(element)
        if element == "titles" and there:
            value = [{**one, "kind": "alternative"} for one in value if not _has(there, one)]
        if isinstance(there, list):
            made[element] = [*there, *(one for one in value if one not in there)]
    if document.get("type") == vocabulary.TYPES["other"].uri:
        made["type"] = more.get("type", document["type"])
    return made


def _has(titles: Iterable[Mapping[str, Any]], title: Mapping[str, Any]) -> bool:
    return any(one["text"] == title["text"] for one in titles)


def write(document: Mapping[str, Any], *, address: str) -> dict[str, Any]:
    """The description as a metadata document. What `read` makes of it is the same again, as far as
    Dublin Core goes."""
    found: dict[str, list[Any]] = {}
    for term, value, language in _said(document):
        shown = {"@value": value, "@language": language} if language else value
        if value and shown not in found.setdefault(term, []):
            found[term].append(shown)
    terms = {term: some[0] if len(some) == 1 else some for term, some in found.items() if some}
    return {"@context": CONTEXT, "@id": address, "@type": "Metadata", **terms}


def _said(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    main = profile.main_title(document)
    for one in document.get("titles", ()):
        if one is main:
            yield "dc:title", one["text"], one.get("language", "")
        else:
            yield "dcterms:alternative", one["text"], one.get("language", "")
    for element, term in (("creators", "dc:creator"), ("contributors", "dc:contributor")):
        for one in document.get(element, ()):
            yield term, profile.agent_name(one), ""
    for element, term in (("abstracts", "dcterms:abstract"), ("keywords", "dc:subject")):
        for one in document.get(element, ()):
            yield term, one["text"], one.get("language", "")
    for element, term in _DATES.items():
        yield f"dcterms:{term}", document.get(element, ""), ""
    for one in document.get("publishers", ()):
        yield "dc:publisher", one.get("name", ""), ""
    for element, term in (
        ("languages", "dc:language"),
        ("extent", "dcterms:extent"),
        ("rights_holders", "dcterms:rightsHolder"),
        ("notes", "dcterms:bibliographicCitation"),
    ):
        for one in document.get(element, ()):
            yield term, one, ""
    yield from _pointers(document)


def _pointers(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What has an address or a code of its own."""
    yield "dc:type", document.get("type", ""), ""
    for one in document.get("identifiers", ()):
        scheme, value = one.get("scheme", ""), one.get("value", "")
        plain = scheme in ("url", "urn", "handle")
        yield "dc:identifier", value if plain else f"{scheme}:{value}", ""
    for one in document.get("classification", ()):
        scheme = one.get("scheme", "")
        yield "dc:subject", f"{_SCHEMES.get(scheme, scheme.upper())} {one.get('code', '')}", ""
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    if licence:
        yield "dc:rights", licence.url or licence.label, ""
    yield "dc:source", (document.get("host") or {}).get("title", ""), ""
    for one in document.get("coverage", ()):
        yield f"dcterms:{one.get('kind', 'spatial')}", one.get("text", ""), ""
    for one in document.get("relations", ()):
        term = _RELATIONS.get(one.get("kind", ""), "relation")
        yield f"dcterms:{term}", one.get("value") or one.get("citation", ""), ""
