"""The index: works found by their words. It is derived data and can always be made again.

A URL names an index (`whoosh:///srv/archive/index`). Its scheme is an entry point of the group
`open_archive.indexes`: a class whose `connect(address)` gives an `Index`, the address being what
follows `://`. What words there are in a text is decided in `analysis` for every engine alike.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from repository import plugins
from repository.errors import ConfigurationError
from repository.index.documents import Document, Hit, Hits, Page, Snippet
from schemas.search import Query

__all__ = ["Document", "Hit", "Hits", "Index", "Page", "Snippet", "open_index"]

GROUP = "open_archive.indexes"
NEEDS = ("connect", "put", "delete", "find", "frequencies", "clear", "optimise", "status", "close")


class Index(Protocol):
    """What every index can do. It may be shared by threads."""

    def put(self, documents: Iterable[Document]) -> None:
        """Adds documents, or puts them in place of those with the same numbers; one commit."""

    def delete(self, numbers: Iterable[int]) -> None:
        """Removes documents; those that are not there are no error."""

    def find(self, query: Query, *, limit: int = 20) -> Hits:
        """The page of results that a query asks for, with `limit` results on a page.

        Raises IndexUnavailable when the index is missing or damaged.
        """

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """In about how many documents each term stands, given as its field and itself: "words" for
        the terms of `analysis.forms`, "exact" for those of `analysis.exact`.
        """

    def clear(self) -> None:
        """Makes an empty index in place of whatever is there, be it damaged or missing."""

    def optimise(self) -> None:
        """Puts the index into the shape in which searching is fastest; takes its time."""

    def status(self) -> tuple[bool, str]:
        """Whether it can be searched, with a sentence for whoever runs the archive."""

    def close(self) -> None:
        """Lets go of the files."""


def open_index(url: str) -> Index:
    """The index that a URL names, made when there is none."""
    scheme, separator, address = url.partition("://")
    if not separator or not address:
        raise ConfigurationError(
            "“%(url)s” names no index. Write for example whoosh:///srv/archive/index.", url=url
        )
    return plugins.named(GROUP, scheme, NEEDS).connect(address)
