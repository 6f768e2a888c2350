"""How alike two works are: under which keys they are looked for, and what speaks for a pair."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import combinations
from typing import Any, NamedTuple

from repository.folding import fold
from schemas import work as profile

ALIKE = 0.9
RELATED = 0.6
LEAST = 50  # of 100: below it a pair is not worth a person's look
# Schemes whose values name one work; an ISSN names a whole journal.
TELLING = ("doi", "isbn", "handle", "arxiv", "urn", "irbis_mfn")
SHORT = 12  # a folded title below this ("Введение") says too little
_AUTHORS = 3
_NUMBER = re.compile(r"\d+")


class Facts(NamedTuple):
    """What is compared of a work: folded, and without what only readers need."""

    title: str
    names: frozenset[str] = frozenset()
    year: int | None = None
    type: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    files: frozenset[str] = frozenset()


class Score(NamedTuple):
    """How likely two works are the same, out of 100, and what speaks for it."""

    points: int
    reasons: tuple[str, ...]


def facts(document: Mapping[str, Any], sha512s: Iterable[str] = ()) -> Facts:
    """What is compared of the work that a document describes."""
    return Facts(
        title=fold(profile.main_title(document).get("text", "")),
        names=frozenset(filter(None, map(family, document.get("creators", ())))),
        year=profile.year(document),
        type=profile.work_type(document).key,
        identifiers=frozenset(identifiers(document)),
        files=frozenset(sha512s),
    )


def family(agent: Mapping[str, Any]) -> str:
    """The folded family name of a person, or name of an organisation."""
    return fold(profile.agent_name(agent).partition(",")[0])


def identifiers(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifiers that name one work, in their normal form."""
    for one in document.get("identifiers", ()):
        if one.get("scheme") in TELLING and one.get("value"):
            try:
                yield one["scheme"], profile.check_identifier(one["scheme"], one["value"])
            except profile.Unfit:
                continue  # half typed; its field says what is wrong


def keys(of: Facts, names: Iterable[str]) -> list[str]:
    """The keys under which a work is found whose title or authors are nearly the same.

    `names` are the folded family names in their order: the first few count.
    """
    long = sorted({one for one in of.title.split() if len(one) > 3}, key=lambda w: (-len(w), w))[:3]
    found = [title_key(of.title)] if len(of.title) >= SHORT else []
    found += [_key("words", *sorted(pair)) for pair in combinations(long, 2)]
    for name in dict.fromkeys(list(names)[:_AUTHORS]):
        if of.year:
            found.append(_key("year", name, str(of.year)))
        if long:
            found.append(_key("name", name, long[0]))
    return list(dict.fromkeys(found))


def title_key(title: str) -> str:
    """The key of all works with the same folded title."""
    return _key("title", title)


def _key(*parts: str) -> str:
    return parts[0][0] + blake2b("\0".join(parts).encode(), digest_size=9).hexdigest()


def score(one: Facts, other: Facts) -> Score:
    """What speaks for two works being the same."""
    near = ratio(one.title, other.title)
    same = one.identifiers & other.identifiers
    found = [_title(one, other, near)]
    if same:
        # The parts of a book often have the book's own number.
        telling = near >= RELATED or any(scheme != "isbn" for scheme, _ in same)
        found.append(Score(95 if telling else 40, ("identifier",)))
    if one.files & other.files:
        # Many articles may share one file: the proceedings.
        found.append(Score(90 if near >= RELATED else 55, ("file",)))
    reasons = [reason for each in found for reason in each.reasons]
    best = max(each.points for each in found)
    agree = sum(each.points >= LEAST for each in found) > 1
    return Score(min(best + 4 * agree, 99), tuple(dict.fromkeys(reasons)))


def _title(one: Facts, other: Facts, near: float) -> Score:
    """What titles, authors and years say; volumes and parts of one work are not the same."""
    if near < ALIKE or _NUMBER.findall(one.title) != _NUMBER.findall(other.title):
        return Score(0, ())
    points, reasons = (60, ["title"]) if near == 1 else (45, ["nearly"])
    if one.names & other.names:
        points, reasons = points + 25, [*reasons, "author"]
    elif one.names and other.names:
        points -= 25
    if one.year and other.year:
        points += 10 if one.year == other.year else -15 * (abs(one.year - other.year) > 1)
        reasons += ["year"] * (one.year == other.year)
    # A thesis and its abstract have all of this in common.
    points -= 30 * (one.type != other.type)
    points -= sum(_contrary(one, other, scheme) for scheme in ("doi", "isbn"))
    return Score(max(points, 0), tuple(reasons))


def _contrary(one: Facts, other: Facts, scheme: str) -> int:
    """Points against a pair that has different identifiers of one scheme."""
    mine = {value for known, value in one.identifiers if known == scheme}
    others = {value for known, value in other.identifiers if known == scheme}
    return {"doi": 40, "isbn": 20}[scheme] if mine and others and not mine & others else 0


def ratio(one: str, other: str) -> float:
    """How much of two folded titles is the same, between 0 and 1; 0 where too short to say."""
    if len(one) < SHORT or len(other) < SHORT:
        return 0.0
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one[:500], other[:500], autojunk=False)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return min(matcher.ratio() if quick >= RELATED else quick, 0.999)
