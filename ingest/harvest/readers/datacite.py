"""DataCite, kernels 2 to 4, bare or in the wrapping of oai_datacite."""

import re
from typing import Any

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import (
    Description,
    each,
    first,
    local,
    person,
    tagged,
    text,
    titled,
    words,
)

NAMESPACES = (
    "http://datacite.org/schema/",
    "http://schema.datacite.org/",
    "https://schema.datacite.org/",
)
TITLES = {
    "AlternativeTitle": "alternative",
    "Subtitle": "subtitle",
    "TranslatedTitle": "translated",
    "Other": "alternative",
}
ROLES = {
    "Editor": "edt",
    "Supervisor": "ths",
    "Researcher": "res",
    "DataManager": "dtm",
    "Translator": "trl",
}
IDENTIFIERS = {
    "doi": "doi",
    "handle": "handle",
    "isbn": "isbn",
    "issn": "issn",
    "urn": "urn",
    "url": "url",
    "arxiv": "arxiv",
}
DATES = {
    "Issued": "issued",
    "Submitted": "submitted",
    "Accepted": "accepted",
    "Available": "available",
}
_SCHEMES = (
    (re.compile(r"(?i)dewey|\bddc\b"), "ddc"),
    (re.compile(r"(?i)\budc\b|universal decimal|удк"), "udc"),
    (re.compile(r"(?i)\bbbk\b|ббк"), "bbk"),
    (re.compile(r"(?i)grnti|грнти"), "grnti"),
)
RELATIONS = {
    "IsPartOf": "is_part_of",
    "HasPart": "has_part",
    "IsVersionOf": "is_version_of",
    "HasVersion": "has_version",
    "IsNewVersionOf": "replaces",
    "IsPreviousVersionOf": "is_replaced_by",
    "Obsoletes": "replaces",
    "IsObsoletedBy": "is_replaced_by",
    "IsTranslationOf": "is_translation_of",
    "HasTranslation": "has_translation",
    "References": "references",
    "Cites": "references",
    "IsReferencedBy": "is_referenced_by",
    "IsCitedBy": "is_referenced_by",
    "IsSupplementTo": "is_supplement_to",
    "IsSupplementedBy": "is_supplemented_by",
    "Continues": "continues",
    "Reviews": "is_review_of",
}


def read(element: etree._Element) -> Description:
    """What a record in DataCite says."""
    resource = next((one for one in element.iter() if local(one) == "resource"), element)
    found = Description()
    titles = sorted(_in(resource, "titles", "title"), key=lambda one: bool(one.get("titleType")))
    for one in titles:
        kind = TITLES.get(one.get("titleType", ""))
        titled(found, [{**tagged(one), "kind": kind} if kind else tagged(one)])
    for one in _in(resource, "creators", "creator"):
        found.add("creators", _agent(one, "creatorName", "aut"))
    for one in _in(resource, "contributors", "contributor"):
        role = ROLES.get(one.get("contributorType", ""), "ctb")
        found.add("contributors", _agent(one, "contributorName", role))
    _facts(found, resource)
    _identified(found, resource)
    for one in _in(resource, "subjects", "subject"):
        _subject(found, one)
    for one in _in(resource, "descriptions", "description"):
        abstract = one.get("descriptionType") in ("Abstract", None)
        if words(one):
            found.add("abstracts" if abstract else "notes", tagged(one) if abstract else words(one))
    for one in _in(resource, "rightsList", "rights"):
        said = f"{one.get('rightsURI', '')} {words(one)}"
        found.put("licence", kinds.licence(said))
        found.put("access", kinds.access(one.get("rightsURI", "")))
    _host(found, resource)
    _related(found, resource)
    return found


def _in(parent: etree._Element, group: str, name: str) -> list[etree._Element]:
    """The members of a group; of groups that were written without their wrapping, too."""
    return [one for top in each(parent, group) for one in each(top, name)] or list(
        each(parent, name)
    )


