"""Which segments of a Whoosh index to merge, so that they stay few and works are seldom copied."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from whoosh.reading import SegmentReader

MOST_SEGMENTS = 8
MUCH_LARGER = 4  # a segment so many times larger than those before it is left in peace
LARGEST = 2**30  # bytes of a merged segment; Whoosh's columns end at two of these

Size = Callable[[Any], int]  # the bytes of a segment


def small(segments: Sequence[Any], size: Size) -> list[Any]:
    """Segments to merge now: those mostly deleted, and the smallest when there are too many."""
    chosen = [one for one in segments if living(one) * 2 < one.doc_count_all()]
    if len(segments) - len(chosen) >= MOST_SEGMENTS:
        chosen += (one for one in _run(segments) if one not in chosen)
    return list(_within(chosen, size))


def large(segments: Sequence[Any], size: Size) -> list[Any]:
    """Segments to merge into one, as many as fit."""
    chosen = list(_within(segments, size))
    deleted = any(one.deleted_count() for one in chosen)
    return chosen if len(chosen) > 1 or deleted else []


def _run(segments: Sequence[Any]) -> Iterator[Any]:
    """The smallest segments, two at least, up to the first that is much larger than they are."""
    total = 0
    for count, one in enumerate(sorted(segments, key=living)):
        if count > 1 and living(one) > MUCH_LARGER * total:
            return
        total += living(one)
        yield one


def _within(segments: Sequence[Any], size: Size) -> Iterator[Any]:
    total = 0
    for one in sorted(segments, key=size):
        total += size(one)
        if total > LARGEST:
            return
        yield one


def living(segment: Any) -> int:
    """How many documents of a segment are not deleted."""
    return segment.doc_count_all() - segment.deleted_count()


def copy(writer: Any, segment: Any) -> None:
    """Adds what lives in a segment to the one being written."""
    if living(segment):
        reader = SegmentReader(writer.storage, writer.schema, segment)
        try:
            writer.add_reader(reader)
        finally:
            reader.close()
