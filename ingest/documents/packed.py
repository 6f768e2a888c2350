"""ZIP files in which others keep documents: opened part by part, and never more than fits."""

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from repository import xml
from repository.errors import Invalid, TooLarge

ENTRIES = 10_000
PART = 64 * 2**20  # bytes of one part, unpacked
WHOLE = 256 * 2**20


class Locked(Exception):
    """It opens only with a password."""


class Pack:
    """An open ZIP. What it says of the size of its parts is not believed: bytes are counted."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._left = WHOLE
        self.names = frozenset(file.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises TooLarge, KeyError, or Locked."""
        info = self._file.getinfo(name)
        if info.flag_bits & 1:
            raise Locked
        most = min(PART, self._left)
        with self._file.open(info) as part:
            data = part.read(most + 1)
        if len(data) > most:
            raise TooLarge("The document is too large to be read.")
        self._left -= len(data)
        return data

    def parse(self, name: str) -> etree._Element:
        """A part that is XML."""
        return xml.parse(self.read(name), limit=PART)


@contextmanager
def opened(path: Path) -> Iterator[Pack]:
    """The ZIP at `path`."""
    try:
        file = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Invalid("It is no ZIP.") from error
    with file:
        if len(file.infolist()) > ENTRIES:
            raise TooLarge("The document has too many parts.")
        yield Pack(file)


def beside(base: str, reference: str) -> str:
    """The name of the part to which a part called `base` refers."""
    bare = unquote(reference.partition("#")[0])
    if bare.startswith("/"):
        return posixpath.normpath(bare).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), bare))
