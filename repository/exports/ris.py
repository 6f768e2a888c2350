"""RIS, the tagged format of reference managers."""

from collections.abc import Iterable, Iterator
from typing import Any

from repository.exports import csl, parts
from repository.records import Record
from schemas import work as profile

MEDIA_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"

KINDS = {
    "article": "JOUR",
    "review-article": "JOUR",
    "preprint": "UNPB",
    "working-paper": "RPRT",
    "conference-paper": "CPAPER",
    "conference-poster": "CPAPER",
    "proceedings": "CONF",
    "monograph": "BOOK",
    "textbook": "BOOK",
    "book-part": "CHAP",
    "periodical": "JFULL",
    "periodical-issue": "JFULL",
    "doctoral-thesis": "THES",
    "master-thesis": "THES",
    "bachelor-thesis": "THES",
    "thesis-abstract": "THES",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "lecture": "SLIDE",
    "image": "FIGURE",
    "sound": "SOUND",
    "video": "VIDEO",
    "map": "MAP",
}
HOSTED = {"book": "CHAP", "conference": "CPAPER"}
PEOPLE = {"AU": "author", "A2": "editor", "A4": "translator"}


def dumps(record: Record) -> bytes:
    """One reference; lines end with CR LF."""
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in _tags(record) if value]
    return ("\r\n".join([*lines, "ER  - "]) + "\r\n").encode()


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """A reference for each, with an empty line between them."""
    for position, record in enumerate(records):
        yield (b"\r\n" if position else b"") + dumps(record)


def _kind(document: dict[str, Any]) -> str:
    key = profile.work_type(document).key
    host = document.get("host") or {}
    if key in ("article", "review-article") and host.get("kind") in HOSTED:
        return HOSTED[host["kind"]]
    return KINDS.get(key, "GEN")


def _name(name: dict[str, str]) -> str:
    """ "Family, Given", an organisation as it is."""
    if "literal" in name:
        return name["literal"]
    return ", ".join(filter(None, (name["family"], name.get("given"))))


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    document, host = record.document, record.document.get("host") or {}
    thesis = document.get("thesis") or {}
    people = csl.people(document)
    yield "TY", _kind(document)
    for tag, variable in PEOPLE.items():
        for one in people.get(variable, ()):
            yield tag, _name(one)
    yield "TI", csl.title(document)
    yield "T2", host.get("title", "")
    yield "VL", host.get("volume", "")
    yield "IS", host.get("issue", "")
    first, last = parts.pages(host)
    yield "SP", first
    yield "EP", last
    yield "PY", str(profile.year(document) or "")
    yield "DA", document.get("issued", "").rstrip("?~%").replace("-", "/")
    publisher = (document.get("publishers") or [{}])[0]
    yield "PB", thesis.get("grantor") or publisher.get("name", "")
    yield "CY", thesis.get("place") or publisher.get("place", "")
    yield "ET", document.get("edition", "")
    yield "M3", csl.genre(document)
    for abstract in document.get("abstracts", ())[:1]:
        yield "AB", abstract["text"]
    for keyword in document.get("keywords", ()):
        yield "KW", keyword["text"]
    for scheme in ("isbn", "issn"):
        for value in parts.identifiers(document, scheme):
            yield "SN", value
    for number in host.get("issn", ()):
        yield "SN", number
    for value in parts.identifiers(document, "doi"):
        yield "DO", value
    for language in document.get("languages", ())[:1]:
        yield "LA", language
    yield "UR", record.url
