"""Rows of entries that others have written: made to fit, with keys that no two of them share."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from marshmallow import ValidationError

from ingest import fitting
from ingest.importers import described
from ingest.rows import Kept, Link, Row, RowFile
from schemas import fields, text
from schemas import work as profile
from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


UNTITLED = _("It has no title. Give it one at the source.")
TWICE = _("The same entry stands before it already. Leave one of the two out.")
SHARED = _("Another entry before it is called “%(key)s” as well. Give each a name of its own.")
LEFT = _("Left out, because it does not fit: %(why)s")


class Rows:
    """The rows of one source; knows the keys that it has given."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def row(
        self,
        place: str,
        key: str,
        given: dict[str, Any],
        *,
        kept: Kept,
        remarks: Sequence[str] = (),
        unplaced: Iterable[str] = (),
        files: Sequence[RowFile] = (),
        links: Sequence[Link] = (),
    ) -> Row:
        """The row of an entry. Without a key it is known by a lasting identifier, or its words."""
        if not any(text.line(one["text"]) for one in given.get("titles", ())):
            return Row(place, key, problem=Message(UNTITLED), kept=kept)
        document, dropped = fitting.fit(given, name=place)
        said = [*remarks, *(Message(LEFT, why=text.line(str(one))) for one in dropped)]
        called = text.line(key)[:500] or _lasting(document) or _digest(_words(document))
        exact = f"{called}#{_digest(document)[-16:]}"
        if exact in self._given:
            return Row(place, exact, problem=Message(TWICE), kept=kept)
        if called in self._given:
            said.append(Message(SHARED, key=called[:100]))
            called = exact
        self._given |= {called, exact}
        return Row(
            place,
            called,
            document,
            files=tuple(files),
            kept=kept,
            remarks=tuple(said),
            unplaced=tuple(sorted(set(unplaced))),
            links=tuple(links),
        )


def _lasting(document: dict[str, Any]) -> str:
    known = {one["scheme"]: one["value"] for one in reversed(document.get("identifiers", []))}
    lasting = [one for one in described.LASTING if one in known and one != "url"]
    return f"{lasting[0]}:{known[lasting[0]]}" if lasting else ""


def _words(document: dict[str, Any]) -> list[Any]:
    """What a work is known by where it has no name: corrections of the rest leave it the same."""
    people = map(profile.agent_name, document.get("creators", []))
    return [profile.main_title(document)["text"], sorted(people), document.get("issued", "")[:4]]


def _digest(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def date(year: str | int, month: str | int = "", day: str | int = "", mark: str = "") -> str:
    """As much of a date as there is and exists: "2024-05-31", "2024-05", "2024"; else ""."""
    numbers = [str(one).strip() for one in (year, month, day)]
    numbers[0] = numbers[0].zfill(4)
    known = []
    for one, width in zip(numbers, (4, 2, 2), strict=True):
        if not one.isdecimal() or len(one) > width or not int(one):
            break
        known.append(one.zfill(width))
    while known:
        try:
            return fields.check_date("-".join(known) + mark)
        except ValidationError:
            known.pop()
    return ""
