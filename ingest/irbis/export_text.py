"""IRBIS64's text exchange (`#TAG: …`), in its own profile."""

from collections.abc import Callable, Iterator
from typing import Final

from ingest.irbis import encodings, going, profiles, text
from repository.archive import Archive
from repository.records import Record as Work

MEDIA_TYPE: Final = "text/plain"
EXTENSION: Final = "txt"
OPTIONS: Final = {"encoding": encodings.KNOWN[:2]}


def stream(
    archive: Archive,
    works: Iterator[Work],
    *,
    problem: Callable[[str], None],
    encoding: str = "",
) -> Iterator[bytes]:
    """The works' records, one after another. One with a letter that the encoding lacks is left
    out and told."""
    for record in going.all_of(archive, works, profiles.IRBIS):
        try:
            yield from text.write([record], encoding or "utf-8")
        except UnicodeEncodeError as error:
            letter = error.object[error.start : error.end]
            problem(f"{record.place}: {encoding} has no letter “{letter}”. It was left out.")
