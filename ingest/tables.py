"""Tables, CSV or XLSX, as rows of texts, whoever made them."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from repository.errors import Invalid, TooLarge
from schemas.messages import Message

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a program calculates
LONGEST = 2**22  # characters of one row
SAMPLE = 2**16  # bytes
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def unreadable(sentence: str, **given: object) -> Invalid:
    """What is raised for a table that cannot be understood as a whole."""
    return Invalid(sentence, {"file": [Message(sentence, **given)]}, **given)


def is_xlsx(head: bytes) -> bool:
    """Whether a file that begins so is packed as XLSX is."""
    return head.startswith(b"PK\x03\x04")


def is_utf16(head: bytes) -> bool:
    """Whether a file that begins so says that it is in UTF-16."""
    return head[:2] in _UTF16


def of_csv(
    stream: IO[bytes], *, encoding: str = "utf-8", errors: str = "strict"
) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, as a spreadsheet counts them. The first lines tell what divides
    the cells.

    Raises Invalid where it is no CSV, and UnicodeDecodeError where `errors` is "strict".
    """
    head = stream.read(SAMPLE)
    stream.seek(0)
    encoding = "utf-16" if is_utf16(head) else encoding
    text = io.TextIOWrapper(
        stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors=errors, newline=""
    )
    lines = Lines(text)
    first = head.decode(encoding, "replace").splitlines()[:20]
    reader = csv.reader(lines, delimiter=max(",;\t", key="".join(first).count))
    try:
        for number in count(1):
            lines.left = LONGEST
            row = next(reader, None)
            if row is None:
                return
            if number > 1 or not (row and row[0].startswith("sep=")):  # as Excel marks its own
                yield number, [_unquoted(one) for one in row]
    except csv.Error as error:
        raise unreadable(_("Line %(line)s cannot be read."), line=reader.line_num + 1) from error
    finally:
        text.detach()


class Lines:
    """Lines for the reader of CSV, which end when a record grows beyond all bounds."""

    def __init__(self, file: io.TextIOBase) -> None:
        self._file, self.left = file, LONGEST

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST)
        self.left -= len(line)
        if not line:
            raise StopIteration
        if self.left < 0:
            raise csv.Error("it is longer than 4 MB; perhaps a quotation mark is missing")
        return line.replace("\0", "")


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def of_xlsx(stream: IO[bytes], *, most: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, with their numbers. `most` is what it may unpack to, in bytes.

    Raises TooLarge, or Invalid when it is no spreadsheet.
    """
    try:
        with ZipFile(stream) as packed:
            if sum(one.file_size for one in packed.infolist()) > most:
                raise TooLarge("The spreadsheet is too large.")
        stream.seek(0)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, [_said(value) for value in row]
    # What openpyxl raises for broken files is of many kinds.
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        SyntaxError,
        OSError,
    ) as error:
        raise unreadable(_("This is not a spreadsheet that can be read.")) from error


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
