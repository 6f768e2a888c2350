"""A record of a metadata format as a row: read, made to fit, and kept whole beside it."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest import fitting
from ingest.harvest import describing, readers
from ingest.harvest.readers import leftovers
from ingest.harvest.readers.elements import Description, local
from ingest.importers import xml_records
from ingest.importers.xml_records import Piece
from ingest.rows import Kept, Link, Row
from schemas import text

UNREAD = "It is in no format that we read (%s). Export MODS, MARCXML, DataCite or Dublin Core."
UNTITLED = "It has no title (%s). Give it one at the source."
STRANGE = "It cannot be read (%s). Correct it at the source."
# What a record calls itself, the most lasting first.
LASTING = ("doi", "handle", "urn", "arxiv", "url")
FILE = re.compile(r"(?i)\.(?:pdf|djvu|epub|docx?|odt|rtf|xlsx?|pptx?|zip|jpe?g|png|tiff?)$")
_TITLES = {"marcxml": "field 245", "mods": "titleInfo", "oai_dc": "dc:title"}


def rows(path: Path, *names: str) -> Iterator[Row]:
    """The rows of a file of records; those elements that have the first name that occurs."""
    for piece in xml_records.read(path, *names):
        yield of_piece(piece)


def of_piece(piece: Piece, key: str = "") -> Row:
    """The row of a record that was cut out of a file."""
    if piece.element is None:
        return Row(place=piece.place, key=key, problem=text.line(piece.problem))
    return of_element(piece.element, piece.place, key)


def of_element(element: etree._Element, place: str, key: str = "") -> Row:
    """The row of a record. `key` is for sources that have a name for it outside of it."""
    named = readers.naming(element)
    if named is None:
        return Row(place, key, problem=UNREAD % text.line(_called(element))[:200])
    try:
        found = readers.READERS[named].read(element)
    # Whatever a reader stumbles over, one strange record must not end an import.
    except Exception as error:
        return Row(place, key, problem=STRANGE % text.line(f"{type(error).__name__}: {error}"))
    if not any(text.line(one["text"]) for one in found.document.get("titles", ())):
        return Row(place, key, problem=UNTITLED % _TITLES.get(named, "title"))
    links = tuple(_links(found))
    document, dropped = fitting.fit(found.document, name=place)
    whole = etree.tostring(element, encoding="unicode", with_tail=False)
    return Row(
        place,
        key or leftovers.number(named, element) or _key(document, whole),
        document,
        kept=Kept(named, text.clean(whole)),
        remarks=tuple(
            f"Left out, because it does not fit: {text.line(str(one))}" for one in dropped
        ),
        unplaced=leftovers.unplaced(named, element),
        links=links,
    )


def _called(element: etree._Element) -> str:
    return etree.QName(element).namespace or local(element)


def _links(found: Description) -> Iterator[Link]:
    """Addresses of files; those of pages become identifiers of the work."""
    for address in filter(None, map(describing.link, found.urls)):
        if FILE.search(address):
            yield Link(address=address)
        elif len(address) <= 1000:
            found.add("identifiers", {"scheme": "url", "value": address})


def _key(document: dict[str, Any], whole: str) -> str:
    known = {one["scheme"]: one["value"] for one in reversed(document.get("identifiers", []))}
    lasting = next((f"{one}:{known[one]}" for one in LASTING if one in known), "")
    return lasting or f"sha256:{hashlib.sha256(whole.encode('utf-8')).hexdigest()}"
