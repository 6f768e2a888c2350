"""The entries of a BibTeX file one by one, however large it is, and however broken one of them.

The file is cut where entries begin and end, and each is read by itself: one that is broken costs
only itself, and memory stays flat.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from schemas.messages import Message

BLOCK = 2**18
EDGE = 300  # bytes in which the beginning of an entry lies
LONGEST = 2**20  # bytes of an entry
BESIDE = frozenset({"string", "comment", "preamble"})
_BEGIN = re.compile(rb"@[ \t]{0,20}([A-Za-z]{1,50})\s{0,200}([{(])")
_ANEW = rb"|\n[ \t]{0,20}@[ \t]{0,20}[A-Za-z]{1,50}\s{0,200}[{(]"
_STEPS = {  # by the sign that closes an entry, and whether it is a comment
    (b"}", False): re.compile(rb"[{}]" + _ANEW),
    (b")", False): re.compile(rb"[{})]" + _ANEW),
    (b"}", True): re.compile(rb"[{}]"),
    (b")", True): re.compile(rb"[{})]"),
}


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


UNCLOSED = _("Its closing brace is missing. Write it at the end of the entry.")
TOO_LARGE = _("It is larger than %(limit)s MB. Divide it, or leave it out.")


@dataclass(frozen=True)
class Piece:
    """An entry where it stands, or the problem with it."""

    number: int
    kind: str
    data: bytes
    problem: str = ""


def cut(path: Path) -> Iterator[Piece]:
    """What stands in a file: entries, strings, comments. Entries alone are counted."""
    with path.open("rb") as stream:
        number = 0
        for kind, data, problem in _Cutter(stream).pieces():
            number += kind not in BESIDE
            yield Piece(number, kind, data, problem)


class _Cutter:
    """Goes through one file."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.buffer, self.at = stream, b"", 0

    def pieces(self) -> Iterator[tuple[str, bytes, str]]:
        """Kind, bytes and problem of each."""
        while begun := self._begun():
            self.at, depth = begun.end(), int(begun[2] == b"{")
            kind = begun[1].decode().lower()
            start, problem = self._end(begun.start(), depth, kind == "comment")
            yield kind, self.buffer[start : self.at], problem

    def _begun(self) -> re.Match[bytes] | None:
        while not (found := _BEGIN.search(self.buffer, self.at)):
            sign = self.buffer.find(b"@", max(self.at, len(self.buffer) - EDGE))
            self.at = len(self.buffer) if sign < 0 else sign
            if not self._more(self.at):
                return None
        return found

    def _end(self, start: int, depth: int, comment: bool) -> tuple[int, str]:
        """Goes to where the entry ends; where it starts by then, and what is wrong with it."""
        closing = b"}" if depth else b")"
        steps = _STEPS[closing, comment]
        while True:
            step = steps.search(self.buffer, self.at)
            if step is None:
                line = self.buffer.find(b"\n", max(self.at, len(self.buffer) - EDGE))
                self.at = len(self.buffer) if line < 0 else line
                if len(self.buffer) - start > LONGEST:
                    return start, Message(TOO_LARGE, limit=LONGEST >> 20)
                if not self._more(start):
                    self.at = len(self.buffer)
                    return 0, Message(UNCLOSED)
                start = 0
                continue
            if step[0].startswith(b"\n"):
                self.at = step.start()
                return start, Message(UNCLOSED)
            self.at = step.end()
            depth = max(depth + (step[0] == b"{") - (step[0] == b"}"), 0)
            if step[0] == closing and not depth:
                return start, ""

    def _more(self, keep: int) -> bool:
        """Reads on, and forgets what is before `keep`."""
        block = self.stream.read(BLOCK)
        self.buffer, self.at = self.buffer[keep:] + block, self.at - keep
        return bool(block)
