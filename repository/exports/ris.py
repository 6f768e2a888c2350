"""RIS, the tagged format of reference managers."""

from collections.abc import Iterator

from repository.exports import parts
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


def dumps(record: Record) -> bytes:
    """One reference; lines end with CR LF."""
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in _tags(record) if value]
    return ("\r\n".join([*lines, "ER  - "]) + "\r\n").encode()


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    document, host = record.document, record.document.get("host") or {}
    yield "TY", KINDS.get(profile.work_type(document).key, "GEN")
    for creator in document.get("creators", ()):
        yield "AU", profile.agent_name(creator)
    yield "TI", profile.main_title(document)["text"]
    yield "T2", host.get("title", "")
    yield "VL", host.get("volume", "")
    yield "IS", host.get("issue", "")
    first, last = parts.pages(host)
    yield "SP", first
    yield "EP", last
    yield "PY", str(profile.year(document) or "")
    yield "DA", document.get("issued", "").rstrip("?~%").replace("-", "/")
    for publisher in document.get("publishers", ())[:1]:
        yield "PB", publisher["name"]
        yield "CY", publisher.get("place", "")
    yield "PB", (document.get("thesis") or {}).get("grantor", "")
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
