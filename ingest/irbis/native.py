"""IRBIS64's own database files, read while the system runs: `.xrf` says where, `.mst` what.

All numbers are big-endian. An entry of the .xrf has 12 bytes: offset (low and high word), status. A
record begins with a leader of eight words: MFN, length, back reference (low, high), base, number of
fields, version, status; then a directory of 12 bytes a field: tag, position, length; then the text
of the fields in UTF-8 from `base` on. The back reference leads to the version before.

The files are opened for reading alone. A record that another program writes at this moment does not
fit its own lengths: it is read once more, then reported.
"""

import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ingest.irbis.records import Broken, Field, Record, Status
from repository.errors import Invalid, NotFound
from schemas.messages import Message

_ENTRY = struct.Struct(">IIi")
_LEADER = struct.Struct(">8I")
_FIELD = struct.Struct(">3I")
LONGEST = 2**26  # bytes of one record; its own limit is far below
MOST_FIELDS = 2**20
AGAIN = 0.1  # seconds until a record that was being written is looked at again
SELDOM = 1.0  # seconds between two such waits
MOST_VERSIONS = 1000


class Place(NamedTuple):
    """Where a record lies, and its state as the .xrf knows it."""

    mfn: int
    offset: int
    status: Status


class _Torn(ValueError):
    """A record that does not fit its own lengths."""

    def __init__(self, sentence: Message) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Database:
    """An open database: a folder's pair of files that go by one name."""

    def __init__(self, master: BinaryIO, places: BinaryIO, name: str) -> None:
        self._master = master
        self._places = places
        self.name = name
        self._waited = -SELDOM  # when a record was last waited for, in seconds

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self._master.close()
        self._places.close()

    def __len__(self) -> int:
        """How many records there have been, deleted ones too."""
        self._places.seek(0, 2)
        return self._places.tell() // _ENTRY.size

    def places(self) -> Iterator[Place]:
        """Where the records lie, in the order of their numbers."""
        self._places.seek(0)
        for mfn in range(1, len(self) + 1):
            self._places.seek((mfn - 1) * _ENTRY.size)
            entry = self._places.read(_ENTRY.size)
            if len(entry) < _ENTRY.size:
                return
            low, high, status = _ENTRY.unpack(entry)
            yield Place(mfn, low | high << 32, Status(status & 127))

    def records(self, *, deleted: bool = False, older: bool = False) -> Iterator[Record | Broken]:
        """The records; with `deleted` those that were logically deleted too, with `older` the
        earlier versions of each after it."""
        for place in self.places():
            if place.status & (Status.GONE | Status.ABSENT) or not place.offset:
                continue
            if place.status & Status.DELETED and not deleted:
                continue
            yield from self._versions(place, older)

    def _versions(self, place: Place, older: bool) -> Iterator[Record | Broken]:
        offset, seen = place.offset, 0
        while offset and seen < MOST_VERSIONS:
            seen += 1
            try:
                record, offset = self._patiently(offset, place)
            except _Torn as error:
                yield Broken(f"{self.name}, MFN {place.mfn}", error.sentence)
                return
            yield record
            if not older:
                return

    def _patiently(self, offset: int, place: Place) -> tuple[Record, int]:
        try:
            return self._read(offset, place)
        except _Torn:
            if time.monotonic() - self._waited < SELDOM:  # so many are damage, and no writing
                raise
            time.sleep(AGAIN)
            self._waited = time.monotonic()
            return self._read(offset, place)

    def _read(self, offset: int, place: Place) -> tuple[Record, int]:
        """The record at an offset, and where its earlier version lies."""
        leader = b""
        with suppress(OSError, OverflowError, ValueError):  # an offset that no file system knows
            self._master.seek(offset)
            leader = self._master.read(_LEADER.size)
        if len(leader) < _LEADER.size:
            raise _Torn(Message("The record lies behind the end of the file."))
        mfn, length, low, high, base, count, version, status = _LEADER.unpack(leader)
        if mfn != place.mfn:
            raise _Torn(Message("Another record lies in its place: MFN %(mfn)s.", mfn=mfn))
        if not _LEADER.size + count * _FIELD.size <= base <= length <= LONGEST:
            raise _Torn(Message("Its lengths do not fit together."))
        body = self._master.read(length - _LEADER.size)
        if len(body) < length - _LEADER.size:
            raise _Torn(Message("The record is cut off at the end of the file."))
        fields = tuple(_fields(body, count, base - _LEADER.size))
        found = Record(
            fields,
            mfn=mfn,
            status=Status(status & 127) | place.status,
            version=version,
            place=f"{self.name}, MFN {mfn}",
        )
        return found, low | high << 32


def _fields(body: bytes, count: int, base: int) -> Iterator[Field]:
    for at in range(count):
        tag, position, length = _FIELD.unpack_from(body, at * _FIELD.size)
        text = body[base + position : base + position + length]
        if len(text) < length:
            raise _Torn(Message("Field %(tag)s is longer than the record.", tag=tag))
        try:
            yield Field(tag, text.decode("utf-8"))
        except UnicodeDecodeError as error:
            said = Message(
                "Field %(tag)s is not %(encoding)s (byte %(at)s).",
                tag=tag,
                encoding="UTF-8",
                at=error.start + 1,
            )
            raise _Torn(said) from error


def open_database(path: Path) -> Database:
    """The database of a folder, or of the .mst or .xrf that is named. Raises NotFound, or Invalid
    where a folder has several."""
    master = _master(path)
    places = _sibling(master, ".xrf")
    return Database(master.open("rb"), places.open("rb"), master.name)


def _master(path: Path) -> Path:
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.suffix.lower() == ".mst")
        if not found:
            raise NotFound("There is no .mst file in %(folder)s.", folder=path)
        if len(found) > 1:
            names = ", ".join(one.name for one in found)
            raise Invalid("Say which database is meant: %(names)s.", names=names)
        return found[0]
    return path if path.suffix.lower() == ".mst" else _sibling(path, ".mst")


def _sibling(path: Path, ending: str) -> Path:
    """The file beside it with another ending, in capitals or not."""
    wanted = f"{path.stem}{ending}".casefold()
    for one in path.parent.iterdir() if path.parent.is_dir() else ():
        if one.name.casefold() == wanted and one.is_file():
            return one
    raise NotFound("There is no %(name)s beside it.", name=f"{path.stem}{ending}")
