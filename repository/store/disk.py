"""Files and folders that survive a power cut: written once, synced, and put in place by a rename.

Files are written and linked without a sync; `sync_tree` then syncs all that will be renamed.

A failed sync is never tried again: the kernel may have dropped what it could not write, and a
second sync would succeed without it. The error ends the write that it belongs to.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from repository.errors import StorageFull

BLOCK = 2**20
READ_ONLY = 0o444  # what is kept is never written again
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}
TAKEN = {errno.ENOTEMPTY, errno.EEXIST}


@contextmanager
def room() -> Iterator[None]:
    """Turns a full disk or quota into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull("The archive's disk is full. Nothing of this was kept.") from error
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock of a lock file, which is never removed so that all wait for the same one."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write(path: Path, data: bytes) -> None:
    """Makes a file that was not there."""
    with os.fdopen(os.open(path, NEW, READ_ONLY), "wb") as file:
        file.write(data)


def copy(source: Path, target: Path) -> str:
    """Copies a file to where none was; the SHA-512 of what was copied."""
    digest = hashlib.sha512()
    with source.open("rb") as reading, os.fdopen(os.open(target, NEW, READ_ONLY), "wb") as file:
        while block := reading.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def link(source: Path, target: Path) -> str:
    """Gives a file a second name, or copies it where the disk cannot; its SHA-512.

    The file becomes read-only: whoever still has the first name must not change what is kept.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return copy(source, target)
    target.chmod(target.stat().st_mode & 0o555)
    return digest_of(target)


def digest_of(path: Path) -> str:
    """The SHA-512 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def sync(path: Path) -> None:
    """Returns when a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(top: Path) -> None:
    """Syncs a folder and everything below it."""
    for path in (*top.rglob("*"), top):
        sync(path)


def replace(path: Path, data: bytes, scratch: Path) -> None:
    """Puts a file in place at once, whether or not there was one; `scratch` is a free name."""
    scratch.unlink(missing_ok=True)
    write(scratch, data)
    sync(scratch)
    scratch.rename(path)
    sync(path.parent)


def graft(tree: Path, root: Path, parts: tuple[str, ...]) -> Path:
    """Moves tree/parts to root/parts, together with the folders that root lacks; the folder moved.

    One rename does it, so that there is never an empty folder on the way to the last. Raises
    FileExistsError when root has the last folder already.
    """
    for depth in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:depth])
        try:
            tree.joinpath(*parts[:depth]).rename(place)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
        else:
            return place
    raise FileExistsError(errno.EEXIST, "The folder is there already", str(place))


def prune(folder: Path, root: Path) -> None:
    """Removes a folder and those above it, below root, as far as they are there and empty."""
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno not in TAKEN:
                raise
            break
        folder = folder.parent
    sync(folder)


def discard(folder: Path) -> None:
    """Removes a folder with all that is in it, as far as the disk lets us."""
    shutil.rmtree(folder, ignore_errors=True)
