"""MODS: a file with one record or many, or a folder of such files."""

from collections.abc import Iterator
from pathlib import Path

from ingest.importers import described, heads, xml_records
from ingest.rows import Row


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their recordIdentifier, else by a DOI or the like."""
    for path in xml_records.files(source, ".xml", ".mods"):
        yield from described.rows(path, "mods")


def count(source: Path) -> int:
    """How many records begin."""
    found = xml_records.files(source, ".xml", ".mods")
    return sum(xml_records.count(path, "mods") for path in found)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return heads.speaks(source, b"www.loc.gov/mods")
