"""A page of hits for a query: found, counted, put in order, with passages that show the words."""

import time
from collections.abc import Mapping

from repository.index import filters, sets, snippets
from repository.index import query as typed
from repository.index.documents import AXES, LISTED, Hit, Hits
from repository.index.matching import Snapshot
from repository.index.snippets import Sought
from repository.index.tree import EVERYTHING, And, Node
from schemas.search import Query


def find(snapshot: Snapshot, query: Query, *, limit: int) -> Hits:
    """The page of a query in a snapshot."""
    started = time.perf_counter()
    words, notice = typed.parse(query.q)
    asked = And((words, *filters.named(snapshot, query)))
    matching = snapshot.select(asked)
    allowed = _filters(snapshot, query)
    if query.among is not None:
        matching &= sets.of(snapshot.having_numbers(query.among), snapshot.size)
    found = _all(matching, allowed)
    facets = {
        axis: snapshot.counts(axis, _all(matching, {**allowed, axis: snapshot.alive}))
        for axis in allowed
    }
    sought = Sought(words)
    results = tuple(
        _hit(snapshot, number, sought)
        for number in _page(snapshot, query, words, found, limit=limit)
    )
    took = time.perf_counter() - started
    return Hits(found.bit_count(), results, facets, took, notice)


def _filters(snapshot: Snapshot, query: Query) -> dict[str, int]:
    """The documents that each filter lets through; what is not filtered lets all through."""
    allowed = dict.fromkeys((*AXES, *LISTED), snapshot.alive)
    for axis in allowed:
        values = getattr(query, axis)
        if values and (axis in AXES or filters.all_known(snapshot, axis, values)):
            allowed[axis] = snapshot.having(axis, values)
    if query.year_from or query.year_to:
        allowed["year"] &= snapshot.between(query.year_from or 0, query.year_to or 9999)
    return allowed


def _all(matching: int, allowed: Mapping[str, int]) -> int:
    for members in allowed.values():
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
