"""By which terms a document is found, and how much each says: the same for every engine.

Weights are those of BM25F: what a field says is divided by its length against the usual length,
times what the field is worth, and added up over the fields. An engine that keeps the sum for each
term and document ranks by `sum / (sum + SATURATION)` times the rarity of the term.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from repository.index import analysis
from repository.index.documents import Document, Tagged

SATURATION = 4.0
EXACT_BONUS = 0.5  # of a word's rarity, for the spelling that was typed
GAP = 100  # between texts that have nothing to do with each other: no phrase spans it
STEP = 4  # weights are kept as multiples of 1/STEP, so that they compress well


class Part(NamedTuple):
    """What a part of a document is worth, its usual number of words, and how much length counts."""

    worth: float
    usual: int
    slope: float


PARTS = {
    "title": Part(30, 12, 0.3),
    "creators": Part(25, 6, 0.2),
    "subjects": Part(15, 10, 0.3),
    "identifiers": Part(10, 5, 0.0),
    "source": Part(6, 12, 0.3),
    "abstract": Part(6, 150, 0.6),
    "notes": Part(1, 30, 0.6),
    "text": Part(1, 3000, 0.6),
}
# Those that can be asked by themselves, and for the beginnings of words.
SMALL = ("title", "creators", "subjects", "source")
NAMES = frozenset(("creators",))


class Passage(NamedTuple):
    """A text in one language; `follows` when a phrase may begin in the passage before it."""

    text: str
    language: str
    follows: bool = False


@dataclass
class Terms:
    """The terms of a document: with weights, with positions, and for each small part with both."""

    weights: dict[str, float] = field(default_factory=dict)
    positions: dict[str, list[int]] = field(default_factory=dict)
    small: dict[str, dict[str, tuple[float, list[int]]]] = field(default_factory=dict)
    identifiers: tuple[str, ...] = ()


def of(document: Document) -> Terms:
    """All terms of a document."""
    weights: defaultdict[str, float] = defaultdict(float)
    positions: defaultdict[str, list[int]] = defaultdict(list)
    small, at = {}, 0
    for name, passages in parts(document):
        counts, places, at = _read(passages, name in NAMES, at)
        part = _weigh(counts, PARTS[name])
        for term, weight in part.items():
            weights[term] += weight
        for term, where in places.items():
            positions[term] += where
        if name in SMALL:
            small[name] = {
                term: (part.get(term, 1.0), places.get(term, []))
                for term in part.keys() | places.keys()
            }
    return Terms(
        weights={term: max(1, round(one * STEP)) / STEP for term, one in weights.items()},
        positions=dict(positions),
        small=small,
        identifiers=tuple({analysis.identifier(one) for one in document.identifiers}),
    )


def rarity(count: int, size: int) -> float:
    """What a word says that stands in so many of all documents."""
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def parts(document: Document) -> Iterator[tuple[str, list[Passage]]]:
    """The parts of a document with what is said in each."""
    likely = document.languages
    yield "title", [_passage(one, likely) for one in document.titles]
    names = dict.fromkeys((*document.creators, *document.authors))
    yield "creators", [Passage(name, "") for name in names]
    yield "subjects", [_passage(one, likely) for one in document.subjects]
    yield "identifiers", [Passage(one, "") for one in document.identifiers]
    yield "source", [_passage((document.source, ""), likely)]
    yield "abstract", [_passage(one, likely) for one in document.abstracts]
    yield "notes", [_passage((document.notes, ""), likely)]
    yield "text", list(_pages(document))


def _passage(tagged: Tagged, likely: tuple[str, ...]) -> Passage:
    text, language = tagged
    return Passage(text, language or analysis.language_of(text, likely))


def _pages(document: Document) -> Iterator[Passage]:
    before = None
    for page in document.pages:
        language = analysis.language_of(page.text, document.languages)
        yield Passage(page.text, language, follows=page.file == before)
        before = page.file


def _read(
    passages: list[Passage], names: bool, at: int
) -> tuple[Counter[str], dict[str, list[int]], int]:
    """How often each stem occurs in passages, where each form does, and where the next begins."""
    counts: Counter[str] = Counter()
    places: defaultdict[str, list[int]] = defaultdict(list)
    for passage in passages:
        at += 0 if passage.follows else GAP
        forms = analysis.words(passage.text)
        for place, form in enumerate(forms, at):
            for term in analysis.exact(form):
                places[term].append(place)
        if names:  # the form in which a name is filed, and the stem it has in a Russian sentence
            counts.update(one for form in forms for one in analysis.forms(form))
        else:
            counts.update(analysis.stem(form, passage.language) for form in forms)
        at += len(forms)
    return counts, places, at


def _weigh(counts: Counter[str], part: Part) -> dict[str, float]:
    length = 1 - part.slope + part.slope * counts.total() / part.usual
    return {term: part.worth * count / length for term, count in counts.items()}
