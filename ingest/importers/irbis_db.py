"""IRBIS64's own database: a folder with its `.mst` and `.xrf`, read safely while IRBIS runs.

Records that were deleted in IRBIS are told as such, so that a later run knows that they have gone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ingest.irbis import native, profiles, taking
from ingest.irbis.records import Record
from ingest.rows import Row
from repository.errors import Invalid, NotFound

OPTIONS: Final = {"profile": profiles.PROFILES}


def read(source: Path, *, profile: str = "") -> Iterator[Row]:
    """The records of the database, by number."""

    def serials() -> dict[str, str]:
        with native.open_database(source) as again:
            return profiles.serials(one for one in again.records() if isinstance(one, Record))

    with native.open_database(source) as database:
        found = database.records(deleted=True)
        yield from taking.rows(found, profile=profile, serials=serials)


def count(source: Path) -> int:
    """How many records there have ever been."""
    with native.open_database(source) as database:
        return len(database)


def recognises(source: Path) -> bool:
    """Whether a database lies there."""
    if source.is_file() and source.suffix.lower() not in (".mst", ".xrf"):
        return False
    try:
        native.open_database(source).__exit__()
    except (NotFound, Invalid, OSError):
        return False
    return True
