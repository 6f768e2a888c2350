"""A foreign record as a sound document and an address for readers."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from ingest.harvest import readers
from ingest.harvest.faults import Fault, Faults
from schemas import vocabulary
from schemas import work as profile
from schemas.languages import normalise
from schemas.text import line
from schemas.work import Document, Unfit, WorkSchema

LONGEST = {"titles": 2000, "abstracts": 20_000, "keywords": 300}
DETAILS = frozenset(
    "language orcid affiliations forms place issn isbn volume issue pages number label".split()
)
TRIES = 50
_FIELDS = WorkSchema().fields


class Foreign(NamedTuple):
    """What is kept of a foreign record; `namespace` is that of its metadata."""

    document: Document
    url: str
    namespace: str


def describe(
    metadata: etree._Element, identifier: str, home: str, faults: Faults
) -> Foreign | None:
    """The record as a document; None when it is in no format that we read.

    `home` is where readers are sent when the record names no address of its own.
    """
    reader = readers.reader(metadata)
    namespace = etree.QName(metadata).namespace or ""
    if reader is None:
        faults.add(Fault.NAMESPACE, f"{identifier}: {namespace or etree.QName(metadata).localname}")
        return None
    try:
        found = reader.read(metadata)
        document = _sound(found.document, identifier, faults)
    # Whatever a reader stumbles over, one strange record must not end a harvest.
    except Exception as error:
        faults.add(Fault.LOST, f"{identifier}: {type(error).__name__}: {error}")
        return None
    return Foreign(document, _address(found.urls, document) or home, namespace)


def _sound(given: dict[str, Any], identifier: str, faults: Faults) -> Document:
    """The document without what does not fit the profile."""
    document: Any = profile.prune({name: _short(name, one) for name, one in given.items()})
    document["languages"] = [one for one in document.get("languages", ()) if normalise(str(one))]
    for _try in range(TRIES):
        _complete(document, identifier)
        try:
            return profile.check(document)
        except Unfit as error:
            faults.add(Fault.ELEMENTS, f"{identifier}: {error}")
            document = _without(document, list(error.errors))
    bare = {"type": vocabulary.TYPES["other"].uri}
    _complete(bare, identifier)
    return profile.check(bare)


def _complete(document: dict[str, Any], identifier: str) -> None:
    """What no document goes without: a kind, and a title even where the source has none."""
    document.setdefault("type", vocabulary.TYPES["other"].uri)
    titles = document.setdefault("titles", [])
    if not any(one.get("kind") == "main" for one in titles):
        if titles:
            titles[0]["kind"] = "main"
        else:
            titles.append({"text": line(identifier)[:2000] or "–", "kind": "main"})


def _short(name: str, value: Any) -> Any:
    """A list without what is beyond its limit, and its texts without what is beyond theirs."""
    if not isinstance(value, list):
        return value
    kept = value[: getattr(_FIELDS[name], "limit", None)]
    longest = LONGEST.get(name)
    return [
        {**one, "text": one["text"][:longest]} if longest and isinstance(one, dict) else one
        for one in kept
    ]


def _without(document: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """The document without what the paths lead to: a detail where there is one, else the entry."""
    gone: dict[str, set[int]] = {}
    for path in paths:
        name, place, detail = [*path.split("."), "", ""][:3]
        value = document.get(name)
        if isinstance(value, list) and place.isdigit():
            entry = value[int(place)]
            if detail in DETAILS and isinstance(entry, dict) and detail in entry:
                del entry[detail]  # a text in a language that we do not know is still a text
            else:
                gone.setdefault(name, set()).add(int(place))
        elif isinstance(value, dict) and place in DETAILS and place in value:
            del value[place]
        else:
            document.pop(name, None)
    for name, places in gone.items():
        document[name] = [one for at, one in enumerate(document[name]) if at not in places]
    return document


def _address(urls: list[str], document: Document) -> str:
    """Where readers find the work: an address that the record names, else that of its DOI."""
    fit = [one for url in urls if (one := link(url))]
    pages = [one for one in fit if not re.search(r"(?i)\.(?:pdf|docx?|zip|xml)$|/bitstream/", one)]
    if pages or fit:
        return (pages or fit)[0]
    known = {one["scheme"]: one["value"] for one in document.get("identifiers", ())}
    if "doi" in known:
        return f"https://doi.org/{known['doi']}"
    return f"https://hdl.handle.net/{known['handle']}" if "handle" in known else ""


def link(url: str) -> str:
    """An address that a reader may be sent to; "" when it is none."""
    plain = url.strip()
    try:
        parts = urlsplit(plain)
        named = parts.username is not None or parts.password is not None
        fit = parts.scheme in ("http", "https") and parts.hostname and not named
    except ValueError:
        return ""
    return plain if fit and not re.search(r"[\s\x00-\x1f\"<>\\]", plain) else ""
