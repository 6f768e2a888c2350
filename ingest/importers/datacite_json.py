"""A record in DataCite's JSON as its XML, which is read already: the two say the same."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from schemas import text

NAMESPACE = "http://datacite.org/schema/kernel-4"
MOST = 5000  # entries of one group
# Groups, their members, what of an entry is the text, and what its attributes.
_GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("titles", "title", "title", ("titleType",)),
    ("subjects", "subject", "subject", ("subjectScheme", "classificationCode")),
    ("dates", "date", "date", ("dateType",)),
    ("descriptions", "description", "description", ("descriptionType",)),
    ("rightsList", "rights", "rights", ("rightsURI", "rightsIdentifier")),
    ("sizes", "size", "size", ()),
    ("formats", "format", "format", ()),
    (
        "relatedIdentifiers",
        "relatedIdentifier",
        "relatedIdentifier",
        ("relatedIdentifierType", "relationType"),
    ),
)
_KEYS = {"rightsURI": "rightsUri"}


class Odd(ValueError):
    """What cannot be a record."""


def resource(record: Any) -> etree._Element:
    """The record as an element `resource`. Raises Odd where it is none."""
    said = record.get("attributes", record) if isinstance(record, dict) else None
    if not isinstance(said, dict) or not said:
        raise Odd("It is no record of DataCite. Export it again, or leave it out.")
    made = etree.Element(f"{{{NAMESPACE}}}resource", nsmap={None: NAMESPACE})
    _add(made, "identifier", said.get("doi"), identifierType="DOI")
    for name in ("creators", "contributors"):
        for one in _entries(said, name):
            _agent(_group(made, name), name.removesuffix("s"), one)
    for name, member, value, attributes in _GROUPS:
        for one in _entries(said, name):
            entry = one if isinstance(one, dict) else {value: one}
            given = {key: entry.get(_KEYS.get(key, key)) for key in attributes}
            _add(_group(made, name), member, entry.get(value), entry.get("lang"), **given)
    publisher = said.get("publisher")
    _add(made, "publisher", publisher.get("name") if isinstance(publisher, dict) else publisher)
    for name in ("publicationYear", "language", "version"):
        _add(made, name, said.get(name))
    types = said.get("types")
    if isinstance(types, dict):
        general = types.get("resourceTypeGeneral")
        kind = types.get("resourceType") or general
        _add(made, "resourceType", kind, resourceTypeGeneral=general)
    _identifiers(made, said)
    _funding(made, said)
    return made


def _entries(said: Mapping[str, Any], name: str) -> list[Any]:
    found = said.get(name)
    return found[:MOST] if isinstance(found, list) else []


def _group(made: etree._Element, name: str) -> etree._Element:
    found = made.find(f"{{{NAMESPACE}}}{name}")
    return etree.SubElement(made, f"{{{NAMESPACE}}}{name}") if found is None else found


def _add(
    parent: etree._Element, name: str, value: Any, language: Any = None, **attributes: Any
) -> etree._Element | None:
    """A child with a text, unless there is none; what is no text or number is nothing."""
    said = _text(value)
    if not said:
        return None
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    made.text = said
    for key, one in attributes.items():
        if _text(one):
            made.set(key, _text(one))
    if _text(language):
        made.set("{http://www.w3.org/XML/1998/namespace}lang", _text(language))
    return made


def _text(value: Any) -> str:
    usable = isinstance(value, str | int) and not isinstance(value, bool)
    # A whole number with thousands of digits is no text either.
    return text.clean(str(value)) if usable and not _huge(value) else ""


def _huge(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > 10**18


def _agent(parent: etree._Element, name: str, one: Any) -> None:
    if not isinstance(one, dict):
        return
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if _text(one.get("contributorType")):
        made.set("contributorType", _text(one["contributorType"]))
    _add(made, f"{name}Name", one.get("name"), nameType=one.get("nameType"))
    _add(made, "givenName", one.get("givenName"))
    _add(made, "familyName", one.get("familyName"))
    for each in _entries(one, "nameIdentifiers"):
        if isinstance(each, dict):
            _add(made, "nameIdentifier", each.get("nameIdentifier"))
    for each in _entries(one, "affiliation"):
        _add(made, "affiliation", each.get("name") if isinstance(each, dict) else each)


def _identifiers(made: etree._Element, said: Mapping[str, Any]) -> None:
    for name, value, kind in (
        ("identifiers", "identifier", "identifierType"),
        ("alternateIdentifiers", "alternateIdentifier", "alternateIdentifierType"),
    ):
        for one in _entries(said, name):
            if isinstance(one, dict):
                parent = _group(made, "alternateIdentifiers")
                of = one.get(kind)
                _add(parent, "alternateIdentifier", one.get(value), alternateIdentifierType=of)


def _funding(made: etree._Element, said: Mapping[str, Any]) -> None:
    for one in _entries(said, "fundingReferences"):
        if isinstance(one, dict):
            entry = etree.SubElement(
                _group(made, "fundingReferences"), f"{{{NAMESPACE}}}fundingReference"
            )
            for name in ("funderName", "funderIdentifier", "awardNumber", "awardTitle"):
                _add(entry, name, one.get(name))
