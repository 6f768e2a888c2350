"""The store on a local disk: an OCFL 1.1 storage root."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from repository.errors import ConfigurationError, Damaged, NotFound
from repository.store import Damage, Entry, Store, StoredVersion, disk, inventory, layout, verify
from repository.store.area import Area
from repository.store.inventory import Inventory
from repository.store.staged import FileStaged

AREA = "ocfl"  # our folder in the staging area, which we share with the uploads
KNOWN = f"{AREA}/known"  # says that there has been a store
RESERVE = 64 * 2**20  # bytes that must be free for the store to call itself well


class FileStore(Store):
    """Works as OCFL objects below `root`; uploads wait in `staging`, outside it."""

    def __init__(self, root: Path, staging: Path) -> None:
        self.root, self._uploads = root.resolve(), staging.resolve()
        if not (self.root / layout.ROOT_MARKER).is_file():
            raise ConfigurationError(
                "There is no file store in %(root)s. Is its disk mounted?", root=self.root
            )
        self._layout = layout.read(self.root)
        self._area = _area(self.root, self._uploads)

    @classmethod
    def create(cls, root: Path, staging: Path) -> Self:
        """The store in `root`, made if it is not there."""
        with disk.room():
            for folder in (root, staging / AREA):
                folder.mkdir(parents=True, exist_ok=True)
            area = _area(root.resolve(), staging.resolve())
            layout.declare(root.resolve(), area.folder / "declaration")
            (staging / KNOWN).touch()
        return cls(root, staging)

    @classmethod
    def connect(cls, address: str, staging: Path) -> Self:
        """The store in a folder, made at first use.

        Where one has been before, none is made: its disk is not mounted, or it has been lost.
        """
        known = (staging / KNOWN).exists()
        return (cls if known else cls.create)(Path(address), staging)

    @contextmanager
    def stage(self, object_id: str) -> Iterator[FileStaged]:
        """The next version of an object, for the length of the block."""
        parts = self._layout.parts(object_id)
        base = self._inventory(object_id) if self.head(object_id) else None
        with ExitStack() as stack:
            with disk.room():
                staged = FileStaged(
                    object_id,
                    root=self.root,
                    parts=parts,
                    stage=stack.enter_context(self._area.stage()),
                    area=self._area,
                    uploads=self._uploads,
                    base=base,
                )
            yield staged
            staged.settle()

    def open(self, object_id: str, path: str, version: int | None = None) -> BinaryIO:
        """The bytes of a file, of the newest version unless one is given."""
        return _open(self._entry(object_id, path, version))

    def path(self, object_id: str, path: str, version: int | None = None) -> Path:
        """Where the bytes of a file lie."""
        return self._entry(object_id, path, version).path

    def read(self, object_id: str, path: str, version: int | None = None) -> bytes:
        """A small file whole, compared with its digest."""
        entry = self._entry(object_id, path, version)
        with _open(entry) as file:
            data = file.read()
        if hashlib.sha512(data).hexdigest() != entry.sha512:
            raise Damaged("The bytes of %(path)s are not those that were kept.", path=path)
        return data

    def head(self, object_id: str) -> int:
        """The number of the newest version; 0 when there is no such object."""
        return self._inventory(object_id).head if self._home(object_id).is_dir() else 0

    def versions(self, object_id: str) -> tuple[StoredVersion, ...]:
        """What the object says of its versions, oldest first."""
        return self._inventory(object_id).versions

    def contents(self, object_id: str, version: int | None = None) -> dict[str, Entry]:
        """The files of a version by their logical path."""
        found = self._inventory(object_id)
        number = found.head if version is None else version
        if not 1 <= number <= found.head:
            raise NotFound(
                "There is no version %(number)s of %(object)s.", number=number, object=object_id
            )
        home = self._home(object_id)
        return {
            path: Entry(digest, home / found.manifest[digest][0])
            for path, digest in found.states[number - 1].items()
        }

    def object_ids(self) -> Iterator[str]:
        """All objects, in the order of the disk."""
        for parts in verify.homes(self.root, self._layout):
            object_id = verify.identify(self.root, parts, self._layout)
            if object_id is not None:
                yield object_id

    def verify(self, object_id: str) -> list[Damage]:
        """Everything that is wrong with an object."""
        return self._verify(self._layout.parts(object_id), object_id)

    def verify_all(self) -> Iterator[tuple[str, list[Damage]]]:
        """Each object, or place where no object is known, with what is wrong with it."""
        if damages := layout.check(self.root, self._layout):
            yield ".", damages
        for parts in verify.homes(self.root, self._layout):
            object_id = verify.identify(self.root, parts, self._layout)
            if object_id is None:
                place = "/".join(parts)
                yield place, [Damage(place, "not an object of ours"), *self._verify(parts, None)]
            else:
                yield object_id, self._verify(parts, object_id)

    def recover(self, object_ids: Iterable[str] | None = None) -> list[str]:
        """Completes what a crash cut off and clears what it left; a sentence for each deed."""
        intents = self._area.intents()
        told = [
            f"{intent.file}: this intent cannot be read; verify the store"
            for intent in intents
            if intent.object_id is None
        ]
        for object_id in self.unsettled() if object_ids is None else object_ids:
            with disk.room(), self._area.lock(object_id), self._area.lock_tree():
                home = self._home(object_id)
                if not home.exists():  # a version was being taken back
                    disk.prune(home.parent, self.root)
                elif self._roll_forward(home):
                    told.append(f"{object_id}: completed a version that a crash had cut off")
        if count := self._area.sweep():
            told.append(f"removed {count} unfinished versions")
        return told

    def unsettled(self) -> list[str]:
        """Objects whose last commit the database may not know, its process being dead."""
        known = {one.object_id for one in self._area.intents() if one.object_id is not None}
        return sorted(known)

    def settle(self, object_id: str) -> None:
        """The database and the store agree again on this object."""
        for intent in self._area.intents():
            if intent.object_id == object_id:
                intent.file.unlink(missing_ok=True)

    def status(self) -> tuple[bool, str]:
        """Whether the store can take new versions, with a sentence."""
        probe = self._area.folder / "probe"
        try:
            free = os.statvfs(self.root)
            layout.read(self.root)
            with disk.locked(probe):
                pass
        except (OSError, ConfigurationError) as error:
            return False, f"The file store cannot be used: {error}"
        left = free.f_bavail * free.f_frsize
        says = f"The file store is writable; {left / 2**30:.1f} GB are free."
        return (True, says) if left >= RESERVE else (False, f"The disk is almost full. {says}")

    def _home(self, object_id: str) -> Path:
        return self.root.joinpath(*self._layout.parts(object_id))

    def _inventory(self, object_id: str) -> Inventory:
        home = self._home(object_id)
        if not home.is_dir():
            raise NotFound("There is no %(object)s in the store.", object=object_id)
        found = inventory.current(home)
        if found.id != object_id:
            raise Damaged("The inventory in %(folder)s is another object's.", folder=home)
        return found

    def _entry(self, object_id: str, path: str, version: int | None) -> Entry:
        try:
            return self.contents(object_id, version)[path]
        except KeyError as error:
            raise NotFound(
                "There is no %(path)s in %(object)s.", path=path, object=object_id
            ) from error

    def _verify(self, parts: tuple[str, ...], object_id: str | None) -> list[Damage]:
        home = self.root.joinpath(*parts)
        if object_id is not None and not home.is_dir():
            return [Damage("/".join(parts), "missing")]
        if home.is_symlink() or not home.is_dir():
            return [Damage("/".join(parts), "not a folder")]
        found = verify.Examination(self.root, home)
        with self._area.lock(object_id or "/".join(parts)):  # a commit is not damage
            found.structure(object_id)
        found.content()
        return found.damages

    def _roll_forward(self, home: Path) -> bool:
        """Brings an object's inventory to its newest version; whether there was need."""
        newer = home / f"v{inventory.newest(home)}"
        try:
            found = inventory.load(newer)
        except (OSError, ValueError):
            return False
        data = {inventory.NAME: found.data, inventory.SIDECAR: inventory.sidecar(found.data)}
        stale = {name: text for name, text in data.items() if _read(home / name) != text}
        for name, text in stale.items():
            disk.replace(home / name, text, self._area.folder / "rolling")
        return bool(stale)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _open(entry: Entry) -> BinaryIO:
    try:
        return entry.path.open("rb")
    except OSError as error:
        raise Damaged("%(path)s cannot be read: %(error)s", path=entry.path, error=error) from error


def _area(root: Path, staging: Path) -> Area:
    """Where versions are made: with the uploads, or beside the root when that has another disk."""
    if root.is_relative_to(staging) or staging.is_relative_to(root):
        raise ConfigurationError("The file store and the staging area must lie side by side.")
    same = root.stat().st_dev == staging.stat().st_dev
    folder = staging / AREA if same else root.with_name(f"{root.name}.staging")
    if not same and root.stat().st_dev != root.parent.stat().st_dev:
        raise ConfigurationError(
            "%(root)s is a disk of its own; put the file store into a folder on it.", root=root
        )
    try:
        return Area(folder)
    except PermissionError as error:
        raise ConfigurationError(
            "The file store needs to write to %(folder)s.", folder=folder
        ) from error