def _agent(one: etree._Element, name: str, role: str) -> dict[str, Any] | None:
    named = first(one, name)
    whole = words(named)
    more: dict[str, Any] = {}
    for identifier in each(one, "nameIdentifier"):
        orcid = re.search(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]", words(identifier))
        if orcid:
            more["orcid"] = orcid[0]
    places = [{"name": words(place)} for place in each(one, "affiliation") if words(place)]
    if places:
        more["affiliations"] = places
    if named is not None and named.get("nameType") == "Organizational":
        return {"kind": "organisation", "name": whole, "role": role} if whole else None
    family = text(one, "familyName")
    if family:
        given = text(one, "givenName")
        return {"kind": "person", "family": family, "given": given, "role": role, **more}
    return person(whole, role, **more)


def _facts(found: Description, resource: etree._Element) -> None:
    publisher = text(resource, "publisher")
    found.add("publishers", {"name": publisher} if publisher else None)
    for one in _in(resource, "dates", "date"):
        seen = re.match(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", words(one))
        if seen:
            found.put(DATES.get(one.get("dateType", ""), ""), seen[0])
    found.document.pop("", None)
    found.put("issued", text(resource, "publicationYear"))
    found.add("languages", text(resource, "language"))
    for one in _in(resource, "sizes", "size"):
        found.add("extent", words(one))
    kind = first(resource, "resourceType")
    general = kind.get("resourceTypeGeneral", "") if kind is not None else ""
    found.document["type"] = kinds.kind((words(kind), general))


def _identified(found: Description, resource: etree._Element) -> None:
    named = [
        *each(resource, "identifier"),
        *_in(resource, "alternateIdentifiers", "alternateIdentifier"),
    ]
    for one in named:
        said = one.get("identifierType", "") or one.get("alternateIdentifierType", "")
        scheme, value = IDENTIFIERS.get(said.lower()), words(one)
        known = {"scheme": scheme, "value": value} if scheme else kinds.identifier(value)
        found.add("identifiers", known if value else None)
        if known and known["scheme"] == "url":
            found.urls.append(value)


def _subject(found: Description, one: etree._Element) -> None:
    named = next((key for fits, key in _SCHEMES if fits.search(one.get("subjectScheme", ""))), "")
    code = one.get("classificationCode", "") or words(one)
    if named and re.match(r"[0-9А-Я][\w.:()+/-]*$", code):
        label = words(one) if words(one) != code else ""
        found.add("classification", {"scheme": named, "code": code, "label": label})
    else:
        found.add("keywords", tagged(one) if words(one) else None)


def _related(found: Description, resource: etree._Element) -> None:
    """Other works, who paid, and the places that it is about."""
    for one in _in(resource, "relatedIdentifiers", "relatedIdentifier"):
        kind = RELATIONS.get(one.get("relationType", ""))
        scheme = IDENTIFIERS.get(one.get("relatedIdentifierType", "").lower())
        if kind and words(one):
            named = {"scheme": scheme, "value": words(one)} if scheme else {"citation": words(one)}
            found.add("relations", {"kind": kind, **named})
    for one in _in(resource, "fundingReferences", "fundingReference"):
        funder = text(one, "funderName")
        award = {"award": text(one, "awardNumber"), "title": text(one, "awardTitle")}
        identifier = text(one, "funderIdentifier")
        more = {"funder_id": identifier} if identifier.startswith("http") else {}
        found.add("funding", {"funder": funder, **award, **more} if funder else None)
    for one in _in(resource, "geoLocations", "geoLocation"):
        place = text(one, "geoLocationPlace")
        found.add("coverage", {"kind": "spatial", "text": place} if place else None)


def _host(found: Description, resource: etree._Element) -> None:
    for one in _in(resource, "relatedItems", "relatedItem"):
        if one.get("relationType") in ("IsPublishedIn", "IsPartOf"):
            title = next((words(part) for part in _in(one, "titles", "title")), "")
            pages = "–".join(filter(None, (text(one, "firstPage"), text(one, "lastPage"))))
            host = {"title": title, "volume": text(one, "volume"), "issue": text(one, "issue")}
            found.put("host", {**host, "pages": pages} if title else None)
