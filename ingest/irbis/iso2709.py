"""ISO 2709: records with a leader, a directory and fields, as libraries have put them on tape.

Leader (24 bytes): 0-4 length of the record, 5 status, 6 type, 7 level, 10 indicators, 11 length
of a subfield's mark, 12-16 base address, 20-22 "450". Entries of the directory: tag 3, length 4,
position 5 digits. Tags below 10 have neither indicators nor subfields.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from ingest.irbis import encodings
from ingest.irbis.records import DELIMITER, Broken, Field, Record
from repository.errors import Invalid
from schemas.messages import Message

LEADER, ENTRY = 24, 12
FIELD_END, RECORD_END, MARK = b"\x1e", b"\x1d", b"\x1f"
LONGEST_FIELD, LONGEST_RECORD = 9_999, 99_999
LAST_TAG = 999
_USUAL = "00000nam0 2200000   450 "


class _Odd(ValueError):
    """What is wrong with a record."""

    def __init__(self, sentence: Message) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def read(source: BinaryIO, *, name: str, encoding: str = "") -> Iterator[Record | Broken]:
    """The records of a file, in its order, and those that cannot be read, each with its place."""
    pending = source.read(encodings.SAMPLE)
    chosen = encoding or encodings.of(pending)
    pending = encodings.bare(pending)
    for number, raw in enumerate(split(pending, source), 1):
        place = f"{name}, record {number}"
        try:
            yield _record(raw, chosen, place)
        except _Odd as error:
            yield Broken(place, error.sentence)


def split(pending: bytes, source: BinaryIO) -> Iterator[bytes]:
    """The bytes between the ends of records; line ends between records do not count."""
    at = 0
    while True:
        end = pending.find(RECORD_END, at)
        if end >= 0:
            raw, at = pending[at:end], end + 1
            if raw.strip():
                yield raw.lstrip(b"\r\n")
            continue
        pending, at = pending[at:], 0
        if len(pending) > 100 * LONGEST_RECORD:  # no end in sight: this is no such file
            yield pending
            return
        more = source.read(encodings.SAMPLE)
        if not more:
            if pending.strip(b"\r\n\x1a \0"):
                yield pending.lstrip(b"\r\n")
            return
        pending += more


def _record(raw: bytes, encoding: str, place: str) -> Record:
    if len(raw) < LEADER:
        raise _Odd(Message("The record is shorter than a leader of 24 characters."))
    leader = raw[:LEADER].decode("latin-1")
    base = _number(leader[12:17], "the base address in the leader")
    if not LEADER < base <= len(raw):
        raise _Odd(Message("The base address %(base)s lies outside the record.", base=base))
    directory = raw[LEADER : base - 1]
    if len(directory) % ENTRY:
        raise _Odd(Message("The directory does not consist of entries of 12 characters."))
    indicators = int(leader[10]) if leader[10].isdigit() else 2
    fields = tuple(
        _field(raw, base, directory[at : at + ENTRY].decode("latin-1"), indicators, encoding)
        for at in range(0, len(directory), ENTRY)
    )
    return Record(fields, leader=leader, place=place)


def _field(raw: bytes, base: int, entry: str, indicators: int, encoding: str) -> Field:
    tag = _number(entry[:3], "a tag in the directory")
    length = _number(entry[3:7], f"the length of field {tag}")
    start = base + _number(entry[7:], f"the position of field {tag}")
    data = raw[start : start + length]
    if len(data) < length:
        raise _Odd(Message("Field %(tag)s lies outside the record.", tag=tag))
    data = data.removesuffix(FIELD_END)
    if tag < 10:
        return Field(tag, _text(data, encoding, tag))
    marks = data[:indicators].decode("latin-1") if MARK not in data[:indicators] else ""
    body = data[len(marks) :]
    text = DELIMITER.join(_text(part, encoding, tag) for part in body.split(MARK))
    return Field(tag, text, marks)


def _text(data: bytes, encoding: str, tag: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        why = Message(
            "Field %(tag)s is not %(encoding)s (byte %(at)s).",
            tag=tag,
            encoding=encoding,
            at=error.start + 1,
        )
        raise _Odd(why) from error


def _number(digits: str, what: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise _Odd(
            Message("“%(said)s” is no number, as %(what)s must be.", said=digits.strip(), what=what)
        )
    return int(digits)


def write(records: Iterable[Record], encoding: str = "utf-8") -> Iterator[bytes]:
    """Records as ISO 2709. Raises Invalid where a field or a record is too long, or the encoding
    lacks a letter, with its place."""
    for record in records:
        yield _written(record, encoding)


def _written(record: Record, encoding: str) -> bytes:
    directory, body = b"", b""
    for field in record.fields:
        data = _data(field, encoding, record.place)
        if len(data) > LONGEST_FIELD:
            raise _too_long(record, f"field {field.tag}", len(data), LONGEST_FIELD)
        directory += f"{field.tag:03}{len(data):04}{len(body):05}".encode("ascii")
        body += data
    base = LEADER + len(directory) + 1
    length = base + len(body) + 1
    if length > LONGEST_RECORD:
        raise _too_long(record, "the record", length, LONGEST_RECORD)
    usual = (record.leader or _USUAL).ljust(LEADER)[:LEADER]
    leader = f"{length:05}{usual[5:10]}22{base:05}{usual[17:20]}450{usual[23:]}"
    return leader.encode("latin-1", "replace") + directory + FIELD_END + body + RECORD_END


def _data(field: Field, encoding: str, place: str) -> bytes:
    text = field.text.translate({0x1D: " ", 0x1E: " ", 0x1F: " "})
    if field.tag > LAST_TAG:
        raise Invalid("%(place)s: ISO 2709 has no field %(tag)s.", place=place, tag=field.tag)
    if field.tag >= 10:
        text = (field.indicators or "  ") + text.replace(DELIMITER, "\x1f")
    try:
        return text.encode(encoding) + FIELD_END
    except UnicodeEncodeError as error:
        raise Invalid(
            "%(place)s: field %(tag)s has a letter that %(encoding)s lacks: %(letter)s",
            place=place,
            tag=field.tag,
            encoding=encoding,
            letter=error.object[error.start : error.start + 1],
        ) from error


def _too_long(record: Record, what: str, length: int, most: int) -> Invalid:
    return Invalid(
        "%(place)s: %(what)s has %(length)s bytes, and ISO 2709 has room for %(most)s.",
        place=record.place,
        what=what,
        length=length,
        most=most,
    )
