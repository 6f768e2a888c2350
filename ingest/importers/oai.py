"""A dump of OAI-PMH: answers to ListRecords, or a series of their records, in any format we read.

The source is a file, or a folder of files in the order of their names.
"""

from collections.abc import Iterator
from pathlib import Path

from ingest.harvest.readers.elements import each, first, text
from ingest.importers import described, heads, xml_records
from ingest.importers.xml_records import Piece
from ingest.rows import Row

HEADLESS = "It has no header with an identifier. Correct it, or ask its repository for it again."
EMPTY = "It has no metadata. Ask its repository for it again."


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their OAI identifiers; deleted ones are gone."""
    for path in xml_records.files(source, ".xml"):
        yield from _rows(path)


def count(source: Path) -> int:
    """How many headers there are."""
    return sum(xml_records.count(path, "header") for path in xml_records.files(source, ".xml"))


def _rows(path: Path) -> Iterator[Row]:
    for piece in xml_records.read(path, "record", nested="header"):
        yield _row(piece)


def _row(piece: Piece) -> Row:
    if piece.element is None:
        return described.of_piece(piece)
    key = text(piece.element, "header", "identifier")
    if not key:
        return Row(piece.place, "", problem=HEADLESS)
    header = first(piece.element, "header")
    if header is not None and header.get("status") == "deleted":
        return Row(piece.place, key, gone=True)
    metadata = next((one for top in each(piece.element, "metadata") for one in top.iter("{*}*")
                     if one is not top), None)  # fmt: skip
    if metadata is None:
        return Row(piece.place, key, problem=EMPTY)
    return described.of_element(metadata, piece.place, key)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return b'openarchives.org/OAI/2.0/"' in heads.of(source, ".xml").replace(b"'", b'"')
