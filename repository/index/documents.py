"""What an index is given, and what it answers with. It knows works only in this shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from schemas.messages import Message

Tagged = tuple[str, str]  # a text and the code of its language, "" when that is unknown
AXES = ("where", "type", "year", "language", "collection", "access")
LISTED = ("author", "subject")  # axes with thousands of values
MOST = 30  # values of an axis that has thousands of them
NOTHING: Mapping[str, tuple[tuple[str | int, int], ...]] = MappingProxyType({})


class Page(NamedTuple):
    """The text of one page of a file that everybody may read."""

    file: str
    number: int
    text: str


@dataclass(frozen=True)
class Document:
    """A work as the index wants it. `number` identifies it; putting it again replaces it."""

    number: int
    titles: tuple[Tagged, ...] = ()
    creators: tuple[str, ...] = ()  # every form of every name, in reading order
    authors: tuple[str, ...] = ()  # the names under which the authors are filed
    abstracts: tuple[Tagged, ...] = ()
    subjects: tuple[Tagged, ...] = ()
    identifiers: tuple[str, ...] = ()
    source: str = ""  # journal, series, publisher, university
    notes: str = ""
    type: str = ""
    year: int | None = None
    languages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()  # slugs, those of ancestors too
    pages: tuple[Page, ...] = ()
    sort_title: str = ""
    where: str = "here"  # "here", or the slug of the library in which it is
    published: int = 0  # grows with time; settles the order within a year
    keywords: tuple[str, ...] = ()  # those of the subjects that are words
    access: str = ""  # a key of vocabulary.ACCESS_RIGHTS


class Snippet(NamedTuple):
    """A passage with the words found marked: `parts` are (text, whether it is such a word)."""

    parts: tuple[tuple[str, bool], ...]
    file: str | None  # None: the passage is from an abstract
    page: int | None


class Hit(NamedTuple):
    """A work that was found."""

    number: int
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True)
class Hits:
    """One page of what was found, and counts over all of it.

    `facets` gives for each axis (value, count) pairs: years newest first, other values by
    falling count, at most MOST of authors and subjects. An axis that is filtered on counts as if it
    were not, so that more of its values can be chosen.
    """

    total: int = 0
    results: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[tuple[str | int, int], ...]] = field(default_factory=lambda: NOTHING)
    took: float = 0.0  # seconds
    notice: Message | None = None

    @classmethod
    def none(cls) -> "Hits":
        """What is found when nothing is."""
        return cls()
