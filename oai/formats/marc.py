"""What MARC 21 and RUSMARC share: fields of subfields, as ISO 2709 has them, written as XML.

XML has no limits of length, but the catalogues that harvest MARC keep it in ISO 2709: a field ends
after 9,999 bytes there, and is cut at a word here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from oai.elements import Names
from oai.formats.said import Document
from repository.records import Record
from schemas import work as profile

_FIELD = 9_999
# Indicators and the end of the field; the sign and the code before a subfield.
_AROUND_FIELD, _AROUND_SUBFIELD = 3, 2
_CUT = "…"

# Fields that belong together are numbered with two digits.
_MOST_LINKS = 99

Pair = tuple[str, str]


class Field(NamedTuple):
    """A data field: `Field("245", "10", (("a", "Манас"),))`."""

    tag: str
    indicators: str
    subfields: tuple[Pair, ...]


Fields = Iterator[Field]


class Named(NamedTuple):
    """A person or an organisation. `rank` is 0 for the first creator, 1 for the others, 2 for
    contributors; `link` numbers those that have `forms` of their name, and is "" for all others.
    """

    agent: Document
    rank: int
    link: str
    forms: list[Document]


def field(
    tag: str, indicators: str, *pairs: Pair, **subfields: str | Sequence[str] | None
) -> Fields:
    """The field of these subfields, or nothing when none of them has a value.

    A code that is a digit is written `_2`; a list repeats the subfield.
    """
    named = (
        (code.removeprefix("_"), one)
        for code, value in subfields.items()
        for one in ([value] if isinstance(value, str) else value or ())
    )
    found = [(code, _line(value)) for code, value in chain(pairs, named)]
    if found:
        yield Field(tag, indicators, tuple(_fitting(found)))


def embedded(*fields: Iterable[Field]) -> list[Pair]:
    """Fields inside a linking field of UNIMARC: each begins with its tag in a subfield 1."""
    return [
        pair for one in chain(*fields) for pair in (("1", one.tag + one.indicators), *one.subfields)
    ]


def _line(value: str) -> str:
    """The value on one line: ISO 2709 has no lines."""
    return re.sub(r"\s*[\r\n\t]+\s*", " ", value)


def _fitting(pairs: Iterable[Pair]) -> Iterator[Pair]:
    room = _FIELD - _AROUND_FIELD
    for code, value in pairs:
        room -= _AROUND_SUBFIELD + len(value.encode())
        if room < 0:
            yield from _cut(code, value, room)
            return
        yield code, value


def _cut(code: str, value: str, room: int) -> Iterator[Pair]:
    kept = value.encode()[: room - len(_CUT.encode())].decode(errors="ignore")
    words = kept.rpartition(" ")[0] or kept
    if words:
        yield code, words + _CUT


def record(
    names: Names,
    leader: str,
    controls: Iterable[Pair],
    fields: Iterable[Field],
    **attributes: str,
) -> etree._Element:
    """The record as XML, in the namespace of `names`."""
    return names.root(
        "record",
        names("leader", leader),
        *(names("controlfield", value, tag=tag) for tag, value in controls),
        *(_datafield(names, one) for one in fields),
        **attributes,
    )


def _datafield(names: Names, one: Field) -> etree._Element:
    first, second = one.indicators[0], one.indicators[1]
    return names(
        "datafield",
        *(names("subfield", value, code=code) for code, value in one.subfields),
        tag=one.tag,
        ind1=first,
        ind2=second,
    )


def agents(document: Document) -> Iterator[Named]:
    """All who took part, in order."""
    ranked = [
        *((0 if place == 0 else 1, one) for place, one in enumerate(document.get("creators", ()))),
        *((2, one) for one in document.get("contributors", ())),
    ]
    links = iter(range(1, _MOST_LINKS + 1))
    for rank, agent in ranked:
        forms = [one for one in agent.get("forms", ()) if profile.agent_name(one)]
        link = next(links, None) if forms else None
        yield Named(agent, rank, f"{link:02}" if link else "", forms if link else [])


def is_organisation(agent: Document) -> bool:
    """Whether it is not a person."""
    return agent.get("kind") == "organisation"


def host(record: Record) -> str:
    """The archive's name among others."""
    return urlsplit(record.url).hostname or ""


def stamp(record: Record) -> str:
    """Field 005: when the work was last changed."""
    return f"{record.changed:%Y%m%d%H%M%S}.0"


def writing(text: str) -> str:
    """The script of the first letter, by its Unicode name: "CYRILLIC", "LATIN"."""
    letters = (unicodedata.name(one, "") for one in text if one.isalpha())
    return next(letters, "").partition(" ")[0]


def responsibility(document: Document, others: str) -> str:
    """The first three creators as people read names, and the word for all others."""
    names = [profile.agent_reading(one) for one in document.get("creators", ())]
    return ", ".join(names[:3]) + (f" {others}" if len(names) > 3 else "")


def affiliations(agent: Document) -> str | None:
    """Where somebody works: names with their identifiers, in one subfield."""
    places = [
        f"{place['name']} ({place['ror']})" if "ror" in place else place["name"]
        for place in agent.get("affiliations", ())
    ]
    return "; ".join(places) or None


def numbered(word: str, number: str | None) -> str | None:
    """ "Т. 12"; but a number that brings its word, "Vol. 2", as it is."""
    return f"{word} {number}" if number and number[0].isdigit() else number
