"""What the variables of a CSL item mean."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest import names
from ingest.harvest.readers import kinds
from ingest.importers import reference_rows, references
from ingest.importers.references import Agent, Reference
from schemas import text

# What the export writes, and the kinds that CSL has besides.
KINDS = references.KINDS | {
    "article-magazine": "article", "article-newspaper": "article", "review": "review-article",
    "review-book": "review-article", "entry": "book-part", "entry-dictionary": "book-part",
    "entry-encyclopedia": "book-part", "collection": "monograph", "classic": "monograph",
    "pamphlet": "monograph", "manuscript": "preprint", "standard": "report", "figure": "image",
    "broadcast": "video", "musical_score": "sound", "webpage": "other", "post": "other",
    "post-weblog": "other", "patent": "other", "interview": "other", "performance": "other",
    "personal_communication": "other", "bill": "other", "legislation": "other",
    "legal_case": "other", "regulation": "other", "treaty": "other", "hearing": "other",
    "event": "other",
}  # fmt: skip
HOSTING = {"chapter": "book", "entry": "book", "entry-dictionary": "book"} | {
    "entry-encyclopedia": "book",
    "paper-conference": "conference",
}
ROLES = references.ROLES | {
    "editorial-director": "edt", "editor-translator": "edt", "performer": "prf", "reviewer": "rev",
}  # fmt: skip
SAID = (
    "container-title event-title event-place volume issue number number-of-pages genre "
    "publisher-place collection-title collection-number"
).split()
DATES = {"issued": "issued", "submitted": "submitted", "available-date": "available"}
# What only the program that kept the item needs to know.
OF_PROGRAMS = frozenset(
    "id type accessed title-short shortTitle container-title-short journalAbbreviation source "
    "citation-key citation-label citation-number categories system_id".split()
)
_RAW = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?:T.*)?\s*([?~]?)\s*")
_PARTS = "family given suffix literal name dropping-particle non-dropping-particle".split()
_NUMBERED = 20  # values of one variable that are looked at


def reference(item: Mapping[str, Any]) -> Reference:
    """What an item says."""
    left = dict(item)
    kind = said(left.get("type"))
    of = Reference(KINDS.get(kind, "other"), HOSTING.get(kind, "journal"))
    of.language(said(left.pop("language", "")))
    for name, title in (("title", "main"), ("original-title", "alternative")):
        one = said(left.pop(name, ""))
        of.found.add("titles", {"text": one, "kind": title} if one else None)
    for variable, role in ROLES.items():
        for agent in _people(left.pop(variable, None)):
            of.person(role, agent)
    for variable, element in DATES.items():
        of.found.put(element, date(left.pop(variable, None)))
    event = left.pop("event", "")
    left.setdefault("event-title", event)
    for variable in SAID:
        one = said(left.pop(variable, ""))
        if one:
            of.said[variable] = one
    _facts(of, left)
    of.unplaced += [text.line(one)[:60] or "?" for one in left if one not in OF_PROGRAMS][:100]
    return of


def said(value: Any) -> str:
    """A text or a number on one line; whatever else it is says nothing."""
    if isinstance(value, list):  # as Crossref writes titles and ISSNs
        value = next(iter(value), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    plain = value if isinstance(value, str) else _number(value)
    return text.line(references.bare(plain))


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    return f"{value:g}" if abs(value) < 10**15 else ""


def _people(value: Any) -> Iterator[Agent | None]:
    for one in value[:5000] if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield _agent(one)


def _agent(one: Mapping[str, Any]) -> Agent | None:
    parts = {name: said(one.get(name)) for name in _PARTS}
    if parts["family"]:
        family = f"{parts['non-dropping-particle']} {parts['family']}".strip()
        before = f"{parts['given']} {parts['dropping-particle']}".strip()
        given = f"{before} {parts['suffix']}".strip()
        return references.agent(family, given) if given else _family(family)
    whole = parts["literal"] or parts["name"]
    if names.is_certain(whole):
        return references.anybody(whole)
    return references.organisation(whole or parts["given"])


def _family(family: str) -> Agent:
    return {"kind": "person", "family": family}


def date(value: Any) -> str:
    """A date of CSL: its parts, or what is written out."""
    if isinstance(value, str):
        value = {"raw": value}
    if not isinstance(value, dict):
        return ""
    about = "~" if value.get("circa") not in (None, False, "", 0, "0", "false") else ""
    spans = value.get("date-parts")
    if isinstance(spans, list) and spans and isinstance(spans[0], list):
        year, month, day = [*(said(one) for one in spans[0][:3]), "", "", ""][:3]
        return reference_rows.date(year, month, day, about)
    found = _RAW.fullmatch(said(value.get("raw")) or said(value.get("literal")))
    if not found:
        return ""
    return reference_rows.date(found[1], found[2] or "", found[3] or "", found[4] or about)


def _facts(of: Reference, left: dict[str, Any]) -> None:
    of.said["page"] = references.pages(said(left.pop("page", "")))
    of.publishers = [one for one in (said(left.pop("publisher", "")),) if one]
    of.found.put("edition", said(left.pop("edition", "")))
    of.identifier("doi", said(left.pop("DOI", "")))
    for name in ("ISBN", "ISSN"):
        value = left.pop(name, "")
        for one in value[:_NUMBERED] if isinstance(value, list) else [value]:
            if said(one):
                of.numbers(said(one))
    of.urls += [one for one in (said(left.pop("URL", "")),) if one]
    abstract = left.pop("abstract", "")
    plain = references.bare(abstract) if isinstance(abstract, str) else ""
    of.found.add("abstracts", {"text": plain} if plain else None)
    note = left.pop("note", "")
    of.found.add("notes", references.bare(note) if isinstance(note, str) else "")
    words = said(left.pop("keyword", ""))
    references.keywords(of, re.split(";" if ";" in words else ",", words))
    call = kinds.classification(said(left.get("call-number", "")))
    if call:
        left.pop("call-number")
        of.found.add("classification", call)
    licence = kinds.licence(said(left.get("license", "")))
    if licence:
        left.pop("license")
        of.found.put("licence", licence)
