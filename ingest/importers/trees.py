"""The files of a source, a folder or a ZIP, by their paths in it; what could do harm is refused.

A ZIP is not unpacked: its parts are read where they lie, when they are asked for. What it says of
names is not believed: those that lead out of it, or look like others, are refused one by one.
"""

import os
import re
import stat
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ingest import file_names
from ingest.rows import Row, RowFile
from repository.errors import Invalid, NotFound, TooLarge
from schemas import text

ENTRIES = 200_000
READ = 2**24  # bytes of a part that is read whole
LEAST_BOMB = 2**24
MOST_PACKED = 200  # times as large as it lies in the ZIP
SHOWN = 50
REMEDY = "Take it out of the source, or rename it."
ABSOLUTE = "Its name leads out of the source."
MARKS = "Its name has signs that nobody can see, or that turn the direction of reading."
LINK = "It is a link, not a file."
TWICE = "There are two files of this name."
LOCKED = "It opens only with a password."
BOMB = "It is packed so densely that it can only be a bomb."
DAMAGE = (zipfile.BadZipFile, NotImplementedError, zlib.error)
_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8 = 0x800


@dataclass
class Tree:
    """The files of a source: `sizes` by path, and `refused`, why those do not come that do not."""

    path: Path
    sizes: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    pack: zipfile.ZipFile | None = None
    _parts: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call the source."""
        return shown(self.path.name)

    def open(self, name: str) -> IO[bytes]:
        """A file, to be read."""
        if self.pack is None:
            return (self.path / name).open("rb")
        return self.pack.open(self._parts[name])

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.sizes)

    def below(self, top: str) -> list[str]:
        """The paths that begin so, in their order."""
        first = bisect_left(self._sorted, top)
        return self._sorted[first : bisect_left(self._sorted, f"{top}\U0010ffff")]

    def read(self, name: str, limit: int = READ) -> bytes:
        """All bytes of a file. Raises NotFound, TooLarge, or Invalid where it is damaged."""
        if name not in self.sizes:
            raise NotFound("There is no file “%(name)s”. Put it there.", name=shown(name))
        with self.reading(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            most = limit >> 20
            raise TooLarge("“%(name)s” is larger than %(most)s MB.", name=shown(name), most=most)
        return data

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        """A file that is read; what is wrong with its bytes is raised as Invalid."""
        try:
            with self.open(name) as stream:
                yield stream
        # zlib, lzma and zipfile each raise their own, for the same reason.
        except (OSError, EOFError, ValueError, RuntimeError, *DAMAGE) as error:
            raise Invalid(
                "“%(name)s” is damaged. Send the source again.", name=shown(name)
            ) from error

    def file(self, path: str, *, name: str = "", **more: Any) -> RowFile:
        """A file as part of a row."""
        safe = file_names.safe(name or PurePosixPath(path).name)
        if self.pack is None:
            return RowFile(self.path / path, safe, **more)
        return RowFile(self.path, safe, part=self._parts[path].filename, **more)

    def problems(self) -> Iterator[Row]:
        """A row for each file that was refused, the first of many."""
        for at, (name, why) in enumerate(self.refused.items()):
            if at == SHOWN:
                why = f"{len(self.refused) - SHOWN} more files are refused. {REMEDY}"
                yield Row(self.name, "", problem=why)
                return
            yield Row(f"{self.name}, {shown(name)}", "", problem=f"{why} {REMEDY}")

    def add(self, name: str, size: int, why: str = "") -> bool:
        """Takes a file up, unless there is something against it."""
        why = why or against(name) or (TWICE if name in self.sizes else "")
        if why:
            self.refused[name] = why
            return False
        self.sizes[name] = size
        return True


def shown(name: str) -> str:
    """A name as it may be printed: signs that do harm are written as question marks."""
    return text.line(file_names.visible(name))[:300]


def against(name: str) -> str:
    """What is wrong with a path; "" when nothing is."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name or _DRIVE.match(name):
        return ABSOLUTE
    return MARKS if file_names.visible(name) != name or text.has_forbidden(name) else ""


def inside(tree: Tree, folder: str, name: str) -> str:
    """The path that `name` means within a folder of the tree; "" where it means none that is."""
    path = f"{folder}/{name}" if folder else name
    return path if not against(name) and path in tree.sizes else ""


@contextmanager
def opened(source: Path) -> Iterator[Tree]:
    """The files of a source. Raises NotFound, TooLarge, or Invalid when it is neither."""
    if source.is_dir():
        yield _folder(source)
        return
    if not source.exists():
        raise NotFound("There is no %(name)s.", name=shown(source.name))
    try:
        pack = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Invalid(
            "“%(name)s” is neither a folder nor a whole ZIP. Send it again.",
            name=shown(source.name),
        ) from error
    with pack:
        yield _packed(source, pack)


def _folder(source: Path) -> Tree:
    tree = Tree(source)
    for top, folders, names in os.walk(source):
        folders.sort()
        here = Path(top).relative_to(source)
        for one in [each for each in folders if (Path(top) / each).is_symlink()]:
            tree.add((here / one).as_posix(), 0, LINK)
        for one in sorted(names):
            path = Path(top) / one
            name = os.fsencode((here / one).as_posix()).decode("utf-8", "replace")
            plain = stat.S_ISREG(path.lstat().st_mode)
            tree.add(name, path.lstat().st_size, "" if plain else LINK)
            _few(len(tree.sizes))
    return tree


def _packed(source: Path, pack: zipfile.ZipFile) -> Tree:
    tree = Tree(source, pack=pack)
    _few(len(pack.infolist()))
    for one in sorted(pack.infolist(), key=lambda one: one.filename):
        if not one.is_dir():
            name = _named(one)
            if tree.add(name, one.file_size, _against(one)):
                tree._parts[name] = one
    return tree


def _few(entries: int) -> None:
    if entries > ENTRIES:
        raise TooLarge("There are more than %(most)s files. Divide the source.", most=ENTRIES)


def _named(one: zipfile.ZipInfo) -> str:
    """The path as it was meant: those who do not say UTF-8 mostly mean it, or cp866."""
    if one.flag_bits & _UTF8:
        return one.orig_filename
    try:
        raw = one.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return one.orig_filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _against(one: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(one.external_attr >> 16):
        return LINK
    if one.flag_bits & 1:
        return LOCKED
    dense = one.file_size > MOST_PACKED * max(one.compress_size, 1)
    return BOMB if dense and one.file_size > LEAST_BOMB else ""
