"""MARC 21 in ISO 2709 (*.mrc), in UTF-8, MARC-8, cp1251 or cp866; a file or a folder of them."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from ingest.importers import described, heads, marc21_records, xml_records
from ingest.irbis import encodings, iso2709
from ingest.rows import Row

ENDINGS = (".mrc", ".marc", ".iso", ".dat")
NOTHING = "There is no record in it. Choose another file."


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their control numbers (001)."""
    for path in xml_records.files(source, *ENDINGS):
        try:
            yield from _rows(path)
        except OSError as error:
            yield Row(path.name, "", problem=str(error))


def count(source: Path) -> int:
    """How many records end."""
    return sum(_count(path) for path in xml_records.files(source, *ENDINGS))


def _count(path: Path) -> int:
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(encodings.SAMPLE), b"")
        return sum(block.count(iso2709.RECORD_END) for block in blocks)


def _rows(path: Path) -> Iterator[Row]:
    number = 0
    with path.open("rb") as file:
        start = encodings.bare(file.read(encodings.SAMPLE))
        for number, raw in enumerate(iso2709.split(start, file), 1):
            yield _row(raw, f"{path.name}, record {number}")
    if not number:
        yield Row(path.name, "", problem=NOTHING)


def _row(raw: bytes, place: str) -> Row:
    try:
        found = marc21_records.read(raw)
    except marc21_records.Odd as error:
        return Row(place, "", problem=str(error))
    row = described.of_element(found.element, place)
    return dataclasses.replace(row, remarks=(*found.remarks, *row.remarks))


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return b"245" in heads.tags(heads.of(source, *ENDINGS))
