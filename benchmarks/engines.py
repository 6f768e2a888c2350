"""Searching with each engine, the same works and queries in one run.

`python -m benchmarks.engines --works 100000 --kilobytes 2`. Every search counts all facets and cuts
passages for its 20 hits. Works have about so many thousand characters of text.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.search import Language, document
from repository.index import Document, Index, open_index
from schemas.search import Query

ENGINES = ("tantivy", "whoosh")
BATCH = 1000
PAGE = 0.72  # thousands of characters
REST = 0.5  # of a work, beside its pages
ASKED = 60
UPDATES = 20


def queries(language: Language) -> dict[str, list[Query]]:
    """What is asked, by kind."""
    some, words = random.Random(3), language.words
    return {
        "one word, few hits": [Query(q=one) for one in some.sample(words[5000:20_000], ASKED)],
        "one word, many hits": [Query(q=one) for one in some.sample(words[10:100], ASKED)],
        "three words": [Query(q=" ".join(some.sample(words[10:200], 3))) for _ in range(ASKED)],
        "a phrase": [Query(q=f'"{_two(some, words[5:200])}"') for _ in range(ASKED)],
        "a beginning": [Query(q=f"{one[:3]}*") for one in some.sample(words[10:2000], ASKED)],
        "many hits, filtered": [
            Query(q=one, type=("article",), year_from=1990)
            for one in some.sample(words[10:100], ASKED)
        ],
        "everything": [Query(page=page) for page in range(1, ASKED // 2)],
    }


def _two(some: random.Random, words: Sequence[str]) -> str:
    return " ".join(some.sample(words, 2))


def measure(index: Index, documents: Iterator[Document], language: Language) -> dict[str, tuple]:
    """Figures by name: p50 and p95 in milliseconds; of the first, works in a second."""
    taken, count, first = 0.0, 0, []
    while some := list(islice(documents, BATCH)):
        first = first or some[:UPDATES]
        taken += _seconds(lambda some=some: index.put(some))
        count += len(some)
    figures: dict[str, tuple] = {"taking in, works/s": (count / taken,)}
    index.find(Query())
    for kind, asked in queries(language).items():
        figures[kind] = _spread([_seconds(lambda one=one: index.find(one)) for one in asked])
    figures["one update"] = _spread([_seconds(lambda one=one: index.put([one])) for one in first])
    return figures


def _seconds(job) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _spread(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return 1000 * statistics.median(ordered), 1000 * ordered[int(len(ordered) * 0.95)]


def run(
    folder: Path, works: int = 5_000, kilobytes: int = 2, engines: Sequence[str] = ENGINES
) -> None:
    """Prints a table: kinds of searches down, engines across."""
    pages = max(2, round((kilobytes - REST) / PAGE))
    found = {}
    for name in engines:
        language = Language()
        documents = (document(language, one, pages=pages) for one in range(1, works + 1))
        index = open_index(f"{name}://{folder / name}")
        found[name] = measure(index, documents, language)
        index.close()
        size = sum(path.stat().st_size for path in (folder / name).iterdir())
        found[name]["size, MB"] = (size / 1e6,)
    print(f"\nSearch engines, {works} works of {kilobytes} KB: p50 / p95 in ms")
    print(f"  {'':22}" + "".join(f"{name:>20}" for name in engines))
    for kind in found[engines[0]]:
        figures = (" / ".join(f"{one:.1f}" for one in found[name][kind]) for name in engines)
        print(f"  {kind:22}" + "".join(f"{said:>20}" for said in figures), flush=True)


def main() -> None:
    """Measures at the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=5_000)
    parser.add_argument("--kilobytes", type=int, default=2, help="of text in each work")
    parser.add_argument("--folder", type=Path, help="where to put the indexes meanwhile")
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archive-bench-", dir=chosen.folder) as name:
        run(Path(name), chosen.works, chosen.kilobytes, chosen.engines)


if __name__ == "__main__":
    main()
