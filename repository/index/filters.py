"""Filters of a query that stand for words, the same for every engine."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from repository.index import tree
from repository.index.tree import Node, Or
from schemas.search import Query


class Known(Protocol):
    """The documents of an index at one moment."""

    def knows(self, axis: str, value: str) -> bool:
        """Whether any document has that very value on a LISTED axis."""


def named(known: Known, query: Query) -> Iterator[Node]:
    """Authors and subjects that nobody has just so: they are looked for as phrases."""
    for axis, field in (("author", "creators"), ("subject", "subjects")):
        values = getattr(query, axis)
        if values and not all_known(known, axis, values):
            yield Or(tuple(tree.phrase(value, field) for value in values))


def all_known(known: Known, axis: str, values: Iterable[str]) -> bool:
    """Whether each value is one that a document has."""
    return all(known.knows(axis, value) for value in values)
