"""Whether the text that came out of a file is text, or rubbish, or missing where pictures are.

Broken PDFs show one thing and say another: "(cid:12)", letters of private use, Cyrillic in the
places of Latin letters, Kyrgyz letters that were drawn over signs such as "¼". What people see can
then be had by OCR only.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

SAMPLE = 700  # characters, of the beginning and of the middle of a page
FEW = 25  # signs, fewer of which are no text but a stamp or a page number
PICTURED = 0.3  # of a page, from which on its pictures matter
POOR = 0.8  # the score below which a page is rubbish
MOST = 0.5  # of the pages
LONG = 2.5  # letters in a word, on average; fewer are suspicious
GOOD, PARTIAL, NONE, SCAN, RUBBISH = "good", "partial", "none", "scan", "rubbish"

_CID = re.compile(r"\(cid:\d{1,6}\)")
# Private letters, marks of failed decoding, controls, and the upper half of what was no Latin-1.
_LOST = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_WORD = re.compile(r"[^\W\d_]+(?:[\u00a1-\u00bf\u00d7\u00f7]+[^\W\d_]+)*")
_INSIDE = re.compile("[\u00a1-\u00bf\u00d7\u00f7]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ACCENTED = re.compile("[\u00c0-\u00ff]")
_VOWEL = re.compile("[aeiouyаеёиоуыэюяөүіїєѣàâäåæéèêëíîïóôöøúûüýąęœ]", re.IGNORECASE)
# One of these is in every text of which anything below is to be said; looking is quick.
_SUSPECT = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0400-\u052f]|[\u0400-\u052f][A-Za-z\u00c0-\u024f]"
    "|[^\\W\\d_][\u00a1-\u00bf\u00d7\u00f7]|[\u00c0-\u00ff]{3}"
    "|[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{7}|[РСТУ][\u00a0-\u00bf\u0400-\u040f\u0450-\u045f]"
    "|Рђ|РµР|СЃС"
)
_MOJIBAKE = re.compile("[ÐÑÒ][\u0080-\u00bf]|Рђ|РµР|СЃС|Ð[\u00a0-\u00bf]|[ТУ][ЁЇ©®ў]")


class Verdict(NamedTuple):
    """One word for all pages, how much is good from 0 to 1, and the pages (from 1) that OCR could
    help: those without a text, and those whose text is rubbish."""

    word: str
    score: float
    scans: Sequence[int]
    rubbish: Sequence[int]

    @property
    def wants_ocr(self) -> bool:
        """Whether OCR could help."""
        return bool(self.scans or self.rubbish)


def score(text: str) -> float:
    """How much of the text is text: 1 where all of it seems to be, 0 where none."""
    middle = max(SAMPLE, len(text) // 2)
    sample = f"{text[:SAMPLE]} {text[middle : middle + SAMPLE]}"
    tokens = sample.split()
    signs = sum(map(len, tokens))
    if not signs:
        return 1.0
    lost = len(_LOST.findall(sample)) + sum(map(len, _CID.findall(sample)))
    suspicious = _SUSPECT.search(sample) or signs < LONG * len(tokens)
    share = 1 - (lost + (_oddity(sample) if suspicious else 0)) / signs
    return round(max(0.0, share) * (_spaced(_WORD.findall(sample)) if suspicious else 1), 3)


def _oddity(sample: str) -> int:
    odd = sum(len(one) for one in _WORD.findall(sample) if _odd(one))
    return odd + 2 * len(_MOJIBAKE.findall(sample))


def _odd(word: str) -> bool:
    if _INSIDE.search(word):
        return True
    if len(word) < 4:
        return False
    if _LATIN.search(word) and _CYRILLIC.search(word):
        return True
    # "Ñòàòüÿ": hardly a language has words that are mostly accented letters.
    if len(_ACCENTED.findall(word)) > 0.6 * len(word):
        return True
    return len(word) > 6 and word.isascii() and not word.isupper() and not _VOWEL.search(word)


def _spaced(words: Sequence[str]) -> float:
    """Less than 1 where nearly all words are single letters, as where each was placed by itself."""
    if len(words) < 40:
        return 1.0
    single = sum(len(one) == 1 for one in words) / len(words)
    return 1.0 if single < 0.6 else 1 - single


def judge(texts: Sequence[str], images: Sequence[float], scores: Sequence[float]) -> Verdict:
    """What is to be thought of a file's pages."""
    scans, rubbish, good = [], [], 0.0
    content = 0
    for number, (text, image, quality) in enumerate(zip(texts, images, scores, strict=True), 1):
        signs = len("".join(text[: 20 * FEW].split()))
        if signs < FEW and image >= PICTURED:
            scans.append(number)
        elif signs >= FEW and quality < POOR:
            rubbish.append(number)
            good += quality
        elif signs:
            good += quality
        else:
            continue  # a blank page
        content += 1
    return Verdict(
        _word(content, len(scans), len(rubbish)),
        round(good / content, 3) if content else 0.0,
        scans,
        rubbish,
    )


def _word(content: int, scans: int, rubbish: int) -> str:
    if not content:
        return NONE
    if not scans and not rubbish:
        return GOOD
    if rubbish >= MOST * content:
        return RUBBISH
    return SCAN if scans > (1 - MOST / 2) * content else PARTIAL
