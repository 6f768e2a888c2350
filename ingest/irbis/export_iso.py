"""ISO 2709 for IRBIS64 and other systems of the region, in IRBIS's own profile or RUSMARC."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ingest.irbis import encodings, going, iso2709, profiles
from repository.archive import Archive
from repository.errors import Invalid
from repository.records import Record as Work

MEDIA_TYPE: Final = "application/marc"
EXTENSION: Final = "iso"
OPTIONS: Final = {"encoding": encodings.KNOWN[:2], "profile": profiles.PROFILES}


def stream(
    archive: Archive,
    works: Iterator[Work],
    *,
    problem: Callable[[str], None],
    encoding: str = "",
    profile: str = "",
) -> Iterator[bytes]:
    """The works' records, one after another. What ISO 2709 cannot hold is left out and told."""
    for record in going.all_of(archive, works, profile or profiles.IRBIS):
        beyond = [str(one.tag) for one in record.fields if one.tag > iso2709.LAST_TAG]
        if beyond:
            problem(f"{record.place}: ISO 2709 has no fields {', '.join(beyond)}; left out.")
        fields = tuple(one for one in record.fields if one.tag <= iso2709.LAST_TAG)
        try:
            yield from iso2709.write([replace(record, fields=fields)], encoding or "utf-8")
        except Invalid as error:
            problem(f"{error} The record was left out.")
