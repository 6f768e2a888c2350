"""A page of hits for a query: found, counted, put in order, with passages that show the words."""

import time
from collections.abc import Iterable, Iterator, Mapping

from repository.index import query as typed
from repository.index import sets, snippets, tree
from repository.index.documents import Hit, Hits
from repository.index.matching import Snapshot
from repository.index.segments import AXES, LISTED
from repository.index.snippets import Sought
from repository.index.tree import EVERYTHING, And, Node, Or
from schemas.search import Query


def find(snapshot: Snapshot, query: Query, *, limit: int) -> Hits:
    """The page of a query in a snapshot."""
    started = time.perf_counter()
    words, notice = typed.parse(query.q)
    asked = And((words, *_named(snapshot, query)))
    matching = snapshot.select(asked)
    filters = _filters(snapshot, query)
    if query.among is not None:
        matching &= sets.of(snapshot.having_numbers(query.among), snapshot.size)
    found = _all(matching, filters)
    facets = {
        axis: snapshot.counts(axis, _all(matching, {**filters, axis: snapshot.alive}))
        for axis in filters
    }
    sought = Sought(words)
    results = tuple(
        _hit(snapshot, number, sought)
        for number in _page(snapshot, query, words, found, limit=limit)
    )
    took = time.perf_counter() - started
    return Hits(found.bit_count(), results, facets, took, notice)


def _named(snapshot: Snapshot, query: Query) -> Iterator[Node]:
    """Authors and subjects that nobody has just so: they are looked for as phrases."""
    for axis, field in (("author", "creators"), ("subject", "subjects")):
        values = getattr(query, axis)
        if values and not _all_known(snapshot, axis, values):
            yield Or(tuple(tree.phrase(value, field) for value in values))


def _all_known(snapshot: Snapshot, axis: str, values: Iterable[str]) -> bool:
    return all(snapshot.knows(axis, value) for value in values)


def _filters(snapshot: Snapshot, query: Query) -> dict[str, int]:
    """The documents that each filter lets through; what is not filtered lets all through."""
    filters = dict.fromkeys((*AXES, *LISTED), snapshot.alive)
    for axis in filters:
        values = getattr(query, axis)
        if values and (axis in AXES or _all_known(snapshot, axis, values)):
            filters[axis] = snapshot.having(axis, values)
    if query.year_from or query.year_to:
        filters["year"] &= snapshot.between(query.year_from or 0, query.year_to or 9999)
    return filters


def _all(matching: int, filters: Mapping[str, int]) -> int:
    for members in filters.values():
        matching &= members
    return matching


def _page(snapshot: Snapshot, query: Query, words: Node, found: int, *, limit: int) -> list[int]:
    """The documents of the page asked for, in their order."""
    count, start = query.page * limit, (query.page - 1) * limit
    if start >= found.bit_count():
        return []
    if query.sort != "relevance":
        return snapshot.ordered(found, query.sort, count)[start:]
    if words == EVERYTHING:
        return snapshot.ordered(found, "newest", count)[start:]
    return snapshot.best(found, snapshot.scores(words, found), count)[start:]


def _hit(snapshot: Snapshot, number: int, sought: Sought) -> Hit:
    segment, there = snapshot.place(number)
    work = segment.facts[there].number
    if not sought:
        return Hit(work)
    return Hit(work, snippets.passages(sought, segment.texts(there)))
