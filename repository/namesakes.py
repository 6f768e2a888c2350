"""How likely two names are one person's, and what speaks for it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from repository.transliteration import sound

LEAST = 50  # of 100: below it a record is not worth a person's look
SURE = 100
# A father's name is followed by one of these words, or has one of these endings.
KIN = frozenset({"ulu", "kizi", "kiz", "oglu", "ogli"})
_ENDINGS = ("ovich", "evich", "ovna", "evna", "inichna", "ichna", "ich")
_PARTS = "|"


class Name(NamedTuple):
    """A name's parts as they sound; `father` is the root of the patronymic."""

    family: str
    given: str = ""
    father: str = ""


class Score(NamedTuple):
    """How likely it is, out of 100, and what speaks for it."""

    points: int
    reasons: tuple[str, ...] = ()


NONE = Score(0)


def heard(agent: Mapping[str, Any]) -> Name:
    """The parts of a person's name as they sound. In "Асан уулу" for a family name the father's
    name is told, as passports have it."""
    family, given, patronymic = (
        sound(agent.get(part) or "") for part in ("family", "given", "patronymic")
    )
    words = family.split()
    if len(words) > 1 and words[-1] in KIN:
        return Name("", given, root(patronymic) or root(family))
    words = given.split()
    if not patronymic and len(words) > 1 and _is_patronymic(words[1:]):
        # "Family, Given Patronymic" typed into two fields, or two initials into one.
        given, patronymic = words[0], " ".join(words[1:])
    return Name(family, given, root(patronymic))


def _is_patronymic(words: list[str]) -> bool:
    return (
        len(words[-1]) < 3
        or words[-1] in KIN
        or any(words[-1].endswith(one) and len(words[-1]) > len(one) + 1 for one in _ENDINGS[:-1])
    )


def root(patronymic: str) -> str:
    """The father's name: Асанович, Асановна, Асан уулу and Асан кызы all have that of Асан."""
    words = [one for one in patronymic.split() if one not in KIN]
    if not words:
        return ""
    for ending in _ENDINGS:
        root = words[0].removesuffix(ending)
        if root != words[0] and len(root) > 1:
            return root
    return words[0]


def packed(name: Name) -> str:
    """The name as one text."""
    return _PARTS.join(name)


def unpacked(text: str) -> Name:
    """The name that was packed."""
    return Name(*text.split(_PARTS))


def keys(name: Name) -> list[str]:
    """Under which sounds a person of this name is looked for, the main one first."""
    return [one for one in (name.family, name.father if _short(name) else "") if one][:2]


def _short(name: Name) -> bool:
    return not name.family or len(name.father) > 2


def compare(one: Name, other: Name) -> Score:
    """What two names say; nothing when a part of one contradicts the other."""
    points, reasons = _families(one, other)
    if not points:
        return NONE
    parts = (
        ("given", one.given, other.given, 30, 15),
        ("patronymic", one.father, other.father, 25, 12),
    )
    for reason, mine, theirs, full, initial in parts:
        if not mine or not theirs:
            continue
        if _same(mine, theirs):
            points, reasons = points + full, [*reasons, reason]
        elif _begins(mine, theirs):
            points, reasons = points + initial, [*reasons, f"{reason}-initial"]
        else:
            return NONE
    return Score(points, tuple(reasons))


def _families(one: Name, other: Name) -> tuple[int, list[str]]:
    if one.family and other.family:
        return (40, ["family"]) if one.family == other.family else (0, [])
    # One has a father's name where the other has a family name: all the rest must be the same.
    told = one.father and other.father and one.given and one.given == other.given
    return (20 if one.family or other.family else 40, []) if told else (0, [])


def _same(mine: str, theirs: str) -> bool:
    if mine == theirs:
        return len(mine) > 2
    # A second name may be left out.
    return mine.split()[0] == theirs.split()[0] and min(len(mine), len(theirs)) > 2


def _begins(mine: str, theirs: str) -> bool:
    """Whether one is the initial of the other, or both are the same initial."""
    short, long = sorted((mine.split()[0], theirs.split()[0]), key=len)
    return len(short) < 3 and long.startswith(short)


def best(name: Name, forms: Iterable[Name]) -> Score:
    """What the likeliest of several forms of a name says."""
    return max((compare(name, form) for form in forms), key=lambda one: one.points, default=NONE)
