"""Reading a Whoosh index, one immutable segment at a time.

Whoosh keeps the postings, writes segments and swaps them in atomically. The matching is ours
(`matching`): whole posting lists, read once, give hits, scores and facet counts together.
"""

import json
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from repository.errors import ArchiveError
from repository.index import rows, sets
from repository.index.rows import SCHEMA, Facts
from schemas.messages import _

AXES = ("type", "year", "language", "collection")
REMEMBERED = 128  # posting lists a segment keeps decoded
BEGINNINGS = 1000  # words that one prefix may stand for


class IndexUnavailable(ArchiveError):
    """The index is missing or damaged; it can be made again from the database."""

    status = 503
    retry_after = 60


@contextmanager
def reading() -> Iterator[None]:
    """Says of whatever goes wrong in the block that the index cannot be read."""
    try:
        yield
    except IndexUnavailable:
        raise
    # A file that was cut or overwritten makes the library raise anything: all of it is damage.
    except Exception as error:
        raise IndexUnavailable(
            _("The search does not work at the moment. Please browse meanwhile.")
        ) from error


class Postings(NamedTuple):
    """The documents of a term in a segment, rising, and their weights."""

    numbers: array
    weights: array


EMPTY = Postings(array("I"), array("f"))


class Segment:
    """One segment of the index, open for reading. Not for two threads at once."""

    def __init__(self, storage: Any, segment: Any) -> None:
        codec = segment.codec()
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._terms = codec.terms_reader(storage, segment)
        self._documents = codec.per_document_reader(storage, segment)
        self._decoded: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        column = self._documents.column_reader("facts", SCHEMA["facts"].column_type)
        self.facts = [Facts(*json.loads(one)) for one in column]
        self.axes = {axis: self._values(axis) for axis in AXES}
        self.texts(0)  # opens the last file: a later merge may remove it from the folder

    def close(self) -> None:
        """Closes the files."""
        self._terms.close()
        self._documents.close()

    def _values(self, axis: str) -> dict[str | int, int]:
        """The set of documents for each value of an axis."""
        having: defaultdict[str | int, list[int]] = defaultdict(list)
        for number, facts in enumerate(self.facts):
            values = getattr(facts, axis)
            for value in values if isinstance(values, list) else (values,):
                if value not in (None, ""):
                    having[value].append(number)
        return {value: sets.of(numbers, self.size) for value, numbers in having.items()}

    @reading()
    def texts(self, number: int) -> tuple[list[tuple[str, str]], list[tuple[str, int, str]]]:
        """The abstracts (text, language) and pages (file, page, text) of a document."""
        return self._documents.stored_fields(number)["texts"]

    def _matcher(self, field: str, term: str) -> Any:
        return self._terms.matcher(field, term.encode(), SCHEMA[field].format)

    def has(self, field: str, term: str) -> bool:
        """Whether any document has the term."""
        return (field, term.encode()) in self._terms

    @reading()
    def postings(self, field: str, term: str) -> Postings:
        """The documents of a term."""
        known = self._decoded.pop((field, term), None)
        if known is None:
            known = _decode(self._matcher(field, term)) if self.has(field, term) else EMPTY
        self._decoded[field, term] = known
        if len(self._decoded) > REMEMBERED:
            self._decoded.popitem(last=False)
        return known

    @reading()
    def places(self, field: str, term: str) -> Callable[[int], list[int]]:
        """Gives the positions of a term in a document that has it; ask for rising numbers only."""
        matcher = self._matcher(field, term)

        @reading()
        def of(number: int) -> list[int]:
            matcher.skip_to(number)
            return rows.positions(matcher.value())

        return of

    @reading()
    def beginning(self, field: str, start: str) -> list[str]:
        """The terms of a field that begin so, at most BEGINNINGS."""
        found = []
        for name, term in islice(self._terms.terms_from(field, start.encode()), BEGINNINGS):
            if name != field or not term.startswith(start.encode()):
                break
            found.append(term.decode())
        return found


def _decode(matcher: Any) -> Postings:
    found = Postings(array("I"), array("f"))
    keep_number, keep_weight = found.numbers.append, found.weights.append
    number, weight, go_on, is_active = matcher.id, matcher.weight, matcher.next, matcher.is_active
    while is_active():
        keep_number(number())
        keep_weight(weight())
        go_on()
    return found
