"""The tree of a query: what every engine understands, and how its leaves are made of words."""

from collections.abc import Iterator
from dataclasses import dataclass

from repository.index import analysis
from repository.index.terms import SMALL


@dataclass(frozen=True)
class Word:
    """Documents with any of these terms. `typed` is the exact form, where folding changed it."""

    terms: tuple[str, ...]
    field: str = "words"
    typed: str = ""


@dataclass(frozen=True)
class Phrase:
    """Documents with these forms one after another."""

    forms: tuple[str, ...]
    field: str = "exact"


@dataclass(frozen=True)
class Prefix:
    """Documents with a word that begins so in any of these fields."""

    start: str
    fields: tuple[str, ...] = SMALL


@dataclass(frozen=True)
class Years:
    """Documents of these years, both ends included."""

    first: int
    last: int


@dataclass(frozen=True)
class Is:
    """Documents with this value on an axis: type, language, collection."""

    axis: str
    value: str


@dataclass(frozen=True)
class And:
    """Documents that all parts hold for; of no part: every document."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Or:
    """Documents that any part holds for; of no part: none."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Not:
    """The other documents."""

    part: "Node"


Node = Word | Phrase | Prefix | Years | Is | And | Or | Not
EVERYTHING = And()
NOTHING = Or()


def word(form: str, field: str = "words") -> Word:
    """A form as it is looked for: in every grammatical form and spelling that we know of."""
    typed = "" if analysis.fold(form) == form else form
    return Word(analysis.forms(form), field, typed)


def words(text: str, field: str = "words") -> Node:
    """All words of a text, in any order."""
    return every([word(one, field) for one in analysis.words(text)])


def phrase(text: str, field: str = "exact") -> Node:
    """The words of a text in their order, as they are written."""
    forms = tuple(analysis.words(text))
    return Phrase(forms, field) if forms else NOTHING


def every(parts: list[Node]) -> Node:
    """All parts at once, less the words that are everywhere where there are others."""
    telling = [one for one in parts if not _is_stop(one)]
    if any(not isinstance(one, Not) for one in telling):
        parts = telling
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _is_stop(node: Node) -> bool:
    return (
        isinstance(node, Word)
        and node.field == "words"
        and (node.typed or node.terms[0]) in analysis.STOP
    )


def weighed(leaf: Word | Phrase) -> Iterator[Word]:
    """The words by which a document with that leaf is ranked."""
    if isinstance(leaf, Word):
        yield leaf
        return
    field = "words" if leaf.field == "exact" else leaf.field
    telling = [one for one in leaf.forms if one not in analysis.STOP] or leaf.forms
    yield from (word(form, field) for form in telling)


def sought(node: Node) -> Iterator[Word | Phrase | Prefix]:
    """The leaves that a document found may contain: those that are not under a Not."""
    if isinstance(node, Word | Phrase | Prefix):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from sought(part)
