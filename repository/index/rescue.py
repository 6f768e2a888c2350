"""What a reader may have meant who found little: another keyboard, Latin letters, a slip.

Each guess says what was done to the text. Nothing is looked for unasked: the page offers it. What
words there are is asked of the index (`Known`); the guessing is the same for every engine.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice, product
from typing import NamedTuple

from repository import transliteration
from repository.index import analysis

# In how many documents each (field, term) stands.
Known = Callable[[Sequence[tuple[str, str]]], list[int]]

SHORTEST = 4  # letters of a word that is taken for a slip
MOST_WORDS = 8
MOST_WAYS = 96  # to read one word


class Way(StrEnum):
    """What was done to the text."""

    KEYBOARD = "keyboard"
    LATIN = "latin"
    SPELLING = "spelling"


class Guess(NamedTuple):
    """Another text, and how it came about."""

    text: str
    way: Way


_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_CYRILLIC = str.maketrans(
    _LATIN_KEYS + _LATIN_KEYS[:26].upper() + '{}:"<>~',
    _CYRILLIC_KEYS + _CYRILLIC_KEYS[:26].upper() + "ХЪЖЭБЮЁ",
)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)
_ALPHABETS = ("абвгдежзийклмнңоөпрстуүфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz")
# A plain letter may stand for one of Kyrgyz that is not on the keyboard.
_LETTERS = {"о": "оө", "у": "уү", "н": "нң"}
# Cyrillic letters that one guess of `transliteration.cyrillic` stands for.
_SOUNDS = {
    "ы": "ыийу", "и": "ийы", "й": "йи", "э": "эе", "е": "еэ", "ж": "жй", "ц": "цкс", "х": "хг",
    "в": "ву", "к": "кц", "с": "сцш", "г": "гж", "з": "зж", "ч": "чц",
}  # fmt: skip
_OPERATORS = frozenset(("AND", "OR", "NOT"))


def guesses(known: Known, text: str) -> Iterator[Guess]:
    """What may have been meant, the likeliest first; nothing where every word is known."""
    words = [one for one in analysis.TOKEN.findall(text) if one not in _OPERATORS]
    if not words or len(words) > MOST_WORDS:
        return
    for way, read in _WAYS.items():
        made = read(known, text)
        if made and analysis.words(made) != analysis.words(text):
            yield Guess(made, way)


def _keyboard(known: Known, text: str) -> str:
    """The text as the same keys give it on the other keyboard."""
    table = _TO_LATIN if transliteration.is_cyrillic(text) else _TO_CYRILLIC
    made = text.casefold().translate(table)
    forms = analysis.words(made)
    if not forms or len(forms) > MOST_WORDS or not all(_stands(known, forms)):
        return ""
    return " ".join(_lettered(known, form) for form in forms)


def _latin(known: Known, text: str) -> str:
    """The text in Cyrillic letters, where each word of it is one then."""
    return _each(text, lambda word: _best(known, _sounding(word)) if _is_latin(word) else word)


def _spelling(known: Known, text: str) -> str:
    """The text with each unknown word as a known one that differs in one letter."""
    forms = [analysis.form(one) for one in analysis.TOKEN.findall(text)]
    stands = dict(zip(forms, _stands(known, forms), strict=True))

    def right(word: str) -> str:
        form = analysis.form(word)
        if stands.get(form) or word in _OPERATORS:
            return word
        return _best(known, _slips(form)) if len(form) >= SHORTEST and form.isalpha() else ""

    return _each(text, right)


_WAYS: dict[Way, Callable[[Known, str], str]] = {
    Way.KEYBOARD: _keyboard,
    Way.LATIN: _latin,
    Way.SPELLING: _spelling,
}


def _each(text: str, change: Callable[[str], str]) -> str:
    """The text with each word changed; nothing when one of them could not be."""
    failed = False

    def one(found: re.Match[str]) -> str:
        nonlocal failed
        field = text[found.end() : found.end() + 1] == ":"
        made = found[0] if field or found[0] in _OPERATORS else change(found[0])
        failed = failed or not made
        return made

    made = analysis.TOKEN.sub(one, text)
    return "" if failed else made


def _stands(known: Known, forms: Sequence[str]) -> list[bool]:
    """Whether each form stands in a document, in one of its grammatical forms at least."""
    terms = [[("words", term) for term in analysis.forms(form)] for form in forms]
    counts = iter(known([one for those in terms for one in those]))
    return [sum(islice(counts, len(those))) > 0 for those in terms]


def _best(known: Known, forms: Iterable[str]) -> str:
    """The form that most documents have; "" when none has any."""
    ways = list(dict.fromkeys(islice(forms, 2000)))
    counts = known([("exact", analysis.fold(form)) for form in ways])
    count, form = max(zip(counts, ways, strict=True), key=lambda pair: pair[0], default=(0, ""))
    if not count:
        some = ways[:MOST_WAYS]
        form = next((one for one, is_ in zip(some, _stands(known, some), strict=True) if is_), "")
        return form
    return _lettered(known, form)


def _lettered(known: Known, form: str) -> str:
    """A form with the letters of Kyrgyz where most documents write it so."""
    choices = [_LETTERS.get(letter, letter) for letter in analysis.fold(form)]
    ways = ["".join(one) for one in islice(product(*choices), MOST_WAYS)]
    counts = known([("exact", one) for one in ways])
    plain, others = counts[0], counts[1:]
    most = max(others, default=0)
    return ways[1 + others.index(most)] if most and most * 2 >= plain else ways[0]


def _is_latin(word: str) -> bool:
    return word not in _OPERATORS and any("a" <= one <= "z" for one in word.casefold())


def _sounding(word: str) -> Iterator[str]:
    """The ways to write a Latin word in Cyrillic letters, the likeliest first."""
    guess = analysis.form(transliteration.cyrillic(word.casefold()))
    yield guess
    choices = [_SOUNDS.get(letter, letter) for letter in guess]
    # Soft signs are what Latin spellings leave out.
    for made in islice(product(*choices), 700):
        yield "".join(made)
    for at in range(1, len(guess) + 1):
        yield guess[:at] + "ь" + guess[at:]


def _slips(form: str) -> Iterator[str]:
    """All words that one slip makes of a form: a letter more, less, other, or two exchanged."""
    letters = _ALPHABETS["a" <= form[0] <= "z"]
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b and len(form) > SHORTEST)
    yield from (a + letter + b[1:] for a, b in cuts if b for letter in letters)
    yield from (a + letter + b for a, b in cuts for letter in letters)
