"""Which documents a tree finds in a set of segments, and how well each fits."""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from repository.index import analysis, sets, tree
from repository.index.rows import Facts
from repository.index.segments import AXES, BEGINNINGS, Segment
from repository.index.terms import SATURATION
from repository.index.tree import And, Is, Node, Not, Or, Phrase, Prefix, Word, Years

EXACT_BONUS = 0.5  # of a word's rarity, for the spelling that was typed

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
        self._numbers: dict[int, int] | None = None

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
        found = 0
        for offset, segment in self.segments:
            found |= _phrase_in(segment, phrase) << offset
        return found

    def _prefix(self, prefix: Prefix) -> int:
        return reduce(or_, (self._word(word) for word in self._beginning(prefix)), 0)

    def _beginning(self, prefix: Prefix) -> Iterator[Word]:
        for field in prefix.fields:
            known = {
                term
                for _, segment in self.segments
                for term in segment.beginning(field, prefix.start)
            }
            yield Word(tuple(sorted(known)), field)

    def overflows(self, node: Node) -> bool:
        """Whether a tree has a beginning that more words share than are looked for."""
        return any(
            len(word.terms) >= BEGINNINGS
            for leaf in tree.sought(node)
            if isinstance(leaf, Prefix)
            for word in self._beginning(leaf)
        )

    def scores(self, node: Node, found: int) -> list[float]:
        """How well each document fits a tree; 0 for those that are not among the `found`."""
        scores = [0.0] * self.size
        member = sets.flags(found, self.size)
        for leaf in tree.sought(node):
            for word in self._scored(leaf):
                self._score(word, member, scores)
        return scores

    def _scored(self, leaf: Word | Phrase | Prefix) -> Iterator[Word]:
        if isinstance(leaf, Word):
            yield leaf
        elif isinstance(leaf, Prefix):
            yield from self._beginning(leaf)
        else:
            field = "words" if leaf.field == "exact" else leaf.field
            telling = [one for one in leaf.forms if one not in analysis.STOP] or leaf.forms
            yield from (tree.word(form, field) for form in telling)

    def _score(self, word: Word, member: bytes, scores: list[float]) -> None:
        weights = [
            (offset, _weights(segment, word.field, word.terms)) for offset, segment in self.segments
        ]
        rarity = self._rarity(sum(len(one) for _, one in weights))
        for offset, each in weights:
            for number, weight in each.items():
                if member[number + offset]:
                    scores[number + offset] += rarity * weight / (weight + SATURATION)
        if word.typed:
            for offset, segment in self.segments:
                for number in segment.postings("exact", word.typed).numbers:
                    if member[number + offset]:
                        scores[number + offset] += EXACT_BONUS * rarity

    def _rarity(self, count: int) -> float:
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))

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
        counted = (
            (value, (found & members).bit_count()) for value, members in self.axes[axis].items()
        )
        pairs = [pair for pair in counted if pair[1]]
        if axis == "year":
            return tuple(sorted(pairs, reverse=True))
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _weights(segment: Segment, field: str, terms: Sequence[str]) -> dict[int, float]:
    """The documents of a segment with any of the terms, each with the sum of their weights."""
    total: dict[int, float] = {}
    for term in terms:
        found = segment.postings(field, term)
        if not total:
            total = dict(zip(found.numbers, found.weights, strict=True))
            continue
        for number, weight in zip(found.numbers, found.weights, strict=True):
            total[number] = total.get(number, 0.0) + weight
    return total


def _phrase_in(segment: Segment, phrase: Phrase) -> int:
    lists = {form: segment.postings(phrase.field, form).numbers for form in phrase.forms}
    candidates = reduce(and_, (sets.of(one, segment.size) for one in lists.values()))
    if len(phrase.forms) == 1 or not candidates:
        return candidates
    steps = [
        (
            segment.places(phrase.field, form),
            [at for at, one in enumerate(phrase.forms) if one == form],
        )
        for form in sorted(lists, key=lambda form: len(lists[form]))
    ]
    return sets.of((one for one in sets.numbers(candidates) if _stands(steps, one)), segment.size)


def _stands(steps: Sequence[tuple[Callable[[int], list[int]], list[int]]], number: int) -> bool:
    """Whether a document has a place from which each form stands as far away as it should."""
    starts: set[int] | None = None
    for places_in, distances in steps:
        places = places_in(number)
        for distance in distances:
            here = {place - distance for place in places}
            starts = here if starts is None else starts & here
            if not starts:
                return False
    return True


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
