"""RIS (`*.ris`), the tagged format of reference managers and data bases; a file or a folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.importers import (
    heads,
    letters,
    reference_document,
    reference_files,
    references,
    ris_records,
    ris_tags,
    xml_records,
)
from ingest.importers.reference_rows import Rows
from ingest.importers.ris_records import Piece
from ingest.rows import Kept, Row
from repository.errors import ArchiveError, Invalid
from schemas import text
from schemas.messages import Message

ENDINGS = (".ris",)
OPTIONS = letters.OPTIONS
BLOCK = 2**20
_STARTS = re.compile(rb"(?m)(?:^|\r)(?:\xef\xbb\xbf)?[ \t]*TY[ \t]{1,4}-")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


NOTHING = _("There is no reference (TY) in it. Export it again, or choose another format.")
UNTYPED = _("Its first line, TY, is missing. Write it there with the kind of the work.")


def read(source: Path, *, encoding: str = "") -> Iterator[Row]:
    """The works, known again by a DOI, or by title, authors and year."""
    rows = Rows()
    for path in xml_records.files(source, *ENDINGS):
        try:
            yield from _rows(rows, path, encoding)
        except (ArchiveError, OSError) as error:
            yield Row(path.name, "", problem=str(error))


def count(source: Path) -> int:
    """How many references there are."""
    return sum(max(_count(path), 1) for path in xml_records.files(source, *ENDINGS))


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(len(_STARTS.findall(block)) for block in iter(lambda: file.read(BLOCK), b""))


def _rows(rows: Rows, path: Path, encoding: str) -> Iterator[Row]:
    guessed = letters.guess(path)
    piece = None
    for piece in ris_records.cut(path):
        yield _row(rows, path, piece, (encoding, guessed))
    if piece is None:
        raise Invalid(NOTHING)


def _row(rows: Rows, path: Path, piece: Piece, encodings: tuple[str, str]) -> Row:
    place = f"{path.name}, entry {piece.number}, line {piece.line}"
    if piece.problem:
        return Row(place, "", problem=piece.problem)
    try:
        whole, guessed = letters.read(piece.data, told=encodings[0], guessed=encodings[1])
    except letters.Unreadable as error:
        return Row(place, "", problem=error.args[0])
    kept = Kept("ris", text.clean(whole))
    fields = ris_records.fields(kept.text)
    if "TY" not in fields:
        return Row(place, "", problem=Message(UNTYPED), kept=kept)
    paths, addresses = ris_tags.files(fields)
    files, links = reference_files.beside(paths, path.parent)
    of = ris_tags.reference(fields)
    of.urls += addresses
    links += references.links(of)
    return rows.row(
        place,
        "",
        reference_document.made(of),
        kept=kept,
        remarks=guessed,
        unplaced=of.unplaced,
        files=files,
        links=links,
    )


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return _STARTS.search(heads.of(source, *ENDINGS)) is not None
