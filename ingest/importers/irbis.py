"""IRBIS64's exchange files: text (`#TAG: …`) or ISO 2709, in its own profile or RUSMARC.

Which of these a file is, and its encoding (UTF-8, cp1251, cp866, KOI8-R), is told by the file
itself, and can be said instead. `docs/irbis.md` is the guide.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ingest.importers import heads
from ingest.irbis import encodings, iso2709, profiles, taking, text
from ingest.irbis.records import Broken, Record
from ingest.rows import Row
from repository.errors import Invalid

OPTIONS: Final = {"encoding": encodings.KNOWN, "profile": profiles.PROFILES}
_BLOCK = 2**20


def read(source: Path, *, encoding: str = "", profile: str = "") -> Iterator[Row]:
    """The records of a file."""
    found = records(source, encoding=encoding)

    def serials() -> dict[str, str]:
        whole = records(source, encoding=encoding)
        return profiles.serials(one for one in whole if isinstance(one, Record))

    yield from taking.rows(found, profile=profile, serials=serials)


def records(source: Path, *, encoding: str = "") -> Iterator[Record | Broken]:
    """The records as they are in the file. Raises Invalid when it is no exchange file."""
    reader = _reader(source)
    with source.open("rb") as file:
        yield from reader.read(file, name=source.name, encoding=encoding)


def count(source: Path) -> int:
    """How many ends of records there are."""
    end = iso2709.RECORD_END if _reader(source) is iso2709 else text.END.encode()
    with source.open("rb") as file:
        return sum(block.count(end) for block in iter(lambda: file.read(_BLOCK), b""))


def recognises(source: Path) -> bool:
    """Whether the file is of this kind."""
    try:
        reader = _reader(source)
    except Invalid:
        return False
    return reader is text or b"200" in heads.tags(heads.of(source))


def _reader(source: Path):  # type: ignore[no-untyped-def] # a module with read(file, …)
    if not source.is_file():
        raise Invalid("%(name)s is no file. For a database take the format irbis-db.", name=source)
    with source.open("rb") as file:
        head = encodings.bare(file.read(1024)).lstrip()
    if head.startswith(b"#") or (b"\n#" in head and b": " in head):
        return text
    if head[:5].isdigit() and len(head) > iso2709.LEADER:
        return iso2709
    raise Invalid(
        "%(name)s is no exchange file of IRBIS: it begins neither with “#TAG:” nor with the leader "
        "of ISO 2709.",
        name=source.name,
    )
