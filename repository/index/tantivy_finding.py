"""A page of hits for a query from Tantivy: found, counted, put in order, with passages."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import tantivy
from tantivy import Order

from repository.index import filters, snippets
from repository.index import query as typed
from repository.index import tantivy_query as composing
from repository.index.documents import AXES, LISTED, Hit, Hits
from repository.index.snippets import Sought
from repository.index.tantivy_counting import counts
from repository.index.tantivy_query import Composer, Tree
from repository.index.tantivy_rows import clean, unpacked
from repository.index.tree import EVERYTHING, And, Node
from schemas.search import Query

ORDERS = {
    "newest": ("newest", Order.Desc),
    "oldest": ("oldest", Order.Asc),
    "title": ("by_title", Order.Asc),
}


class Snapshot:
    """The documents at one moment. It may be shared by threads."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher

    def knows(self, axis: str, value: str) -> bool:
        """Whether any document has that very value on a LISTED axis."""
        return self.searcher.doc_freq(axis, clean(value)) > 0

    def frequencies(self, terms: Iterable[tuple[str, str]]) -> list[int]:
        """In how many documents each (field, term) stands, the deleted ones too."""
        count = self.searcher.doc_freq
        return [
            sum(count(field, one) for one in composing.spelt(field, clean(term)))
            for field, term in terms
        ]

    def find(self, query: Query, *, limit: int) -> Hits:
        """The page of a query."""
        started = time.perf_counter()
        words, notice = typed.parse(query.q)
        composer = Composer(self.searcher)
        asked = composer.select(And((words, *filters.named(self, query))))
        if query.among is not None:
            asked = composing.all_of((asked, composing.any_of("number", query.among)))
        allowed = self._filters(query)
        found = _all(asked, allowed)
        total, places = self._page(query, composer, words, found, limit=limit)
        results = self._hits(places, Sought(words))
        facets = self._facets(asked, allowed)
        return Hits(total, results, facets, time.perf_counter() - started, notice)

    def _filters(self, query: Query) -> dict[str, Tree]:
        """By axis, what its filter finds; axes that are not filtered are left out."""
        allowed = {}
        for axis in (*AXES, *LISTED):
            values = getattr(query, axis)
            if values and (axis in AXES or filters.all_known(self, axis, values)):
                allowed[axis] = composing.any_of(axis, values)
        if query.year_from or query.year_to:
            between = composing.years(query.year_from or 0, query.year_to or 9999)
            allowed["year"] = composing.all_of([between, *filter(None, [allowed.get("year")])])
        return allowed

    def _facets(self, asked: Tree, allowed: Mapping[str, Tree]) -> dict[str, tuple]:
        """Counts on each axis over what all filters but its own let through."""
        free = [axis for axis in (*AXES, *LISTED) if axis not in allowed]
        counted = counts(self.searcher, _all(asked, allowed), free)
        for axis in allowed:
            others = {name: found for name, found in allowed.items() if name != axis}
            counted |= counts(self.searcher, _all(asked, others), [axis])
        return {axis: counted[axis] for axis in (*AXES, *LISTED)}

    def _page(
        self, query: Query, composer: Composer, words: Node, found: Tree, *, limit: int
    ) -> tuple[int, list[tantivy.DocAddress]]:
        """How many there are, and where those of the page asked for lie, in their order."""
        start = (query.page - 1) * limit
        sort = "newest" if query.sort == "relevance" and words == EVERYTHING else query.sort
        if sort in ORDERS:
            field, order = ORDERS[sort]
            how: dict[str, Any] = {"order_by_field": field, "order": order}
        else:
            found, how = composing.ranked(found, composer.ranks(words)), {}
        answer: Any = self.searcher.search(found, limit, offset=start, **how)
        return answer.count, [place for _, place in answer.hits]

    def _hits(self, places: list[tantivy.DocAddress], sought: Sought) -> tuple[Hit, ...]:
        numbers: list[Any] = self.searcher.fast_field_values("number", places)
        if not sought:
            return tuple(Hit(number) for number in numbers)
        texts = (unpacked(self.searcher.doc(one)["texts"][0]) for one in places)
        return tuple(
            Hit(number, snippets.passages(sought, those))
            for number, those in zip(numbers, texts, strict=True)
        )


def _all(asked: Tree, allowed: Mapping[str, Tree]) -> Tree:
    return composing.all_of([asked, *allowed.values()])
