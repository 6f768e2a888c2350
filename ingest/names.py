"""Names of people, taken apart: family, given, patronymic.

People here write their names in many orders: "Асанов Бакыт Маратович", "Б. М. Асанов",
"Асанов Б.М.", "Jane Q. Doe", "Doe, Jane", "Бакыт Асан уулу". The order is told by what
patronymics, initials, particles and the endings of family names give away.
"""

import re
from typing import NamedTuple

from schemas import text as border

INITIAL = re.compile(r"[^\W\d_][^\W\d_]?\.(?:-[^\W\d_]\.)?|[^\W\d_]")
PARTICLES = frozenset(
    "van von der den de del della dello dei di da das dos do du la le les ter ten te zu zum zur af "
    "av bin ibn al el st. 't ’t фон ван дер ден де ди да дю ла ле эль аль ибн".split()
)
# Kyrgyz and Azeri patronymics are a word of their own, written after the father's name.
KIN = frozenset("уулу кызы оглу оглы улы uulu kyzy oglu ogly".split())
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
LINKS = frozenset("y e i".split())
RANKS = frozenset(
    "dr dr. prof prof. professor phd ph.d ph.d. md m.d. msc m.sc. bsc mr mr. mrs mrs. ms ms. "
    "проф проф. профессор доц доц. доцент акад акад. академик д-р доктор кандидат канд. "
    "к.т.н. д.т.н. к.ф.-м.н. д.ф.-м.н. к.э.н. д.э.н. к.ф.н. д.ф.н. к.и.н. д.и.н. к.п.н. д.п.н. "
    "к.м.н. д.м.н. к.б.н. д.б.н. к.х.н. д.х.н. к.ю.н. д.ю.н. к.г.н. д.г.н. к.с.-х.н. д.с.-х.н. "
    "ф.и.к. ф.и.д. т.и.к. т.и.д. п.и.к. п.и.д. э.и.к. э.и.д. т.н. э.н. "
    "аспирант аспирантка магистр магистрант магистрантка студент студентка соискатель "
    "преподаватель окутуучу изилдөөчү ага ст. старший".split()
)

_PATRONYMIC = re.compile(
    r".{2,}(?:[оеё]вич|[оеё]вна|ична|инична|ьич|кич|мич|[oe]vich|[oe]vna|ichna|lyich)",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r".{2,}(?:[оеё]ва?|баев?а?|ская|ский|ской|цкая|цкий|енко|дзе|швили|[oe]va?|ev|ski|skiy|sky|"
    r"skaya|enko)",
    re.IGNORECASE,
)
_PERHAPS_FAMILY = re.compile(
    r".{2,}(?:[иы]на?|ий|ая|ко|[уюи]к|ян|ман|in|ina|yan|uk)", re.IGNORECASE
)
# Given names that end like family names.
_GIVEN = frozenset(
    "яков лев ирина марина нина екатерина кристина полина алина валентина галина карина арина "
    "ангелина зарина сабина регина константин валентин мартин вениамин юрий василий дмитрий "
    "анатолий григорий евгений аркадий алексий виталий валерий георгий геннадий арсений тимофей "
    "герман роман раман марк франк yakov lev irina marina nina ekaterina kristina polina alina "
    "valentina galina karina arina angelina konstantin valentin martin austin kevin robin benjamin "
    "justin colin edwin christina regina sabrina".split()
)
# Initials written together: "И.И.Иванов".
_TOGETHER = re.compile(r"(?<=\.)(?=[^\W\d_])")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


class Name(NamedTuple):
    """A person's name in parts; a part that is not known is ""."""

    family: str
    given: str = ""
    patronymic: str = ""


def split(text: str) -> Name:
    """The parts of one person's name."""
    parts = [" ".join(_unranked(part)) for part in border.line(text).split(",")]
    cleaned = ", ".join(part for part in parts if part).strip(" ;")
    family, comma, rest = cleaned.partition(",")
    if comma and rest.strip().lower() not in SUFFIXES:
        given, patronymic = _forenames(_tokens(rest))
        return Name(_cased(family.strip()), given, patronymic)
    tokens = _tokens(cleaned.replace(",", " "))
    if len(tokens) < 2:
        return Name(_cased(" ".join(tokens)))
    return _with_kin(tokens) or _with_patronymic(tokens) or _with_order(tokens)


def is_initial(token: str) -> bool:
    """Whether the token stands for a longer name: "И.", "Дж.", "J"."""
    return INITIAL.fullmatch(token) is not None and token[0].isupper()


