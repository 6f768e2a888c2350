"""MODS, version 3."""

import re
from typing import Any

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import (
    Description,
    each,
    first,
    headed,
    local,
    peopled,
    person,
    tagged,
    text,
    titled,
    words,
)
from schemas import vocabulary

NAMESPACES = ("http://www.loc.gov/mods/v3",)
_TITLES = {"translated": "translated", "alternative": "alternative", "uniform": "alternative"}
_SCHEMES = {"udc": "udc", "ddc": "ddc", "rubbk": "bbk", "bbk": "bbk", "grnti": "grnti"}
_SCHEMES |= {"rugasnti": "grnti", "vak": "vak"}
_IDENTIFIERS = {**{key: key for key in vocabulary.IDENTIFIERS}, "hdl": "handle"}
_RELATIONS = {
    "preceding": "continues",
    "succeeding": "is_replaced_by",
    "original": "is_version_of",
    "constituent": "has_part",
    "otherVersion": "is_version_of",
    "references": "references",
    "isReferencedBy": "is_referenced_by",
    "reviewOf": "is_review_of",
}
_XLINK = "{http://www.w3.org/1999/xlink}href"


def read(element: etree._Element) -> Description:
    """What a record in MODS says. A collection's first record is read."""
    collection = local(element) == "modsCollection"
    mods = next(each(element, "mods"), element) if collection else element
    found = Description()
    titles = sorted(each(mods, "titleInfo"), key=lambda one: one.get("type", "") in _TITLES)
    for one in titles:
        _title(found, one)
    for one in each(mods, "name"):
        _name(found, one)
    headed(found)
    _origin(found, mods)
    _subjects(found, mods)
    _identified(found, mods)
    for one in each(mods, "abstract"):
        found.add("abstracts", tagged(one))
    for one in each(mods, "note", "tableOfContents"):
        found.add("notes", words(one))
    for one in each(mods, "relatedItem"):
        _related(found, one)
    for one in each(mods, "accessCondition"):
        said = one.get(_XLINK, "") or words(one)
        found.put("licence", kinds.licence(said))
        found.put("access", kinds.access(said))
    named = sorted(each(mods, "genre", "typeOfResource"), key=lambda one: local(one) != "genre")
    terms = [term for one in named for term in (one.get("valueURI", ""), words(one))]
    found.document["type"] = kinds.kind(terms)
    return found


def _whole(one: etree._Element) -> str:
    title = " ".join(filter(None, (text(one, "nonSort"), text(one, "title"))))
    parts = [words(part) for part in each(one, "partNumber", "partName")]
    return ". ".join(filter(None, (title, *parts)))


def _title(found: Description, one: etree._Element) -> None:
    language = tagged(one)["language"]
    title = {"text": _whole(one), "language": language}
    kind = _TITLES.get(one.get("type", ""))
    titled(found, [{**title, "kind": kind} if kind else title])
    subtitle = text(one, "subTitle")
    titled(found, [{"text": subtitle, "language": language, "kind": "subtitle"}])


def _name(found: Description, one: etree._Element) -> None:
    role = next((said for top in each(one, "role") if (said := _role(top))), "")
    roleless = first(one, "role") is None
    peopled(found, _agent(one, role or ("aut" if roleless else "ctb")))


def _agent(one: etree._Element, role: str) -> dict[str, Any] | None:
    parts = {part.get("type", ""): words(part) for part in each(one, "namePart")}
    more: dict[str, Any] = {}
    orcid = re.search(
        r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]",
        " ".join([*(words(part) for part in each(one, "nameIdentifier")), one.get("valueURI", "")]),
    )
    if orcid:
        more["orcid"] = orcid[0]
    places = [{"name": words(place)} for place in each(one, "affiliation") if words(place)]
    if places:
        more["affiliations"] = places
    if one.get("type") in ("corporate", "conference"):
        name = ". ".join(words(part) for part in each(one, "namePart"))
        return {"kind": "organisation", "name": name, "role": role} if name else None
    if parts.get("family"):
        given = parts.get("given", "")
        return {"kind": "person", "family": parts["family"], "given": given, "role": role, **more}
    return person(parts.get("", "") or text(one, "displayForm"), role, **more)


def _role(top: etree._Element) -> str:
    for one in each(top, "roleTerm"):
        said = words(one).lower()
        if said in ("author", "creator", "cre"):
            return "aut"
        for relator in vocabulary.RELATORS.values():
            if said in (relator.code, relator.label.lower()):
                return relator.code
    return ""


