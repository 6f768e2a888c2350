"""How well the search finds what was meant: judged queries over a small catalogue.

`corpus/records.tsv` has the works (key, language, title, author, subjects, abstract),
`corpus/queries.tsv` the queries: kind, language, words, and each relevant work with a grade of 1 or
2. To add a query, add a line; say every work that a reader would be glad to find, and no other. A
query whose words find nothing is asked again as the search suggests, as a reader would.
"""

import math
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser, OrGroup

from ingest import names
from repository import indexing
from repository.index import Document, Index, open_index, rescue
from schemas import vocabulary
from schemas.search import Query

FOLDER = Path(__file__).parent / "corpus"
AT = 10
Search = Callable[[str], Sequence[str]]


class Judged(NamedTuple):
    """A query, and the works that it should find, by key with their grades."""

    kind: str
    language: str
    words: str
    grades: Mapping[str, int]


class Score(NamedTuple):
    """Means over queries: the share of relevant works among the first ten, and nDCG of those."""

    recall: float
    ndcg: float
    queries: int


def lines(name: str) -> Iterator[list[str]]:
    """The rows of a table of the corpus."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        yield line.split("\t")


def queries() -> list[Judged]:
    """All judged queries."""
    found = []
    for kind, language, words, said in lines("queries.tsv"):
        pairs = (one.split(":") for one in said.split())
        grades = {key: int(grade) for key, grade in pairs if int(grade)}
        found.append(Judged(kind, language, words, grades))
    return found


def documents() -> tuple[list[Document], list[str]]:
    """The works as the index wants them, and their keys by number."""
    made, keys = [], []
    for number, (key, spoken, title, author, subjects, abstract) in enumerate(lines("records.tsv")):
        keys.append(key)
        described = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": title, "language": spoken, "kind": "main"}],
            "creators": [{"kind": "person", **_name(author), "role": "aut"}],
            "abstracts": [{"text": abstract, "language": spoken}],
            "keywords": [{"text": one, "language": spoken} for one in subjects.split("; ")],
            "languages": [spoken],
        }
        made.append(Document(number + 1, year=2000, **indexing.description(described)))
    return made, keys


def _name(author: str) -> dict[str, str]:
    return {name: one for name, one in names.split(author)._asdict().items() if one}


def ours(index: Index) -> Search:
    """The archive's search, with its suggestion followed where little is found."""
    made, keys = documents()
    index.put(made)

    def search(words: str) -> Sequence[str]:
        found = index.find(Query(q=words), limit=AT)
        if not found.total:
            for guess in rescue.guesses(index.frequencies, words):
                again = index.find(Query(q=guess.text), limit=AT)
                if again.total:
                    found = again
                    break
        return [keys[one.number - 1] for one in found.results]

    return search


def bare() -> Search:
    """Whoosh as it comes: no languages, no names in two scripts, no suggestions."""
    schema = Schema(key=ID(stored=True), title=TEXT, author=TEXT, subjects=TEXT, abstract=TEXT)
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for key, _spoken, title, author, subjects, abstract in lines("records.tsv"):
        writer.add_document(
            key=key, title=title, author=author, subjects=subjects, abstract=abstract
        )
    writer.commit()
    fields = ["title", "author", "subjects", "abstract"]
    parser = MultifieldParser(fields, schema, group=OrGroup)

    def search(words: str) -> Sequence[str]:
        with index.searcher() as searcher:
            found = searcher.search(parser.parse(words), limit=AT)
            return [one["key"] for one in found]

    return search


def measure(search: Search) -> dict[tuple[str, str], Score]:
    """Scores by (language, kind), by (language, "") and over all ("", "")."""
    scores: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for one in queries():
        found = list(search(one.words))
        got = (_recall(found, one.grades), _ndcg(found, one.grades))
        for name in ((one.language, one.kind), (one.language, ""), ("", one.kind), ("", "")):
            scores[name].append(got)
    return {
        name: Score(
            sum(recall for recall, _ in got) / len(got),
            sum(ndcg for _, ndcg in got) / len(got),
            len(got),
        )
        for name, got in scores.items()
    }


def _recall(found: Sequence[str], grades: Mapping[str, int]) -> float:
    return len(grades.keys() & set(found)) / len(grades)


def _ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    gained = _gain([grades.get(key, 0) for key in found])
    return gained / _gain(sorted(grades.values(), reverse=True)[:AT])


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def run() -> None:
    """Prints recall and nDCG at ten by language and kind, ours beside bare Whoosh."""
    with tempfile.TemporaryDirectory() as folder:
        made = {"bare": measure(bare())}
        for name in ("whoosh", "tantivy"):
            index = open_index(f"{name}://{folder}/{name}")
            try:
                made[name] = measure(ours(index))
            finally:
                index.close()
    print(f"{'':22}{'queries':>8}" + "".join(f"{name:>18}" for name in made))
    for key in sorted(made["bare"], key=lambda one: (one[0] or "~", one[1] or "~")):
        label = " ".join(filter(None, key)) or "all"
        said = "".join(f"{one[key].recall:>10.2f} / {one[key].ndcg:.2f}" for one in made.values())
        print(f"{label:22}{made['bare'][key].queries:>8}{said}")
