"""Lists of a mirror's works: by year, author, title, collection and kind, page by page."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from repository import alphabet
from repository.mirror import names
from repository.mirror.pages import Press
from repository.mirror.target import Target
from repository.mirror.works import Gathered
from repository.models.collections import Collection
from schemas import vocabulary
from schemas import work as profile

PAGE = 100  # works on a page of a list
NAMED = 3  # authors that are named in a list
YEARLESS = "none"
NUMBER = "0"  # the page of what begins with no letter


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


AXES = {
    "years": _("Years"),
    "authors": _("Authors"),
    "titles": _("Titles"),
    "collections": _("Collections"),
    "types": _("Kinds of work"),
}


@dataclass(frozen=True)
class Section:
    """A list: the works of a year, under a letter, in a collection, of a kind."""

    axis: str
    key: str
    works: int
    rows: int
    depth: int = 0
    collection: Collection | None = None

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return -(-self.rows // PAGE)

    def path(self, page: int = 1) -> str:
        """Where one of its pages is, below the folder of a language."""
        stem = names.page(self.key)
        return f"{self.axis}/{stem}{f'~{page}' if page > 1 else ''}.html"

    def label(self, press: Press) -> str:
        """What it is called."""
        if self.collection:
            return self.collection.name(press.language)
        if self.axis == "types":
            return press.said(vocabulary.TYPES[self.key].label)
        if self.axis == "years":
            return press.said(_("Without a year")) if self.key == YEARLESS else self.key
        return "0–9" if self.key == NUMBER else chr(int(self.key, 16))


def note(known: sqlite3.Connection, one: Gathered) -> None:
    """Remembers in which lists a work stands, and how."""
    document, number = one.record.document, one.record.number
    title, year = profile.main_title(document), profile.year(document)
    creators = [profile.agent_reading(each) for each in document.get("creators", ())]
    row = {
        "number": number,
        "title": title["text"],
        "language": title.get("language", ""),
        "names": creators[:NAMED],
        "more": max(len(creators) - NAMED, 0),
        "year": year,
        "type": profile.work_type(document).key,
        "files": len(one.given),
    }
    known.execute(
        "INSERT INTO works VALUES (?, ?, ?)",
        (number, json.dumps(row, ensure_ascii=False), " ".join(_words(document))),
    )
    key = alphabet.key(title["text"])
    known.executemany(
        "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?)",
        [(*entry, key, number) for entry in _entries(one, key, year)],
    )


def _words(document: dict[str, Any]) -> Iterator[str]:
    """What a work is found by, besides its main title and the first of its authors."""
    yield from (each["text"] for each in document.get("titles", ())[1:])
    for each in [*document.get("creators", ())[NAMED:], *document.get("contributors", ())]:
        yield profile.agent_reading(each)
    yield from (each["text"] for each in document.get("keywords", ()))


def _entries(one: Gathered, key: str, year: int | None) -> Iterator[tuple[str, str, str, str]]:
    document = one.record.document
    yield "years", str(year) if year is not None else YEARLESS, "", ""
    yield "types", profile.work_type(document).key, "", ""
    yield "titles", _letter(key), "", ""
    for slug in one.record.collections:
        yield "collections", slug, "", ""
    for each in document.get("creators", ()):
        name = profile.agent_name(each)
        yield "authors", _letter(alphabet.key(name)), alphabet.key(name), name


def _letter(key: str) -> str:
    """What the page of a letter is called: the number of the letter, which every system takes."""
    letter = alphabet.letter_of(key) if key else "#"
    return NUMBER if letter == "#" else f"{ord(letter):04x}"


def sections(
    known: sqlite3.Connection, collections: Sequence[Collection]
) -> dict[str, list[Section]]:
    """All lists by axis, in the order in which readers look for them."""
    query = (
        "SELECT axis, section, count(DISTINCT number), count(*) FROM entries GROUP BY axis, section"
    )
    found: dict[str, list[Section]] = {axis: [] for axis in AXES}
    for row in known.execute(query):
        found[row[0]].append(Section(*row))
    found["years"].sort(key=lambda one: one.key if one.key != YEARLESS else "", reverse=True)
    found["types"].sort(key=lambda one: (-one.works, one.key))
    for axis in ("titles", "authors"):
        found[axis].sort(key=_alphabetical)
    found["collections"] = list(_tree(found["collections"], collections))
    return found


def _alphabetical(one: Section) -> tuple[bool, str]:
    if one.key == NUMBER:
        return True, ""
    return False, alphabet.key(chr(int(one.key, 16)))


def _tree(found: Iterable[Section], collections: Sequence[Collection]) -> Iterator[Section]:
    held = {one.key: one for one in found}
    for each in collections:
        if each.slug in held:
            one, depth = held[each.slug], 0
            above = each.parent
            while above:
                depth, above = depth + 1, above.parent
            yield Section(one.axis, one.key, one.works, one.rows, depth, each)


def write(
    target: Target,
    presses: Sequence[Press],
    found: dict[str, list[Section]],
    done: Callable[[], None],
) -> None:
    """Writes all lists in all languages."""
    for axis, members in found.items():
        for press in presses:
            path = f"{press.language}/{axis}/index.html"
            said = {"axis": axis, "heading": press.said(AXES[axis]), "press": press}
            target.put(path, press.page("axis", path, sections=members, **said))
        for one in members:
            _section(target, presses, one, members)
            done()


def _section(
    target: Target, presses: Sequence[Press], one: Section, members: list[Section]
) -> None:
    for number in range(1, one.pages + 1):
        groups = _groups(target.known, one, number)
        for press in presses:
            path = f"{press.language}/{one.path(number)}"
            text = press.page(
                "list",
                path,
                press=press,
                section=one,
                groups=groups,
                number=number,
                near=near(number, one.pages),
                letters=members if one.axis in ("titles", "authors") else [],
                heading=press.said(AXES[one.axis]),
            )
            target.put(path, text)


def _groups(known: sqlite3.Connection, one: Section, page: int) -> list[tuple[str, list[Any]]]:
    """The works on a page of a list, under the names of their authors where it is one of these."""
    rows = known.execute(
        "SELECT heading, row FROM entries JOIN works USING (number) WHERE axis = ? AND section = ? "
        "ORDER BY heading_key, heading, key, number LIMIT ? OFFSET ?",
        (one.axis, one.key, PAGE, PAGE * (page - 1)),
    )
    grouped = groupby(rows, key=lambda row: row[0])
    return [(name, [json.loads(row) for _name, row in some]) for name, some in grouped]


def near(number: int, last: int) -> list[int]:
    """The pages that a page leads to: the first, the last, its neighbours, and every tenth."""
    return [
        one
        for one in range(1, last + 1)
        if one in (1, last) or abs(one - number) <= 2 or (last > 20 and one % 10 == 0)
    ]
