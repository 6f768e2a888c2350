"""IRBIS64's text exchange: a line a field, `#TAG: text`, and `*****` after each record."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

from ingest.irbis import encodings
from ingest.irbis.records import Broken, Field, Record
from schemas.messages import Message

END = "*****"
LONGEST = 2**22  # bytes of one line
_LINE_ENDS = re.compile(r"[\r\n]+")
_FIELD = re.compile(r"#(\d{1,10}): ?(.*)", re.DOTALL)


def read(source: BinaryIO, *, name: str, encoding: str = "") -> Iterator[Record | Broken]:
    """The records of a file, in its order, and what could not be read, each with its place.

    A line that is no field spoils itself alone: its record is given without it. The last record
    may lack its end.
    """
    sample = source.read(encodings.SAMPLE)
    chosen = encoding or encodings.of(sample)
    fields: list[Field] = []
    begins = 1
    for number, line in _lines(sample, source):
        place = f"{name}, line {number}"
        if len(line) > LONGEST:
            yield Broken(
                place, Message("The line is longer than %(limit)s MB.", limit=LONGEST >> 20)
            )
            continue
        try:
            text = line.decode(chosen)
        except UnicodeDecodeError as error:
            said = Message(
                "Byte %(at)s of the line is not %(encoding)s.", at=error.start + 1, encoding=chosen
            )
            yield Broken(place, said)
            continue
        if text.strip() == END:
            if fields:
                yield Record(tuple(fields), place=f"{name}, line {begins}")
            fields, begins = [], number + 1
        elif text.strip():
            found = _field(text)
            if isinstance(found, Field):
                fields.append(found)
            else:
                yield Broken(place, found)
    if fields:
        yield Record(tuple(fields), place=f"{name}, line {begins}")


def _lines(sample: bytes, source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file whose beginning has been read, with their numbers."""
    rest = encodings.bare(sample)
    whole, _, begun = rest.rpartition(b"\n")
    lines: Iterable[bytes] = BytesIO(whole + b"\n") if whole else ()
    number = 0
    for line in lines:
        number += 1
        yield number, line.rstrip(b"\r\n")
    while begun or (begun := source.readline(LONGEST + 1)):
        line = begun if begun.endswith(b"\n") else begun + source.readline(LONGEST + 1)
        number += 1
        yield number, line[: LONGEST + 1].rstrip(b"\r\n")
        while not line.endswith(b"\n") and len(line) > LONGEST:
            line = source.readline(LONGEST + 1)
            if not line:
                break
        begun = b""


def _field(line: str) -> Field | Message:
    """A line as a field, or why it is none."""
    found = _FIELD.fullmatch(line)
    if found is None:
        return Message(
            "This is no field: a line begins with #, the number of the field and a colon."
        )
    return Field(int(found[1]), found[2])


def write(records: Iterable[Record], encoding: str = "utf-8") -> Iterator[bytes]:
    """Records as lines. Raises UnicodeEncodeError where the encoding lacks a letter."""
    for record in records:
        lines = [f"#{one.tag}: {_LINE_ENDS.sub(' ', one.text)}\r\n" for one in record.fields]
        yield "".join([*lines, f"{END}\r\n"]).encode(encoding)
