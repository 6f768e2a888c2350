"""Titles printed in capitals, given back their small letters."""

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?:^|[.!?:…»”\"]\s{1,3}|\n[^\S\n]*)([^\W\d_]+)")
STEM = 5


def is_capitals(text: str) -> bool:
    """Whether nearly all letters are capitals, so that the case says nothing."""
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 3 and sum(one.isupper() for one in letters) > 0.9 * len(letters)


def lowered(title: str, prose: str) -> str:
    """The title in the case of a sentence; names and abbreviations as `prose` writes them."""
    if not is_capitals(title):
        return title
    exact, stems = _habits(prose)

    def word(found: re.Match[str]) -> str:
        low = found[0].casefold()
        habit = exact.get(low)
        if habit is None and len(low) > STEM and stems.get(low[:STEM]):
            return found[0].capitalize()
        return habit or low

    text = _WORD.sub(word, title)
    return re.sub(r"[^\W\d_]", lambda first: first[0].upper(), text, count=1)


def _habits(prose: str) -> tuple[dict[str, str], dict[str, bool]]:
    """How words are usually written inside sentences, and which stems are those of names."""
    prose = "\n".join("" if is_capitals(line) else line for line in prose.split("\n"))
    starts = {found.start(1) for found in _SENTENCE.finditer(prose)}
    counts: dict[str, Counter[str]] = {}
    for found in _WORD.finditer(prose):
        if found.start() not in starts:
            counts.setdefault(found[0].casefold(), Counter())[found[0]] += 1
    exact = {low: forms.most_common(1)[0][0] for low, forms in counts.items()}
    stems: dict[str, bool] = {}
    for low, form in exact.items():
        if len(low) > STEM - 1:
            named = form[0].isupper() and not form.isupper()
            stems[low[:STEM]] = stems.get(low[:STEM], True) and named
    return exact, stems
