"""A version in the making: staged file by file, prepared as a whole, committed by renames."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from repository.errors import Conflict, Damaged, NotFound
from repository.store import disk, inventory
from repository.store.area import INTENT, Area
from repository.store.inventory import Inventory
from repository.store.layout import OBJECT_MARKER


class FileStaged:
    """The next version of an object. `home` is the object's folder, `stage` our own.

    `parts` leads from the root to home. Links are made to files in `uploads` and its folders
    only: whatever else is added belongs to others, who may change it later.
    """

    def __init__(
        self,
        object_id: str,
        *,
        root: Path,
        parts: tuple[str, ...],
        stage: Path,
        area: Area,
        uploads: Path,
        base: Inventory | None,
    ) -> None:
        self.object_id = object_id
        self.version = base.head + 1 if base else 1
        self._root, self._parts, self._home = root, parts, root.joinpath(*parts)
        self._area, self._stage, self._uploads = area, stage, uploads
        self._base = base
        self._tree = stage / "tree"
        self._made = self._tree.joinpath(*parts)
        self._new = stage / "new"
        self._new.mkdir()
        self._state: dict[str, str] = {}
        self._ready = self._placed = False

    def write(self, path: str, data: bytes) -> None:
        """Puts a small file into the version."""
        inventory.check_path(path, self._state)
        digest = hashlib.sha512(data).hexdigest()
        if not self._holds(digest):
            part = self._part()
            with disk.room():
                disk.write(part, data)
                part.rename(self._new / digest)
        self._state[path] = digest

    def add(self, path: str, source: Path, *, sha512: str) -> None:
        """Puts the bytes of `source` into the version; Damaged unless they have that digest."""
        inventory.check_path(path, self._state)
        if not self._holds(sha512):
            self._bring(path, source, sha512)
        self._state[path] = sha512

    def keep(self, path: str) -> None:
        """Carries a file over from the version before, unchanged."""
        inventory.check_path(path, self._state)
        if self._base is None or path not in self._base.states[-1]:
            raise NotFound("There is no %(path)s in %(object)s.", path=path, object=self.object_id)
        self._state[path] = self._base.states[-1][path]

    def prepare(self, *, message: str, name: str, address: str | None, created: datetime) -> None:
        """Ends the slow part: everything is on the disk but for its place."""
        with disk.room():
            data = inventory.extend(
                self._base,
                object_id=self.object_id,
                state=self._state,
                added=self._arrange(),
                created=created,
                message=message,
                name=name,
                address=address,
            )
            self._write_inventories(data)
            self._area.write_intent(self._stage, self.object_id)
            disk.sync_tree(self._tree)
            disk.sync(self._stage / INTENT)
        self._ready = True

    def commit(self) -> int:
        """Puts the version in its place by renames alone; its number."""
        if not self._ready:
            raise RuntimeError("A version is prepared before it is committed.")
        with disk.room(), self._locked():
            self._check_base()
            self._area.announce(self._stage)
            try:
                self._place()
            except OSError as error:
                self._take_back()
                if error.errno in disk.TAKEN:
                    raise self._conflict() from error
                raise
        self._ready = False
        return self.version

    def undo(self) -> None:
        """Takes the committed version back, because the database refused what belongs to it."""
        with self._locked():
            if self._placed and inventory.newest(self._home) != self.version:
                raise self._conflict()
            self._take_back()

    def settle(self) -> None:
        """The database has what was committed."""
        if self._placed:
            self._area.settle(self._stage)

    def _holds(self, digest: str) -> bool:
        known = self._base is not None and digest in self._base.manifest
        return known or (self._new / digest).exists()

    def _part(self) -> Path:
        """A free name for content that is on its way; what failed under it is cleared."""
        part = self._new / "part"
        part.unlink(missing_ok=True)
        return part

    def _bring(self, path: str, source: Path, sha512: str) -> None:
        part = self._part()
        bring = disk.link if source.resolve().is_relative_to(self._uploads) else disk.copy
        try:
            with disk.room():
                found = bring(source.resolve(), part)
        except FileNotFoundError as error:
            raise Damaged("The bytes of %(path)s are gone.", path=path) from error
        if found != sha512:
            raise Damaged("The bytes of %(path)s are not those that arrived.", path=path)
        with disk.room():
            part.rename(self._new / sha512)

    def _arrange(self) -> dict[str, str]:
        """Moves new content to the first path that has it; the place of each digest."""
        places: dict[str, str] = {}
        for path, digest in sorted(self._state.items()):
            if digest not in places and (self._new / digest).exists():
                places[digest] = f"v{self.version}/content/{path}"
                target = self._made / places[digest]
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._new / digest).rename(target)
        return places

    def _write_inventories(self, data: bytes) -> None:
        version = self._made / f"v{self.version}"
        version.mkdir(parents=True, exist_ok=True)
        for folder in (self._made, version):
            disk.write(folder / inventory.NAME, data)
            disk.write(folder / inventory.SIDECAR, inventory.sidecar(data))
        if self._base is None:
            disk.write(self._made / OBJECT_MARKER, f"{OBJECT_MARKER[2:]}\n".encode())
        else:  # for undo, which must not need room on a disk that has become full
            disk.write(self._stage / inventory.NAME, self._base.data)
            disk.write(self._stage / inventory.SIDECAR, inventory.sidecar(self._base.data))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # A new object changes the folders above it too, which other objects share.
        above = nullcontext() if self._base else self._area.lock_tree()
        with self._area.lock(self.object_id), above:
            yield

    def _check_base(self) -> None:
        held = inventory.newest(self._home)
        if held != self.version - 1:
            raise self._conflict()
        if self._base and inventory.current(self._home).data != self._base.data:
            raise self._conflict()

    def _conflict(self) -> Conflict:
        return Conflict(
            "Another version of %(object)s was stored in the meantime.", object=self.object_id
        )

    def _place(self) -> None:
        if self._base is None:
            moved = disk.graft(self._tree, self._root, self._parts)
            self._placed = True
            disk.sync(moved.parent)
            return
        name = f"v{self.version}"
        (self._made / name).rename(self._home / name)
        self._placed = True
        disk.sync(self._home)
        for name in (inventory.NAME, inventory.SIDECAR):
            (self._made / name).replace(self._home / name)
        disk.sync(self._home)

    def _take_back(self) -> None:
        if self._placed and self._base is None:
            self._home.rename(self._stage / "undone")
            disk.prune(self._home.parent, self._root)
        elif self._placed:
            for name in (inventory.NAME, inventory.SIDECAR):
                disk.sync(self._stage / name)
                (self._stage / name).replace(self._home / name)
            (self._home / f"v{self.version}").rename(self._stage / "undone")
            disk.sync(self._home)
        self._placed = False
        self._area.settle(self._stage)
