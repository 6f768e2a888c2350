"""Long lists as pages show them: where a page begins, what comes next, where else to begin."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, request, url_for
from sqlalchemy import ColumnElement

from repository import alphabet, paging, tallies
from repository.paging import Entries, Entry, Mark, Page, Stretch
from repository.tallies import Counted
from repository.web import lists, words
from repository.web.current import reading
from schemas import vocabulary

# What the address of a list may say; other arguments are not carried along.
KEPT = ("value", "letter", "part", "year", "kind", "all", "lang")
_PART = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_LARGEST = 2**63


def shown(which: ColumnElement[bool]) -> dict[str, Any]:
    """The works of a page, the address of the next one and, on the first, the parts of the list."""
    part = _stretch()
    after = mark()
    page = paging.page(reading(), which, after, part)
    parts = [] if after else counted("parts", lambda: paging.parts(reading(), which, part))
    return {
        **rows(page),
        "parts": [
            (one.first, one.last, one.works, here(part=f"{one.after}-{one.until}")) for one in parts
        ],
    }


def counted(what: str, count: Callable[[], Counted]) -> Counted:
    """What is counted for the list at this address, which stays the same while nothing changes."""
    at = here(lang="").partition("?")
    return tallies.of(reading(), f"{what} {at[0]} {at[2]}", count)


def rows(page: Page) -> dict[str, Any]:
    """The works of a page and the address of the next one."""
    following = here(after=packed(page.next)) if page.next else None
    return {"works": [lists.row(work) for work in page.works], "next": following}


def named(entries: Entries, *, key: str = "label") -> dict[str, Any]:
    """A page of an alphabetical list; `key` is what an address says of an entry."""
    parts = [(first.label, last.label, _begin(first, key)) for first, last in entries.parts]
    following = _begin(entries.next, key) if entries.next else None
    return {"entries": entries.entries, "next": following, "parts": parts}


def _begin(entry: Entry, key: str) -> str:
    return here(**{"from": getattr(entry, key)})


def here(**more: str) -> str:
    """The address of this list, from another place on."""
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, **more})


def letter() -> str:
    """The letter that an address asks for; "" when it asks for none."""
    given = request.args.get("letter", "").upper()
    if given and given not in ("#", *alphabet.LETTERS, *alphabet.LATIN):
        abort(404)
    return given


def begin() -> str:
    """The entry from which a list is to begin."""
    return request.args.get("from", "").strip()[:500]


def _stretch() -> Stretch | None:
    given = request.args.get("part")
    if not given:
        return None
    found = _PART.fullmatch(given) or abort(404)
    return paging.stretch(reading(), int(found[1]), int(found[2])) or abort(404)


def packed(place: Sequence[Any]) -> str:
    """Where a page ended, as one word."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def unpacked() -> list[Any]:
    """The same, as the address has it; empty when there is none or it is not ours."""
    after = request.args.get("after", "")
    try:
        place = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return place if isinstance(place, list) and all(map(_sound, place)) else []
    except (ValueError, RecursionError):
        return []


def _sound(one: object) -> bool:
    """Whether any database can compare with it: no NUL, no half of a letter."""
    if isinstance(one, str):
        return not any(each == "\0" or "\ud800" <= each <= "\udfff" for each in one)
    return isinstance(one, int) and 0 <= one < _LARGEST


def mark() -> Mark | None:
    """Where the page before ended; None at the beginning."""
    place = unpacked()
    fits = len(place) == 2 and isinstance(place[0], str) and isinstance(place[1], int)
    return Mark(*place) if fits else None


def typed(entries: Sequence[Entry]) -> list[Entry]:
    """Kinds of work with their names."""
    return [one._replace(label=words.label(vocabulary.TYPES[one.value].label)) for one in entries]


def spoken(entries: Sequence[Entry]) -> list[Entry]:
    """Languages with their names."""
    return [one._replace(label=words.language_name(one.value)) for one in entries]
