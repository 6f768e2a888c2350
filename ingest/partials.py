"""Partial files on the disk: what has come of an upload so far, and who is just adding to it.

The length of a partial file is how much of the upload is here; nothing else says it, so that a
process that is killed leaves nothing to be put right. One request at a time adds to a file. It
holds a lock, which ends with its process; when nothing has come by it for SILENCE seconds, as on a
line that is dead without knowing it, whoever asks next takes the upload over.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ingest import tus
from repository.errors import Gone, StorageFull, TooLarge
from repository.store import disk

BLOCK = 2**16
SILENCE = 30  # seconds


class Part:
    """A partial file that this request holds."""

    def __init__(self, path: Path, data: int, lease: int) -> None:
        self.path = path
        self.data = data
        self.lease = lease

    def length(self) -> int:
        """How much is here."""
        return os.fstat(self.data).st_size

    def live(self) -> None:
        """Says that something has come; raises Taken when another request took the upload over."""
        if not _is(self.lease, _lease(self.path)):
            raise tus.Taken("Another request is bringing this upload.")
        os.utime(self.lease)

    def put(self, block: bytes, place: int) -> None:
        """Writes bytes at their place, unless another request took the upload over."""
        with _guarded(self.data):
            self.live()
            view = memoryview(block)
            while view:
                written = os.pwrite(self.data, view, place)
                view, place = view[written:], place + written

    def cut(self, length: int) -> None:
        """Takes away what has come behind `length`."""
        with _guarded(self.data):
            self.live()
            os.ftruncate(self.data, length)


def make(path: Path) -> None:
    """An empty partial file, there also after a power cut."""
    path.parent.mkdir(exist_ok=True)
    os.close(os.open(path, disk.NEW, 0o640))
    disk.sync(path.parent)


def length(path: Path) -> int:
    """How much is here and will be after a power cut; raises Gone."""
    try:
        disk.sync(path)
        return path.stat().st_size
    except FileNotFoundError as error:
        raise _lost() from error


def _lost() -> Gone:
    return Gone("This upload is not here any more. Send the file from its beginning.")


def remove(path: Path) -> None:
    """Removes a partial file with all that lies beside it."""
    for one in (path, _piece(path), _lease(path)):
        one.unlink(missing_ok=True)


@contextmanager
def taken(path: Path) -> Iterator[Part]:
    """Holds an upload; raises Taken while another request does, Gone when it is not here."""
    try:
        path.chmod(0o640)  # files.adopt leaves it read-only, should it be cut off
        data = os.open(path, os.O_RDWR)
    except FileNotFoundError as error:
        raise _lost() from error
    try:
        lease = _take(path, data)
        try:
            yield Part(path, data, lease)
        finally:
            os.close(lease)
    finally:
        os.close(data)


def _take(path: Path, data: int) -> int:
    """The lock of an upload, a file of its own: to take it over is to put another in its place."""
    with _guarded(data):
        lease = os.open(_lease(path), os.O_RDWR | os.O_CREAT, 0o640)
        if not _locks(lease):
            silent = time.time() - os.fstat(lease).st_mtime
            os.close(lease)
            if silent < SILENCE:
                raise tus.Taken("Another request is bringing this upload.")
            _lease(path).unlink(missing_ok=True)
            lease = os.open(_lease(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
            _locks(lease)
        os.utime(lease)
        return lease


def _locks(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _guarded(data: int) -> Iterator[None]:
    """Held for moments only, so that the lease and the bytes change together."""
    fcntl.flock(data, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(data, fcntl.LOCK_UN)


def _is(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _lease(path: Path) -> Path:
    return path.with_suffix(".lock")


def _piece(path: Path) -> Path:
    return path.with_suffix(".piece")


def add(part: Part, stream: BinaryIO, *, size: int, checksum: tus.Checksum | None) -> int:
    """Adds what a request brings; how much is here then, on the disk.

    Without a checksum all that came is kept when the line breaks. With one nothing is kept before
    all of it is here and right; raises Mismatch where it is not.
    """
    begin = part.length()
    try:
        if checksum is None:
            _append(part, _coming(stream, size - begin), begin)
        else:
            _add_checked(part, _coming(stream, size - begin), begin, checksum)
    except TooLarge:
        part.cut(begin)
        raise
    except OSError as error:
        if error.errno not in disk.FULL:
            raise
        raise StorageFull(
            "The archive's disk is full. What has come is kept; go on when there is room again."
        ) from error
    finally:
        os.fsync(part.data)
    return part.length()


def _coming(stream: BinaryIO, room: int) -> Iterator[bytes]:
    """The blocks of a body; raises TooLarge when they are more than there is room for."""
    while block := stream.read(BLOCK):
        room -= len(block)
        if room < 0:
            raise TooLarge("More has come than the size that was said at the beginning.")
        yield block


def _append(part: Part, blocks: Iterator[bytes], place: int) -> None:
    for block in blocks:
        part.put(block, place)
        place += len(block)


def _add_checked(part: Part, blocks: Iterator[bytes], place: int, checksum: tus.Checksum) -> None:
    """Brings all the bytes together beside the file first: a process that dies leaves none in it
    that were not checked."""
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
    piece = _piece(part.path)
    try:
        with piece.open("w+b") as beside:
            for block in blocks:
                part.live()
                digest.update(block)
                beside.write(block)
            if not checksum.holds(digest):
                raise tus.Mismatch("What came is not what was sent. Send it once more.")
            beside.seek(0)
            _append(part, iter(lambda: beside.read(disk.BLOCK), b""), place)
    finally:
        piece.unlink(missing_ok=True)
