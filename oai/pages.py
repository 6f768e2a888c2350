"""Pages of lists, kept as bytes while the feed stays as it is; and answers put together from them.

Harvesters often come one after another and take the same pages. What a page holds depends on the
query and on the newest datestamp alone, as long as the query takes in all datestamps up to that
one: so that is what pages are kept by, and a new datestamp drops them all.
"""

import threading
import zlib
from collections.abc import Hashable
from functools import cached_property
from typing import NamedTuple

from oai import checksums, streams
from oai.streams import Part
from oai.tokens import Mark, Resumption
from repository.settings import Settings

CAPACITY = 64 * 2**20  # bytes, where the settings say nothing
# What a page takes beside its records, with the answer that stands ready, to a good guess.
AROUND = 6 * 2**10


class Page:
    """The records of a page, side by side, and where the next one begins.

    They are plain or a part of a stream, as they were asked for. `total` is the size of the whole
    list, counted once for its first page; `kept` says that it lies among `Pages`.
    """

    def __init__(
        self,
        inside: bytes | Part,
        last: Mark,
        count: int,
        more: bool,
        total: int = 0,
    ) -> None:
        self._inside, self.last, self.count, self.more = inside, last, count, more
        self.total = total
        self.kept = False

    @property
    def inside(self) -> bytes:
        """The records as they are."""
        return self._inside.plain if isinstance(self._inside, Part) else self._inside

    @cached_property
    def part(self) -> Part:
        """The records compressed."""
        return self._inside if isinstance(self._inside, Part) else streams.part(self._inside)

    @property
    def size(self) -> int:
        """The bytes that it takes, to a good guess."""
        if isinstance(self._inside, Part):
            return len(self._inside.deflated) + AROUND
        return len(self._inside) * 9 // 8 + AROUND


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
        whole = streams.joined([streams.part(self.opening), *self.behind()])
        return streams.HEAD + whole.deflated + streams.ending(whole.crc, whole.length)

    def behind(self) -> list[Part]:
        """All that comes after the opening, compressed."""
        inside = [self.page.part] if self.page else []
        return [*inside, streams.part(self.closing)]


class Ready:
    """An answer that is given again, with another date, to those who ask the same.

    `pairs` are what they ask; it holds as long as the `settings` are these.
    """

    def __init__(
        self, answer: Answer, date: str, pairs: list[tuple[str, str]], settings: Settings
    ) -> None:
        before, _, after = answer.opening.partition(date.encode())
        self.before, self.after, self.answer = before, after, answer
        self.pairs, self.settings = pairs, settings

    @cached_property
    def packed(self) -> "Packed":
        """All but the date, compressed."""
        before, after = streams.part(self.before), streams.part(self.after)
        whole = streams.joined([after, *self.answer.behind()])
        page = self.answer.page.part.deflated if self.answer.page else b""
        return Packed(
            before=streams.HEAD + before.deflated,
            crc=before.crc,
            # The records lie in the page already; so they are not kept here again.
            behind=(
                after.deflated,
                page,
                whole.deflated[len(after.deflated) + len(page) :],
            ),
            behind_crc=whole.crc,
            power=whole.power,
            length=before.length + whole.length,
        )


class Packed(NamedTuple):
    """What comes before a date in a stream and what comes behind it, with their checksums."""

    before: bytes
    crc: int
    behind: tuple[bytes, ...]
    behind_crc: int
    power: int
    length: int


class Dated(NamedTuple):
    """An answer that stood ready, with its date."""

    ready: Ready
    date: bytes

    @property
    def body(self) -> bytes:
        """The whole."""
        ready, answer = self.ready, self.ready.answer
        inside = answer.page.inside if answer.page else b""
        return b"".join((ready.before, self.date, ready.after, inside, answer.closing))

    def gzip(self) -> bytes:
        """The whole, compressed; only the date is looked at."""
        packed = self.ready.packed
        crc = zlib.crc32(self.date, packed.crc)
        crc = checksums.joined(crc, packed.behind_crc, packed.power)
        date, end = streams.stored(self.date), streams.ending(crc, packed.length + len(self.date))
        return b"".join((packed.before, date, *packed.behind, end))


class Pages:
    """The pages that are kept, at most `capacity` bytes of them; safe between threads.

    When there is no more room the pages that came first stay: whoever takes a list that is longer
    would else find that each page has just made room for another.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
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
            room = self._size + page.size <= self.capacity
            if newest == self._newest and key not in self._kept and room:
                self._kept[key] = page
                page.kept = True
                self._size += page.size

    def ready(self, newest: int, asked: Hashable) -> Ready | None:
        """What was answered before to those who asked that."""
        with self._lock:
            self._forget_older(newest)
            return self._ready.get(asked) if newest == self._newest else None

    def prepare(self, newest: int, asked: Hashable, ready: Ready) -> None:
        """Keeps an answer that differs by its date alone when it is asked for again.

        Only answers with a page that is kept, so that there are never more of them than of those.
        """
        page = ready.answer.page
        with self._lock:
            if newest == self._newest and page is not None and page.kept:
                self._ready[asked] = ready

    def _forget_older(self, newest: int) -> None:
        if newest > self._newest:
            self._newest = newest
            self._kept.clear()
            self._ready.clear()
            self._size = 0
