"""MARCXML: MARC 21 as XML, a file with one record or many, or a folder of such files."""

from collections.abc import Iterator
from pathlib import Path

from ingest.importers import described, heads, xml_records
from ingest.rows import Row


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their control numbers (001)."""
    for path in xml_records.files(source, ".xml", ".marcxml"):
        yield from described.rows(path, "record")


def count(source: Path) -> int:
    """How many records begin."""
    found = xml_records.files(source, ".xml", ".marcxml")
    return sum(xml_records.count(path, "record") for path in found)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return heads.speaks(source, b"MARC21/slim")
