import random
from dataclasses import dataclass

from repository.index import merging


@dataclass(eq=False)
class Segment:
    """What merging asks of a segment of Whoosh."""

    documents: int
    deleted: int = 0
    size: int = 0

    def doc_count_all(self):
        return self.documents

    def deleted_count(self):
        return self.deleted


def bytes_of(segment):
    return segment.size or segment.documents


def grow(batches):
    """The segments after each batch, and how many documents were copied in all."""
    segments, copied = [], 0
    for batch in batches:
        segments.append(Segment(batch))
        chosen = merging.small(segments, bytes_of)
        if chosen:
            total = sum(one.documents for one in chosen)
            copied += total
            segments = [one for one in segments if one not in chosen] + [Segment(total)]
        yield segments, copied


def test_segments_stay_below_ten():
    chance = random.Random(1)
    for segments, _ in grow(chance.choice([1, 1, 20, 200]) for _ in range(3000)):
        assert len(segments) < 10


def test_a_work_is_copied_seldom_when_many_are_put_in():
    *_, (_, copied) = grow([200] * 500)
    assert copied < 4 * 100_000


def test_single_updates_leave_large_segments_in_peace():
    batches = [20_000] + [1] * 500
    *_, (segments, copied) = grow(batches)
    assert copied < 500 * 10
    assert max(one.documents for one in segments) == 20_000


def test_what_is_mostly_deleted_is_written_anew():
    half, whole = Segment(100, deleted=51), Segment(100, deleted=10)
    assert merging.small([half, whole], bytes_of) == [half]


def test_segments_that_would_be_too_large_together_are_not_merged():
    segments = [Segment(10, size=merging.LARGEST // 3) for _ in range(12)]
    assert len(merging.small(segments, bytes_of)) == 3
    assert len(merging.large(segments, bytes_of)) == 3


def test_optimising_one_clean_segment_does_nothing():
    assert merging.large([Segment(100)], bytes_of) == []
    assert len(merging.large([Segment(100, deleted=1)], bytes_of)) == 1
    assert merging.large([], bytes_of) == []
