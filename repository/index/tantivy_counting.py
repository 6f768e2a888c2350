"""How many of the documents found have each value, counted by Tantivy over its columns.

Of authors and subjects each segment hands over only those that most of its documents have. The
answer is exact all the same: it says how many documents a value that was left out may have at most,
and where that could matter everything is counted again.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import tantivy

from repository.index.documents import LISTED, MOST

Pairs = tuple[tuple[str | int, int], ...]
VALUES = 10_000  # of an axis with few of them
CANDIDATES = 500  # of an axis with thousands
ALL = 10_000_000


def counts(
    searcher: tantivy.Searcher, found: tantivy.Query, axes: Iterable[str]
) -> dict[str, Pairs]:
    """For each axis its values and counts: years newest first, others by falling count."""
    asked = {axis: _terms(axis, CANDIDATES if axis in LISTED else VALUES) for axis in axes}
    answers = searcher.aggregate(found, asked) if asked else {}
    return {axis: _pairs(searcher, found, axis, answers[axis]) for axis in asked}


def _terms(axis: str, size: int, **more: Any) -> dict[str, dict[str, Any]]:
    return {"terms": {"field": axis, "size": size, "segment_size": max(size, CANDIDATES), **more}}


def _pairs(searcher: tantivy.Searcher, found: tantivy.Query, axis: str, answer: dict) -> Pairs:
    pairs = _read(answer)
    if axis == "year":
        return tuple(sorted(pairs, reverse=True))
    if axis not in LISTED:
        return tuple(sorted(pairs, key=_falling))
    return tuple(_most(searcher, found, axis, pairs, answer["doc_count_error_upper_bound"]))


def _most(
    searcher: tantivy.Searcher,
    found: tantivy.Query,
    axis: str,
    pairs: Sequence[tuple[str, int]],
    unseen: int,
) -> list[tuple[str, int]]:
    """The values that most of the found have, from what the segments handed over."""
    if len(pairs) == CANDIDATES:
        unseen += pairs[-1][1]
    if unseen and searcher.num_segments > 1:
        likely = sorted(pairs, key=_falling)[: 2 * MOST]
        include = [value for value, _ in likely]
        pairs = _ask(searcher, found, _terms(axis, len(include), include=include))
        if len(likely) == 2 * MOST:
            unseen += likely[-1][1]
    best = sorted(pairs, key=_falling)[:MOST]
    if not unseen or (len(best) == MOST and best[-1][1] > unseen):
        return best
    return _exactly(searcher, found, axis)


def _exactly(searcher: tantivy.Searcher, found: tantivy.Query, axis: str) -> list[tuple[str, int]]:
    """The same from all values: those above the last count, and the first of those that have it."""
    most = _ask(searcher, found, _terms(axis, MOST, segment_size=ALL))
    last = min((count for _, count in most), default=0)
    more = {"segment_size": ALL, "min_doc_count": last, "order": {"_key": "asc"}}
    first = _ask(searcher, found, _terms(axis, 2 * MOST, **more))
    above = (pair for pair in most if pair[1] > last)
    return sorted({*above, *first}, key=_falling)[:MOST]


def _ask(
    searcher: tantivy.Searcher, found: tantivy.Query, asked: dict[str, dict[str, Any]]
) -> list[tuple[str, int]]:
    return _read(searcher.aggregate(found, {"one": asked})["one"])


def _read(answer: dict) -> list[tuple[str, int]]:
    return [(one["key"], one["doc_count"]) for one in answer["buckets"]]


def _falling(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
