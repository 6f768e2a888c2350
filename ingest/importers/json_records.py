"""The records of a JSON file one by one, however large it is, and however broken one of them.

The file is cut where records begin and end, and each is read by itself: one that is broken costs
only itself, and memory stays flat. Where a brace is missing, the next record is known by standing
in its line as the one before does.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ingest.importers import letters
from ingest.importers.bibtex_pieces import TOO_LARGE
from schemas import text
from schemas.messages import Message

BLOCK = 2**18
LONGEST = 2**22  # bytes of one record
DEEPEST = 4  # objects around the list of records
_STRING = rb'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*("|\n)?'
_TOKEN = re.compile(_STRING + rb"|[\[\]{}]")
_COLON = re.compile(rb"\s*:\s*")
_DECODER = json.JSONDecoder(strict=False)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


NOT_JSON = _("It is not JSON: %(problem)s. Correct it, or export it again.")
NO_RECORD = _("It is no record. Correct it, or leave it out.")
CUT_OFF = _("Its end is missing. Ask for it again, or export it again.")
NOTHING = _("There are no records in it. Export it again, or choose another format.")


class _Bad(ValueError):
    """A record that cannot be read; the argument is a Message."""


@dataclass(frozen=True)
class Piece:
    """A record where it stands, with its text as it is there, or the problem with it."""

    place: str
    text: str = ""
    value: Any = None
    problem: str = ""


def read(path: Path, *lists: tuple[str, ...]) -> Iterator[Piece]:
    """The records: of the list at one of these paths of keys, of a list alone, or objects alone."""
    with path.open("rb") as stream:
        start = stream.read(LONGEST)
        first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if first not in (b"[", b"{"):
            said = "a list or an object is expected"
            yield Piece(path.name, problem=Message(NOT_JSON, problem=said))
            return
        begins = start.index(b"[") + 1 if first == b"[" else _inner(start, lists)
        stream.seek(begins)
        cutter = _Cutter(path.name, stream, listed=begins > 0)
        cutter.line += start.count(b"\n", 0, begins)
        yield from cutter.pieces()
        if not cutter.number:
            yield Piece(path.name, problem=Message(NOTHING))


def count(path: Path, *names: bytes) -> int:
    """How often the rarest of these names stands in a file: about how many records there are."""
    patterns = [re.compile(b'"' + one + rb'"\s*:') for one in names]
    found = [0] * len(names)
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            found = [
                had + len(one.findall(block)) for had, one in zip(found, patterns, strict=True)
            ]
    return min(found)


def _inner(start: bytes, lists: tuple[tuple[str, ...], ...]) -> int:
    """Where the records begin that stand in a list within the first object; 0 without one."""
    around: list[str] = []
    key, after = "", -1
    for token in _TOKEN.finditer(start):
        sign = token[0]
        if sign[:1] == b'"':
            key, after = sign.strip(b'"\n').decode("utf-8", "replace")[:50], token.end()
            continue
        if sign in b"]}":
            around = around[:-1]
            if not around:
                return 0
            continue
        colon = _COLON.match(start, after) if after >= 0 else None
        around.append(key if colon and colon.end() == token.start() else "")
        if sign == b"[" and len(around) <= DEEPEST and tuple(around[1:]) in lists:
            return token.end()
    return 0


class _Cutter:
    """Cuts one file. `done` is where the last record ended, `begun` where one begins, or -1."""

    def __init__(self, name: str, stream: BinaryIO, *, listed: bool) -> None:
        self.name, self.stream, self.listed = name, stream, listed
        self.number, self.line, self.stray = 0, 1, False
        self.buffer, self.at, self.done, self.begun = b"", 0, 0, -1

    def pieces(self) -> Iterator[Piece]:
        """The records, and the problems with them and with what stands between them."""
        depth = 0
        while sign := self._bracket():
            if sign == b"~":
                yield from self._too_large()
                depth = 0
            elif sign in b"[{":
                if not depth:
                    yield from self._gap(self.at - 1)
                    self.begun = self.at - 1
                depth += 1
            elif depth:
                depth -= 1
                if not depth:
                    data, self.begun, self.done = self.buffer[self.begun : self.at], -1, self.at
                    yield from self._whole(data)
            elif self.listed and sign == b"]":
                yield from self._gap(self.at - 1)
                return
        if self.begun >= 0:
            yield from self._parts(self._split(self.buffer[self.begun :]), Message(CUT_OFF))
        else:
            yield from self._gap(len(self.buffer))
            if self.listed:
                yield Piece(f"{self.name}, line {self.line}", problem=Message(CUT_OFF))

    def _bracket(self) -> bytes:
        """The next bracket; "~" where a record has become too large, b"" at the end of the file."""
        while True:
            found = _TOKEN.search(self.buffer, self.at)
            if found and (found[1] or found[0][:1] != b'"'):
                self.at = found.end()
                if found[0][:1] != b'"':
                    return found[0]
                continue
            # What follows may belong to a text that has begun.
            self.at = found.start() if found else len(self.buffer)
            if len(self.buffer) - max(self.begun, self.done) > LONGEST:
                self.at = len(self.buffer)
                if self.begun >= 0:
                    return b"~"
            if (not found or found.end() > len(self.buffer) - 2) and self._more():
                continue
            if not found:
                return b""
            self.at = found.start() + 1

    def _more(self) -> bool:
        """Reads on, and forgets what has gone by."""
        keep = self.begun if self.begun >= 0 else self.at
        self._pass(keep)
        block = self.stream.read(BLOCK)
        self.buffer = self.buffer[keep:] + block
        self.at, self.done = self.at - keep, 0
        self.begun = 0 if self.begun >= 0 else -1
        return bool(block)

    def _pass(self, to: int) -> None:
        """Goes over what stands between records."""
        gap = self.buffer[self.done : to]
        self.stray = self.stray or bool(gap.strip(b"\xef\xbb\xbf \t\r\n,"))
        self.line += gap.count(b"\n")
        self.done = to

    def _gap(self, to: int) -> Iterator[Piece]:
        self._pass(to)
        if self.stray:
            self.stray = False
            yield self._problem(Message(NO_RECORD))

    def _problem(self, problem: str, data: bytes = b"") -> Piece:
        self.number += 1
        place = f"{self.name}, entry {self.number}, line {self.line}"
        self.line += data.count(b"\n")
        return Piece(place, problem=problem)

    def _whole(self, data: bytes) -> Iterator[Piece]:
        try:
            yield self._piece(data)
        except _Bad as error:
            yield from self._parts(self._split(data), error.args[0])

    def _piece(self, data: bytes) -> Piece:
        try:
            whole = text.clean(letters.read(data, told="utf-8")[0])
            value, _end = _DECODER.raw_decode(whole.lstrip())
        except letters.Unreadable as error:
            raise _Bad(error.args[0]) from error
        except json.JSONDecodeError as error:
            said = f"{error.msg}, line {self.line + error.lineno - 1}"
            raise _Bad(Message(NOT_JSON, problem=text.line(said)[:200])) from error
        except (ValueError, RecursionError) as error:
            raise _Bad(Message(NOT_JSON, problem="too deep, or too large a number")) from error
        if not isinstance(value, dict) or not value:
            raise _Bad(Message(NO_RECORD))
        self.number += 1
        place = f"{self.name}, entry {self.number}, line {self.line}"
        self.line += data.count(b"\n")
        return Piece(place, whole.strip(), value)

    def _split(self, data: bytes) -> list[bytes]:
        """What has no end where it stands, cut before lines that begin as a record does."""
        start = data.find(b"\n")
        inner = re.match(rb"\n([ \t]+)", data[start : start + 200]) if start >= 0 else None
        if not inner:
            return [data]
        indents = {m[1] for m in re.finditer(rb"\n([ \t]+)\{[ \t\r]*\n", data)}
        outer = [one for one in indents if len(one) < len(inner[1])]
        if not outer:
            return [data]
        return re.split(rb"(?=\n" + min(outer, key=len) + rb"\{)", data)

    def _parts(self, parts: list[bytes], problem: str) -> Iterator[Piece]:
        for part in parts:
            self.line += len(part) > len(part.lstrip(b"\n"))
            data = part.lstrip(b"\n")
            try:
                yield self._piece(data)
            except _Bad:
                yield self._problem(problem, data)

    def _too_large(self) -> Iterator[Piece]:
        """Goes on with the last record that begins in what is too large, if there is one."""
        *parts, last = self._split(self.buffer[self.begun : self.at])
        problem = Message(TOO_LARGE, limit=LONGEST >> 20)
        yield from self._parts(parts or [last], problem)
        self.begun, self.done = -1, self.at
        if parts and len(last) < LONGEST // 2:
            self.at = self.done = self.at - len(last)
