"""Pages of lists, kept as bytes while the feed stays as it is; and answers put together from them.

Harvesters often come one after another and take the same pages. What a page holds depends on the
query and on the newest datestamp alone, as long as the query takes in all datestamps up to that
one: so that is what pages are kept by, and a new datestamp drops them all.
"""

import struct
import threading
import zlib
from collections.abc import Hashable
from functools import cached_property
from typing import NamedTuple

from oai import checksums
from oai.tokens import Mark, Resumption

CAPACITY = 64 * 2**20  # bytes
LEVEL = 5
# RFC 1952: the head of a gzip member without name and time.
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


class Page:
    """The records of a page, side by side, and where the next one begins.

    `total` is the size of the whole list, counted once for its first page; `kept` says that it lies
    among `Pages`.
    """

    def __init__(self, inside: bytes, last: Mark, count: int, more: bool, total: int = 0) -> None:
        self.inside, self.last, self.count, self.more = inside, last, count, more
        self.total = total
        self.kept = False

    @cached_property
    def deflated(self) -> bytes:
        """The records compressed, as a part of a longer stream."""
        return _deflate(self.inside, zlib.Z_FULL_FLUSH)

    @cached_property
    def check(self) -> tuple[int, checksums.Matrix]:
        """The CRC of the records, and what they do to the CRC of what stands before them."""
        return zlib.crc32(self.inside), checksums.shift(len(self.inside))

    @property
    def size(self) -> int:
        """The bytes that both forms take, to a good guess."""
        return len(self.inside) * 9 // 8


class Pages:
    """The pages that are kept, at most CAPACITY bytes of them; safe between threads.

    When there is no more room the pages that came first stay: whoever takes a list that is longer
    would else find that each page has just made room for another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0
        self._kept: dict[Hashable, Page] = {}
        self._ready: dict[Hashable, Ready] = {}
        self._size = 0

    def find(self, newest: int, key: Hashable) -> Page | None:
        """The page of that key, if it was kept since the datestamp `newest` was given."""
        with self._lock:
            self._forget_older(newest)
            return self._kept.get(key) if newest == self._newest else None

    def keep(self, newest: int, key: Hashable, page: Page) -> None:
        """Keeps a page that was made while `newest` was the newest datestamp, if it has room."""
        with self._lock:
            self._forget_older(newest)
            room = self._size + page.size <= CAPACITY
            if newest == self._newest and key not in self._kept and room:
                self._kept[key] = page
                page.kept = True
                self._size += page.size

    def ready(self, newest: int, asked: Hashable, date: str) -> "Answer | None":
        """The answer to a request that was answered before, with another date."""
        with self._lock:
            self._forget_older(newest)
            found = self._ready.get(asked) if newest == self._newest else None
        return found.dated(date) if found else None

    def prepare(self, newest: int, asked: Hashable, answer: "Answer", date: str) -> None:
        """Keeps an answer that differs by its date alone when it is asked for again.

        Only answers with a page that is kept, so that there are never more of them than of those.
        """
        before, _, after = answer.opening.partition(date.encode())
        with self._lock:
            if newest == self._newest and answer.page is not None and answer.page.kept:
                self._ready[asked] = Ready(before, after, answer)

    def _forget_older(self, newest: int) -> None:
        if newest > self._newest:
            self._newest = newest
            self._kept.clear()
            self._ready.clear()
            self._size = 0


class Answer(NamedTuple):
    """An answer in parts: what comes before the records, the records, what comes after.

    `tag` names the content apart from its date; "" when it has no name. `listed` is where a page of
    a list began, `error` the protocol's code of an answer that is no result: for the harvest log.
    """

    opening: bytes
    page: Page | None = None
    closing: bytes = b""
    tag: str = ""
    listed: Resumption | None = None
    error: str = ""

    @property
    def body(self) -> bytes:
        """The whole."""
        return b"".join((self.opening, self.page.inside if self.page else b"", self.closing))

    def gzip(self) -> bytes:
        """The whole, compressed: the records once for all who take this page."""
        deflated, inside = (self.page.deflated, self.page.inside) if self.page else (b"", b"")
        check = zlib.crc32(self.opening)
        if self.page:
            check = checksums.joined(check, *self.page.check)
        check = zlib.crc32(self.closing, check)
        length = len(self.opening) + len(inside) + len(self.closing)
        return b"".join(
            (
                _HEAD,
                _deflate(self.opening, zlib.Z_FULL_FLUSH),
                deflated,
                _deflate(self.closing, zlib.Z_FINISH),
                struct.pack("<II", check, length & 0xFFFFFFFF),
            )
        )


class Ready(NamedTuple):
    """An answer, and what stands before and after the date in its opening."""

    before: bytes
    after: bytes
    answer: Answer

    def dated(self, date: str) -> Answer:
        """The answer with that date."""
        return self.answer._replace(opening=b"".join((self.before, date.encode(), self.after)))


def _deflate(plain: bytes, end: int) -> bytes:
    # Ended by a flush, such parts can stand side by side in one stream.
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush(end)
