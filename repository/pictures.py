"""Pictures of files that were drawn and can be drawn again: covers, and pages that were asked for.

They lie outside the store, by digest. Covers stay; pages are a cache of which the oldest go when it
is full. Whoever shows a picture from here asks `access` first.
"""

import os
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from repository.models.works import File
from repository.store import disk
from schemas.vocabulary import Scan

COVER, SMALL = 240, 96
COVERS = (COVER, SMALL)
KINDS = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/tiff", "image/gif", "image/webp"}
)
CLEARED = frozenset({Scan.CLEAN, Scan.UNSCANNED})
# After these seconds it is tried again to draw what could not be drawn.
REFUSAL = 86_400
TOUCHED = 3600
BLOCK = 4096  # what the smallest file takes
# A full cache is emptied down to this part; it is looked at after about every twentieth of it.
LEFT, STRIDE = 0.9, 20


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What the step "pictures" found where it drew none.
WHY: Mapping[str, str] = {
    "locked": _("No picture: it opens with a password only."),
    "broken": _("No picture: the file is damaged."),
    "large": _("No picture: it is too large to be drawn."),
    "hard": _("No picture: drawing it takes more time or memory than one file may take."),
    "absent": _("No picture: it has no such page."),
}


def drawable(file: File) -> bool:
    """Whether there can be pictures of the file: it is of a kind that we draw, and was cleared."""
    return file.media_type in KINDS and file.scan in CLEARED


def cover(folder: Path, sha512: str, width: int) -> Path:
    """Where the cover of a file lies, in one of the widths COVERS, once it has been drawn."""
    return folder / sha512[:2] / f"{sha512}.{width}.webp"


def has_cover(folder: Path, sha512: str) -> bool:
    """Whether both covers of the file are there."""
    return all(_size(cover(folder, sha512, width)) for width in COVERS)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def page(folder: Path, sha512: str, name: str) -> Path:
    """Where something about one page of a file is cached under a name."""
    return folder / "pages" / sha512[:2] / sha512 / name


def cached(path: Path) -> bytes | None:
    """What is cached there; empty: it could not be drawn, not long ago. None: nobody has tried."""
    try:
        age = time.time() - path.stat().st_mtime
        data = path.read_bytes()
        if not data:
            return data if age < REFUSAL else None
        if age > TOUCHED:
            os.utime(path)  # so that the oldest are those that nobody has asked for
    except OSError:
        return None
    return data


def keep(path: Path, data: bytes) -> None:
    """Puts a picture in place, whole or not at all."""
    with disk.room():
        for _ in range(3):  # an emptied folder may vanish while we write into it
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch = path.with_name(uuid4().hex)
            try:
                scratch.write_bytes(data)
                disk.sync(scratch)
                scratch.rename(path)
            except FileNotFoundError:
                continue
            finally:
                scratch.unlink(missing_ok=True)
            return


def cache(folder: Path, path: Path, data: bytes, *, most: int) -> None:
    """Caches something about a page, and lets the oldest go now and then, so that it stays below
    about `most` bytes."""
    keep(path, data)
    chance = max(len(data), BLOCK) * STRIDE / most
    if random.random() < chance:  # noqa: S311 - nothing is secret here
        sweep(folder, most=most)


class _Kept(NamedTuple):
    age: float
    size: int
    path: Path


def sweep(folder: Path, *, most: int) -> int:
    """Removes the pages that nobody has asked for the longest, if they are more than `most` bytes
    altogether; how many."""
    found = list(_walk(folder / "pages"))
    total = sum(one.size for one in found)
    if total <= most:
        return 0
    count = 0
    for one in sorted(found):
        if total <= most * LEFT:
            break
        one.path.unlink(missing_ok=True)
        _close(one.path.parent)
        total -= one.size
        count += 1
    return count


def _walk(folder: Path) -> Iterator[_Kept]:
    for top, _, names in os.walk(folder):
        for name in names:
            path = Path(top, name)
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            yield _Kept(stat.st_mtime, max(stat.st_size, BLOCK), path)


def _close(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # it is not empty, or already gone
        return
