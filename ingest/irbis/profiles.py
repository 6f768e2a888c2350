"""Which of the two profiles a record follows, IRBIS's own or RUSMARC, and its description by that.

IRBIS's database has the worksheet (920), the level (900^b) or the key (903); RUSMARC has the source
of the record (801), coded data (100^a) or indicators at the title (200).
"""

from collections.abc import Iterable
from typing import Final

from ingest.irbis import describing, rusmarc
from ingest.irbis.reading import Reading
from ingest.irbis.records import Record

IRBIS: Final = "irbis"
RUSMARC: Final = "rusmarc"
PROFILES: Final = (IRBIS, RUSMARC)
_MODULES = {IRBIS: describing, RUSMARC: rusmarc}


def of(record: Record) -> str:
    """The profile that the record looks like."""
    if record.all(920) or record.all(903) or record.get(900, "b"):
        return IRBIS
    titled = any(one.indicators.strip() for one in record.all(200))
    return RUSMARC if record.all(801) or record.get(100, "a") or titled else IRBIS


def read(record: Record, profile: str = "") -> Reading:
    """The record as a description, by the profile that is named or that it looks like."""
    reading = Reading(record)
    _MODULES[profile or of(record)].describe(reading)
    return reading


def unplaced(reading: Reading, profile: str = "") -> tuple[str, ...]:
    """The parts of a record that has been read which the description has no place for."""
    module = _MODULES[profile or of(reading.record)]
    return reading.unplaced(module.HOUSEKEEPING)


def key(record: Record, profile: str = "") -> str:
    """The record's own name: its shelf key (903), GUID or number; "" where it has none."""
    if (profile or of(record)) == RUSMARC:
        return record.get(1) or _mfn(record)
    return record.get(903) or record.get(1119) or _mfn(record)


def _mfn(record: Record) -> str:
    return f"mfn:{record.mfn}" if record.mfn else ""


def serials(records: Iterable[Record]) -> dict[str, str]:
    """The titles of the serials among the records by their keys, which their issues name."""
    return {
        record.get(903): record.get(200, "a")
        for record in records
        if record.get(920).upper() in ("OJ", "OJP") and record.get(903)
    }
