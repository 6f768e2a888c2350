"""Reading a Whoosh index, one immutable segment at a time.

Whoosh keeps the postings, writes segments and swaps them in atomically. The matching is ours
(`matching`): whole posting lists, read once, give hits, scores and facet counts together.
"""

import json
import sys
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from typing import Any, NamedTuple

from repository.index import rows, sets
from repository.index.damage import reading
from repository.index.documents import AXES
from repository.index.rows import SCHEMA, Facts
from repository.index.snippets import Text

FEW = 4  # of so many documents one is wanted: it is faster to step from one to the next
REMEMBERED = 128  # posting lists a segment keeps decoded


class Postings(NamedTuple):
    """The documents of a term in a segment, rising, and their weights."""

    numbers: array
    weights: array


EMPTY = Postings(array("I"), array("f"))


class Segment:
    """One segment of the index, open for reading. Not for two threads at once."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._codec = segment.codec()
        self._decoded: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        with ExitStack() as files:
            self._terms = files.enter_context(closing(self._codec.terms_reader(storage, segment)))
            postings = segment.open_file(storage, self._codec.POSTS_EXT)
            self._file = files.enter_context(closing(postings))
            documents = self._codec.per_document_reader(storage, segment)
            self._documents = files.enter_context(closing(documents))
            column = self._documents.column_reader("facts", SCHEMA["facts"].column_type)
            self.facts = [_facts(one) for one in column]
            if len(self.facts) != self.size:
                raise IndexError(f"There should be {self.size} documents in {self.name}.")
            self.texts(0)  # opens the last file: a later merge may remove it from the folder
            self._files = files.pop_all()
        self.axes = {axis: self._values(axis) for axis in AXES}
        self._holders: dict[str, dict[str, list[int]]] = {}

    def close(self) -> None:
        """Closes the files."""
        self._files.close()

    def _values(self, axis: str) -> dict[str | int, int]:
        """The set of documents for each value of an axis."""
        having: defaultdict[str | int, list[int]] = defaultdict(list)
        for number, facts in enumerate(self.facts):
            values = getattr(facts, axis)
            for value in values if isinstance(values, list) else (values,):
                if value not in (None, ""):
                    having[value].append(number)
        return {value: sets.of(numbers, self.size) for value, numbers in having.items()}

    def holders(self, axis: str, value: str) -> list[int]:
        """The documents with a value on a LISTED axis."""
        if axis not in self._holders:
            having: defaultdict[str, list[int]] = defaultdict(list)
            for number, facts in enumerate(self.facts):
                for one in getattr(facts, axis):
                    having[one].append(number)
            self._holders[axis] = dict(having)
        return self._holders[axis].get(value, [])

    @reading()
    def texts(self, number: int) -> tuple[Text, ...]:
        """The abstracts and pages of a document."""
        return tuple(Text(*one) for one in self._documents.stored_fields(number)["texts"])

    def _matcher(self, field: str, term: str) -> Any:
        return self._at(field, self._terms.term_info(field, term.encode()))

    def _at(self, field: str, info: Any) -> Any:
        return self._codec.postings_reader(self._file, info, SCHEMA[field].format)

    def has(self, field: str, term: str) -> bool:
        """Whether any document has the term."""
        return (field, term.encode()) in self._terms

    @reading()
    def postings(self, field: str, term: str) -> Postings:
        """The documents of a term."""
        known = self._decoded.pop((field, term), None)
        if known is None:
            has = self.has(field, term)
            known = self._decode(self._matcher(field, term)) if has else EMPTY
        self._decoded[field, term] = known
        if len(self._decoded) > REMEMBERED:
            self._decoded.popitem(last=False)
        return known

    @reading()
    def frequency(self, field: str, term: str) -> int:
        """How many documents have a term, the deleted ones too."""
        return self._terms.doc_frequency(field, term.encode()) if self.has(field, term) else 0

    @reading()
    def places(
        self, field: str, term: str, wanted: Collection[int] | None = None
    ) -> dict[int, Sequence[int]]:
        """The positions of a term that there is, in all documents or those of rising numbers."""
        matcher = self._matcher(field, term)
        if wanted is None:
            found = dict(_all(matcher))
        elif len(wanted) * FEW < self.frequency(field, term):
            found = dict(_some(matcher, wanted))
        else:
            found = {number: one for number, one in _all(matcher) if number in wanted}
        self._check(found)
        return {number: rows.unpacked(one) for number, one in found.items()}

    @reading()
    def beginning(self, field: str, start: str, most: int) -> list[Postings]:
        """The documents of each of the first `most` terms of a field that begin so."""
        found = []
        key = start.encode()
        for (name, term), info in islice(self._terms.items_from(field, key), most):
            if name != field or not term.startswith(key):
                break
            found.append(self._decode(self._at(field, info)))
        return found

    def _decode(self, matcher: Any) -> Postings:
        found = Postings(array("I"), array("f"))
        for numbers, weights, _payloads in _blocks(matcher):
            found.numbers.extend(numbers)
            found.weights.extend(weights)
        self._check(found.numbers)
        return found

    def _check(self, numbers: Collection[int]) -> None:
        """Small lists carry no checksum: what they say is believed only so far."""
        if numbers and max(numbers) >= self.size:
            raise IndexError(f"There are {self.size} documents in {self.name}.")


def _facts(kept: bytes) -> Facts:
    """What was kept of a document; names and subjects that come again are kept once."""
    facts = Facts(*json.loads(kept))
    return facts._replace(
        author=[*map(sys.intern, facts.author)], subject=[*map(sys.intern, facts.subject)]
    )


def _all(matcher: Any) -> Iterator[tuple[int, bytes]]:
    for numbers, _weights, payloads in _blocks(matcher):
        yield from zip(numbers, payloads, strict=True)


def _blocks(matcher: Any) -> Iterator[tuple[Sequence[int], Sequence[float], Sequence[bytes]]]:
    """The numbers, weights and payloads of a posting list, a block at a time.

    A matcher that has been asked for one posting has read the block around it. Taking the block
    as it is costs a third of going through it; where Whoosh has renamed it, we do go through it.
    """
    while matcher.is_active():
        one = ((matcher.id(),), (matcher.weight(),), (matcher.value(),))
        block: Any = tuple(getattr(matcher, name, None) for name in ("_ids", "_weights", "_values"))
        if all(part and part[0] == first for part, (first,) in zip(block, one, strict=True)):
            yield block
            matcher.skip_to(matcher.block_max_id() + 1)
        else:
            yield one
            matcher.next()


def _some(matcher: Any, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    for number in wanted:
        if matcher.block_max_id() < number:
            matcher.skip_to(number)
        while matcher.is_active() and matcher.id() < number:
            matcher.next()
        if not matcher.is_active():
            return
        if matcher.id() == number:
            yield number, matcher.value()
