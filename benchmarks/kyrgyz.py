"""How well ways to analyse Kyrgyz words bring forms of one word together, on two treebanks.

Pairs of different forms are counted. Recall: of the pairs with one lemma, how many meet.
Collisions: of the pairs with different lemmas, how many meet in every hundred thousand. Precision:
of the pairs that meet, how many have one lemma. The rules were written looking at the train part of
KTMU; TueCL was only measured. Neither is in the repository: they are looked for beside it.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from math import comb
from pathlib import Path
from typing import NamedTuple

import snowballstemmer

from repository.index import analysis, kyrgyz

TREEBANKS = Path(__file__).parents[2] / "shared" / "data" / "kyrgyz"
FILES = {
    "KTMU, train (tuned on)": "ky_ktmu-ud-train.conllu",
    "TueCL, test (untouched)": "ky_tuecl-ud-test.conllu",
}
PARTS = ("NOUN", "PROPN", "VERB", "ADJ")


class Word(NamedTuple):
    """A form, the word of the dictionary that it is a form of, and its part of speech."""

    form: str
    lemma: str
    part: str


class Figures(NamedTuple):
    """Shares from 0 to 1; `pairs` of one lemma, on which recall stands."""

    pairs: int
    recall: float
    precision: float
    collisions: float

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def read(path: Path) -> list[Word]:
    """The different words of a treebank in CoNLL-U, without numbers, signs and parts of words."""
    found, inside = {}, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) < 4:
            inside = 0
        elif "-" in columns[0]:  # a word written in one but analysed as several
            inside = int(columns[0].split("-")[1])
        elif columns[0].isdigit() and int(columns[0]) > inside:
            forms, lemmas = analysis.words(columns[1]), analysis.words(columns[2])
            if len(forms) == len(lemmas) == 1 and forms[0].isalpha() and columns[3] != "PUNCT":
                found[Word(forms[0], lemmas[0], columns[3])] = None
    return list(found)


def measure(words: Iterable[Word], stem: Callable[[str], str]) -> Figures:
    """How a way to find stems does on these words."""
    known = {(one.form, one.lemma): stem(one.form) for one in words}
    lemmas: defaultdict[str, list[str]] = defaultdict(list)
    for (_form, lemma), found in known.items():
        lemmas[lemma].append(found)
    pairs = sum(comb(len(one), 2) for one in lemmas.values())
    met = sum(comb(n, 2) for one in lemmas.values() for n in Counter(one).values())
    collided = sum(comb(n, 2) for n in Counter(known.values()).values()) - met
    collided -= unavoidable(known)
    others = comb(len(known), 2) - pairs
    return Figures(
        pairs,
        met / pairs if pairs else 0.0,
        met / (met + collided) if met else 0.0,
        collided / others if others else 0.0,
    )


def unavoidable(known: Iterable[tuple[str, str]]) -> int:
    """Pairs of words that are written alike: nothing can tell them apart."""
    return sum(comb(n, 2) for n in Counter(form for form, _lemma in known).values())


def _cut(letters: int) -> Callable[[str], str]:
    return lambda form: form[:letters]


# Snowball knows Turkish, in Latin letters: our nearest neighbour among its languages.
_LATIN = dict(zip("абвгджзийклмнопрстуүфхчшыэөңе", "abvgdjziyklmnoprstuüfhçşıeöne", strict=True))
_turkish = snowballstemmer.stemmer("turkish")


def turkish(form: str) -> str:
    """What the Turkish stemmer of Snowball makes of a Kyrgyz word."""
    return _turkish.stemWord("".join(_LATIN.get(one, one) for one in form))


WAYS: dict[str, Callable[[str], str]] = {
    "as written": str,
    "first 4 letters": _cut(4),
    "first 5 letters": _cut(5),
    "first 6 letters": _cut(6),
    "Turkish Snowball": turkish,
    "ours": kyrgyz.stem,
}


def run() -> None:
    """Prints the figures of each way on each treebank."""
    for title, name in FILES.items():
        path = TREEBANKS / name
        if not path.exists():
            print(f"\n{title}: not here, {path.name} was looked for beside the checkout")
            continue
        words = read(path)
        print(f"\n{title}")
        print("                            pairs  recall  precision     F1  collisions/100,000")
        for part in ("all", *PARTS):
            chosen = [one for one in words if part in ("all", one.part)]
            for way, stem in WAYS.items():
                _show(part, way, measure(chosen, stem))
        print(f"  ours, words/s uncached: {speed([one.form for one in words]):,.0f}")


def _show(part: str, way: str, found: Figures) -> None:
    print(
        f"  {part:6}{way:18}{found.pairs:7}{found.recall:8.3f}{found.precision:11.3f}"
        f"{found.f1:7.3f}{found.collisions * 100_000:13.1f}"
    )


def speed(forms: list[str]) -> float:
    """Words a second, none of them remembered."""
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < 1:
        for form in forms:
            kyrgyz.stem(form)
        done += len(forms)
    return done / (time.perf_counter() - begun)
