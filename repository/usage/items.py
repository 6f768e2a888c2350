"""Works as COUNTER describes them: their types, their identifiers, who made them."""

import re
from typing import Any

from repository.models.works import Work
from schemas import vocabulary
from schemas import work as profile

NAMESPACE = "OpenArchive"
UNKNOWN_YEAR = "0001"
# Whole books stand in item reports as segments of themselves (Code of Practice, 7.3).
BOOK, SEGMENT = "Book", "Book_Segment"
_BOOKS = frozenset({"monograph", "textbook"})
_TYPES = {
    "article": "Article",
    "review-article": "Article",
    "preprint": "Article",
    "working-paper": "Report",
    "conference-paper": "Conference_Item",
    "conference-poster": "Conference_Item",
    "proceedings": "Conference_Item",
    "monograph": SEGMENT,
    "textbook": SEGMENT,
    "book-part": SEGMENT,
    "report": "Report",
    "dataset": "Dataset",
    "software": "Software",
    "image": "Image",
    "map": "Image",
    "sound": "Sound",
    "video": "Audiovisual",
    **dict.fromkeys(vocabulary.THESES, "Thesis_or_Dissertation"),
}
DATA_TYPES = frozenset({*_TYPES.values(), BOOK, "Other"})
_ISBN = re.compile(r"97[89]-\d+-\d+-\d+-\d")
_DOI = re.compile(r"10\.[1-9]\d\d[\d.]*/.+")
_MOST_AUTHORS = 3


def data_type(kind: str, report: str) -> str:
    """The Data_Type of a kind of work."""
    if report == "pr" and kind in _BOOKS:
        return BOOK
    return _TYPES.get(kind, "Other")


def year(work: Work) -> str:
    """The year of publication."""
    return f"{work.year:04}" if work.year else UNKNOWN_YEAR


def identifiers(work: Work, base_url: str) -> dict[str, str]:
    """Item_ID: the DOI and ISBN that the work has, its number here, its address."""
    held = {one["scheme"]: one["value"] for one in reversed(work.document.get("identifiers", []))}
    found = {"Proprietary": f"{NAMESPACE}:{work.id}", "URI": f"{base_url}/works/{work.id}"}
    if _DOI.fullmatch(held.get("doi", "")):
        found = {"DOI": held["doi"], **found}
    isbn = held.get("isbn", "")
    return {**found, "ISBN": isbn} if _ISBN.fullmatch(isbn) and len(isbn) == 17 else found


def description(work: Work, attributes: tuple[str, ...], *, platform: str, base_url: str) -> Any:
    """What an item report says of a work, with what was asked for beyond the usual."""
    publishers = work.document.get("publishers") or [{}]
    said: dict[str, Any] = {
        "Item": profile.main_title(work.document)["text"],
        "Publisher": publishers[0].get("name", ""),
        "Platform": platform,
        "Item_ID": identifiers(work, base_url),
    }
    issued = work.document.get("issued", "")
    version = vocabulary.VERSIONS.get(work.document.get("version_type", ""))
    if "Authors" in attributes and work.document.get("creators"):
        said["Authors"] = [_author(one) for one in work.document["creators"][:_MOST_AUTHORS]]
    if "Publication_Date" in attributes and re.fullmatch(r"\d{4}-\d\d-\d\d", issued):
        said["Publication_Date"] = issued
    if "Article_Version" in attributes and version and _TYPES.get(work.type) == "Article":
        said["Article_Version"] = version.key
    return said


def _author(one: dict[str, Any]) -> dict[str, str]:
    said = {"Name": profile.agent_name(one)}
    return {**said, "ORCID": one["orcid"]} if one.get("orcid") else said
