"""Verifying: every byte of an object compared with what it should be.

Whatever goes wrong on the way is damage too, whichever exception it is: broken bytes must not end
the search for more of them.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from repository.errors import Damaged
from repository.store import Damage, disk, inventory
from repository.store.inventory import NAME, SIDECAR, Inventory
from repository.store.layout import EXTENSIONS, OBJECT_MARKER, Layout


class Examination:
    """What is found wrong with one object's folder."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root, self.home = root, home
        self.damages: list[Damage] = []
        self.inventory: Inventory | None = None

    def structure(self, object_id: str | None) -> None:
        """Looks at markers, inventories and names; quick, whatever the size of the files."""
        self._try(self.home, self._marker)
        self._try(self.home / NAME, self._root_inventory, object_id)
        if self.inventory is None:  # the newest version has a copy, which helps to find more
            self._try(self.home, self._copy)
        self._try(self.home, self._versions)
        if found := self.inventory:
            for number in range(1, found.head + 1):
                self._try(self.home / f"v{number}", self._version, found, number)

    def content(self) -> None:
        """Reads every file of content."""
        found = self.inventory
        if found is None:
            return
        for digest, places in found.manifest.items():
            for place in places:
                self._try(self.home / place, self._file, self.home / place, digest)

    def _try(self, place: Path, look: Callable[..., None], *arguments: object) -> None:
        try:
            look(*arguments)
        except FileNotFoundError as error:
            self._say(Path(error.filename or place), "missing")
        except OSError as error:
            self._say(Path(error.filename or place), f"cannot be read: {error.strerror}")
        except Exception as error:  # any exception is damage, see above
            self._say(place, f"cannot be checked: {error!r}")

    def _say(self, place: Path, problem: str) -> None:
        name = os.fsencode(place.relative_to(self.root)).decode(errors="backslashreplace")
        if (damage := Damage(name, problem)) not in self.damages:
            self.damages.append(damage)

    def _marker(self) -> None:
        path = self.home / OBJECT_MARKER
        if path.read_bytes() != f"{OBJECT_MARKER[2:]}\n".encode():
            self._say(path, "the object's marker has other bytes")

    def _versions(self) -> None:
        newest = inventory.newest(self.home)
        head = self.inventory.head if self.inventory else newest
        versions = {f"v{number}" for number in range(1, head + 1)}
        if newest > head:
            versions.add(f"v{newest}")
            self._say(self.home / f"v{newest}", "newer than the inventory: its commit was cut off")
        self._names(self.home, versions | {OBJECT_MARKER, NAME, SIDECAR})

    def _root_inventory(self, object_id: str | None) -> None:
        found = self._load(self.home)
        if found and object_id is not None and found.id != object_id:
            self._say(self.home / NAME, f"is the inventory of {found.id}")
        self.inventory = found

    def _copy(self) -> None:
        with suppress(OSError, ValueError):  # which are found when that version is looked at
            self.inventory = inventory.load(self.home / f"v{inventory.newest(self.home)}")

    def _load(self, folder: Path) -> Inventory | None:
        data = (folder / NAME).read_bytes()
        if (folder / SIDECAR).read_bytes() != inventory.sidecar(data):
            self._say(folder / NAME, f"this and {SIDECAR} do not belong together")
            return None
        try:
            return inventory.parse(data)
        except ValueError as error:
            self._say(folder / NAME, f"is no inventory of ours: {error}")
            return None

    def _version(self, found: Inventory, number: int) -> None:
        folder = self.home / f"v{number}"
        places = {
            place
            for group in found.manifest.values()
            for place in group
            if place.startswith(f"v{number}/")
        }
        self._names(folder, {NAME, SIDECAR} | ({"content"} if places else set()))
        if places:
            self._strays(folder / "content", places)
        own = self._load(folder)
        if own is not None and not _precedes(own, found, number):
            self._say(folder / NAME, "says other things than the object's inventory")

    def _names(self, folder: Path, expected: set[str]) -> None:
        names = {child.name for child in folder.iterdir()}
        for name in sorted(names - expected):
            self._say(folder / name, "does not belong here")
        for name in sorted(expected - names):
            self._say(folder / name, "missing")

    def _strays(self, content: Path, places: set[str]) -> None:
        for child in content.rglob("*"):
            if child.is_dir() and not child.is_symlink():
                if not any(child.iterdir()):
                    self._say(child, "an empty folder")
            elif str(child.relative_to(self.home)) not in places:
                self._say(child, "does not belong here")

    def _file(self, path: Path, digest: str) -> None:
        if path.is_symlink():
            self._say(path, "is a link")
        elif disk.digest_of(path) != digest:
            self._say(path, "the content has changed")


def _precedes(own: Inventory, later: Inventory, number: int) -> bool:
    """Whether `own` is what `later` was at version `number`."""
    if number == later.head:
        return own.data == later.data
    known = {
        digest: kept
        for digest, places in later.manifest.items()
        if (kept := tuple(p for p in places if int(p[1 : p.index("/")]) <= number))
    }
    return (own.id, own.manifest, own.versions, own.states) == (
        later.id,
        known,
        later.versions[:number],
        later.states[:number],
    )


def homes(root: Path, layout: Layout) -> Iterator[tuple[str, ...]]:
    """The names of the folders down to each object, and to whatever lies where objects lie."""
    for child in sorted(root.iterdir()):
        # Files beside the declarations are allowed, to document the root.
        if child.name != EXTENSIONS and child.is_dir():
            yield from _below(child, (child.name,), layout)


def _below(folder: Path, parts: tuple[str, ...], layout: Layout) -> Iterator[tuple[str, ...]]:
    leaf = len(parts) > layout.count or folder.is_symlink() or not folder.is_dir()
    children = [] if leaf else sorted(folder.iterdir())
    for child in children:
        yield from _below(child, (*parts, child.name), layout)
    if not children:
        yield parts


def identify(root: Path, parts: tuple[str, ...], layout: Layout) -> str | None:
    """The object of a folder, by its name or else its inventory; None when neither says."""
    named = layout.object_id(parts) if len(parts) == layout.count + 1 else None
    if named is not None:
        return named
    try:
        said = inventory.current(root.joinpath(*parts)).id
    except (Damaged, OSError):
        return None
    return said if layout.parts(said) == parts else None
