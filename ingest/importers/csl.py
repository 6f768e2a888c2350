"""CSL-JSON, what Zotero and citation processors exchange: a list, one item, or `items`."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.importers import (
    csl_items,
    heads,
    json_records,
    reference_document,
    references,
    xml_records,
)
from ingest.importers.json_records import Piece
from ingest.importers.reference_rows import Rows
from ingest.rows import Kept, Row
from schemas.messages import Message

ENDINGS = (".json", ".csl")
LISTS = (("items",), ("references",))
_LOOKS = re.compile(
    rb'"type"\s*:\s*"(?:' + "|".join(map(re.escape, csl_items.KINDS)).encode() + rb')"'
)
_OTHERS = (b'"metadata"', b'"titles"', b'"person_or_org"')
# Numbers that a processor has given, which change with each export.
_COUNTED = re.compile(r"(?i)(?:item|cite|ref|temp)?[-_ ]?\d{1,6}")


def read(source: Path) -> Iterator[Row]:
    """The works, known again by the names of their items."""
    rows = Rows()
    for path in xml_records.files(source, *ENDINGS):
        try:
            for piece in json_records.read(path, *LISTS):
                yield _row(rows, piece)
        except OSError as error:
            yield Row(path.name, "", problem=str(error))


def count(source: Path) -> int:
    """About how many items there are: as many as lines that name a kind."""
    paths = xml_records.files(source, *ENDINGS)
    return sum(max(json_records.count(one, b"type", b"title"), 1) for one in paths)


def _row(rows: Rows, piece: Piece) -> Row:
    if piece.problem:
        return Row(piece.place, "", problem=piece.problem)
    kept = Kept("csl", piece.text)
    named = csl_items.said(piece.value.get("id"))
    place = f"{piece.place} ({named[:60]})" if named else piece.place
    if not isinstance(piece.value.get("title", ""), str):
        return Row(place, "", problem=Message(json_records.NO_RECORD), kept=kept)
    of = csl_items.reference(piece.value)
    links = references.links(of)
    key = "" if _COUNTED.fullmatch(named) else named
    document = reference_document.made(of)
    return rows.row(place, key, document, kept=kept, unplaced=of.unplaced, links=links)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    head = heads.of(source, *ENDINGS).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"[", b"{") or any(one in head for one in _OTHERS):
        return False
    return _LOOKS.search(head) is not None
