"""IRBIS64's server protocol: the bytes of requests and answers. One request a connection.

A request is its length in decimal, then lines: command, workstation, command again, client's
number, the request's number, password, user, three empty lines, parameters. Lines end in LF, and
the header is cp1251; records and searches are UTF-8. An answer is lines that end in CR LF or LF:
command, client's number, request's number, length, then version and five reserved lines, or these
the other way round; then mostly a return code, then data.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.irbis.records import Field, Record, Status

CATALOGUER = "C"
HEADER = 10  # lines
LINES = "\x1f\x1e"  # between the lines of a record that is sent
REGISTER, UNREGISTER = "A", "B"
READ, WRITE, UNLOCK = "C", "D", "Q"
SEARCH, TERMS, LAST, NOTHING = "K", "H", "O", "N"
VERSION, STATE = "1", "2"


class Cut(ValueError):
    """An answer that is not whole."""


class Answer(NamedTuple):
    """A whole answer: what its header says, and the lines after that."""

    command: str
    client: str
    number: str
    version: str
    lines: tuple[bytes, ...]

    @property
    def code(self) -> int:
        """The return code: the first line. Raises Cut where there is none."""
        first = self.lines[0].strip() if self.lines else b""
        if not re.fullmatch(rb"-?\d+", first):
            raise Cut("The answer has no return code.")
        return int(first)

    @property
    def data(self) -> tuple[str, ...]:
        """The lines after the return code, as UTF-8; what is not is read as cp1251."""
        return tuple(map(text, self.lines[1:]))


def text(line: bytes) -> str:
    """A line of an answer."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1251", "replace")


def request(
    command: str,
    parameters: Sequence[str] = (),
    *,
    client: int,
    number: int,
    user: str = "",
    password: str = "",
    workstation: str = CATALOGUER,
) -> bytes:
    """The bytes of a request."""
    head = (command, workstation, command, f"{client:06}", str(number), password, user, "", "", "")
    lines = [one.encode("cp1251", "replace") for one in head]
    encoding = "cp1251" if command in (REGISTER, UNREGISTER) else "utf-8"
    body = b"\n".join([*lines, *(one.encode(encoding, "replace") for one in parameters)])
    return str(len(body)).encode("ascii") + b"\n" + body


def answer(data: bytes) -> Answer:
    """What a server has sent until it closed the connection; raises Cut."""
    lines = [one.removesuffix(b"\r") for one in data.split(b"\n")]
    if lines and not lines[-1]:
        lines.pop()
    if len(lines) < HEADER:
        raise Cut("The answer ends within its header.")
    announced = lines[3].strip()
    # Servers differ in what they count; none of them announces more than all that it sends.
    if announced.isdigit() and int(announced) > len(data):
        raise Cut(f"The answer has {len(data)} bytes of {int(announced)}.")
    command, client, number = (text(one) for one in lines[:3])
    version = next((text(one) for one in (lines[4], lines[9]) if one.strip()), "")
    return Answer(command, client, number, version, tuple(lines[HEADER:]))


def written(record: Record) -> str:
    """A record as it is sent: its number and status, its version, a line a field."""
    head = [f"{record.mfn}#{int(record.status)}", f"0#{record.version}"]
    return LINES.join([*head, *(f"{one.tag}#{one.text}" for one in record.fields)])


def record(lines: Sequence[str], *, place: str = "") -> Record:
    """A record from its lines; raises Cut where they are none."""
    parts = [part for line in lines for part in line.split(LINES)]
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) < 2:
        raise Cut("The record ends within its head.")
    mfn, status = _pair(parts[0])
    _zero, version = _pair(parts[1])
    fields = tuple(_field(one) for one in parts[2:] if one)
    known = Status(int(status) & 127) if status.isdigit() else Status(0)
    return Record(
        fields,
        mfn=_number(mfn),
        status=known,
        version=_number(version),
        place=place or f"MFN {mfn}",
    )


def _pair(line: str) -> tuple[str, str]:
    first, mark, second = line.partition("#")
    if not mark:
        raise Cut(f"“{line[:40]}” is no head of a record.")
    return first.strip(), second.strip()


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise Cut(f"“{digits[:40]}” is no number.")
    return int(digits)


def _field(line: str) -> Field:
    tag, mark, said = line.partition("#")
    if not mark or not (tag.isascii() and tag.isdigit()):
        raise Cut(f"“{line[:40]}” is no field.")
    return Field(int(tag), said)
