"""The tree of a query as queries of Tantivy: one that selects documents, others that rank them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import tantivy
from tantivy import FieldType, Occur

from repository.index import terms, tree
from repository.index.tantivy_rows import SCHEMA, WORTHS, clean
from repository.index.terms import EXACT_BONUS, PARTS, SATURATION
from repository.index.tree import And, Is, Node, Not, Or, Phrase, Prefix, Word, Years

Tree = tantivy.Query
FULL = 2.2  # what Tantivy's own ranking gives at most, times the rarity


class Composer:
    """Queries for one state of the index, which knows what terms there are."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._there = cache(self._look)

    def select(self, node: Node) -> Tree:
        """The documents that a tree finds."""
        return _SELECT[type(node)](self, node)

    def _word(self, word: Word) -> Tree:
        return any_of(word.field, self._there(word))

    def _look(self, word: Word) -> dict[str, int]:
        """The terms of a word that the index has, with the number of their documents."""
        counts = (
            (term, self._searcher.doc_freq(word.field, term))
            for one in word.terms
            for term in spelt(word.field, one)
        )
        return {term: count for term, count in counts if count}

    def ranks(self, node: Node) -> Iterator[Tree]:
        """What adds to the scores of documents that a tree finds."""
        for leaf in tree.sought(node):
            if isinstance(leaf, Prefix):
                yield _beginning(leaf)
            else:
                for word in tree.weighed(leaf):
                    yield from self._weigh(word)

    def _weigh(self, word: Word) -> Iterator[Tree]:
        there = self._there(word)
        if not there:
            return
        size = self._searcher.num_docs
        rarity = terms.rarity(min(sum(there.values()), size), size)
        if word.field == "words":
            worths = ((term, rarity * WORTHS[term[-1]]) for term in there)
            yield Tree.disjunction_max_query([_worth(term, worth) for term, worth in worths])
        else:
            boost = _usual(word.field) / FULL
            ranked = [Tree.term_query(SCHEMA, word.field, one, "freq") for one in there]
            yield Tree.boost_query(Tree.disjunction_max_query(ranked), boost)
        if word.typed:
            typed = Tree.term_query(SCHEMA, "exact", word.typed, "basic")
            yield Tree.const_score_query(typed, EXACT_BONUS * rarity)


def spelt(field: str, term: str) -> list[str]:
    """A term as it stands in the index: on any level, where the field has levels."""
    return [f"{term}/{one}" for one in WORTHS] if field == "words" else [term]


def any_of(field: str, values: Iterable[Any]) -> Tree:
    """Documents with any of these values in a field."""
    given = [clean(one) if isinstance(one, str) else one for one in values]
    return Tree.term_set_query(SCHEMA, field, given) if given else Tree.empty_query()


def all_of(parts: Iterable[Tree]) -> Tree:
    """Documents that all parts find; of no part: every document."""
    given = list(parts)
    if len(given) < 2:
        return given[0] if given else Tree.all_query()
    return Tree.boolean_query([(Occur.Must, one) for one in given])


def years(first: int, last: int) -> Tree:
    """Documents of these years."""
    return Tree.range_query(SCHEMA, "year", FieldType.Integer, first, last)


def ranked(found: Tree, ranks: Iterable[Tree]) -> Tree:
    """What is found, with the scores that the ranks add up to."""
    plain = (Occur.Must, Tree.const_score_query(found, 0.0))
    return Tree.boolean_query([plain, *((Occur.Should, one) for one in ranks)])


def _worth(term: str, worth: float) -> Tree:
    return Tree.const_score_query(Tree.term_query(SCHEMA, "words", term, "basic"), worth)


def _usual(field: str) -> float:
    part = PARTS[field].worth
    return part / (part + SATURATION)


def _phrase(phrase: Phrase) -> Tree:
    if len(phrase.forms) == 1:
        return Tree.term_query(SCHEMA, phrase.field, phrase.forms[0], "basic")
    return Tree.phrase_query(SCHEMA, phrase.field, list(phrase.forms))


@lru_cache(256)
def _begins(field: str, start: str) -> Tree:
    """To make the machine that reads an expression takes longer than to let it run."""
    return Tree.regex_query(SCHEMA, field, f"{re.escape(start)}.*")


def _prefix(prefix: Prefix) -> Tree:
    return _either(_begins(field, prefix.start) for field in prefix.fields)


def _beginning(prefix: Prefix) -> Tree:
    """The best part in which a word begins so counts, however rare the word is."""
    ways = ((_begins(one, prefix.start), _usual(one)) for one in prefix.fields)
    return Tree.disjunction_max_query([Tree.const_score_query(*way) for way in ways])


def _either(parts: Iterable[Tree]) -> Tree:
    given = [(Occur.Should, one) for one in parts]
    return Tree.boolean_query(given) if given else Tree.empty_query()


def _not(part: Tree) -> Tree:
    return Tree.boolean_query([(Occur.Must, Tree.all_query()), (Occur.MustNot, part)])


_SELECT: Mapping[type, Callable[[Composer, Any], Tree]] = {
    Word: Composer._word,
    Phrase: lambda composer, node: _phrase(node),
    Prefix: lambda composer, node: _prefix(node),
    Years: lambda composer, node: years(node.first, node.last),
    Is: lambda composer, node: any_of(node.axis, (node.value,)),
    And: lambda composer, node: all_of(map(composer.select, node.parts)),
    Or: lambda composer, node: _either(map(composer.select, node.parts)),
    Not: lambda composer, node: _not(composer.select(node.part)),
}
