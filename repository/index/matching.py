"""Which documents a tree finds in a set of segments, and how well each fits."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import and_, or_
from typing import Any

from repository.index import sets, terms, tree
from repository.index.documents import AXES, LISTED, MOST
from repository.index.rows import Facts
from repository.index.segments import Segment
from repository.index.terms import EXACT_BONUS, SATURATION
from repository.index.tree import And, Is, Node, Not, Or, Phrase, Prefix, Word, Years

Pairs = Collection[tuple[int, float]]  # documents and weights
MANY = 4  # places of a word in one document
BEGINNINGS = 1000  # words of one field that a prefix may stand for

ORDERS: Mapping[str, Callable[[Facts], Any]] = {
    "newest": lambda facts: (-(facts.year or 0), -facts.published),
    "oldest": lambda facts: (facts.year or 10_000, facts.published),
    "title": lambda facts: (facts.sort_title, facts.number),
}


class Snapshot:
    """The documents of some segments at one moment, numbered through from 0."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Iterable[int]]) -> None:
        self.segments: list[tuple[int, Segment]] = []
        self.size = 0
        self.alive = 0
        for segment, gone in zip(segments, deleted, strict=True):
            living = sets.full(segment.size) & ~sets.of(gone, segment.size)
            self.segments.append((self.size, segment))
            self.alive |= living << self.size
            self.size += segment.size
        self.axes = {axis: self._values(axis) for axis in AXES}
        self._ranks: dict[str, list[int]] = {}
        self._beginnings: dict[Prefix, dict[int, float]] = {}  # of the last prefix
        self._numbers: dict[int, int] | None = None
        self._listed: dict[str, list[list[str]]] = {}

    def __len__(self) -> int:
        return self.alive.bit_count()

    def _values(self, axis: str) -> dict[str | int, int]:
        values: dict[str | int, int] = {}
        for offset, segment in self.segments:
            for value, members in segment.axes[axis].items():
                values[value] = values.get(value, 0) | members << offset
        return values

    def facts(self) -> Iterator[Facts]:
        """What is known of each document, the deleted ones too."""
        return (facts for _, segment in self.segments for facts in segment.facts)

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment of a document, and its number there."""
        return next(
            (segment, number - offset)
            for offset, segment in reversed(self.segments)
            if number >= offset
        )

    def knows(self, axis: str, value: str) -> bool:
        """Whether any document has that very value on a LISTED axis."""
        return any(segment.holders(axis, value) for _, segment in self.segments)

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """In how many documents each (field, term) stands, the deleted ones too."""
        return [
            sum(segment.frequency(field, term) for _, segment in self.segments)
            for field, term in terms
        ]

    def having_numbers(self, numbers: Iterable[int]) -> list[int]:
        """The living documents of works with these numbers."""
        if self._numbers is None:
            living = sets.flags(self.alive, self.size)
            self._numbers = {
                facts.number: at for at, facts in enumerate(self.facts()) if living[at]
            }
        return [self._numbers[one] for one in numbers if one in self._numbers]

    def having(self, axis: str, values: Iterable[str | int]) -> int:
        """The documents with any of these values."""
        if axis in LISTED:
            found = 0
            for offset, segment in self.segments:
                for value in values:
                    found |= sets.of(segment.holders(axis, str(value)), segment.size) << offset
            return found
        known = self.axes[axis]
        return reduce(or_, (known.get(value, 0) for value in values), 0)

    def between(self, first: int, last: int) -> int:
        """The documents of these years."""
        years = (year for year in self.axes["year"] if first <= int(year) <= last)
        return self.having("year", years)

    def select(self, node: Node) -> int:
        """The documents that a tree finds."""
        return _SELECT[type(node)](self, node) & self.alive

    def _word(self, word: Word) -> int:
        found = 0
        for offset, segment in self.segments:
            lists = [segment.postings(word.field, term).numbers for term in word.terms]
            for numbers in filter(None, lists):
                found |= sets.of(numbers, segment.size) << offset
        return found

    def _phrase(self, phrase: Phrase) -> int:
        parts = (_phrase_in(segment, phrase) << offset for offset, segment in self.segments)
        return reduce(or_, parts, 0)

    def _prefix(self, prefix: Prefix) -> int:
        return sets.of(self._beginning(prefix), self.size)

    def _beginning(self, prefix: Prefix) -> dict[int, float]:
        """The documents with words that begin so, each with the greatest weight of one."""
        if prefix in self._beginnings:
            return self._beginnings[prefix]
        found: dict[int, float] = {}
        for field in prefix.fields:
            for offset, segment in self.segments:
                for postings in segment.beginning(field, prefix.start, BEGINNINGS):
                    for number, weight in zip(*postings, strict=True):
                        if weight > found.get(number + offset, 0.0):
                            found[number + offset] = weight
        self._beginnings = {prefix: found}
        return found

    def scores(self, node: Node, found: int) -> list[float]:
        """How well each document fits a tree; 0 for those that are not among the `found`."""
        scores = [0.0] * self.size
        member = sets.flags(found, self.size)
        for leaf in tree.sought(node):
            if isinstance(leaf, Prefix):
                _add(scores, member, self._beginning(leaf).items())
            else:
                for word in tree.weighed(leaf):
                    self._score(word, member, scores)
        return scores

    def _score(self, word: Word, member: bytes, scores: list[float]) -> None:
        weights = [
            (offset, _weights(segment, word.field, word.terms)) for offset, segment in self.segments
        ]
        rarity = terms.rarity(sum(len(one) for _, one in weights), self.size)
        for offset, each in weights:
            _add(scores, member, each, offset, rarity)
        if word.typed:
            for offset, segment in self.segments:
                for number in segment.postings("exact", word.typed).numbers:
                    if member[number + offset]:
                        scores[number + offset] += EXACT_BONUS * rarity

    def best(self, found: int, scores: list[float], count: int) -> list[int]:
        """The first `count` of the found, best first; of equals the one put in last."""
        ranked = heapq.nlargest(count, ((scores[one], one) for one in sets.numbers(found)))
        return [number for _, number in ranked]

    def ordered(self, found: int, order: str, count: int) -> list[int]:
        """The first `count` of the found in one of the ORDERS."""
        if order not in self._ranks:
            keys = [ORDERS[order](facts) for facts in self.facts()]
            ranks = [0] * self.size
            for rank, number in enumerate(sorted(range(self.size), key=keys.__getitem__)):
                ranks[number] = rank
            self._ranks[order] = ranks
        return heapq.nsmallest(count, sets.numbers(found), key=self._ranks[order].__getitem__)

    def counts(self, axis: str, found: int) -> tuple[tuple[str | int, int], ...]:
        """How many of the found have each value: years newest first, others by falling count."""
        if axis in LISTED:
            return self._most(axis, found)
        counted = (
            (value, (found & members).bit_count()) for value, members in self.axes[axis].items()
        )
        pairs = [pair for pair in counted if pair[1]]
        if axis == "year":
            return tuple(sorted(pairs, reverse=True))
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def _most(self, axis: str, found: int) -> tuple[tuple[str | int, int], ...]:
        """The values of a LISTED axis that most of the found have."""
        if axis not in self._listed:
            self._listed[axis] = [getattr(facts, axis) for facts in self.facts()]
        values = map(self._listed[axis].__getitem__, sets.numbers(found))
        counted = Counter(chain.from_iterable(values))
        return tuple(heapq.nsmallest(MOST, counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _add(
    scores: list[float], member: bytes, weights: Pairs, offset: int = 0, rarity: float = 1.0
) -> None:
    for number, weight in weights:
        if member[number + offset]:
            scores[number + offset] += rarity * weight / (weight + SATURATION)


def _weights(segment: Segment, field: str, terms: Sequence[str]) -> Pairs:
    """The documents of a segment with any of the terms, each with the greatest weight of one."""
    lists = [one for one in (segment.postings(field, term) for term in terms) if one.numbers]
    if len(lists) == 1:
        return list(zip(*lists[0], strict=True))
    greatest: dict[int, float] = {}
    for number, weight in (pair for one in lists for pair in zip(*one, strict=True)):
        if weight > greatest.get(number, 0.0):
            greatest[number] = weight
    return greatest.items()


def _phrase_in(segment: Segment, phrase: Phrase) -> int:
    """The documents of a segment with a phrase, of which the rarest word is looked up first."""
    counts = [segment.frequency(phrase.field, form) for form in phrase.forms]
    if not all(counts):
        return 0
    starts: dict[int, Collection[int]] | None = None
    for at in sorted(range(len(counts)), key=counts.__getitem__):
        places = segment.places(phrase.field, phrase.forms[at], starts)
        if starts is None:
            starts = {number: [one - at for one in here] for number, here in places.items()}
            continue
        left = ((number, _follow(starts[number], at, here)) for number, here in places.items())
        starts = {number: those for number, those in left if those}
    return sets.of(starts or (), segment.size)


def _follow(starts: Collection[int], at: int, places: Collection[int]) -> list[int]:
    """Those beginnings that have the word `at` words later."""
    if len(starts) > MANY:
        places = set(places)
    return [one for one in starts if one + at in places]


def _both(snapshot: Snapshot, node: And) -> int:
    return reduce(and_, (snapshot.select(part) for part in node.parts), snapshot.alive)


def _either(snapshot: Snapshot, node: Or) -> int:
    return reduce(or_, (snapshot.select(part) for part in node.parts), 0)


_SELECT: Mapping[type, Callable[[Snapshot, Any], int]] = {
    Word: Snapshot._word,
    Phrase: Snapshot._phrase,
    Prefix: Snapshot._prefix,
    Years: lambda snapshot, node: snapshot.between(node.first, node.last),
    Is: lambda snapshot, node: snapshot.having(node.axis, (node.value,)),
    And: _both,
    Or: _either,
    Not: lambda snapshot, node: ~snapshot.select(node.part),
}
