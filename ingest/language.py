"""In which language a text is written: Kyrgyz, Russian, English, or one that we do not guess."""

import re
from collections import Counter
from collections.abc import Sequence

SAMPLE = 20_000
PAGES = 20
ENOUGH = 0.03

_WORDS = {
    "ky": "жана менен үчүн бул бир болгон болуп деп анын ал эми же катары боюнча тууралуу да эле "
    "алардын негизги ошондой ар кандай эң өз ичинде берилген мүмкүн эмес керек турган учун жаңы",
    "ru": "и в на что для не из при как это по от с к или также его их является а но о у за до "
    "который которые может были этом были между",
    "en": "the of and in to is for with that on by as are this from we be which an at it",
}
_FUNCTION = {word: code for code, words in _WORDS.items() for word in words.split()}
_WORD = re.compile(r"[^\W\d_]+")
_KYRGYZ = re.compile("[үөңҮӨҢ]")
# Letters that Kyrgyz and Russian do not have: Kazakh, Tatar, Uyghur, Ukrainian, Tajik, Serbian.
_OTHER = re.compile("[әғқұһіїєґҷӯӣҳђћљњџ]", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u052f]")


def of_pages(pages: Sequence[str]) -> str | None:
    """What `guess` says of a document: asked of pages from all over it, for the first ones may hold
    abstracts in other languages."""
    stride = max(1, len(pages) // PAGES)
    chosen = pages[::stride]
    return guess("\n".join(page[: SAMPLE // len(chosen)] for page in chosen)) if chosen else None


def guess(text: str) -> str | None:
    """ "ky", "ru" or "en", or None where the text is too short or in another language."""
    sample = text[:SAMPLE]
    words = _WORD.findall(sample.casefold())
    if not words:
        return None
    letters = sum(map(len, words))
    cyrillic = len(_CYRILLIC.findall(sample))
    counts = Counter(_FUNCTION[word] for word in words if word in _FUNCTION)
    if 2 * cyrillic > letters:
        return _cyrillic(sample, letters, counts)
    return "en" if counts["en"] > ENOUGH * len(words) * 2 else None


def _cyrillic(sample: str, letters: int, counts: Counter[str]) -> str | None:
    if len(_OTHER.findall(sample)) > 0.01 * letters:
        return None
    # One Kyrgyz word in about three has one of these letters, Russian has them only in names;
    # "в" and "и" are no Kyrgyz words.
    own = len(_KYRGYZ.findall(sample)) / letters
    if counts["ru"] <= counts["ky"] + 1 and (own > 0.015 or counts["ky"] > counts["ru"]):
        return "ky"
    return "ru" if counts["ru"] > 0 or own == 0 else None
