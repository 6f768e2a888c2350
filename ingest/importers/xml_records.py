"""The records of an XML file one by one, however large it is, and however broken one of them.

The file is cut where records begin and end, and each is parsed by itself with the namespaces that
stand around it: one that is broken costs only itself, and memory stays flat.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from repository import xml
from repository.errors import ArchiveError, NotFound

BLOCK = 2**18
LONGEST = 2**24  # bytes of one record
MOST_NAMESPACES = 200
_NAMESPACE = re.compile(rb"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}\?>")
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
CUT_OFF = "The file is cut off here: its end is missing. Ask for it again."
TOO_LARGE = f"The record is larger than {LONGEST >> 20} MB. Divide it, or leave it out."
UNCLOSED = "Its end is missing: the next record begins within it. Correct it at the source."


@dataclass(frozen=True)
class Piece:
    """A record where it stands: the element, or the problem with it."""

    place: str
    number: int
    element: etree._Element | None
    problem: str = ""


def files(source: Path, *endings: str) -> list[Path]:
    """The files of a source: itself, or those of a folder that end so, in the order of names."""
    if not source.is_dir():
        return [source]
    found = sorted(one for one in source.rglob("*") if one.suffix.lower() in endings)
    if not found:
        raise NotFound(
            "There are no files %(endings)s in %(folder)s.",
            endings=", ".join(f"*{one}" for one in endings),
            folder=source.name,
        )
    return found


def count(path: Path, *names: str) -> int:
    """About how many elements of the first of these names that occurs there are in a file."""
    with path.open("rb") as stream:
        start = stream.read(BLOCK)
        stream.seek(0)
        begins = re.compile(rb"<(?:[\w.-]+:)?" + _name(start, names) + rb"[\s/>]")
        return sum(
            len(begins.findall(block)) for block in iter(lambda: stream.read(8 * BLOCK), b"")
        )


def read(path: Path, *names: str, nested: str = "") -> Iterator[Piece]:
    """The records: the elements that have the first of `names` that occurs. One may hold others of
    its name where `nested` names what the outer ones begin with."""
    try:
        with path.open("rb") as file:
            stream: BinaryIO = file
            start = file.read(BLOCK)
            if start.replace(b"\xef\xbb\xbf", b"").lstrip()[:2] in _TWO_BYTES:
                stream = io.BytesIO(xml.serialise(xml.parse(path)))
                start = stream.read(BLOCK)
            xml.check_prologue(start)
            cutter = _Cutter(path.name, _name(start, names), nested.encode())
            yield from cutter.pieces(start, stream)
            if not cutter.number:
                xml.parse(path)  # says what is wrong with it, if it is no XML at all
                said = " or ".join(f"<{one}>" for one in names)
                yield Piece(path.name, 0, None, f"There is no {said} in it. Choose another format.")
    except (ArchiveError, OSError) as error:
        yield Piece(path.name, 0, None, str(error))


def _name(start: bytes, names: tuple[str, ...]) -> bytes:
    found = (one.encode() for one in names)
    return next(
        (one for one in found if re.search(rb"<(?:[\w.-]+:)?" + one + rb"[\s/>]", start)),
        names[0].encode(),
    )


class _Cutter:
    """Cuts one file; knows the namespaces and the lines that have gone by."""

    def __init__(self, name: str, record: bytes, nested: bytes) -> None:
        self.name, self.number, self.line = name, 0, 1
        self._tag = re.compile(rb"<(/?)((?:[\w.-]+:)?" + record + rb")(?:\s[^<>]*?)?(/?)>")
        self._outer = re.compile(rb"\s*<(?:[\w.-]+:)?" + nested + rb"[\s/>]") if nested else None
        self._namespaces: dict[bytes, bytes] = {}
        self._declaration = b""
        self._root = b""

    def pieces(self, buffer: bytes, stream: BinaryIO) -> Iterator[Piece]:
        """The records of what has been read and of what follows it."""
        declared = _DECLARATION.match(buffer.removeprefix(b"\xef\xbb\xbf"))
        self._declaration = declared[0] if declared else b""
        root = _ROOT.search(buffer)
        self._root = root[1] if root else b""
        begun, done, at, own, depth = -1, 0, 0, b"", 0
        tail = b""
        while True:
            while match := self._tag.search(buffer, at):
                at = match.end()
                if begun >= 0 and not match[1] and match[2] == own and self._anew(buffer, at):
                    yield self._piece(buffer[begun : match.start()], UNCLOSED)
                    done, begun = match.start(), -1
                if begun < 0:
                    if match[1]:
                        continue
                    begun, own, depth = match.start(), match[2], 0
                    self._pass(buffer[done:begun])
                if match[2] == own and not (match[3] and depth):
                    depth += -1 if match[1] else 1
                    if not depth or match[3]:
                        yield self._piece(buffer[begun:at])
                        done, begun = at, -1
            at = max(at, buffer.rfind(b"<"), 0)
            cut = begun if begun >= 0 else at
            if begun < 0:
                self._pass(buffer[done:cut])
            elif len(buffer) - begun > LONGEST:
                yield self._piece(b"", TOO_LARGE)
                begun, cut = -1, at
            buffer, at, done = buffer[cut:], at - cut, 0
            begun = 0 if begun >= 0 else -1
            block = stream.read(BLOCK)
            if not block:
                break
            if begun < 0 and len(buffer) > LONGEST:
                buffer, at = b"", 0
            tail = block[-4096:]
            buffer += block
        if begun >= 0:
            yield self._piece(buffer, CUT_OFF)
        elif self.number and not self._closed(tail + buffer):
            yield Piece(f"{self.name}, after record {self.number}", 0, None, CUT_OFF)

    def _anew(self, buffer: bytes, at: int) -> bool:
        """Whether an element that begins within a record is the next record."""
        return self._outer is None or self._outer.match(buffer, at) is not None

    def _closed(self, end: bytes) -> bool:
        """Whether the file ends as it began."""
        record = self._tag.match(b"<" + self._root + b">")
        return record is not None or re.search(rb"</" + re.escape(self._root), end) is not None

    def _pass(self, gap: bytes) -> None:
        """Goes over what stands between records."""
        self.line += gap.count(b"\n")
        for one in _NAMESPACE.findall(gap):
            name, _, value = one.strip().partition(b"=")
            if len(self._namespaces) < MOST_NAMESPACES:
                self._namespaces[name.strip()] = value.strip()

    def _piece(self, data: bytes, problem: str = "") -> Piece:
        self.number += 1
        line = self.line
        self.line += data.count(b"\n")
        place = f"{self.name}, record {self.number}, line {line}"
        if problem:
            return Piece(place, self.number, None, problem)
        spaces = b" ".join(b"%s=%s" % pair for pair in self._namespaces.items())
        around = self._declaration + b"<around " + spaces + b">" + data + b"</around>"
        try:
            return Piece(place, self.number, xml.parse(around)[0])
        except ArchiveError as error:
            return Piece(place, self.number, None, _moved(str(error), line))


def _moved(said: str, line: int) -> str:
    """What is wrong, with the line in the file instead of that in the record."""
    return re.sub(r"\bline (\d+)", lambda found: f"line {int(found[1]) + line - 1}", said, count=1)
