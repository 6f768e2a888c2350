"""What is wrong with what repositories send: mended or left out, counted, shown with an example."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Fault(StrEnum):
    """A kind of fault."""

    CONTENT_TYPE = "content_type"
    STATUS = "status"
    ENCODING = "encoding"
    CHARACTERS = "characters"
    AROUND = "around"
    ENTITIES = "entities"
    PIECES = "pieces"
    LOST = "lost"
    NAMESPACE = "namespace"
    IDENTIFY = "identify"
    FORMATS = "formats"
    CLOCK = "clock"
    FROM = "from"
    UNIDENTIFIED = "unidentified"
    UNDESCRIBED = "undescribed"
    DATES = "dates"
    ELEMENTS = "elements"
    TWICE = "twice"
    TOKEN = "token"  # noqa: S105 - not a secret
    EMPTY = "empty"
    SIZE = "size"
    EXPIRED = "expired"
    BUSY = "busy"
    RETRIED = "retried"
    KEPT = "kept"


SENTENCES: Mapping[str, str] = {
    Fault.CONTENT_TYPE: _("Answers that were not declared as XML"),
    Fault.STATUS: _("Answers with the wrong HTTP status"),
    Fault.ENCODING: _("Answers in another encoding than they say"),
    Fault.CHARACTERS: _("Characters that XML forbids, left out"),
    Fault.AROUND: _("Answers with text before or after the XML, left out"),
    Fault.ENTITIES: _("Answers with unknown entities or bare ampersands, mended"),
    Fault.PIECES: _("Pages with broken XML, read record by record"),
    Fault.LOST: _("Records that could not be read"),
    Fault.NAMESPACE: _("Answers or records in another namespace than they should be"),
    Fault.IDENTIFY: _("Nothing usable was said about the repository itself"),
    Fault.FORMATS: _("The list of formats could not be used; oai_dc was asked for"),
    Fault.CLOCK: _("Answers without a usable date; our clock was taken"),
    Fault.FROM: _("The date from which to harvest was not understood; more was taken"),
    Fault.UNIDENTIFIED: _("Records without a usable identifier, left out"),
    Fault.UNDESCRIBED: _("Records without a description, left out"),
    Fault.DATES: _("Records with datestamps that are no dates"),
    Fault.ELEMENTS: _("Parts of descriptions that make no sense, left out"),
    Fault.TWICE: _("Records that came twice"),
    Fault.TOKEN: _("Tokens with white space around them, or repeated"),
    Fault.EMPTY: _("Empty pages"),
    Fault.SIZE: _("Lists that were shorter or longer than announced"),
    Fault.EXPIRED: _("Tokens that had expired; the harvest began again"),
    Fault.BUSY: _("Times that we were asked to wait"),
    Fault.RETRIED: _("Requests that had to be repeated"),
    Fault.KEPT: _("Records that were not seen any more, kept as the harvest was not complete"),
}

EXAMPLE = 200


class Faults:
    """A count of faults, each kind with the last example."""

    def __init__(self, before: Mapping[str, list[Any]] | None = None) -> None:
        self._found: dict[str, list[Any]] = {key: list(one) for key, one in (before or {}).items()}

    def add(self, fault: Fault, example: object = "", count: int = 1) -> None:
        """Counts a fault."""
        if count:
            known, shown = self._found.get(fault, [0, ""])
            self._found[str(fault)] = [known + count, str(example)[:EXAMPLE] or shown]

    def __getitem__(self, fault: Fault) -> int:
        return self._found.get(fault, [0])[0]

    def kept(self) -> dict[str, list[Any]]:
        """The counts as they are kept: kind -> [count, example]."""
        return {key: self._found[key] for key in SENTENCES if key in self._found}
