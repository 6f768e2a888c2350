"""A record while it is read: it remembers which of its parts have found a place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.irbis.records import Field, Record
from ingest.rows import Holding, Link
from schemas.messages import Message

Used = set[tuple[int, str]]


@dataclass(frozen=True)
class Part:
    """A field that is read. What is got of it counts as placed."""

    field: Field
    used: Used

    @property
    def value(self) -> str:
        """What stands before the first subfield."""
        self.used.add((self.field.tag, ""))
        return self.field.value.strip()

    def all(self, code: str) -> list[str]:
        """The subfields with that code."""
        self.used.add((self.field.tag, code.casefold()))
        return [one.strip() for one in self.field.all(code) if one.strip()]

    def get(self, *codes: str) -> str:
        """The first subfield with the first of these codes that is there."""
        found = [one for code in codes for one in self.all(code)]
        return found[0] if found else ""

    @property
    def said(self) -> str:
        """Its ^a, or what stands before the first subfield: cataloguers use both."""
        value = self.value
        return self.get("a") or value


@dataclass
class Reading:
    """A record that is read, with what was found in it so far."""

    record: Record
    document: dict[str, Any] = field(default_factory=dict)
    remarks: list[Message] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    used: Used = field(default_factory=set)

    def parts(self, *tags: int) -> Iterator[Part]:
        """The fields with any of these tags, in the record's order."""
        return (Part(one, self.used) for one in self.record.fields if one.tag in tags)

    def first(self, tag: int, *codes: str) -> str:
        """The first such value; without codes what `Part.said` gives."""
        got = (part.get(*codes) if codes else part.said for part in self.parts(tag))
        return next((one for one in got if one), "")

    def add(self, element: str, value: Any) -> None:
        """Adds to an element that repeats, unless it is empty or there already."""
        kept = self.document.setdefault(element, [])
        if value and value not in kept:
            kept.append(value)

    def unplaced(self, housekeeping: frozenset[int]) -> tuple[str, ...]:
        """What nothing has asked for, each named once: "463^w", "4444"."""
        left = (name for one in self.record.fields for name in self._left(one, housekeeping))
        return tuple(dict.fromkeys(left))

    def _left(self, one: Field, housekeeping: frozenset[int]) -> Iterator[str]:
        if one.tag in housekeeping:
            return
        if one.value.strip() and (one.tag, "") not in self.used:
            yield str(one.tag)
        for code, value in one.subfields:
            if value.strip() and (one.tag, code.casefold()) not in self.used:
                yield f"{one.tag}^{code.casefold()}"
