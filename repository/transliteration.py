"""Names from Kyrgyz and Russian letters into Latin ones and back, and what they have in common.

One person stands in catalogues as Кыдыралиев, Kydyraliev and Kydyraliyev, as Жумабаев, Jumabaev,
Zhumabaev and Žumabaev. `sound` makes one word of all these, for comparing; `latin` writes a name
as the usual tables have it; `cyrillic` is a guess, for a person to look at.
"""

import re
from enum import StrEnum

from repository import folding


class Way(StrEnum):
    """A table for writing Cyrillic in Latin letters."""

    BGN = "bgn"  # BGN/PCGN, Kyrgyz
    ISO9 = "iso9"  # ISO 9:1995
    PASSPORT = "passport"  # as in passports: no letter that a typewriter lacks
    RUSSIAN = "russian"  # BGN/PCGN, Russian without marks: Zhumabayev


_LETTERS = "абвгдезийклмноөпрстуүфхцчшщъыьэюяёжң"
_PLAIN = "a b v g d e z i y k l m n o ö p r s t u ü f kh ts ch sh shch ’’ y ’ e yu ya yo j ng"
_ISO = "a b v g d e z i j k l m n o ô p r s t u ù f h c č š ŝ ʺ y ʹ è û â ë ž ņ"


def _table(sounds: str, **others: str) -> dict[str, str]:
    pairs = zip(_LETTERS, sounds.replace("’", "").split(" "), strict=True)
    return dict(pairs) | others


_TABLES = {
    Way.BGN: _table(_PLAIN),
    Way.ISO9: _table(_ISO),
    Way.PASSPORT: _table(_PLAIN, й="i", ө="o", ү="u", ң="n", ж="zh", ю="iu", я="ia", ё="e"),
    Way.RUSSIAN: _table(_PLAIN, ө="o", ү="u", ң="n", ж="zh"),
}
_VOWELS = "аеёиоөуүыэюя"
# What sounds are made of, the longest first.
_BACK = (
    ("shch", "щ"), ("sch", "щ"), ("dzh", "ж"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"),
    ("sh", "ш"), ("yu", "ю"), ("iu", "ю"), ("ya", "я"), ("ia", "я"), ("yo", "ё"), ("ye", "е"),
    ("ngg", "ңг"), ("ng", "ң"),
)  # fmt: skip
_ONE = dict(zip("abvgdezijklmnopqrstufhcxwöüžčšŝûâôùëņèçşığ",
                "абвгдезижклмнопкрстуфхцхвөүжчшщюяөүёңэчшыг", strict=True))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
# Letters of ISO 9 and of Turkish spellings that lose their sound with their mark.
_MARKED = str.maketrans({
    "ž": "zh", "č": "ch", "ç": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ŝ": "shch", "û": "yu",
    "â": "ya", "ı": "i", "ğ": "g", "ʺ": "", "”": "", "“": "", '"': "",
})  # fmt: skip
# After a vowel, before a consonant or at the end, j is й: Ajtmatov, Sergej.
_GLIDE = re.compile(r"(?<=[aeiou])j(?![aeiou])")
_TWICE = re.compile(r"(.)\1+")
_SPELLINGS = (("tch", "ch"), ("gh", "g"), ("ije", "e"), ("io", "e"), ("ie", "e"))


def sound(text: str) -> str:
    """The words of a name as they sound, in small Latin letters, whatever the spelling."""
    # Чыңгыз is Chyngyz and, letter by letter, Chynggyz.
    plain = folding.fold(text.casefold().replace("ngg", "ng").translate(_MARKED))
    return " ".join(filter(None, map(_heard, plain.split())))


def _heard(word: str) -> str:
    for written, heard in _SPELLINGS:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", _GLIDE.sub("i", word))


def is_cyrillic(text: str) -> bool:
    """Whether most letters are Cyrillic."""
    letters = [one for one in text if one.isalpha()]
    return 2 * sum("\u0400" <= one <= "\u04ff" for one in letters) > len(letters)


def latin(text: str, way: Way = Way.BGN) -> str:
    """A name in Latin letters; what is not Cyrillic stays."""
    return _WORD.sub(lambda found: _spelt(found[0], way), text)


def _spelt(word: str, way: Way) -> str:
    table, small = _TABLES[way], word.lower()
    written = []
    for at, letter in enumerate(small):
        one = table.get(letter, letter)
        if way == Way.RUSSIAN and letter == "е" and (at == 0 or small[at - 1] in _VOWELS + "ъь"):
            one = "ye"
        written.append(one.capitalize() if word[at].isupper() else one)
    made = "".join(written)
    return made.upper() if len(word) > 1 and word.isupper() else made


def cyrillic(text: str) -> str:
    """A name in Kyrgyz letters, as good as can be guessed; what is not Latin stays."""
    return _WORD.sub(lambda found: _guessed(found[0]), text)


def _guessed(word: str) -> str:
    small, made, at = word.lower(), "", 0
    while at < len(small):
        pair = next((one for one in _BACK if small.startswith(one[0], at)), None)
        made += pair[1] if pair else _letter(small, at)
        if pair and pair[0] == "ng" and small[at + 2 : at + 3] in tuple("aeiouyöü"):
            made += "г"  # Chyngyz
        at += len(pair[0]) if pair else 1
    if len(word) > 1 and word.isupper():
        return made.upper()
    return made.capitalize() if word[:1].isupper() else made


def _letter(word: str, at: int) -> str:
    letter = word[at]
    before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
    if (
        letter in "yij"
        and before
        and before in "aeiouyöü"
        and (not after or after not in "aeiouöü")
    ):
        return "й"
    if letter == "y":
        return "й" if after and after in "aeiouöü" else "ы"
    if letter == "e" and at == 0:
        return "э"
    return _ONE.get(letter, letter)
