"""DataCite: XML of kernels 2 to 4 or JSON of its interface; a file, or a folder of such files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.importers import datacite_json, described, heads, xml_records
from ingest.rows import Row
from repository.errors import ArchiveError, Invalid, TooLarge
from schemas import text

ENDINGS = (".xml", ".json")
LIMIT = 2**26
NO_JSON = "It is not JSON (%(problem)s). Correct it, or export it again."


def read(source: Path) -> Iterator[Row]:
    """The records, known again by their DOIs."""
    for path in xml_records.files(source, *ENDINGS):
        if _is_json(path):
            yield from _of_json(path)
        else:
            yield from described.rows(path, "resource")


def count(source: Path) -> int:
    """How many records there are; in JSON, how many lists of titles."""
    return sum(
        _count(path) if _is_json(path) else xml_records.count(path, "resource")
        for path in xml_records.files(source, *ENDINGS)
    )


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b'"titles"') for block in iter(lambda: file.read(2**20), b""))


def _of_json(path: Path) -> Iterator[Row]:
    try:
        records = _records(_load(path))
    except (ArchiveError, OSError) as error:
        yield Row(path.name, "", problem=str(error))
        return
    for number, one in enumerate(records, 1):
        yield _row(one, f"{path.name}, record {number}")


def _load(path: Path) -> Any:
    if path.stat().st_size > LIMIT:
        limit = LIMIT >> 20
        raise TooLarge("The file is larger than %(limit)s MB. Divide it.", limit=limit)
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        said = "too deep" if isinstance(error, RecursionError) else str(error)
        raise Invalid(NO_JSON, problem=text.line(said)) from error


def _records(loaded: Any) -> list[Any]:
    """The records of an answer, of a list, or the one that it is."""
    if isinstance(loaded, dict) and "data" in loaded:
        loaded = loaded["data"]
    return loaded if isinstance(loaded, list) else [loaded]


def _row(record: Any, place: str) -> Row:
    try:
        element = datacite_json.resource(record)
    except datacite_json.Odd as error:
        return Row(place, "", problem=str(error))
    return described.of_element(element, place)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    head = heads.of(source, *ENDINGS)
    if head.lstrip()[:1] in (b"{", b"["):
        return b'"titles"' in head and b'"creators"' in head and b"recid" not in head
    return heads.speaks(source, b"datacite.org/schema")
