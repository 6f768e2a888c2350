"""The references of a RIS file one by one, however large: from TY to ER, or to the next TY."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.importers.bibtex_pieces import TOO_LARGE
from schemas.messages import Message

BLOCK = 2**18
LONGEST = 2**20  # bytes of a reference
_ENDS = re.compile(rb"\r\n|\r|\n")
_TAG = re.compile(rb"[ \t]{0,8}([A-Z][A-Z0-9])[ \t]{1,4}-(?:[ \t]|$)")
_FIELD = re.compile(r"[ \t]{0,8}([A-Z][A-Z0-9])[ \t]{1,4}-(?:[ \t]+(.*)|$)")
# Fields whose lines are paragraphs; in others a line that follows goes on with the same.
PARAGRAPHS = frozenset({"AB", "N1", "N2"})


@dataclass(frozen=True)
class Piece:
    """A reference where it stands, or the problem with it."""

    number: int
    line: int
    data: bytes
    problem: str = ""


def cut(path: Path) -> Iterator[Piece]:
    """The references of a file; what stands between them and has no tags is passed over."""
    lines: list[bytes] = []
    number, first, size = 0, 0, 0
    for at, line in enumerate(_lines(path), 1):
        tag = _TAG.match(line)
        name = tag[1] if tag else b""
        if name == b"TY" and lines:
            number += 1
            yield _piece(number, first, lines, size)
            lines, size = [], 0
        if name in (b"", b"ER") and not lines:
            continue
        first = first if lines else at
        size += len(line) + 1
        if size <= LONGEST or not lines:
            lines.append(line[:LONGEST])
        if name == b"ER":
            number += 1
            yield _piece(number, first, lines, size)
            lines, size = [], 0
    if lines:
        yield _piece(number + 1, first, lines, size)


def _piece(number: int, line: int, lines: list[bytes], size: int) -> Piece:
    problem = Message(TOO_LARGE, limit=LONGEST >> 20) if size > LONGEST else ""
    return Piece(number, line, b"\n".join(lines), problem)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines with any kind of ends; what is longer than a reference may be comes in parts."""
    with path.open("rb") as stream:
        rest = stream.read(3).removeprefix(b"\xef\xbb\xbf")
        while block := stream.read(BLOCK):
            *lines, rest = _ENDS.split(rest + block)
            yield from lines
            # An end of two bytes may lie across two blocks.
            if block.endswith(b"\r"):
                rest = stream.read(1).removeprefix(b"\n")
            if len(rest) > LONGEST:
                yield rest
                rest = b""
        yield rest


def fields(text: str) -> dict[str, list[str]]:
    """What a reference says, by tag."""
    found: dict[str, list[str]] = {}
    last: list[str] = []
    name = ""
    for line in text.split("\n"):
        field = _FIELD.match(line)
        if field:
            name, last = field[1], found.setdefault(field[1], [])
            last.append((field[2] or "").strip())
        elif last:
            last[-1] += ("\n" if name in PARAGRAPHS else " ") + line.strip()
    return {tag: said for tag, values in found.items() if (said := [one for one in values if one])}
