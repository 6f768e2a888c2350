"""What entries of BibTeX say: read one by one by the library, completed from their parents."""

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bibtexparser import model
from bibtexparser.splitter import Splitter

from ingest.importers import bibtex_pieces, letters
from ingest.importers.bibtex_pieces import BESIDE, EDGE
from schemas.messages import Message

MOST_STRINGS = 100_000
PARENTS = ("crossref", "xdata")
# A parent's fields that are its own, and those that a part calls otherwise.
_OWN = frozenset(
    "crossref xref xdata ids doi url urldate eprint eprinttype abstract keywords file pages "
    "pagetotal note related options label timestamp owner groups".split()
)
_CALLED = {"title": "booktitle", "subtitle": "booksubtitle"}
_REFERS = re.compile(rb"(?i)\b(?:crossref|xdata)\s*=")
_KEY = re.compile(rb"^@[^{(]*[{(]")
_TOKEN = re.compile(r'\s*(?:([{"])|([^\s{}"#,]+))\s*')
_BRACES = re.compile(r'[{}"]')
# It tells its errors twice, and these we say ourselves.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BROKEN = _("It cannot be read as BibTeX. Correct its commas, braces and quotation marks.")
AFTER = _("After the value of “%(field)s” a comma is missing. Write it there.")


@dataclass
class Entry:
    """An entry: its kind and names in small letters, values with their TeX."""

    kind: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()


class Wrong(ValueError):
    """An entry that cannot be read; the first argument is a Message."""


def parsed(text: str) -> Entry:
    """An entry as the library reads it. Raises Wrong."""
    blocks = Splitter(text).split().blocks
    block = blocks[0] if blocks else None
    repeated: tuple[str, ...] = ()
    if isinstance(block, model.DuplicateFieldKeyBlock):
        repeated = tuple(sorted(block.duplicate_keys))
        block = block.ignore_error_block
    if not isinstance(block, model.Entry):
        raise Wrong(Message(BROKEN))
    entry = Entry(block.entry_type.lower(), block.key, repeated=repeated)
    for one in block.fields:
        entry.fields.setdefault(one.key.strip().lower(), one.value)
    return entry


def value(raw: str, strings: Mapping[str, str], name: str) -> str:
    """What a field says: its parts joined, words by what `@string` says of them. Raises Wrong."""
    said, at = [], 0
    while at < len(raw):
        token = _TOKEN.match(raw, at)
        if token is None:
            raise Wrong(Message(BROKEN))
        if token[1]:
            end = _closed(raw, token.start(1))
            said.append(raw[token.start(1) + 1 : end])
            at = end + 1
        else:
            said.append(strings.get(token[2].lower(), token[2]))
            at = token.end()
        rest = raw[at:].lstrip()
        if rest and not rest.startswith("#"):
            raise Wrong(Message(AFTER, field=name[:60]))
        at = len(raw) - len(rest) + 1
    return "".join(said)


def _closed(raw: str, start: int) -> int:
    """Where what begins with a brace or a quotation mark ends."""
    depth = int(raw[start] == "{")
    for found in _BRACES.finditer(raw, start + 1):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth and found[0] == ("}" if raw[start] == "{" else '"'):
            return found.start()
    raise Wrong(Message(BROKEN))


@dataclass
class Around:
    """What entries take from others of their file: strings, and the entries that they refer to."""

    strings: dict[str, str] = field(default_factory=dict)
    parents: dict[str, Entry] = field(default_factory=dict)

    def entry(self, text: str) -> Entry:
        """An entry with its values. Raises Wrong."""
        found = parsed(text)
        found.fields = {key: value(raw, self.strings, key) for key, raw in found.fields.items()}
        return found

    def completed(self, entry: Entry) -> tuple[str, ...]:
        """Gives the entry what its parents have and it has not; the names of those not there."""
        missing = []
        for by in PARENTS:
            for key in filter(None, map(str.strip, entry.fields.pop(by, "").split(","))):
                parent = self.parents.get(key.lower())
                if parent is None:
                    missing.append(key)
                    continue
                for name, said in parent.fields.items():
                    called = name if by == "xdata" else _CALLED.get(name, name)
                    if by == "xdata" or name not in _OWN:
                        entry.fields.setdefault(called, said)
        return tuple(missing)


def around(path: Path, encoding: str, guessed: str) -> Around:
    """Reads a file through for what its entries take from others."""
    found, wanted = Around(), set()
    for piece in bibtex_pieces.cut(path):
        if piece.kind != "string" and not _REFERS.search(piece.data):
            continue
        with suppress(Wrong, letters.Unreadable):
            text = letters.read(piece.data, told=encoding, guessed=guessed)[0]
            if piece.kind == "string":
                _string(found.strings, text)
            elif piece.kind not in BESIDE:
                entry = found.entry(text)
                said = ",".join(entry.fields.get(by, "") for by in PARENTS)
                wanted |= {one.strip().lower() for one in said.split(",")} - {""}
    for piece in bibtex_pieces.cut(path) if wanted else ():
        with suppress(Wrong, letters.Unreadable):
            if piece.kind not in BESIDE and _key(piece.data) in wanted:
                entry = found.entry(letters.read(piece.data, told=encoding, guessed=guessed)[0])
                found.parents.setdefault(entry.key.lower(), entry)
    return found


def _string(strings: dict[str, str], text: str) -> None:
    for block in Splitter(text).split().strings:
        if len(strings) < MOST_STRINGS:
            strings[block.key.strip().lower()] = value(block.value, strings, block.key)


def _key(data: bytes) -> str:
    return _KEY.sub(b"", data[:EDGE]).partition(b",")[0].decode("utf-8", "replace").strip().lower()
