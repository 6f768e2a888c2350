"""Files that EPrints puts into its XML: taken out of it, so that records stay small.

A copy of the XML is made in which each file is only named by where it stands in the original; it
is decoded when its record is read, and not before.
"""

import binascii
import hashlib
import mmap
import re
from pathlib import Path
from typing import BinaryIO

from repository.errors import Invalid, TooLarge
from repository.store import disk

BLOCK = 2**20
LARGEST = 2**32
_BEGIN = re.compile(rb"<(?:\w+:)?data\b[^>]{0,200}>")
_END = re.compile(rb"</(?:\w+:)?data\s*>")
_BLANK = b" \t\r\n"


def taken_out(source: Path, target: Path) -> None:
    """Writes the XML without the bytes of files: `<data at="…" size="…"/>` stands for each."""
    with disk.room(), source.open("rb") as file, target.open("wb") as out:
        if not source.stat().st_size:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            done = 0
            while begin := _BEGIN.search(data, done):
                end = _END.search(data, begin.end())
                if end is None:
                    break
                _copy(data, out, done, begin.start())
                size = end.start() - begin.end()
                out.write(b'<data at="%d" size="%d"/>' % (begin.end(), size))
                done = end.end()
            _copy(data, out, done, len(data))


def _copy(data: mmap.mmap, out: BinaryIO, first: int, last: int) -> None:
    for at in range(first, last, BLOCK):
        out.write(data[at : min(at + BLOCK, last)])


def decode(source: Path, at: int, size: int, target: Path, md5: str = "") -> None:
    """Writes a file that stands in the XML as base64. Raises Invalid where it is damaged."""
    if size > LARGEST:
        raise TooLarge("It is larger than %(limit)s MB.", limit=LARGEST >> 20)
    digest, rest = hashlib.md5(usedforsecurity=False), b""
    with disk.room(), source.open("rb") as file, target.open("wb") as out:
        file.seek(at)
        while size > 0:
            block = file.read(min(BLOCK, size))
            if not block:
                break
            size -= len(block)
            rest += block.translate(None, _BLANK)
            whole = len(rest) - len(rest) % 4
            try:
                found = binascii.a2b_base64(rest[:whole], strict_mode=True) if whole else b""
            except binascii.Error as error:
                raise Invalid("It is no base64. Export it again.") from error
            rest = rest[whole:]
            digest.update(found)
            out.write(found)
    if rest or (md5 and digest.hexdigest() != md5.lower()):
        raise Invalid("It is damaged: its sum differs. Export it again.")
