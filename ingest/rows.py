"""What an importer gives: rows, in the order of the source.

An importer is a module, found through the entry point group `open_archive.importers`, with
`read(source)`, which yields rows and never raises for one bad row, and `count(source)`, about how
many there will be. It may have `OPTIONS`, the keywords that `read` takes besides, each with its
choices, and `recognises(source)`, whether a file looks like one of its own. The first line of its
docstring tells people what it reads.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from repository.errors import Damaged
from schemas.vocabulary import Access, Copying, CopyrightBasis, State


@dataclass(frozen=True)
class RowFile:
    """A file that belongs to a row. `sha512`, when the source states it, is compared.

    `part` is the name of the file within the ZIP at `path`, where it lies in one.
    """

    path: Path
    name: str
    access: Access = Access.OPEN
    embargo_until: date | None = None
    embargo_reason: str | None = None
    lease_until: date | None = None
    copying: Copying = Copying.ALLOWED
    sha512: str | None = None
    part: str = ""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes."""
        if not self.part:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.path) as pack, pack.open(self.part) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
            raise Damaged(
                "“%(name)s” is damaged in its ZIP. Send it again.", name=self.name
            ) from error

    @property
    def size(self) -> int:
        """How many bytes it says to have."""
        if not self.part:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as pack:
            return pack.getinfo(self.part).file_size


@dataclass(frozen=True)
class Past:
    """What the work was in the archive from which it comes: all of it is kept where it can be."""

    uuid: str | None = None
    number: int | None = None
    version: int = 0
    published: datetime | None = None
    submitted: datetime | None = None
    withdrawal: dict[str, Any] | None = None
    agreement: dict[str, Any] | None = None
    copyright_basis: str = CopyrightBasis.UNKNOWN
    rights_note: str = ""
    origins: tuple[dict[str, Any], ...] = ()  # as `schemas.exchange.OriginLine` has them


@dataclass(frozen=True)
class Kept:
    """The record as its source had it, in text: it stays with the work, unknown parts and all.

    `format` is the name of what reads it again.
    """

    format: str
    text: str


@dataclass(frozen=True)
class Holding:
    """A copy on the library's shelves, as its catalogue has it; all in the catalogue's words."""

    inventory: str = ""
    status: str = ""
    place: str = ""
    day: date | None = None
    price: str = ""
    book: str = ""  # the record of the summary book: 2018/45


@dataclass(frozen=True)
class Link:
    """A file that a record points to: an `address` on the web, or the `name` of a file."""

    address: str = ""
    name: str = ""
    label: str = ""


@dataclass(frozen=True)
class Row:
    """One work of the source, as schemas.work wants it, or the `problem` that keeps it out.

    `place` tells a person where the row stands ("works.jsonl, line 7"); `key` tells a second
    run that it has been here. A `state` of None leaves it to whoever runs the import. `remarks`
    say what was guessed or left out, a sentence each; `unplaced` names the parts of the record
    that the description has no place for ("463^w"): they are in `kept` alone. `gone` says that
    the source has deleted it.
    """

    place: str
    key: str
    document: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    files: tuple[RowFile, ...] = ()
    collections: tuple[str, ...] = ()
    state: State | None = None
    past: Past = Past()
    kept: Kept | None = None
    remarks: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    gone: bool = False
    holdings: tuple[Holding, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Gathering:
    """A collection that the source describes; it comes before the works that lie in it."""

    place: str
    slug: str
    parent: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    position: int = 0


class Importer(Protocol):
    """What an importer's module has."""

    def read(self, source: Path) -> Iterator[Row | Gathering]:
        """The rows of the source."""

    def count(self, source: Path) -> int:
        """About how many rows there are, for the progress bar."""
