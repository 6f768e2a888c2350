"""A record as IRBIS64 keeps it: fields in their order, each with a tag and a text.

In the text `^` and a character begin a subfield; what stands before the first one is the value.
Codes of subfields are the same in both cases. Nothing is thrown away or put in order, so that a
record that came in can go out as it was.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

from schemas.messages import Message

DELIMITER = "^"
GUID = 2147483647  # the tag under which IRBIS64+ keeps a record's own GUID


class Status(IntFlag):
    """The state of a record in its database."""

    DELETED = 1  # logically: it is there, and marked
    GONE = 2  # physically
    ABSENT = 4
    RAW = 8  # not in the dictionary yet
    NEW = 16
    LAST = 32
    LOCKED = 64


NONE = Status(0)


class Subfield(NamedTuple):
    """A subfield as it is written."""

    code: str
    value: str


@dataclass(frozen=True)
class Field:
    """A field. `indicators` are those of ISO 2709, two characters, or none."""

    tag: int
    text: str
    indicators: str = ""

    @property
    def value(self) -> str:
        """What stands before the first subfield."""
        return self.text.partition(DELIMITER)[0]

    @property
    def subfields(self) -> list[Subfield]:
        """The subfields in their order; a delimiter without a code is left out."""
        parts = self.text.split(DELIMITER)[1:]
        return [Subfield(part[0], part[1:]) for part in parts if part]

    def get(self, code: str) -> str:
        """The first subfield with that code; "" without one."""
        return next(self.all(code), "")

    def all(self, code: str) -> Iterator[str]:
        """All subfields with that code, empty ones left out."""
        wanted = code.casefold()
        return (one.value for one in self.subfields if one.code.casefold() == wanted and one.value)


@dataclass(frozen=True)
class Record:
    """A record; `mfn` is its number in the database, 0 where it has none. `place` tells a person
    where it stood in its source."""

    fields: tuple[Field, ...]
    mfn: int = 0
    status: Status = NONE
    version: int = 0
    leader: str = ""  # of ISO 2709
    place: str = ""

    @property
    def deleted(self) -> bool:
        """Whether the record was deleted, in one way or the other."""
        return bool(self.status & (Status.DELETED | Status.GONE | Status.ABSENT))

    def all(self, tag: int) -> list[Field]:
        """The fields with that tag."""
        return [one for one in self.fields if one.tag == tag]

    def get(self, tag: int, code: str = "") -> str:
        """The first value of a field, or of one of its subfields; "" where there is none."""
        values = (one.get(code) if code else one.value for one in self.all(tag))
        return next((value for value in values if value), "")


def dump(record: Record) -> str:
    """The record as JSON, for keeping; `load` gives it back equal but for its place."""
    fields = [
        [one.tag, one.text, one.indicators] if one.indicators else [one.tag, one.text]
        for one in record.fields
    ]
    said = {
        "mfn": record.mfn,
        "status": int(record.status),
        "version": record.version,
        "leader": record.leader,
    }
    kept = {name: one for name, one in said.items() if one}
    return json.dumps({**kept, "fields": fields}, ensure_ascii=False)


def load(text: str, *, place: str = "") -> Record:
    """The record that `dump` has written."""
    said = json.loads(text)
    return Record(
        tuple(Field(*one) for one in said["fields"]),
        mfn=said.get("mfn", 0),
        status=Status(said.get("status", 0)),
        version=said.get("version", 0),
        leader=said.get("leader", ""),
        place=place,
    )


class Broken(NamedTuple):
    """What could not be read, where it stands and what is wrong; the records around it can be."""

    place: str
    why: Message
