"""Which segments of a Whoosh index to merge, so that they stay few and works are seldom copied."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from repository.index.rows import SCHEMA

MOST_SEGMENTS = 10
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
    """The smallest segments, two at least, up to the first that is larger than all of them: so
    the segment that a work is in doubles whenever the work is copied."""
    total = 0
    for count, one in enumerate(sorted(segments, key=living)):
        if count > 1 and living(one) > total:
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


class Merger(SegmentWriter):
    """A writer that copies segments into one, several times faster than Whoosh's `add_reader`.

    The terms of each segment are read in the order of the file and their postings written at
    once; they are neither looked up one by one nor sorted again.
    """

    def copy(self, segments: Sequence[Any]) -> None:
        """Makes what lives in some segments the content of the new one."""
        sources = []
        for order, segment in enumerate(segments):
            before = self.docnum
            with closing(SegmentReader(self.storage, self.schema, segment)) as reader:
                places = self.write_per_doc(set(SCHEMA.names()), reader)
            sources.append(Source(self.storage, segment, order, before, places))
        self.pool: Any = Merged(sources)
        self._added = self.docnum > 0


class Source:
    """The terms and postings of a segment that is being copied."""

    def __init__(
        self, storage: Any, segment: Any, order: int, before: int, places: dict[int, int] | None
    ) -> None:
        self.order = order
        self._codec = segment.codec()
        self._terms = self._codec.terms_reader(storage, segment)
        self._file = segment.open_file(storage, self._codec.POSTS_EXT)
        self._before = before  # documents in the new segment before those of this one
        self._places = places  # the new numbers of documents; None when all are copied

    def terms(self) -> Iterator[tuple[str, bytes, int, Any]]:
        """Field and term, the order of this source, and where the postings are."""
        for (field, term), info in self._terms.items():
            yield field, term, self.order, info

    def postings(self, field: str, info: Any) -> Iterator[tuple[int, float, bytes]]:
        """New number, weight and payload of each document of a term."""
        matcher = self._codec.postings_reader(self._file, info, SCHEMA[field].format)
        places, before = self._places, self._before
        number, weight, payload = matcher.id, matcher.weight, matcher.value
        while matcher.is_active():
            if places is None:
                yield before + number(), weight(), payload() or b""
            elif number() in places:
                yield places[number()], weight(), payload() or b""
            matcher.next()

    def close(self) -> None:
        """Closes the files."""
        self._terms.close()
        self._file.close()


class Merged:
    """The postings of some sources, as the writer asks a pool for them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """All postings: by field, term and number."""
        for field, term, order, info in heapq.merge(*(one.terms() for one in self.sources)):
            for number, weight, payload in self.sources[order].postings(field, info):
                yield field, term, number, weight, payload

    def cleanup(self) -> None:
        """Closes the files of the sources."""
        for one in self.sources:
            one.close()
