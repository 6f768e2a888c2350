"""What a reader typed, as a tree that every engine understands.

    история кыргызов            both words, in any of their forms
    "ак кеме"                   the exact phrase
    title:манас  author:айтматов  subject:физика  source:вестник     in that part only
    year:2019  year:2010..2015  type:article  language:ky  collection:physics
    doi:10.1234/abcd  isbn:9789967123456
    -фильм  NOT фильм           without the word
    манас OR семетей            either; ( ) group
    библ*                       words that begin so, in titles, names, subjects and sources

Nothing is an error: what cannot be understood is looked for as plain words, with a notice.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from marshmallow import ValidationError

from repository.index import analysis, tree
from repository.index.terms import SMALL
from repository.index.tree import EVERYTHING, NOTHING, And, Is, Node, Not, Or, Prefix, Word, Years
from schemas import fields, languages, vocabulary
from schemas.messages import Message, _

MOST_WORDS = 64
DEEPEST = 16  # brackets within brackets
SHORTEST = 2  # letters before a *

NOT_UNDERSTOOD = _(
    "The search was not understood as written, so its words were looked for. Help tells how to "
    "write quotes, brackets and fields."
)
NO_WORD = _("There is no word in this search. Write at least one letter or digit.")
TOO_MANY = _("Only the first %(limit)s words were looked for.")


class Malformed(ValueError):
    """The text does not follow the rules; never leaves this module."""


def parse(text: str) -> tuple[Node, Message | None]:
    """The tree of a query, and what the reader should be told of how it was taken."""
    if not text.strip():
        return EVERYTHING, None
    lexemes = _without_initials(list(_lex(text)))
    if len(lexemes) > MOST_WORDS:
        return _plain(text)[0], Message(TOO_MANY, limit=MOST_WORDS)
    try:
        return _Parser(lexemes).whole(), None
    except Malformed:
        return _plain(text)


def _without_initials(lexemes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Initials ("Исакова Д. А.") say nothing beside a name that stands in full in most records."""
    words = [one for kind, one in lexemes if kind in ("word", "phrase")]
    if all(_INITIAL.fullmatch(one) for one in words):
        return lexemes
    return [
        (kind, one)
        for at, (kind, one) in enumerate(lexemes)
        if kind != "word" or not _INITIAL.fullmatch(one) or lexemes[at - 1][0] in ("field", "not")
    ]


def _plain(text: str) -> tuple[Node, Message]:
    """The words of a query that is not well formed, without its operators."""
    bare = re.sub(r"\b(?:AND|OR|NOT)\b", " ", text)
    bare = _FIELD.sub(lambda found: " " if found[1].casefold() in _FIELDS else found[0], bare)
    forms = analysis.words(bare)[:MOST_WORDS]
    if not forms:
        return NOTHING, Message(NO_WORD)
    return tree.every([tree.word(one) for one in forms]), Message(NOT_UNDERSTOOD)


# The lexemes: a kind and a text. Quotes of all kinds are one.
_QUOTES = str.maketrans("“”„«»″", '""""""')
_INITIAL = re.compile(r"(?:[^\W\d_]\.){1,3}")
_WHOLE = re.compile(r'\s*"?([^\s"]+)"?')  # an identifier may hold brackets
_FIELD = re.compile(r"([^\W\d_]+):")
_LEXEMES = re.compile(
    r"""\s*(?:
        (?P<not>NOT(?=[\s(])|-(?=["(\w])) | (?P<or>OR(?=[\s()]|$)|\|) | (?P<and>AND(?=[\s()]|$)|&) |
        (?P<open>\() | (?P<close>\)) | "(?P<phrase>[^"]*)" | (?P<word>[^\s()"|]+) | (?P<bad>\S)
    )""",
    re.VERBOSE,
)
_FIELDS: Mapping[str, str] = {
    alias: name
    for name, aliases in {
        "title": "title название заглавие аталышы",
        "creators": "author creator автор",
        "subjects": "subject keyword тема предмет",
        "source": "source journal журнал издание басылма",
        "year": "year год жыл жылы",
        "type": "type тип вид түрү",
        "language": "language lang язык тил тили",
        "collection": "collection коллекция жыйнак",
        "identifiers": "doi isbn issn identifier id",
    }.items()
    for alias in aliases.split()
}


def _lex(text: str) -> Iterator[tuple[str, str]]:
    text, at = text.translate(_QUOTES), 0
    while found := _LEXEMES.match(text, at):
        kind, at = str(found.lastgroup), found.end()
        value = found[kind]
        head = _FIELD.match(value) if kind == "word" else None
        name = _FIELDS.get(head[1].casefold()) if head else None
        if head and name:
            yield "field", name
            at = found.start("word") + head.end()
            whole = _WHOLE.match(text, at) if name == "identifiers" else None
            if whole:
                yield "word", whole[1]
                at = whole.end()
        elif kind != "word" or value == "*" or analysis.TOKEN.search(value):
            yield kind, value


