"""CQL 1.2 (info:srw/cql-context-set/1/cql-v1.2): a query as a tree.

    dc.title any "ala-too lakes" and (dc.creator = асанова or dc.date within "2010 2015")
    sortBy dc.date/sort.descending

Booleans bind equally, from the left. Raises `Diagnostic`.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from oai.sru.diagnostics import Diagnostic

MOST = 64  # clauses
DEEPEST = 24  # brackets
MODIFIERS = ("relevant", "fuzzy", "ignorecase", "ignoreaccents", "word", "string")
BOOLEANS = ("and", "or", "not", "prox")
_LEXEMES = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<sign><=|>=|<>|==|[=<>/()]) |
        (?P<word>[^\s"=<>/()]+) | (?P<bad>\S))""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Clause:
    """A term with the index and relation that it is asked of; both empty for a bare term."""

    term: str
    index: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Pair:
    """Two queries and what joins them: and, or, not."""

    boolean: str
    left: "Node"
    right: "Node"


Node = Clause | Pair


class Key(NamedTuple):
    """What to sort by."""

    by: str
    descending: bool


class Lexeme(NamedTuple):
    """A word, a sign or a quoted text."""

    kind: str
    text: str


def parse(query: str) -> tuple[Node, tuple[Key, ...]]:
    """The tree of a query and its keys for sorting."""
    reader = _Reader(_lex(query))
    node = reader.query(0)
    keys = reader.keys()
    if reader.left():
        raise Diagnostic(10, reader.left())
    return node, keys


def _lex(query: str) -> list[Lexeme]:
    found, at = [], 0
    while match := _LEXEMES.match(query, at):
        kind = str(match.lastgroup)
        if kind == "bad":
            raise Diagnostic(10, match[kind])
        found.append(Lexeme(kind, match[kind]))
        at = match.end()
    return found


class _Reader:
    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.lexemes, self.at, self.clauses = lexemes, 0, 0

    def left(self) -> str:
        """What comes next; "" at the end."""
        return self.lexemes[self.at].text or '""' if self.at < len(self.lexemes) else ""

    def kind(self) -> str:
        """The kind of what comes next; "" at the end."""
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else ""

    def take(self) -> str:
        """What comes next, which has then been passed."""
        if not self.kind():
            raise Diagnostic(10, "The query ends too early.")
        self.at += 1
        return self.lexemes[self.at - 1].text

    def sign(self, text: str) -> bool:
        """Whether that sign comes next; then it has been passed."""
        taken = self.kind() == "sign" and self.left() == text
        self.at += taken
        return taken

    def query(self, depth: int) -> Node:
        """Clauses joined by booleans."""
        while self.sign(">"):  # > dc="info:srw/…": we know the usual sets by their usual names
            self.take()
            if self.sign("="):
                self.take()
        found = self.clause(depth)
        while self.kind() == "word" and self.left().casefold() in BOOLEANS:
            boolean = self.take().casefold()
            if boolean == "prox":
                raise Diagnostic(39)
            if self.modifiers():
                raise Diagnostic(46)
            found = Pair(boolean, found, self.clause(depth))
        return found

    def clause(self, depth: int) -> Node:
        """A bracket, or a term with or without its index and relation."""
        if depth > DEEPEST:
            raise Diagnostic(48, "Too many brackets.")
        if self.sign("("):
            inside = self.query(depth + 1)
            if not self.sign(")"):
                raise Diagnostic(10, "A bracket is not closed.")
            return inside
        self.clauses += 1
        if self.clauses > MOST:
            raise Diagnostic(48, f"More than {MOST} clauses.")
        if self.kind() == "sign":
            raise Diagnostic(10, self.left())
        quoted = self.kind() == "quoted"
        first = self.take()
        relation = "" if quoted else self.relation()
        if not relation:
            return Clause(_filled(first))
        for modifier in self.modifiers():
            if modifier not in (
                "relevant",
                "fuzzy",
                "ignorecase",
                "ignoreaccents",
                "word",
                "string",
            ):
                raise Diagnostic(20, modifier)
        if self.kind() == "sign":
            raise Diagnostic(10, self.left())
        return Clause(_filled(self.take()), first.casefold(), relation)

    def relation(self) -> str:
        """The relation that comes next; "" where the word was a term."""
        if self.kind() == "sign" and self.left() in ("=", "==", "<>", "<", ">", "<=", ">="):
            return self.take()
        ahead = self.lexemes[self.at + 1] if self.at + 1 < len(self.lexemes) else None
        named = self.kind() == "word" and self.left().casefold() not in BOOLEANS
        if named and self.left().casefold() != "sortby" and ahead:
            return self.take().casefold().removeprefix("cql.")
        return ""

    def modifiers(self) -> list[str]:
        """What follows a slash: /relevant, /sort.descending."""
        found = []
        while self.sign("/"):
            found.append(self.take().casefold().removeprefix("cql."))
        return found

    def keys(self) -> tuple[Key, ...]:
        """What stands after sortBy."""
        if self.kind() != "word" or self.left().casefold() != "sortby":
            return ()
        self.take()
        found = []
        while self.kind() in ("word", "quoted"):
            index = self.take().casefold()
            found.append(Key(index, "sort.descending" in self.modifiers()))
        if not found:
            raise Diagnostic(10, "sortBy names no index.")
        return tuple(found)


def _filled(term: str) -> str:
    if not term.strip():
        raise Diagnostic(27)
    return term
