"""Passages of a document with the words found marked: never markup, only texts and flags.

Long texts are not cut into words: one regular expression finds where a word sought may begin, and
only such words are analysed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

from repository.index import analysis, tree
from repository.index.documents import Document, Snippet
from repository.index.tree import Node, Phrase, Prefix, Word

WIDTH = 200  # characters of a passage
BEFORE = 60  # of them before the first word
MOST = 2  # passages of a document
ENOUGH = 40  # marks of a text that are weighed
ENOUGH_PAGES = 4  # pages with a mark that are weighed


class Text(NamedTuple):
    """What passages are cut from: a page of a file, or an abstract."""

    file: str | None
    page: int | None
    language: str
    text: str


def texts(document: Document) -> Iterator[Text]:
    """What an index keeps of a document to cut passages from."""
    for text, language in document.abstracts:
        spoken = language or analysis.language_of(text, document.languages)
        yield Text(None, None, spoken, text)
    for page in document.pages:
        language = analysis.language_of(page.text, document.languages)
        yield Text(page.file, page.number, language, page.text)


class Mark(NamedTuple):
    """Where a word that was sought stands in a text, and which one it is."""

    start: int
    end: int
    sought: int


class Passage(NamedTuple):
    """A stretch of a text with its marks. The more different words, the better it is."""

    worth: tuple[int, int]
    order: int
    text: Text
    marks: Sequence[Mark]


class Sought:
    """What is marked for a query."""

    def __init__(self, node: Node) -> None:
        self.words: list[frozenset[str]] = []
        self.phrases: list[tuple[str, ...]] = []
        self.beginnings: list[str] = []
        for leaf in tree.sought(node):
            if isinstance(leaf, Prefix):
                self.beginnings.append(leaf.start)
            elif isinstance(leaf, Phrase):
                self.phrases.append(leaf.forms)
            elif leaf.field != "identifiers":
                self.words.append(frozenset((*leaf.terms, leaf.typed)))
        starts = {start for leaf in tree.sought(node) for start in _starts(leaf)}
        self._candidates = _pattern(starts) if starts else None

    def __bool__(self) -> bool:
        return self._candidates is not None

    def marks(self, of: Text) -> Iterator[Mark]:
        """The words of a text that were sought, from left to right."""
        at, text = 0, of.text
        while self._candidates and (found := self._candidates.search(text, at)):
            token = analysis.TOKEN.match(text, found.start())
            if token is None:
                return
            mark = self._mark(token, text, of.language)
            if mark:
                yield mark
            at = mark.end if mark else token.end()

    def _mark(self, token: re.Match[str], text: str, language: str) -> Mark | None:
        form = analysis.form(token[0])
        for number, phrase in enumerate(self.phrases):
            if (end := _phrase_end(token, text, phrase)) is not None:
                return Mark(token.start(), end, -1 - number)
        known = {form, analysis.fold(form), analysis.stem(form, language)}
        for number, terms in enumerate(self.words):
            if not terms.isdisjoint(known):
                return Mark(token.start(), token.end(), number)
        for number, start in enumerate(self.beginnings):
            if form.startswith(start) or analysis.fold(form).startswith(start):
                return Mark(token.start(), token.end(), len(self.words) + number)
        return None


def _phrase_end(token: re.Match[str], text: str, phrase: Sequence[str]) -> int | None:
    """Where a phrase that begins with that token ends; None when it does not."""
    tokens = list(islice(analysis.TOKEN.finditer(text, token.start()), len(phrase)))
    stands = len(tokens) == len(phrase) and all(
        form in analysis.exact(analysis.form(found[0]))
        for form, found in zip(phrase, tokens, strict=True)
    )
    return tokens[-1].end() if stands else None


def _starts(leaf: Word | Phrase | Prefix) -> Iterator[str]:
    """With what letters the words that a leaf finds may begin, folded."""
    if isinstance(leaf, Phrase):
        yield analysis.fold(leaf.forms[0])
    elif isinstance(leaf, Prefix):
        yield analysis.fold(leaf.start)
    elif leaf.field != "identifiers":
        whole = leaf.terms[0]
        for term in leaf.terms:
            pairs = zip(whole, term.partition(".")[0], strict=False)
            yield (
                "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
                or whole
            )


def _spellings() -> dict[str, str]:
    """For each plain letter, all that are folded onto it, as a class of a regular expression."""
    letters: defaultdict[str, set[str]] = defaultdict(set)
    for code in (*range(0x41, 0x250), *range(0x400, 0x530), *range(0x1E00, 0x1F00)):
        form = analysis.form(chr(code))
        plain = analysis.fold(form) if chr(code).isalnum() else ""
        if len(plain) == 1:
            letters[plain].add(chr(code))
    return {plain: f"[{''.join(sorted(those))}]" for plain, those in letters.items()}


_SPELLINGS = _spellings()


def _pattern(starts: Iterable[str]) -> re.Pattern[str]:
    ways = (
        "".join(_SPELLINGS.get(letter) or re.escape(letter) for letter in start)
        for start in sorted(starts)
    )
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(ways)})")


def passages(sought: Sought, texts: Iterable[Text]) -> tuple[Snippet, ...]:
    """The best passages of some texts, in the order of the texts."""
    found: list[Passage] = []
    pages = 0
    for order, text in enumerate(texts):
        marks = list(islice(sought.marks(text), ENOUGH))
        found += _around(order, text, marks)
        pages += bool(marks)
        if pages == ENOUGH_PAGES:
            break
    found.sort(key=lambda one: one.worth, reverse=True)
    best = sorted(found[:MOST], key=lambda one: (one.order, one.marks[0].start))
    return tuple(Snippet(_cut(one), one.text.file, one.text.page) for one in best)


def _around(order: int, text: Text, marks: Sequence[Mark]) -> Iterator[Passage]:
    """Passages that do not overlap, each from a mark on as far as a passage goes."""
    while marks:
        last = marks[0].start + WIDTH - BEFORE
        inside = [mark for mark in marks if mark.end <= last] or marks[:1]
        worth = (len({mark.sought for mark in inside}), len(inside))
        yield Passage(worth, order, text, inside)
        marks = marks[len(inside) :]


def _cut(passage: Passage) -> tuple[tuple[str, bool], ...]:
    text, marks = passage.text.text, passage.marks
    start = max(0, marks[0].start - BEFORE)
    end = min(len(text), max(marks[-1].end, start + WIDTH))
    if start:
        start = (
            text.rfind(" ", 0, start + 1) + 1 if " " in text[max(0, start - 30) : start] else start
        )
    if end < len(text):
        space = text.find(" ", end, end + 30)
        end = space if space > 0 else end
    parts, at = [("… " if start else "", False)], start
    for mark in marks:
        parts += [(_flat(text[at : mark.start]), False), (_flat(text[mark.start : mark.end]), True)]
        at = mark.end
    parts += [(_flat(text[at:end]), False), (" …" if end < len(text) else "", False)]
    return tuple(part for part in parts if part[0])


def _flat(text: str) -> str:
    """A part of a passage on one line, words that were hyphenated whole again."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)[-‐][ \t\r]*\n\s*(?=[^\W\d_])", "", text))
