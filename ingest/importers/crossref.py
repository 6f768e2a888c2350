"""Crossref deposits: what publishers register for a DOI, with the PDF of the same name beside it.

The source is a folder of `*.xml` files or one such file. `00016.crossref.xml` brings
`00016.pdf` along when it describes one work.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml.etree import _Element as Element

from ingest.importers import crossref_parts as parts
from ingest.importers import heads
from ingest.importers.crossref_parts import find, find_all, first, words
from ingest.rows import Row, RowFile
from repository import xml
from repository.errors import ArchiveError
from schemas.vocabulary import COAR, TYPES

VERSION_OF_RECORD = f"{COAR}version/c_970fb48d4fbd8a85"
NOTHING = "There is no work in it of a kind that we know. Give deposits, or Crossref's answers."
POSTED = {"preprint": "preprint", "working_paper": "working-paper", "report": "report"}
DEGREES = (  # how a degree is worded when it is registered; the first that fits
    (re.compile(r"\b(candidate|кандидат)"), "candidate", "doctoral-thesis"),
    (re.compile(r"\b(ph\.? ?d|d\.? ?phil|doctor|доктор)"), "phd", "doctoral-thesis"),
    (re.compile(r"\b(master|магистр|m\.?(a|s|sc|phil|ed|eng)\b)"), "master", "master-thesis"),
    (re.compile(r"\b(bachelor|бакалавр|b\.?(a|s|sc|ed|eng)\b)"), "bachelor", "bachelor-thesis"),
)


def read(source: Path) -> Iterator[Row]:
    """The works in a folder of deposits, or in one."""
    for path in _paths(source):
        yield from _rows(path)


def count(source: Path) -> int:
    """How many deposits there are."""
    return len(_paths(source))


def _paths(source: Path) -> list[Path]:
    return sorted(source.glob("*.xml")) if source.is_dir() else [source]


def _rows(path: Path) -> Iterator[Row]:
    try:
        root = xml.parse(path)
    except (ArchiveError, OSError) as error:
        yield Row(place=path.name, key="", problem=str(error))
        return
    found = [one for one in root.iter("{*}*") if parts.local(one) in KINDS and _wanted(one)]
    if not found:
        yield Row(path.name, "", problem=NOTHING)
    beside = _beside(path) if len(found) == 1 else ()
    for element in found:
        document = _document(element, root)
        dois = [one["value"] for one in document["identifiers"] if one["scheme"] == "doi"]
        place = f"{path.name}, line {element.sourceline}"
        yield Row(place, dois[0].lower() if dois else place, document, files=beside)


def _beside(path: Path) -> tuple[RowFile, ...]:
    pdf = path.with_name(path.name.partition(".")[0] + ".pdf")
    return (RowFile(path=pdf, name=pdf.name),) if pdf.is_file() else ()


def _wanted(element: Element) -> bool:
    """Proceedings are a work of their own only when they have a DOI of their own."""
    if parts.local(element) == "proceedings_metadata":
        return find(element, "doi_data") is not None
    return True


def _document(element: Element, root: Element) -> dict[str, Any]:
    language = _language(element)
    creators, contributors = parts.people(element)
    common = {
        "titles": parts.titles(element, language),
        "creators": creators,
        "contributors": contributors,
        "issued": parts.date(*find_all(element, "publication_date")),
        "accepted": parts.date(*find_all(element, "acceptance_date")),
        "publishers": list(_publishers(element)),
        "edition": words(find(element, "edition_number")),
        "abstracts": parts.abstracts(element, language),
        "languages": [language] if language else [],
        "identifiers": parts.identifiers(element),
        "funding": parts.funding(element),
        "relations": parts.relations(element),
        "version_type": VERSION_OF_RECORD,
        **parts.licence(element),
    }
    return {**common, **KINDS[parts.local(element)](element, root)}


def _language(element: Element) -> str:
    """The language of the work, or else of what it came out in."""
    around = [element, *element.iterancestors()]
    around += [one for parent in around for one in parent if parts.local(one).endswith("_metadata")]
    return next(filter(None, (one.get("language") for one in around)), "")


def _publishers(element: Element) -> Iterator[dict[str, str]]:
    for one in find_all(element, "publisher"):
        place = words(find(one, "publisher_place"))
        yield {"name": words(find(one, "publisher_name")), "place": place}
    for one in find_all(element, "institution"):
        place = words(find(one, "institution_place"))
        yield {"name": words(find(one, "institution_name")), "place": place}


def _article(element: Element, root: Element) -> dict[str, Any]:
    journal = element.getparent()
    issue = find(journal, "journal_issue")
    numbers = {one.get("item_number_type"): one for one in element.iter("{*}item_number")}
    registrant = first(root.iter("{*}registrant"))
    host = {
        "kind": "journal",
        "title": words(find(journal, "journal_metadata/full_title")),
        "volume": words(find(issue, "journal_volume/volume")),
        "issue": words(find(issue, "issue")),
        "pages": parts.pages(element),
        "article_number": words(numbers.get("article_number")),
        "issn": [words(one) for one in find_all(journal, "journal_metadata/issn")],
    }
    dates = [*find_all(element, "publication_date"), *find_all(issue, "publication_date")]
    return {
        "type": TYPES["article"].uri,
        "host": host,
        "issued": parts.date(*dates),
        "publishers": [{"name": registrant}] if registrant not in ("", "WEB-FORM") else [],
    }


def _book(element: Element, root: Element) -> dict[str, Any]:
    series = find(element, "series_metadata")
    listed = {
        "title": first([find(series, "titles/title")]),
        "number": words(find(element, "volume")),
        "issn": first(find_all(series, "issn")),
    }
    return {"type": TYPES["monograph"].uri, "series": [listed] if listed["title"] else []}


def _chapter(element: Element, root: Element) -> dict[str, Any]:
    book = next((one for one in element.itersiblings(preceding=True) if _is_book(one)), None)
    editors = parts.people(book) if book is not None else ([], [])
    dates = [*find_all(element, "publication_date"), *find_all(book, "publication_date")]
    host = {
        "kind": "book",
        "title": words(find(book, "titles/title")),
        "volume": words(find(book, "volume")),
        "pages": parts.pages(element),
        "isbn": first(find_all(book, "isbn")),
        "editors": _editors([*editors[0], *editors[1]]),
    }
    return {
        "type": TYPES["book-part"].uri,
        "host": host,
        "issued": parts.date(*dates),
        "publishers": list(_publishers(book)) if book is not None else [],
    }


def _is_book(element: Element) -> bool:
    return parts.local(element) in ("book_metadata", "book_series_metadata", "book_set_metadata")


def _editors(agents: list[dict[str, Any]]) -> list[str]:
    chosen = [one for one in agents if one["role"] == "edt"]
    return [" ".join(filter(None, (one.get("given"), one.get("family")))) for one in chosen]


def _paper(element: Element, root: Element) -> dict[str, Any]:
    conference = element.getparent()
    event = find(conference, "event_metadata")
    volume = find(conference, "proceedings_metadata")
    if volume is None:
        volume = find(conference, "proceedings_series_metadata")
    host = {
        "kind": "conference",
        "title": first([find(volume, "proceedings_title"), find(event, "conference_name")]),
        "volume": words(find(volume, "volume")),
        "pages": parts.pages(element),
        "isbn": first(find_all(volume, "isbn")),
        "place": words(find(event, "conference_location")),
        "date": words(find(event, "conference_date")),
    }
    dates = [*find_all(element, "publication_date"), *find_all(volume, "publication_date")]
    return {
        "type": TYPES["conference-paper"].uri,
        "host": host,
        "issued": parts.date(*dates),
        "publishers": list(_publishers(volume)) if volume is not None else [],
    }


def _proceedings(element: Element, root: Element) -> dict[str, Any]:
    title = words(find(element, "proceedings_title"))
    volume = element.getparent()  # which names its editors
    creators, contributors = parts.people(root if volume is None else volume)
    return {
        "type": TYPES["proceedings"].uri,
        "titles": [{"text": title, "language": _language(element), "kind": "main"}],
        "creators": creators,
        "contributors": contributors,
    }


def _dissertation(element: Element, root: Element) -> dict[str, Any]:
    said = words(find(element, "degree")).lower()
    fits = (one[1:] for one in DEGREES if one[0].search(said))
    degree, kind = next(fits, ("", "doctoral-thesis"))
    defended = parts.date(*find_all(element, "approval_date"))
    thesis = {
        "degree": degree,
        "grantor": first(find_all(element, "institution/institution_name")),
        "defended": defended,
        "place": first(find_all(element, "institution/institution_place")),
    }
    return {
        "type": TYPES[kind].uri,
        "thesis": thesis if degree else {},
        "issued": defended,
    }


def _report(element: Element, root: Element) -> dict[str, Any]:
    dates = [*find_all(element, "publication_date"), *find_all(element, "approval_date")]
    return {"type": TYPES["report"].uri, "issued": parts.date(*dates)}


def _dataset(element: Element, root: Element) -> dict[str, Any]:
    database = find(element.getparent(), "database_metadata")
    dates = [find(element, f"database_date/{one}_date") for one in ("publication", "creation")]
    return {
        "type": TYPES["dataset"].uri,
        "issued": parts.date(*dates),
        "publishers": list(_publishers(database)) if database is not None else [],
        "notes": [one for one in map(words, find_all(element, "description")) if one],
    }


def _posted(element: Element, root: Element) -> dict[str, Any]:
    kind = POSTED.get(element.get("type", "preprint"), "other")
    posted = parts.date(*find_all(element, "posted_date"))
    return {"type": TYPES[kind].uri, "issued": posted, "version_type": ""}


KINDS: dict[str, Callable[[Element, Element], dict[str, Any]]] = {
    "journal_article": _article,
    "book_metadata": _book,
    "book_series_metadata": _book,
    "book_set_metadata": _book,
    "content_item": _chapter,
    "conference_paper": _paper,
    "proceedings_metadata": _proceedings,
    "proceedings_series_metadata": _proceedings,
    "dissertation": _dissertation,
    "report-paper_metadata": _report,
    "dataset": _dataset,
    "posted_content": _posted,
}


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return heads.speaks(source, b"www.crossref.org/")
