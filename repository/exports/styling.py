"""A work cited in the styles of the world: APA, MLA, Chicago, IEEE, Vancouver, both ГОСТ.

The first five are CSL styles that citeproc-py renders; `docs/decisions.md` says why they, and the
two by ГОСТ, are ours. What comes out is text and italics, never HTML: pages escape it.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple

import citeproc
from citeproc.source.json import CiteProcJSON

from repository import xml
from repository.exports import csl, gost, parts, wording
from repository.records import Record

# The plain text of a style, and which of its words are set in italics.
Segments = tuple[tuple[str, bool], ...]


class Style(NamedTuple):
    """A way to cite. `name` needs no translation."""

    key: str
    name: str


STYLES = {
    one.key: one
    for one in (
        Style("gost", "ГОСТ Р 7.0.100-2018"),
        Style("gost-short", "ГОСТ Р 7.0.5-2008"),
        Style("apa", "APA 7"),
        Style("mla", "MLA 9"),
        Style("chicago", "Chicago 18"),
        Style("ieee", "IEEE"),
        Style("vancouver", "Vancouver"),
    )
}
# What readers expect first, by the language of the page.
FIRST = {"ky": "gost", "ru": "gost", "en": "apa"}

_OPEN, _SHUT = "\ue000", "\ue001"
_GOST: dict[str, Callable[..., str]] = {
    "gost": gost.record_2018,
    "gost-short": gost.reference_2008,
}
_LOCALES = {"ky": "ky", "ru": "ru-RU", "en": "en-US"}
_WORDS = {"ky": "locale-ky.xml", "ru": "locale-ru.xml"}
# Styles that write given names in full.
_FULL = frozenset({"mla", "chicago"})
# citeproc-py marks the style that it renders, so that one thread at a time may.
_lock = Lock()


def cite(
    record: Record, style: str, *, today: date | None = None, version: int | None = None
) -> Segments:
    """The work cited in a style of STYLES; KeyError for another.

    `today` is the day of access, which ГОСТ wants; `version` makes it a reference to that one.
    """
    if style in _GOST:
        return ((_GOST[style](record, today=today, version=version), False),)
    tongue = parts.tongue(record.document)
    item = _known(csl.item(record), style)
    item["edition"] = wording.edition(item.get("edition", ""), tongue)
    if version:
        item["title"] += f" ({wording.WORDS[tongue].version.format(version)})"
        # The DOI leads to the newest version.
        item.pop("DOI", None)
    said = json.dumps({name: value for name, value in item.items() if value})
    return _rendered(STYLES[style].key, tongue, said)


def plain(segments: Iterable[tuple[str, bool]]) -> str:
    """A citation without its italics."""
    return "".join(text for text, _ in segments)


@lru_cache(maxsize=4096)
def _rendered(style: str, tongue: str, said: str) -> Segments:
    item = json.loads(said)
    with _lock:
        source = CiteProcJSON([item])
        made = citeproc.CitationStylesBibliography(_style(style, tongue), source, _Marks)
        made.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
        text = "".join(str(one) for one in made.bibliography())
    return _segments(_tidy(text, tongue))


@cache
def _style(style: str, tongue: str) -> citeproc.CitationStylesStyle:
    """A style in a language, with the words in it that CSL lacks."""
    folder = files("repository.exports") / "styles"
    root = xml.parse((folder / f"{style}.csl").read_bytes())
    if tongue in _WORDS:
        root.insert(1, xml.parse((folder / _WORDS[tongue]).read_bytes()))
    made = BytesIO(xml.serialise(root))
    return citeproc.CitationStylesStyle(made, locale=_LOCALES[tongue], validate=False)


def _same(text: Any) -> str:
    return str(text)


class _Marks:
    """A formatter of citeproc-py that marks italics by characters which no text has."""

    preformat = Bold = Light = Underline = SmallCaps = Superscript = Subscript = staticmethod(_same)

    @staticmethod
    def Italic(text: Any) -> str:
        return f"{_OPEN}{text}{_SHUT}"

    Oblique = Italic


# What citeproc-py knows of a CSL item; of the rest it warns.
_VARIABLES = frozenset(
    "id type title author editor translator container-title volume issue page number DOI URL "
    "publisher publisher-place genre edition collection-title collection-number issued language "
    "number-of-pages".split()
)
_MARKED = re.compile(f"[{_OPEN}{_SHUT}]")


def _known(item: csl.Item, style: str) -> csl.Item:
    """The item as citeproc-py may have it: no surplus variables, names as the style wants them."""
    if not item.get("author") and not item.get("editor") and item.get("compiler"):
        item["editor"] = item["compiler"]
    kept = {name: value for name, value in item.items() if name in _VARIABLES}
    for role in ("author", "editor", "translator"):
        kept[role] = [_person(one, style) for one in kept.get(role, ())]
    kept["issued"] = {"date-parts": item["issued"]["date-parts"]} if "issued" in item else None
    kept["language"] = item.get("language", "ky")
    return {name: _clean(value) for name, value in kept.items() if value}


def _person(name: csl.Item, style: str) -> csl.Item:
    if style in _FULL or "given" not in name:
        return name
    words = [one for one in name["given"].split() if one.casefold() not in parts.PARTICLES]
    return {**name, "given": " ".join(words)}


def _clean(value: Any) -> Any:
    return _MARKED.sub("", value) if isinstance(value, str) else value


def _tidy(text: str, tongue: str) -> str:
    """What citeproc-py leaves: doubled stops and spaces; American stops go inside the quotes."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(rf"([?!…])([{_SHUT}»”]*)\.", r"\1\2", text)
    text = re.sub(rf"\.({_SHUT})\.", r".\1", text)
    if tongue == "en":
        text = re.sub("”([.,])", r"\1”", text)
    return re.sub(r"([?!…][.]?”?),(”?)", r"\1\2", text)


def _segments(text: str) -> Segments:
    found = re.split(f"([{_OPEN}{_SHUT}])", text)
    segments, slanted = [], False
    for one in found:
        if one in (_OPEN, _SHUT):
            slanted = one == _OPEN
        elif one:
            segments.append((one, slanted))
    return tuple(segments)