def _origin(found: Description, mods: etree._Element) -> None:
    for one in each(mods, "originInfo"):
        places = [
            words(term)
            for top in each(one, "place")
            for term in each(top, "placeTerm")
            if term.get("type") != "code"
        ]
        for at, name in enumerate(filter(None, map(words, each(one, "publisher")))):
            place = places[min(at, len(places) - 1)] if places else ""
            found.add("publishers", {"name": name, "place": place})
        for date in each(one, "dateOther"):
            meant = date.get("type", "")
            if meant in ("submitted", "accepted", "available"):
                found.put(meant, words(date))
        for kind in ("dateIssued", "copyrightDate", "dateCreated"):
            years = [
                seen[0]
                for date in each(one, kind)
                if (seen := re.search(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", words(date)))
            ]
            found.put("issued", years[0] if years else "")
        found.put("edition", text(one, "edition"))
    for top in each(mods, "language"):
        for one in each(top, "languageTerm"):
            found.add("languages", words(one))
    for top in each(mods, "physicalDescription"):
        for one in each(top, "extent"):
            found.add("extent", words(one))


def _subjects(found: Description, mods: etree._Element) -> None:
    for top in each(mods, "subject"):
        for one in each(top, "topic"):
            said = words(one)
            found.add("keywords", {**tagged(top), "text": said} if said else None)
        for name, kind in (("geographic", "spatial"), ("temporal", "temporal")):
            for one in each(top, name):
                found.add("coverage", {"kind": kind, "text": words(one)} if words(one) else None)
    for one in each(mods, "classification"):
        scheme = _SCHEMES.get(one.get("authority", "").lower())
        found.add("classification", {"scheme": scheme, "code": words(one)} if scheme else None)


def _identified(found: Description, mods: etree._Element) -> None:
    for one in each(mods, "identifier"):
        if one.get("invalid") == "yes":
            continue
        known = _identifier(one)
        found.add("identifiers", known)
        if known and known["scheme"] == "url":
            found.urls.append(known["value"])
    places = [one for top in each(mods, "location") for one in each(top, "url")]
    object_first = ("primary display", "primary", "object in context")
    places.sort(key=lambda one: (one.get("usage") or one.get("access")) not in object_first)
    found.urls[:0] = [words(one) for one in places]


def _identifier(one: etree._Element) -> dict[str, str] | None:
    scheme, value = _IDENTIFIERS.get(one.get("type", "").lower()), words(one)
    known = {"scheme": scheme, "value": value} if scheme else kinds.identifier(value)
    return known if value else None


def _related(found: Description, one: etree._Element) -> None:
    top = first(one, "titleInfo")
    title = _whole(top) if top is not None else ""
    issns = [words(part) for part in each(one, "identifier") if part.get("type") == "issn"]
    kind = _RELATIONS.get(one.get("type", ""))
    if kind:
        known = next(filter(None, map(_identifier, each(one, "identifier"))), None)
        said = title or text(one, "note")
        found.add("relations", {"kind": kind, "citation": said, **(known or {})})
    elif top is not None and one.get("type") == "series":
        bare = " ".join(filter(None, (text(top, "nonSort"), text(top, "title"))))
        issn, number = next(iter(issns), ""), text(top, "partNumber")
        found.add("series", {"title": bare or title, "number": number, "issn": issn})
    elif title and one.get("type") == "host":
        _host(found, one, title, issns)


def _host(found: Description, one: etree._Element, title: str, issns: list[str]) -> None:
    host: dict[str, Any] = {"title": title}
    for part in each(one, "part"):
        for detail in each(part, "detail"):
            if detail.get("type") in ("volume", "issue"):
                host[str(detail.get("type"))] = text(detail, "number")
        ends = [text(part, "extent", name) for name in ("start", "end")]
        host["pages"] = "–".join(filter(None, ends)) or text(part, "extent", "list")
        host["date"] = text(part, "date")
    host["editors"] = [
        said
        for name in each(one, "name")
        if (said := ", ".join(map(words, each(name, "namePart"))))
    ]
    host["place"] = text(one, "originInfo", "place", "placeTerm")
    isbn = next((words(part) for part in each(one, "identifier") if part.get("type") == "isbn"), "")
    kind = "book" if isbn and not issns else "journal"
    found.put("host", {**host, "kind": kind, "issn": issns, "isbn": isbn})