class _Parser:
    """Reads lexemes from left to right; OR binds less than standing side by side."""

    def __init__(self, lexemes: list[tuple[str, str]]) -> None:
        self.lexemes = lexemes
        self.at = 0

    def whole(self) -> Node:
        """The tree of all lexemes."""
        found = self.either("", 0)
        if self.kind():
            raise Malformed(self.kind())
        return found

    def kind(self) -> str:
        """What comes next; "" at the end."""
        return self.lexemes[self.at][0] if self.at < len(self.lexemes) else ""

    def take(self, kind: str) -> bool:
        """Whether the next lexeme was of that kind; then it has been passed."""
        taken = self.kind() == kind
        self.at += taken
        return taken

    def either(self, field: str, depth: int) -> Node:
        """Alternatives."""
        parts = [self.both(field, depth)]
        while self.take("or"):
            parts.append(self.both(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, field: str, depth: int) -> Node:
        """Parts that stand side by side, with or without AND."""
        parts = [self.one(field, depth)]
        while self.take("and") or self.kind() not in ("or", "close", ""):
            parts.append(self.one(field, depth))
        return tree.every(parts)

    def one(self, field: str, depth: int) -> Node:
        """A word, a phrase, a bracket, or one of them with a field or a NOT before it."""
        if depth > DEEPEST or not self.kind():
            raise Malformed(field)
        kind, value = self.lexemes[self.at]
        self.at += 1
        if kind == "not":
            return Not(self.one(field, depth + 1))
        if kind == "field":
            return self.one(value, depth + 1)
        if kind == "open":
            inside = self.either(field, depth + 1)
            if not self.take("close"):
                raise Malformed(value)
            return inside
        if kind not in ("word", "phrase"):
            raise Malformed(value)
        return _leaf(field, value, kind == "phrase")


def _leaf(field: str, value: str, quoted: bool) -> Node:
    """What stands for one word or phrase that was asked of a field ("" for all of them)."""
    if value == "*":
        return EVERYTHING
    if field in _MEANINGS:
        return _MEANINGS[field](value)
    if not analysis.words(value):
        raise Malformed(value)
    if quoted:
        return tree.phrase(value, field or "exact")
    if value.endswith("*"):
        return _prefix(field, value)
    found = tree.words(value, field or "words")
    if not field and _LIKE_IDENTIFIER.fullmatch(value):
        return Or((found, *_identifiers(value)))
    return found


_LIKE_IDENTIFIER = re.compile(
    r"(?:https?://\S+/|doi:)?10\.[0-9]{4,9}/\S+|[0-9][0-9-]{6,15}[0-9Xx]", re.IGNORECASE
)


def _prefix(field: str, value: str) -> Node:
    *before, start = analysis.words(value)
    parts = [tree.word(one, field or "words") for one in before]
    if len(start) < SHORTEST:
        return tree.every([*parts, tree.word(start, field or "words")])
    return tree.every([*parts, Prefix(start, (field,) if field else SMALL)])


def _years(value: str) -> Node:
    """2019, 2010..2015, 2010-2015, 2010.. or ..2015."""
    found = re.fullmatch(r"([0-9]{1,4})?(\.\.+|[-–—])?([0-9]{1,4})?", value)
    if found is None or not (found[1] or found[3]):
        raise Malformed(value)
    first, last = int(found[1] or 0), int(found[3] or 9999)
    if not found[2]:
        last = first
    return Years(min(first, last), max(first, last))


def _type(value: str) -> Node:
    key = value.casefold()
    if key not in vocabulary.TYPES:
        raise Malformed(value)
    return Is("type", key)


def _language(value: str) -> Node:
    code = languages.normalise(value)
    if code is None:
        raise Malformed(value)
    return Is("language", code)


def _identifiers(value: str) -> list[Node]:
    """The identifier as typed, and as it is kept where ten digits have become thirteen."""
    kept = {analysis.identifier(value)}
    with suppress(ValidationError):  # most are not an ISBN
        kept.add(analysis.identifier(fields.check_isbn(value)))
    return [Word(tuple(sorted(kept)), "identifiers")]


_MEANINGS: Mapping[str, Callable[[str], Node]] = {
    "year": _years,
    "type": _type,
    "language": _language,
    "collection": lambda value: Is("collection", value),
    "identifiers": lambda value: And(tuple(_identifiers(value))),
}
