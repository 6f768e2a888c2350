"""A record of EPrints, its names and kinds, as a description."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from ingest.harvest.readers import kinds
from ingest.harvest.readers.elements import Description, each, first, headed, local, person, text
from schemas import text as border
from schemas import vocabulary

_TYPES: Mapping[str, str] = {
    "article": "article",
    "book": "monograph",
    "book_section": "book-part",
    "monograph": "report",
    "conference_item": "conference-paper",
    "thesis": "doctoral-thesis",
    "dataset": "dataset",
    "image": "image",
    "video": "video",
    "audio": "sound",
    "teaching_resource": "textbook",
    "software": "software",
}
_THESES: Mapping[str, tuple[str, str]] = {
    "phd": ("phd", "doctoral-thesis"),
    "doctoral": ("phd", "doctoral-thesis"),
    "engd": ("doctor", "doctoral-thesis"),
    "masters": ("master", "master-thesis"),
    "master": ("master", "master-thesis"),
    "mphil": ("master", "master-thesis"),
    "bachelor": ("bachelor", "bachelor-thesis"),
    "bachelors": ("bachelor", "bachelor-thesis"),
}
_DATES = {"submitted": "submitted", "accepted": "accepted"}
_PEOPLE = {"creators": "aut", "editors": "edt", "supervisors": "ths", "advisors": "ths"}
_READ = frozenset(
    "eprintid rev_number eprint_status userid dir datestamp lastmod status_changed type succeeds "
    "metadata_visibility creators editors supervisors advisors contributors corp_creators title "
    "subjects keywords abstract date date_type publication volume number publisher "
    "place_of_pub pages pagerange issn isbn book_title event_title event_dates event_location "
    "thesis_type institution department official_url id_number note funders language languages "
    "copyright_holders series full_text_status documents files item_issues_count refereed "
    "related_url documents commentary suggestions replacedby".split()
)


def describe(root: etree._Element) -> tuple[Description, tuple[str, ...]]:
    """What a record says, and which of its fields have no place in a description."""
    found = Description()
    kind = _TYPES.get(text(root, "type"), "other")
    degree, kind = _THESES.get(text(root, "thesis_type").lower(), ("", kind))
    found.document["type"] = vocabulary.TYPES[kind].uri
    title = text(root, "title")
    found.add("titles", {"text": title, "kind": "main"} if title else None)
    for name, role in _PEOPLE.items():
        for item in each(first(root, name), "item"):
            found.add("creators" if role == "aut" else "contributors", _agent(item, role))
    for item in each(first(root, "contributors"), "item"):
        role = text(item, "type").rpartition("/")[2].lower()
        known = role if role in vocabulary.RELATORS else "ctb"
        found.add("contributors", _agent(item, known))
    for item in each(first(root, "corp_creators"), "item"):
        name = border.line("".join(item.itertext()))
        found.add("creators", {"kind": "organisation", "name": name, "role": "aut"})
    _texts(found, root)
    _numbers(found, root)
    _host(found, root)
    if degree:
        found.document["thesis"] = _thesis(root, degree)
    headed(found)
    return found, tuple(
        dict.fromkeys(local(one) for one in root if local(one) and not _placed(one))
    )


def _placed(one: etree._Element) -> bool:
    return local(one) in _READ or (local(one) == "ispublished" and text(one) == "pub")


def _agent(item: etree._Element, role: str) -> dict[str, Any] | None:
    name = first(item, "name")
    family, given = text(name, "family"), text(name, "given")
    if not family:
        return person(given or text(item, "name"), role)
    orcid = text(item, "orcid")
    return {
        "kind": "person",
        "family": family,
        "role": role,
        **({"given": given} if given else {}),
        **({"orcid": orcid} if orcid else {}),
    }


def _texts(found: Description, root: etree._Element) -> None:
    for word in re.split(r"\s*[,;]\s*", text(root, "keywords")):
        found.add("keywords", {"text": word} if word else None)
    for item in each(first(root, "subjects"), "item"):
        code = text(item)
        found.add("keywords", {"text": code} if code else None)
    abstract = text(root, "abstract")
    found.add("abstracts", {"text": abstract} if abstract else None)
    found.add("notes", text(root, "note"))
    for name in ("language", "languages"):
        for one in re.split(r"[\s;,]+", text(root, name)):
            found.add("languages", one)
    for item in each(first(root, "funders"), "item"):
        found.add("funding", {"funder": text(item)} if text(item) else None)
    for item in each(first(root, "copyright_holders"), "item"):
        found.add("rights_holders", text(item))
    publisher, place = text(root, "publisher"), text(root, "place_of_pub")
    if publisher:
        found.add("publishers", {"name": publisher, **({"place": place} if place else {})})
    if text(root, "series"):
        found.add("series", {"title": text(root, "series")})
    if text(root, "pages"):
        found.add("extent", text(root, "pages"))
    found.put(_DATES.get(text(root, "date_type"), "issued"), text(root, "date")[:10])


def _numbers(found: Description, root: etree._Element) -> None:
    number = text(root, "id_number")
    found.add("identifiers", kinds.identifier(number) if number else None)
    url = text(root, "official_url")
    found.add("identifiers", kinds.identifier(url) if url else None)
    if not _hosted(root):
        for scheme in ("isbn", "issn"):
            value = text(root, scheme)
            found.add("identifiers", {"scheme": scheme, "value": value} if value else None)
    if number and not kinds.identifier(number):
        found.add("identifiers", {"scheme": "local", "value": number})


def _hosted(root: etree._Element) -> str:
    """What holds the work: a journal, a book, a conference; "" for a work by itself."""
    for kind, name in (
        ("journal", "publication"),
        ("book", "book_title"),
        ("conference", "event_title"),
    ):
        if text(root, name):
            return f"{kind} {name}"
    return ""


def _host(found: Description, root: etree._Element) -> None:
    kind, _, name = _hosted(root).partition(" ")
    if not kind:
        return
    parts = {
        "volume": text(root, "volume"),
        "issue": text(root, "number"),
        "pages": text(root, "pagerange"),
        "isbn": text(root, "isbn"),
        "place": text(root, "event_location"),
        "date": text(root, "event_dates"),
    }
    issn = text(root, "issn")
    found.put(
        "host",
        {
            "kind": kind,
            "title": text(root, name),
            **{key: value for key, value in parts.items() if value},
            **({"issn": [issn]} if issn else {}),
        },
    )


def _thesis(root: etree._Element, degree: str) -> dict[str, Any]:
    grantor = ", ".join(filter(None, (text(root, "institution"), text(root, "department"))))
    return {"degree": degree, **({"grantor": grantor} if grantor else {})}
