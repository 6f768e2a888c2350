"""BibTeX and biblatex (`*.bib`), with the files that lie beside it; or a folder of such files."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.importers import (
    bibtex_entries,
    bibtex_fields,
    bibtex_pieces,
    heads,
    letters,
    reference_document,
    reference_files,
    references,
    xml_records,
)
from ingest.importers.bibtex_entries import Around
from ingest.importers.bibtex_pieces import Piece
from ingest.importers.reference_rows import Rows
from ingest.rows import Kept, Row
from repository.errors import ArchiveError, Invalid
from schemas import text
from schemas.messages import Message

ENDINGS = (".bib", ".bibtex")
OPTIONS = letters.OPTIONS
NO_WORKS = frozenset({"xdata", "set"})
_LOOKS = re.compile(rb"(?m)^[ \t]*@[ \t]*[A-Za-z]{2,30}\s*[{(]\s*[^\s,{}\"]*\s*[,={\"]")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


NOTHING = _("There is no entry of BibTeX in it. Export it again, or choose another format.")


def read(source: Path, *, encoding: str = "") -> Iterator[Row]:
    """The works, known again by the keys of their entries."""
    rows = Rows()
    for path in xml_records.files(source, *ENDINGS):
        try:
            yield from _rows(rows, path, encoding)
        except (ArchiveError, OSError) as error:
            yield Row(path.name, "", problem=str(error))


def count(source: Path) -> int:
    """How many entries there are."""
    paths = xml_records.files(source, *ENDINGS)
    return sum(max(_last(path), 1) for path in paths)


def _last(path: Path) -> int:
    return max((one.number for one in bibtex_pieces.cut(path)), default=0)


def _rows(rows: Rows, path: Path, encoding: str) -> Iterator[Row]:
    guessed = letters.guess(path)
    around = bibtex_entries.around(path, encoding, guessed)
    number = 0
    for piece in bibtex_pieces.cut(path):
        number = piece.number
        if piece.kind not in bibtex_pieces.BESIDE or piece.problem:
            row = _row(rows, path, piece, around, (encoding, guessed))
            if row is not None:
                yield row
    if not number:
        raise Invalid(NOTHING)


def _row(
    rows: Rows, path: Path, piece: Piece, around: Around, encodings: tuple[str, str]
) -> Row | None:
    place = f"{path.name}, entry {piece.number}"
    if piece.problem:
        return Row(place, "", problem=piece.problem)
    try:
        whole, guessed = letters.read(piece.data, told=encodings[0], guessed=encodings[1])
        entry = around.entry(whole)
    except (letters.Unreadable, bibtex_entries.Wrong) as error:
        return Row(place, "", problem=error.args[0])
    if entry.kind in NO_WORKS:
        return None
    key = text.line(entry.key)[:200]
    place = f"{place} ({key[:60]})" if key else place
    missing = around.completed(entry)
    named = reference_files.of_bibtex(entry.fields.pop("file", ""))
    files, links = reference_files.beside(named, path.parent)
    of, remarks = bibtex_fields.reference(entry)
    no_parent = bibtex_fields.NO_PARENT
    remarks += [Message(no_parent, key=text.line(one)[:60]) for one in missing]
    links += references.links(of)
    return rows.row(
        place,
        key,
        reference_document.made(of),
        kept=Kept("bibtex", text.clean(whole)),
        remarks=(*guessed, *remarks),
        unplaced=of.unplaced,
        files=files,
        links=links,
    )


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    head = heads.of(source, *ENDINGS)
    return b"<" not in head[:1] and _LOOKS.search(head) is not None
