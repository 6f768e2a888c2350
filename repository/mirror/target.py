"""The folder that a mirror is written into: only what has changed, and never half.

All that is new waits under `.new` until it is complete. Then what is gone is removed, what is new
is moved into place, and the manifest comes last. A run that was cut off leaves the former mirror,
or is made good by the next one.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from repository.errors import Conflict, Invalid
from repository.store import disk

MANIFEST, ABOUT, NEW = "manifest-sha512.txt", "mirror.json", ".new"
# What systems put on sticks by themselves.
SYSTEMS = ("System Volume Information", "$RECYCLE.BIN", "lost+found", ".Trash", ".Spotlight",
           ".fseventsd", ".DS_Store")  # fmt: skip
OURS = ("assets", "en", "ky", "ru", "search", "works")
BLOCK = 2**20


@dataclass
class Target:
    """A folder that is being written; what is counted is files."""

    folder: Path
    known: sqlite3.Connection
    about: dict[str, Any]  # what the former mirror says of itself; empty when there was none
    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def put(self, path: str, data: bytes) -> None:
        """A file with these bytes."""
        sha512 = hashlib.sha512(data).hexdigest()
        if not self._stays(path, sha512, len(data)):
            self._new(path).write_bytes(data)
            self.written += 1
        self._made(path, sha512)

    def copy(self, path: str, source: Path, sha512: str, size: int) -> bool:
        """A file with the bytes of another; False, and none, where these are damaged."""
        if not self._stays(path, sha512, size):
            new = self._new(path)
            if _copied(source, new) != sha512:
                new.unlink()
                with suppress(OSError):  # there is more in it
                    new.parent.rmdir()
                return False
            self.written += 1
        self._made(path, sha512)
        return True

    def there(self, path: str, sha512: str, size: int) -> bool:
        """Whether a file is there already as it should be."""
        found = self.known.execute("SELECT sha512 FROM former WHERE path = ?", (path,)).fetchone()
        if found is None or found[0] != sha512:
            return False
        place = self.folder / path
        return place.is_file() and not place.is_symlink() and place.stat().st_size == size

    def _stays(self, path: str, sha512: str, size: int) -> bool:
        stays = self.there(path, sha512, size)
        self.unchanged += stays
        return stays

    def _made(self, path: str, sha512: str) -> None:
        self.known.execute("INSERT INTO made VALUES (?, ?)", (path, sha512))

    def _new(self, path: str) -> Path:
        place = self.folder / NEW / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def quiet(self, later: Collection[str]) -> bool:
        """Whether nothing has changed so far, but for files that come later."""
        return not self.written and all(path in later for path in self._gone())

    def settle(self) -> None:
        """Puts all in place: from now on this is the mirror."""
        gone = any(True for _path in self._gone())
        if not (self.written or gone) and (self.folder / MANIFEST).exists():
            return
        self._manifest()
        os.sync()
        new = self.folder / NEW
        with suppress(FileNotFoundError):  # first, so that a run that is cut off here is known
            (new / ABOUT).replace(self.folder / ABOUT)
        for path in self._gone():
            self._remove(path)
        _merge(new, self.folder)
        (new / MANIFEST).replace(self.folder / MANIFEST)
        disk.discard(new)
        os.sync()

    def _gone(self) -> Iterator[str]:
        query = "SELECT path FROM former EXCEPT SELECT path FROM made ORDER BY path"
        for (path,) in self.known.execute(query):
            yield path

    def _manifest(self) -> None:
        lines = self.known.execute("SELECT sha512, path FROM made ORDER BY path")
        with self._new(MANIFEST).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{sha512}  {path}\n" for sha512, path in lines)

    def _remove(self, path: str) -> None:
        place = self.folder / path
        if not place.parent.resolve().is_relative_to(self.folder.resolve()):
            return  # a link has been put there since; what it leads to is not ours
        place.unlink(missing_ok=True)
        self.removed += 1
        for above in place.parents:
            if above == self.folder:
                return
            try:
                above.rmdir()
            except OSError:  # there is more in it
                return


def _copied(source: Path, target: Path) -> str:
    digest = hashlib.sha512()
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
    return digest.hexdigest()


def _merge(new: Path, old: Path) -> None:
    """Moves what is in one folder into the other; whole folders where the other has none."""
    for one in list(new.iterdir()):
        place = old / one.name
        if one.name == MANIFEST and new.name == NEW:
            continue
        if one.is_dir() and place.is_dir() and not place.is_symlink():
            _merge(one, place)
        else:
            if place.is_symlink():
                place.unlink()
            one.replace(place)


def former(folder: Path, archive: str) -> dict[str, Any]:
    """What the mirror in a folder says of itself; empty of a folder that is empty.

    Raises Conflict when there is anything else, or a mirror of another archive.
    """
    about = _about(folder / ABOUT)
    if about is None and (folder / NEW / MANIFEST).exists():
        about = _about(folder / NEW / ABOUT)
    if about is None and any(_foreign(one.name) for one in folder.iterdir()):
        raise Conflict(
            "%(folder)s is not empty, and what is in it is no mirror. Name an empty folder, a new "
            "one, or one that this command has written before.",
            folder=folder,
        )
    if about and about["archive"] != archive:
        raise Conflict(
            "%(folder)s holds a mirror of %(other)s, not of this archive. Name another folder.",
            folder=folder,
            other=about["archive"],
        )
    return about or {}


def _foreign(name: str) -> bool:
    return name != NEW and not name.startswith(SYSTEMS)


def _about(path: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("archive"), str) else None


def remember(folder: Path, known: sqlite3.Connection) -> None:
    """Notes which files the former mirror has; those of a run that was cut off count as changed."""
    if (folder / MANIFEST).exists():
        for sha512, path in _lines(folder / MANIFEST):
            known.execute("INSERT OR REPLACE INTO former VALUES (?, ?)", (path, sha512))
    else:
        for top in OURS:
            for path in _files(folder, top):
                known.execute("INSERT OR REPLACE INTO former VALUES (?, '')", (path,))
    if (folder / NEW / MANIFEST).exists():
        for sha512, path in _lines(folder / NEW / MANIFEST):
            known.execute(
                "INSERT INTO former VALUES (?, '') ON CONFLICT (path) DO UPDATE SET sha512 = '' "
                "WHERE sha512 <> ?",
                (path, sha512),
            )
    disk.discard(folder / NEW)


def _files(folder: Path, top: str) -> Iterator[str]:
    for place, _below, names in os.walk(folder / top):
        for name in names:
            yield (Path(place) / name).relative_to(folder).as_posix()


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            sha512, _, name = line.rstrip("\n").partition("  ")
            parts = PurePosixPath(name).parts
            if len(sha512) != 128 or not parts or parts[0] == "/" or ".." in parts:
                raise Invalid(
                    "%(path)s is damaged. Delete it, and run the same again.", {}, path=path
                )
            yield sha512, name