def is_certain(text: str) -> bool:
    """Whether only a person is called like this: a word with initials, or a patronymic."""
    tokens = _tokens(border.line(text))
    if not 2 <= len(tokens) <= 5:
        return False
    words = [one for one in tokens if not is_initial(one)]
    initials = [one for one in tokens if is_initial(one) and one.endswith(".")]
    if any(_PATRONYMIC.fullmatch(one) or one.lower() in KIN for one in words[1:]):
        return all(one[0].isupper() or one.lower() in KIN for one in words)
    return len(words) == 1 and len(words[0]) > 1 and 1 <= len(initials) <= 3


def _unranked(text: str) -> list[str]:
    return [one for one in text.split() if one.lower().strip(",()") not in RANKS]


def _tokens(text: str) -> list[str]:
    tokens = _TOGETHER.sub(" ", " ".join(_unranked(text))).split()
    if len(tokens) > 1 and all(one.isupper() for one in tokens if not is_initial(one)):
        return [_cased(one) for one in tokens]
    return tokens


def _cased(word: str) -> str:
    """A name in capitals as it is written elsewhere: "АСАНОВ-БАЕВ" is "Асанов-Баев"."""
    if not word.isupper() or len(word) < 3 or "." in word:
        return word
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def _with_kin(tokens: list[str]) -> Name | None:
    place = next((at for at, one in enumerate(tokens) if one.lower() in KIN), 0)
    if not place:
        return None
    father = " ".join(tokens[place - 1 : place + 1])
    others = tokens[: place - 1] + tokens[place + 1 :]
    if len(others) < 2:
        # Without a family name the patronymic takes its place, as in passports.
        return Name(father, " ".join(others))
    family, given = others[0], " ".join(others[1:])
    return Name(_cased(family), given, father)


def _with_patronymic(tokens: list[str]) -> Name | None:
    places = [
        at
        for at, one in enumerate(tokens)
        if at and _PATRONYMIC.fullmatch(one) and not is_initial(tokens[at - 1])
    ]
    if len(tokens) < 3 or not places:
        return None
    at = places[-1] if places[-1] > 1 or len(tokens) == 3 else places[0]
    if at == len(tokens) - 1:
        return Name(_cased(" ".join(tokens[: at - 1])), tokens[at - 1], tokens[at])
    family = " ".join(tokens[at + 1 :])
    return Name(_cased(family), " ".join(tokens[:at]), tokens[at])


def _with_order(tokens: list[str]) -> Name:
    if _family_comes_first(tokens):
        given, patronymic = _forenames(tokens[1:])
        return Name(_cased(tokens[0]), given, patronymic)
    cut = _family_start(tokens)
    given, patronymic = _forenames(tokens[:cut])
    return Name(" ".join(_cased(one) for one in tokens[cut:]), given, patronymic)


def _family_comes_first(tokens: list[str]) -> bool:
    first, rest = tokens[0], tokens[1:]
    if is_initial(first):
        return False
    if all(is_initial(one) for one in rest):
        return True
    capitals = [len(one) > 2 and one.isupper() and "." not in one for one in tokens]
    if sum(capitals) == 1:
        return capitals[0]
    return len(tokens) == 2 and _weight(first) > _weight(tokens[1])


def _weight(word: str) -> int:
    """How much the word looks like a Russian or Kyrgyz family name; a given name less than not."""
    if word.lower() in _GIVEN:
        return -1 if _CYRILLIC.search(word) else 0
    if _CYRILLIC.search(word):
        return 2 if _FAMILY.fullmatch(word) else bool(_PERHAPS_FAMILY.fullmatch(word))
    # In Latin letters the given name comes first; only what is plainly Slavic says otherwise.
    return 0


def _family_start(tokens: list[str]) -> int:
    """Where the family name begins in a name whose given name comes first."""
    last = len(tokens) - 1
    if tokens[last].lower() in SUFFIXES and last > 1:
        last -= 1
    for at in range(1, last):
        if tokens[at].lower() in PARTICLES or tokens[at].startswith(("d’", "d'")):
            return at
        if tokens[at] in LINKS and at > 1:
            return at - 1
    # After a middle initial all that follows is the family name: "Ashlee N. Ford Versypt".
    middle = [at for at in range(1, last) if is_initial(tokens[at]) and len(tokens[at]) < 3]
    if middle and not is_initial(tokens[0]):
        return middle[-1] + 1
    return last


def _forenames(tokens: list[str]) -> tuple[str, str]:
    """Given names and patronymic; of two Cyrillic initials the second is the patronymic's."""
    if len(tokens) > 1 and tokens[-1].lower() in KIN:
        return " ".join(tokens[:-2]), " ".join(tokens[-2:])
    cyrillic = any(_CYRILLIC.search(one) for one in tokens)
    if len(tokens) == 2 and (
        (cyrillic and all(is_initial(one) for one in tokens)) or _PATRONYMIC.fullmatch(tokens[1])
    ):
        return tokens[0], tokens[1]
    return " ".join(tokens), ""
