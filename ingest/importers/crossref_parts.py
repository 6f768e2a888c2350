"""The parts of a Crossref deposit that works of every kind share: people, dates, terms, links.

Elements are found whatever version of the deposit schema their namespace names. Each function
gives parts of a document as `schemas.work` wants them.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from lxml.etree import _Element as Element

from schemas import text, vocabulary
from schemas import work as profile

RELATORS = {
    "author": "aut",
    "editor": "edt",
    "chair": "edt",
    "translator": "trl",
    "reviewer": "rev",
    "review-assistant": "rev",
    "stats-reviewer": "rev",
    "reviewer-external": "rev",
}
RELATIONS = {
    "isPartOf": "is_part_of",
    "hasPart": "has_part",
    "isVersionOf": "is_version_of",
    "hasVersion": "has_version",
    "isPreprintOf": "is_version_of",
    "hasPreprint": "has_version",
    "isManuscriptOf": "is_version_of",
    "hasManuscript": "has_version",
    "isTranslationOf": "is_translation_of",
    "hasTranslation": "has_translation",
    "references": "references",
    "isReferencedBy": "is_referenced_by",
    "isBasedOn": "references",
    "isBasisFor": "is_referenced_by",
    "isDerivedFrom": "references",
    "isSupplementTo": "is_supplement_to",
    "isSupplementedBy": "is_supplemented_by",
    "hasRelatedMaterial": "is_supplemented_by",
    "replaces": "replaces",
    "isReplacedBy": "is_replaced_by",
    "continues": "continues",
    "isContinuedBy": "is_replaced_by",
    "isReviewOf": "is_review_of",
    "hasReview": "is_referenced_by",
    "isCommentOn": "references",
    "hasComment": "is_referenced_by",
}
SCHEMES = {"doi": "doi", "uri": "url", "issn": "issn", "isbn": "isbn", "arxiv": "arxiv"}
_LICENCES = {
    re.sub(r"^https?://", "", licence.url).rstrip("/"): licence.key
    for licence in vocabulary.LICENCES.values()
    if licence.url
}
_PARAGRAPHS = frozenset({"p", "title", "label", "list-item"})


def words(element: Element | None) -> str:
    """All text of an element on one line, whatever marks it up; "" for None.

    Registered metadata are often escaped twice (`&amp;nbsp;`), so entities are resolved again.
    """
    if element is None:
        return ""
    found = "".join(element.itertext())
    return text.line(html.unescape(html.unescape(found)))


def find(element: Element | None, path: str) -> Element | None:
    """The first element at `path` (local names, slashes between)."""
    if element is None:
        return None
    return element.find("/".join(f"{{*}}{step}" for step in path.split("/")))


def find_all(element: Element | None, path: str) -> list[Element]:
    """All elements at `path`."""
    if element is None:
        return []
    return element.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def local(element: Element) -> str:
    """The element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def titles(element: Element, language: str) -> list[dict[str, Any]]:
    """The main title, its subtitle, and the title in the original language."""
    parent = find(element, "titles")
    found = [
        ("main", words(find(parent, "title")), language),
        ("subtitle", words(find(parent, "subtitle")), language),
    ]
    original = find(parent, "original_language_title")
    if original is not None:
        found.append(("translated", words(original), original.get("language", "")))
    return [{"text": one, "language": code, "kind": kind} for kind, one, code in found if one]


