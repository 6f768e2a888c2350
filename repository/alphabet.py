"""Alphabetical order for Kyrgyz, Russian and English together, as a key that any database sorts.

The order is that of the Kyrgyz alphabet (CLDR collation of `ky`: Cyrillic before Latin, and
ё after е, ң after н, ө after о, ү after у as letters of their own). Russian sorts rightly in it.
Databases compare keys by code point, so the key moves letters to where they belong.
"""

import re
import unicodedata
from collections.abc import Iterable

LAST = "\uf8ff"  # sorts after every letter that may follow
_AFTER = {"ё": "е" + LAST, "ң": "н" + LAST, "ө": "о" + LAST, "ү": "у" + LAST}
_LATIN_SHIFT = 0xE000
LETTERS = "АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯ"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Between which keys those stand that begin with no letter of these: digits, other scripts.
OTHERS = (
    ("", "а"),
    ("я" + LAST + LAST, chr(_LATIN_SHIFT + ord("a") - 1) + LAST),
    (chr(_LATIN_SHIFT + ord("z") + 1), chr(0x10FFFF)),
)


def key(text: str) -> str:
    """What to sort by: case, accents of Latin letters, quotes and punctuation do not count."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join("".join(map(_letter, _bare(word))) for word in words)


def _bare(word: str) -> str:
    parts = []
    for letter in unicodedata.normalize("NFC", word):
        base = unicodedata.normalize("NFD", letter)[0]
        parts.append(base if base.isascii() else letter)
    return "".join(parts)


def _letter(letter: str) -> str:
    if "a" <= letter <= "z":
        return chr(_LATIN_SHIFT + ord(letter))
    return _AFTER.get(letter, letter)


def letter_of(key: str) -> str:
    """The capital letter that a key begins with; "#" for digits and other scripts."""
    for letter, moved in _AFTER.items():
        if key.startswith(moved):
            return letter.upper()
    shifted = chr(ord(key[0]) - _LATIN_SHIFT) if key[0] >= chr(_LATIN_SHIFT) else key[0]
    return initial(shifted)


def initials(begins: Iterable[str]) -> list[str]:
    """The letters of an alphabetical list in order, given what its keys begin with."""
    found = {letter_of(one) if one else "#" for one in begins}
    return sorted(found, key=lambda one: ("#" in one, key(one)))


def initial(text: str) -> str:
    """The letter under which `text` stands in an alphabetical list; "#" when it has none."""
    for letter in _bare(text.upper()):
        if letter in LETTERS or letter in LATIN:
            return letter
        if letter.isalnum():
            return "#"
    return "#"
