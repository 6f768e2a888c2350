"""Our own analysis of words. Every engine indexes and looks for what this module says.

A word has a *form* (what was written, without the differences that nobody types: case, ё, accents
of stress, apostrophes, hyphens at line ends), its form *folded* onto plain letters (ү ө ң as у о н,
Latin letters without accents, as people type them on another keyboard), and a *stem*, folded, that
its grammatical forms share.

Texts are indexed by stems in the language of the passage, and by forms and folded forms for exact
phrases. A reader's word has no known language: `forms` gives every term that may stand for it. So
"өнөр" and "онор" find each other, and a phrase typed with ү ө ң finds nothing else.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version

import snowballstemmer

from repository.index import kyrgyz

LONGEST = 40  # letters of a term; what is longer was never a word
SHORTEST = {"ru": 3, "en": 3, "ky": 2}  # letters of a word that has a stem: Ошто is of Ош
KEPT = 2**16  # words remembered by each cache

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
_APOSTROPHES = "'’‘ʼʻʹ`´"
_BREAK = (
    r"(?<=[^\W\d_])[-‐][ \t\r]*\n[ \t\r]*(?=[a-zß-öø-ÿа-яёүөң])"  # a word hyphenated at a line end
)
TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}]|[{_APOSTROPHES}](?=[^\W_])|{_BREAK})*")
_NOT_LETTERS = re.compile(rf"[\W_{_APOSTROPHES}]+")
_KYRGYZ = re.compile("[үөңҮӨҢ]")  # one letter in twenty of a Kyrgyz text
# One word in six of a Russian text; Kyrgyz has none of them.
_RUSSIAN = re.compile(r"(?<!\w)(?:и|в|на|с|по|не|что|для|из|к|о|от|как|при|за)(?!\w)", re.I)
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_SAME = str.maketrans({"ё": "е", "ѳ": "ө", "ѵ": "ү"})
_FOLDS = str.maketrans("үөң", "уон")
_SAMPLE = 5000  # characters that are enough to tell a language

# Languages written in Cyrillic letters; the others that we meet are written in Latin ones.
CYRILLIC = frozenset(
    "ab av ba be bg ce cv kk kv ky mk mn os ru sah sr tg tt tyv udm uk alt".split()
)
KNOWN_BY_LETTERS = frozenset(("ky", "ru", "en"))
# Too frequent to tell works apart: they count in phrases, but not among other words.
STOP = frozenset(
    "a an and are as at by for from in is it of on or the to with "
    "в во и из к как на не о об от по при с со у что это для же за или "
    "да де менен жана бул эле үчүн учун боюнча".split()
)


def _stemmer(algorithm: str) -> Callable[[str], str]:
    stem = snowballstemmer.stemmer(algorithm).stemWord
    lock = threading.Lock()  # a stemmer keeps the word it works on

    def locked(form: str) -> str:
        with lock:
            return stem(form)

    return locked


_once = _stemmer("russian")


def _russian(form: str) -> str:
    """Snowball takes one ending off: Айтматова becomes Айтматов, but that becomes Айтмат. Taken
    twice, all cases of names in -ов and -ин, and of nouns like остров, have one stem."""
    return _once(_once(form))


STEMMERS: Mapping[str, Callable[[str], str]] = {
    "en": _stemmer("english"),
    "ru": _russian,
    "ky": kyrgyz.stem,
}
# What an index was made with; one made with other rules finds less until it is rebuilt.
RULES = f"3, snowball {version('snowballstemmer')}"


@lru_cache(KEPT)
def form(token: str) -> str:
    """The form of a token that TOKEN has found."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", token).casefold())
    return _NOT_LETTERS.sub("", plain).translate(_SAME)[:LONGEST]


def words(text: str) -> list[str]:
    """The forms of the words of a text, in order."""
    return [one for one in map(form, TOKEN.findall(text)) if one]


@lru_cache(KEPT)
def fold(form: str) -> str:
    """A form in plain letters."""
    if form.isascii():
        return form
    return "".join(map(_plain, form.translate(_FOLDS)))


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


@lru_cache(KEPT)
def stem(form: str, language: str) -> str:
    """The term that stands for a form in a passage of that language.

    It names the language ("книг.ru"), for the Russian stem of one word may be another in Kyrgyz.
    """
    spoken = _language_of_word(form, language)
    if spoken not in STEMMERS or len(form) < SHORTEST[spoken] or not form.isalpha():
        return fold(form)
    return f"{fold(STEMMERS[spoken](form))}.{spoken}"


def _language_of_word(form: str, language: str) -> str:
    """A word in the other script is taken for English or Russian, whatever surrounds it."""
    if _CYRILLIC.match(form):
        if _KYRGYZ.search(form):
            return "ky"
        return language if language in CYRILLIC else "ru"
    if _LATIN.match(form):
        return "en" if language in CYRILLIC else language
    return ""


def exact(form: str) -> tuple[str, ...]:
    """The terms under which a form stands in phrases: itself, and folded."""
    folded = fold(form)
    return (form,) if folded == form else (form, folded)


@lru_cache(KEPT)
def forms(form: str) -> tuple[str, ...]:
    """Every term under which a reader's word may stand, whatever the language of the text.

    A Kyrgyz text that has lost its letters may have been taken for Russian.
    """
    spellings = dict.fromkeys((form, fold(form)))
    stems = (stem(one, language) for one in spellings for language in STEMMERS)
    return tuple(dict.fromkeys((fold(form), *stems)))


def analyse(text: str, language: str) -> list[str]:
    """The stems of the words of a passage, in order."""
    return [stem(one, language) for one in words(text)]


def language_of(text: str, likely: Sequence[str] = ()) -> str:
    """The language of a passage of a work in the `likely` languages, by its letters."""
    sample = text[:_SAMPLE]
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    guess = "en"
    if cyrillic >= latin:
        kyrgyz, russian = len(_KYRGYZ.findall(sample)), len(_RUSSIAN.findall(sample))
        unclear = kyrgyz == russian == 0 and "ky" in likely and "ru" not in likely
        guess = "ky" if kyrgyz > russian or unclear else "ru"
    others = [
        one
        for one in likely
        if one not in KNOWN_BY_LETTERS and (one in CYRILLIC) == (guess in CYRILLIC)
    ]
    return others[0] if others and guess not in likely else guess


def identifier(text: str) -> str:
    """An identifier as it is compared: letters and digits only, without its address."""
    bare = re.sub(r"^\s*(?:https?://)?(?:dx\.)?doi\.org/", "", text.casefold())
    bare = re.sub(r"^\s*(?:doi|isbn|issn|urn|hdl)\s*:\s*", "", bare)
    return _NOT_LETTERS.sub("", bare)
