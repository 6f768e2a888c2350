"""Searching: hits with facets and snippets, against bare Whoosh finding the same words.

Works of about 2 KB of text; word frequencies fall as in natural language. Bare Whoosh has one field
of text, ranks the best 20, counts nothing and shows nothing.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from whoosh.fields import TEXT, Schema
from whoosh.index import create_in
from whoosh.query import And, Phrase, Term
from whoosh.query import Query as Tree

from repository.index import Document, Page
from repository.index.whoosh import WhooshIndex
from schemas.search import Query

BATCH = 1000
TYPES = "article monograph textbook report lecture dataset map video master-thesis other".split()
CONSONANTS, VOWELS = "бвгджзклмнпрстфхцчшң", "аеиоуыэюяөүаеиоу"
ENDINGS = ("", "", "н", "лар", "дын", "ов", "ами", "ого")


class Language:
    """A made-up language whose n-th word is used about 1/n as often as its first."""

    def __init__(self, words: int = 60_000) -> None:
        self.chance = random.Random(7)
        self.words = list(dict.fromkeys(self._word() for _ in range(words)))
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def _word(self) -> str:
        pick = self.chance.choice
        syllables = (pick(CONSONANTS) + pick(VOWELS) for _ in range(self.chance.randint(1, 4)))
        return "".join(syllables) + pick(ENDINGS)

    def text(self, words: int) -> str:
        """So many words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=words))


def document(language: Language, number: int, *, pages: int = 2) -> Document:
    """A work of about 2 KB, or of more pages."""
    chance, spoken = language.chance, language.chance.choice(("ky", "ru"))
    return Document(
        number,
        titles=((language.text(8), spoken),),
        creators=(language.text(2), language.text(2)),
        abstracts=((language.text(60), spoken),),
        subjects=tuple((language.text(2), spoken) for _ in range(3)),
        source=language.text(4),
        type=chance.choice(TYPES),
        year=chance.randint(1960, 2025),
        languages=(spoken,),
        collections=tuple(f"chair-{one}" for one in chance.sample(range(60), 2)),
        pages=tuple(Page("text.pdf", page, language.text(115)) for page in range(1, pages + 1)),
        sort_title=language.text(3),
        published=number,
    )


def plain(one: Document) -> str:
    """All text of a work."""
    parts = (*one.titles, *one.abstracts, *one.subjects)
    texts = [text for text, _ in parts] + [page.text for page in one.pages]
    return " ".join((*texts, *one.creators, one.source))


def kinds(language: Language) -> dict[str, list[list[str]]]:
    """Words to look for: several at once, or a phrase where the kind says so."""
    some = random.Random(3)
    words = language.words
    return {
        "a rare word": [[one] for one in some.sample(words[5000:20_000], 60)],
        "a word": [[one] for one in some.sample(words[100:2000], 60)],
        "a common word": [[one] for one in some.sample(words[10:100], 60)],
        "two words": [some.sample(words[20:400], 2) for _ in range(60)],
        "three words": [some.sample(words[10:200], 3) for _ in range(60)],
        "a phrase": [some.sample(words[5:200], 2) for _ in range(60)],
    }


def run(folder: Path, works: int = 10_000) -> dict[str, dict[str, float]]:
    """Figures by name: how fast works are taken in, how long it takes to find them."""
    language = Language()
    documents = [document(language, number) for number in range(1, works + 1)]
    ours = WhooshIndex.connect(str(folder / "ours"))
    (folder / "bare").mkdir(parents=True)
    bare = create_in(folder / "bare", Schema(text=TEXT))
    taken = _seconds(lambda: [ours.put(some) for some in _batches(documents)])
    bare_taken = _seconds(lambda: _fill(bare, documents))
    figures = {
        "taking in": _beside(works / taken, works / bare_taken, "works/s"),
        "one update": {"ms": 1000 * _seconds(lambda: ours.put(documents[:1]))},
        "merging all": {"s": _seconds(ours.optimise)},
    }
    with bare.searcher() as searcher:
        for kind, asked in kinds(language).items():
            quote = '"' if kind == "a phrase" else ""
            queries = [Query(q=f"{quote}{' '.join(words)}{quote}") for words in asked]
            trees = [_tree(words, phrase=bool(quote)) for words in asked]
            mine = _times(ours.find, queries)
            theirs = _times(lambda tree: searcher.search(tree, limit=20), trees)
            figures[kind] = {
                "ms p50": statistics.median(mine),
                "ms p95": _p95(mine),
                "times bare Whoosh (p50)": statistics.median(mine) / statistics.median(theirs),
                "times bare Whoosh (p95)": _p95(mine) / _p95(theirs),
            }
    everything = _times(ours.find, [Query(page=page) for page in range(1, 41)])
    figures["everything"] = {"ms p95": _p95(everything)}
    ours.close()
    return figures


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    return (documents[first : first + BATCH] for first in range(0, len(documents), BATCH))


def _fill(index, documents: Iterable[Document]) -> None:
    writer = index.writer(compound=False, limitmb=64)
    for one in documents:
        writer.add_document(text=plain(one))
    writer.commit()


def _tree(words: Sequence[str], *, phrase: bool) -> Tree:
    return Phrase("text", list(words)) if phrase else And([Term("text", one) for one in words])


def _beside(mine: float, theirs: float, unit: str) -> dict[str, float]:
    return {unit: mine, f"{unit} by bare Whoosh": theirs}


def _seconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _times(job: Callable[[object], object], arguments: Iterable[object]) -> list[float]:
    return [1000 * _seconds(lambda one=one: job(one)) for one in arguments]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
