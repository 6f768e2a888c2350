"""The store: works as objects in versions, kept so that the archive can be rebuilt from them alone.

A URL names a store (`file:///srv/archive/store`). Its scheme is an entry point of the group
`open_archive.stores`: a class whose `connect(address, staging)` gives a `Store`, the address being
what follows `://`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import BinaryIO, Protocol

from repository.errors import ConfigurationError

GROUP = "open_archive.stores"


@dataclass(frozen=True)
class Entry:
    """A file of a version: its digest, and where its bytes lie."""

    sha512: str
    path: Path

    @property
    def size(self) -> int:
        """The size in bytes, as the disk has it."""
        return self.path.stat().st_size


@dataclass(frozen=True)
class StoredVersion:
    """What an object says of one of its versions."""

    number: int
    created: datetime
    message: str
    name: str
    address: str | None


@dataclass(frozen=True)
class Damage:
    """What is wrong, and where: a place below the store's root."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class Staged(Protocol):
    """A version in the making. Nothing of it can be seen in the store before `commit`."""

    version: int  # the number that it will have

    def write(self, path: str, data: bytes) -> None:
        """Puts a small file into the version."""

    def add(self, path: str, source: Path, *, sha512: str) -> None:
        """Puts the bytes of `source` into the version; Damaged unless they have that digest."""

    def keep(self, path: str) -> None:
        """Carries a file over from the version before, unchanged."""

    def prepare(self, *, message: str, name: str, address: str | None, created: datetime) -> None:
        """Ends the slow part: everything is on the disk but for its place."""

    def commit(self) -> int:
        """Puts the version in its place by renames alone; its number.

        Raises Conflict when another version has been committed since this one was begun.
        """

    def undo(self) -> None:
        """Takes the committed version back, because the database refused what belongs to it."""


class Store(Protocol):
    """What every store can do."""

    def stage(self, object_id: str) -> AbstractContextManager[Staged]:
        """The next version of an object, for the length of the block.

        Leave the block well only after the database has committed: that settles the version.
        A block that fails before `commit` leaves nothing; one that fails after it (or a process
        that dies) leaves the version and names the object among the `unsettled`.
        """

    def open(self, object_id: str, path: str, version: int | None = None) -> BinaryIO:
        """The bytes of a file, of the newest version unless one is given."""

    def path(self, object_id: str, path: str, version: int | None = None) -> Path:
        """Where the bytes of a file lie, for a server that sends them by itself."""

    def read(self, object_id: str, path: str, version: int | None = None) -> bytes:
        """A small file whole, compared with its digest: Damaged when it differs."""

    def head(self, object_id: str) -> int:
        """The number of the newest version; 0 when there is no such object."""

    def versions(self, object_id: str) -> tuple[StoredVersion, ...]:
        """What the object says of its versions, oldest first."""

    def contents(self, object_id: str, version: int | None = None) -> dict[str, Entry]:
        """The files of a version by their logical path."""

    def object_ids(self) -> Iterator[str]:
        """All objects, in the order of the disk."""

    def verify(self, object_id: str) -> list[Damage]:
        """Everything that is wrong with an object: empty when it is whole."""

    def verify_all(self) -> Iterator[tuple[str, list[Damage]]]:
        """Each object (or place, where no object is known) with what is wrong with it."""

    def recover(self, object_ids: Iterable[str] | None = None) -> list[str]:
        """Completes what a crash cut off and clears what it left; a sentence for each deed.

        Looks at the unsettled objects; after a restored backup give `object_ids()`.
        """

    def unsettled(self) -> list[str]:
        """Objects whose last commit the database may not know, its process being dead."""

    def settle(self, object_id: str) -> None:
        """The database and the store agree again on this object."""

    def status(self) -> tuple[bool, str]:
        """Whether the store can take new versions, with a sentence."""


def open_store(url: str, *, staging: Path) -> Store:
    """The store that a URL names; `staging` is where uploads wait for it."""
    scheme, _, address = url.partition("://")
    for found in entry_points(group=GROUP, name=scheme):
        return found.load().connect(address, staging)
    known = ", ".join(sorted({one.name for one in entry_points(group=GROUP)}))
    raise ConfigurationError(
        "There is no store for %(url)s; known are: %(known)s.", url=url, known=known
    )
