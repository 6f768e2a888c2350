"""BibTeX, in UTF-8 as biber and every reference manager of today read it."""

import re

from repository.exports import parts
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
    "master-thesis": "mastersthesis",
    "report": "techreport",
}
_SPECIAL = re.compile(r"([{}%&#_$\\])")


def dumps(record: Record) -> bytes:
    """One entry."""
    document = record.document
    kind = KINDS.get(profile.work_type(document).key, "misc")
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(record) if value]
    return ("\n".join([f"@{kind}{{work{record.number},", *lines, "}"]) + "\n").encode()


def _fields(record: Record) -> list[tuple[str, str]]:
    document, host = record.document, record.document.get("host") or {}
    thesis = document.get("thesis") or {}
    publisher = (document.get("publishers") or [{}])[0]
    container = "journal" if host.get("kind", "journal") == "journal" else "booktitle"
    first, last = parts.pages(host)
    doi = parts.identifiers(document, "doi")
    return [
        ("title", f"{{{_escape(profile.main_title(document)['text'])}}}"),
        ("author", " and ".join(map(_name, document.get("creators", ())))),
        (container, _escape(host.get("title", ""))),
        ("volume", _escape(host.get("volume", ""))),
        ("number", _escape(host.get("issue", ""))),
        ("pages", "--".join(filter(None, (first, last)))),
        ("school", _escape(thesis.get("grantor", ""))),
        ("publisher", _escape(publisher.get("name", ""))),
        ("address", _escape(publisher.get("place", ""))),
        ("year", str(profile.year(document) or "")),
        ("isbn", ", ".join(parts.identifiers(document, "isbn"))),
        ("doi", doi[0] if doi else ""),
        ("url", record.url),
        ("langid", ", ".join(document.get("languages", ())[:1])),
        ("keywords", ", ".join(_escape(one["text"]) for one in document.get("keywords", ()))),
    ]


def _name(agent: dict) -> str:
    name = _escape(profile.agent_name(agent))
    return f"{{{name}}}" if agent.get("name") else name


def _escape(text: str) -> str:
    return _SPECIAL.sub(
        lambda found: "\\textbackslash{}" if found[1] == "\\" else f"\\{found[1]}", text
    )
