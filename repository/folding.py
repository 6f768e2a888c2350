"""Text with everything taken away in which two spellings of the same may differ.

Cyrillic and Latin spellings of a name or a title fold into one: Кыдыралиев, Kydyraliev and
Kydyraliyev; Kyrgyz typed without its own letters (ө as о, ү as у, ң as н); ё and е. What is left
is for comparing only, not for reading.
"""

import re
import unicodedata

CYRILLIC = dict(
    zip(
        "абвгғдеёзийкқлмнңоөпрстуүұфхһцыэ",
        "abvggdeeziikklmnnooprstuuufhhcie",
        strict=True,
    )
) | {"ж": "j", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
_TABLE = str.maketrans(CYRILLIC)
# Ways to write one sound in Latin letters, the longest first; Cyrillic has become Latin by then.
LATIN = (
    ("shch", "sh"),
    ("sch", "sh"),
    ("dzh", "j"),
    ("zh", "j"),
    ("dj", "j"),
    ("kh", "h"),
    ("ts", "c"),
    ("ng", "n"),
    ("ye", "e"),
    ("y", "i"),
    ("w", "v"),
    ("q", "k"),
    ("x", "ks"),
)
_WORD = re.compile(r"\w+")
_TWICE = re.compile(r"([^\W\d])\1+")
_SOFT = re.compile(r"i+e")


def fold(text: str) -> str:
    """The words of a text in one spelling, with a space between."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The words of a text, each in one spelling."""
    plain = unicodedata.normalize("NFC", text.casefold()).translate(_TABLE)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(letter) and letter not in "'’ʹʼ`"
    )
    return [folded for folded in map(_spell, _WORD.findall(bare)) if folded]


def _spell(word: str) -> str:
    for written, sound in LATIN:
        word = word.replace(written, sound)
    return _TWICE.sub(r"\1", _SOFT.sub("e", word))
