"""Text of files that say nothing of their encoding: read piece by piece."""

import re
from pathlib import Path

from ingest.irbis import encodings
from schemas.messages import Message

# As JabRef writes it above the entries.
_DECLARED = re.compile(rb"(?i)%\s*encoding:\s*(?:windows-|cp)(1251|866)")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


DAMAGED = _("Byte %(byte)s of it is not %(encoding)s. Save the file as UTF-8.")
GUESSED = _("It is not in UTF-8. It was read as %(encoding)s.")
OPTIONS = {"encoding": encodings.KNOWN}


class Unreadable(ValueError):
    """Bytes that are no text; the first argument is a Message."""


def guess(path: Path) -> str:
    """The encoding that a file seems to be in, where it is not UTF-8."""
    with path.open("rb") as file:
        sample = file.read(encodings.SAMPLE)
    declared = _DECLARED.search(sample[:4096])
    return f"cp{declared[1].decode()}" if declared else encodings.of(sample)


def read(data: bytes, *, told: str = "", guessed: str = "utf-8") -> tuple[str, tuple[str, ...]]:
    """A piece of a file as text, and what is to be remarked of it. Raises Unreadable."""
    if told and told != "utf-8":
        return _decoded(data, told), ()
    try:
        return data.decode("utf-8").removeprefix("\ufeff"), ()
    except UnicodeDecodeError as error:
        if told or _is_mostly_utf8(data):
            raise _unreadable(error) from error
    encoding = encodings.of(data) if guessed == "utf-8" else guessed
    return _decoded(data, encoding), (Message(GUESSED, encoding=encoding),)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(error) from error


def _unreadable(error: UnicodeDecodeError) -> Unreadable:
    return Unreadable(Message(DAMAGED, byte=error.start + 1, encoding=error.encoding.upper()))


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether there are more letters of UTF-8 in it than bytes that are none."""
    known = data.decode("utf-8", "ignore")
    return sum(one > "\x7f" for one in known) > len(data) - len(known.encode())
