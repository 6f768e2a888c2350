"""A foreign record as a sound document and an address for readers."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from ingest import fitting
from ingest.harvest import readers
from ingest.harvest.faults import Fault, Faults
from schemas.work import Document


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
    document, dropped = fitting.fit(given, name=identifier)
    for one in dropped:
        faults.add(Fault.ELEMENTS, f"{identifier}: {one}")
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