def people(element: Element) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Creators and contributors. Where nobody is an author the editors are the creators."""
    parents = [*find_all(element, "contributors"), element]
    agents = [agent for parent in parents for one in parent if (agent := _agent(one))]
    for role in ("aut", "edt"):
        chosen = [agent for agent in agents if agent["role"] == role]
        if chosen:
            return chosen, [agent for agent in agents if agent["role"] != role]
    return [], agents


def _agent(element: Element) -> dict[str, Any] | None:
    role = RELATORS.get(element.get("contributor_role", "author"), "ctb")
    if local(element) == "organization":
        return {"kind": "organisation", "name": words(element), "role": role}
    if local(element) != "person_name":
        return None
    given, family = words(find(element, "given_name")), words(find(element, "surname"))
    suffix = words(find(element, "suffix"))
    return {
        "kind": "person",
        "family": f"{family}, {suffix}" if suffix else family,
        "given": given,
        "role": role,
        "orcid": words(find(element, "ORCID")),
        "affiliations": list(_affiliations(element)),
    }


def _affiliations(element: Element) -> Iterator[dict[str, str]]:
    for one in find_all(element, "affiliation"):
        yield {"name": words(one)}
    for one in find_all(element, "affiliations/institution"):
        parts = [words(find(one, "institution_department")), words(find(one, "institution_name"))]
        ids = [words(each) for each in find_all(one, "institution_id") if each.get("type") == "ror"]
        yield {"name": ", ".join(filter(None, parts)), "ror": next(iter(ids), "")}


def date(*parents: Element | None) -> str:
    """The first date among the elements, as precise as it is: the printed before the online."""
    present = [one for one in parents if one is not None]
    present.sort(key=lambda one: one.get("media_type") == "online")
    for one in present:
        year, month, day = (words(find(one, name)) for name in ("year", "month", "day"))
        if not year:
            continue
        if not month.isdigit() or not 1 <= int(month) <= 12:  # seasons and quarters are above 12
            return year
        return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day.isdigit() else "")
    return ""


def pages(element: Element) -> str:
    """The pages in their host: "11–29", or as they are listed."""
    first, last = (words(find(element, f"pages/{name}")) for name in ("first_page", "last_page"))
    others = words(find(element, "pages/other_pages"))
    return ", ".join(filter(None, ["–".join(filter(None, (first, last))), others]))


def abstracts(element: Element, language: str) -> list[dict[str, str]]:
    """JATS abstracts as plain paragraphs; graphical ones are left out."""
    found = []
    for one in find_all(element, "abstract"):
        if "graphic" in one.get("abstract-type", ""):
            continue
        code = one.get("{http://www.w3.org/XML/1998/namespace}lang", language)
        found.append({"text": "\n\n".join(_paragraphs(one)), "language": code})
    return found


def _paragraphs(abstract: Element) -> list[str]:
    blocks = [one for one in abstract.iter() if local(one) in _PARAGRAPHS]
    outer = [one for one in blocks if not any(each in blocks for each in one.iterancestors())]
    said = [words(one) for one in outer] or [words(abstract)]
    return [one for one in said if one and one.lower() != "abstract"]


def identifiers(element: Element) -> list[dict[str, str]]:
    """The DOI, the ISBNs and the address of the work."""
    found = [("doi", words(find(element, "doi_data/doi")))]
    found += [("isbn", words(one)) for one in find_all(element, "isbn")]
    found += [("url", words(find(element, "doi_data/resource")))]
    return [{"scheme": scheme, "value": value} for scheme, value in found if value]


def licence(element: Element) -> dict[str, Any]:
    """The licence; one that the archive does not know becomes a note, so that it is not lost."""
    refs = [one for one in element.iter("{*}license_ref") if words(one)]
    refs.sort(key=lambda one: one.get("applies_to", "vor") != "vor")
    for one in refs:
        address = re.sub(r"^https?://(www\.)?", "", words(one).lower())
        key = _LICENCES.get(re.sub(r"/(legalcode|deed)[^/]*$", "", address).rstrip("/"))
        if key:
            return {"licence": key}
    return {"notes": [f"Licence: {words(refs[0])}"]} if refs else {}


def funding(element: Element) -> list[dict[str, str]]:
    """Who paid, one entry for each award."""
    groups = list(element.iter("{*}assertion"))
    named = [one for one in groups if one.get("name") == "fundgroup"]
    found = []
    for group in named or [one for one in element.iter("{*}program") if _is_funding(one)]:
        funders = [one for one in group if one.get("name") == "funder_name"]
        awards = [words(one) for one in group if one.get("name") == "award_number"]
        for funder in funders:
            found += [{**_funder(funder), "award": award} for award in awards or [""]]
    return found


def _is_funding(program: Element) -> bool:
    return program.get("name") == "fundref"


def _funder(assertion: Element) -> dict[str, str]:
    ids = [words(one) for one in assertion if one.get("name") == "funder_identifier"]
    address = ids[0] if ids else ""
    if address and not address.startswith("http"):
        address = f"https://doi.org/{address.removeprefix('doi:')}"
    return {"funder": text.line(assertion.text or ""), "funder_id": address}


def relations(element: Element) -> list[dict[str, str]]:
    """Related works, then what the work cites."""
    found = []
    for item in element.iter("{*}related_item"):
        said = words(find(item, "description"))
        for link in (one for one in item if local(one).endswith("_work_relation")):
            kind = RELATIONS.get(link.get("relationship-type", ""))
            if kind:
                scheme = link.get("identifier-type", "")
                found.append({"kind": kind, "citation": said, **_identified(scheme, words(link))})
    cited = (_citation(one) for one in find_all(element, "citation_list/citation"))
    return found + [one for one in cited if len(one) > 1]


def _citation(element: Element) -> dict[str, str]:
    parts = ("author", "article_title", "journal_title", "volume_title", "volume", "cYear")
    whole = words(find(element, "unstructured_citation"))
    said = whole or ". ".join(filter(None, (words(find(element, part)) for part in parts)))
    if "%20" in said:  # some depositors quote their citations like addresses
        said = unquote(said)
    found = {"kind": "references"}
    if said:
        found["citation"] = said[:5000]
    doi = words(find(element, "doi"))
    return {**found, **(_identified("doi", doi) if doi else {})}


def _identified(kind: str, value: str) -> dict[str, str]:
    """An identifier of another work; what is no proper one is kept as words."""
    scheme = SCHEMES.get(kind, "local")
    try:
        return {"scheme": scheme, "value": profile.check_identifier(scheme, value)}
    except profile.Unfit:
        return {"citation": value}


def first(elements: Iterable[Element | None]) -> str:
    """The words of the first element that has any."""
    return next(filter(None, map(words, elements)), "")
