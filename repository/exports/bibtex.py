"""BibTeX, in UTF-8 as biber and every reference manager of today read it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from repository.exports import csl, parts
from repository.records import Record
from schemas import work as profile

MEDIA_TYPE = "application/x-bibtex"
EXTENSION = "bib"

KINDS = {
    "article": "article",
    "review-article": "article",
    "preprint": "unpublished",
    "working-paper": "techreport",
    "conference-paper": "inproceedings",
    "proceedings": "proceedings",
    "monograph": "book",
    "textbook": "book",
    "book-part": "incollection",
    "doctoral-thesis": "phdthesis",
    "thesis-abstract": "phdthesis",
    "master-thesis": "mastersthesis",
    "report": "techreport",
}
HOSTED = {"book": "incollection", "conference": "inproceedings"}
# What BibTeX calls the publisher of a kind.
PUBLISHER = {
    "phdthesis": "school",
    "mastersthesis": "school",
    "techreport": "institution",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WRITTEN = {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    **{one: f"\\{one}" for one in "%&#_${}"},
}
ALONE = {"{": "\\textbraceleft{}", "}": "\\textbraceright{}"}


def dumps(record: Record) -> bytes:
    """One entry."""
    kind = _kind(record.document)
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(record, kind) if value]
    month = _month(record.document)
    lines += [f"  month = {month},"] if month else []
    return ("\n".join([f"@{kind}{{work{record.number},", *lines, "}"]) + "\n").encode()


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """An entry for each, one after another, with an empty line between them."""
    for position, record in enumerate(records):
        yield (b"\n" if position else b"") + dumps(record)


def _kind(document: dict[str, Any]) -> str:
    key = profile.work_type(document).key
    host = document.get("host") or {}
    if key in ("article", "review-article") and host.get("kind") in HOSTED:
        return HOSTED[host["kind"]]
    return KINDS.get(key, "misc")


def _fields(record: Record, kind: str) -> list[tuple[str, str]]:
    document, host = record.document, record.document.get("host") or {}
    publisher = (document.get("publishers") or [{}])[0]
    thesis = document.get("thesis") or {}
    series = (document.get("series") or [{}])[0]
    container = "journal" if host.get("kind", "journal") == "journal" else "booktitle"
    pages = "--".join(filter(None, parts.pages(host))) or _escape(host.get("pages", ""))
    doi = parts.identifiers(document, "doi")
    return [
        ("title", f"{{{_escape(csl.title(document))}}}"),
        ("author", _people(document, "author")),
        ("editor", _people(document, "editor")),
        (container, _escape(host.get("title", ""))),
        ("volume", _escape(host.get("volume", ""))),
        ("number", _escape(host.get("issue", "") or series.get("number", ""))),
        ("pages", pages),
        ("series", _escape(series.get("title", ""))),
        ("edition", _escape(document.get("edition", ""))),
        ("type", _escape(csl.genre(document))),
        (
            PUBLISHER.get(kind, "publisher"),
            _escape(thesis.get("grantor") or publisher.get("name", "")),
        ),
        ("address", _escape(thesis.get("place") or publisher.get("place", ""))),
        ("year", str(profile.year(document) or "")),
        ("isbn", ", ".join(parts.identifiers(document, "isbn"))),
        ("issn", ", ".join(host.get("issn", ()))),
        ("doi", doi[0] if doi else ""),
        ("url", record.url),
        ("langid", _escape(", ".join(document.get("languages", ())[:1]))),
        ("keywords", ", ".join(_escape(one["text"]) for one in document.get("keywords", ()))),
        ("abstract", _escape((document.get("abstracts") or [{}])[0].get("text", ""))),
    ]


def _month(document: dict[str, Any]) -> str:
    """The month by BibTeX's own word, which stands without braces."""
    found = re.match(r"\d{4}-(\d\d)", document.get("issued", ""))
    return MONTHS[int(found[1]) - 1] if found and 1 <= int(found[1]) <= 12 else ""


def _people(document: dict[str, Any], variable: str) -> str:
    return " and ".join(map(_name, csl.people(document).get(variable, ())))


def _name(name: dict[str, str]) -> str:
    """ "Family, Given"; braces keep together what is no person, or holds an "and" of its own."""
    if "literal" in name:
        return f"{{{_escape(name['literal'])}}}"
    said = (_escape(name["family"]), _escape(name.get("given", "")))
    return ", ".join(f"{{{one}}}" if _parted(one) else one for one in said if one)


def _parted(text: str) -> bool:
    return "," in text or "and" in text.casefold().split()


def _escape(text: str) -> str:
    """Text that TeX sets as it is.

    BibTeX counts \\{ as a brace: where they come in pairs it does no harm, and all programs know
    it; a brace without its fellow, which would end the entry, goes by its name.
    """
    table = WRITTEN if _paired(text) else WRITTEN | ALONE
    return "".join(table.get(one, one) for one in text)


def _paired(text: str) -> bool:
    depth = 0
    for one in text:
        depth += (one == "{") - (one == "}")
        if depth < 0:
            return False
    return depth == 0
