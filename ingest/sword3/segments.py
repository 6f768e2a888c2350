"""Uploads in segments: each segment is a file until all are here, in any order and side by side.

A segment that is on the disk under its number is whole and was held against its digest. The rows
are those of other uploads in pieces (`unfinished`), which also sees to their end.
"""

import filecmp
import os
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from secrets import token_hex
from typing import IO, BinaryIO, cast

from sqlalchemy.orm import Session

from ingest import digests, unfinished
from ingest.digests import Mismatch, Summed, Sums
from ingest.sword.packages import BLOCK, Refused
from ingest.sword3.headers import Disposition
from repository.archive import Archive
from repository.clock import now
from repository.errors import NotFound
from repository.models.uploads import Upload
from repository.settings import Settings
from repository.store import disk
from repository.viewers import Viewer

MOST = 10_000  # segments of one upload
NAME = "segments"


def begin(session: Session, said: Disposition, *, actor: Viewer, settings: Settings) -> Upload:
    """An upload of which nothing is here yet; raises Refused, NotAllowed or StorageFull."""
    size, segment = said.number("size"), said.number("segment_size")
    if size > settings.upload_limit:
        told = "This file is larger than the archive accepts."
        raise Refused("MaxAssembledSizeExceeded", 400, told)
    if segment > settings.upload_limit:
        raise Refused("MaxUploadSizeExceeded", 413, "Segments of this size are not accepted.")
    count = said.number("segment_count")
    if count > MOST:
        raise Refused("SegmentLimitExceeded", 400, f"At most {MOST} segments are accepted.")
    if count != -(-size // segment):
        raise Refused("BadRequest", 400, "So many segments do not make up a file of this size.")
    digest = said.options.get("digest", "")
    digests.read(digest)
    unfinished.check_room(session, size, account_id=actor.id or 0, settings=settings)
    upload = Upload(
        id=token_hex(16),
        account_id=actor.id or 0,
        name=NAME,
        size=size,
        segment=segment,
        digest=digest,
        expires=unfinished.until(settings),
    )
    session.add(upload)
    session.flush()
    return upload


def get(session: Session, name: str, *, actor: Viewer) -> Upload:
    """An upload of that person; raises NotFound, or Refused when its time is over."""
    upload = session.get(Upload, name)
    if upload is None or upload.segment is None or upload.account_id != actor.id:
        raise NotFound("There is no such upload. Send the file from its beginning.")
    if upload.expires <= now():
        told = "This upload has waited too long. Send the file from its beginning."
        raise Refused("SegmentedUploadTimedOut", 405, told)
    return upload


def count(upload: Upload) -> int:
    """How many segments make up the file."""
    return -(-upload.size // (upload.segment or 1))


def here(settings: Settings, upload: Upload) -> list[int]:
    """The numbers of the segments that have come."""
    numbers = (one.suffix[1:] for one in settings.uploads.glob(f"{upload.id}.*"))
    return sorted(int(one) for one in numbers if one.isdigit())


def missing(settings: Settings, upload: Upload) -> list[int]:
    """The numbers of those that have not."""
    return sorted(set(range(1, count(upload) + 1)).difference(here(settings, upload)))


def _place(settings: Settings, upload: Upload, number: int) -> Path:
    return settings.uploads / f"{upload.id}.{number}"


def _length(upload: Upload, number: int) -> int:
    """How long a segment must be."""
    segment = upload.segment or 1
    return segment if number < count(upload) else upload.size - segment * (number - 1)


def add(archive: Archive, upload: Upload, number: int, stream: IO[bytes], sums: Sums) -> None:
    """Keeps a segment. The same one may come again, as it does when its answer was lost."""
    settings = archive.settings
    if number > count(upload):
        raise Refused("SegmentLimitExceeded", 400, "There is no segment of this number.")
    place = _place(settings, upload, number)
    if place.exists() and not missing(settings, upload):
        raise Refused("MethodNotAllowed", 405, "All segments are here already.")
    settings.uploads.mkdir(exist_ok=True)
    coming = settings.uploads / f"{upload.id}-{token_hex(8)}.new"
    try:
        with disk.room():
            _write(coming, stream, sums, _length(upload, number))
        _put(coming, place)
    finally:
        coming.unlink(missing_ok=True)
    unfinished.keep(archive, upload)


def _write(path: Path, stream: IO[bytes], sums: Sums, length: int) -> None:
    summed, size = Summed(stream, sums), 0
    with os.fdopen(os.open(path, disk.NEW, 0o640), "wb") as file:
        while block := summed.read(BLOCK):
            size += len(block)
            if size > length:
                break
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if size != length:
        raise Refused("InvalidSegmentSize", 400, f"This segment must have {length} bytes.")
    try:
        summed.check()
    except Mismatch as error:
        raise Refused("DigestMismatch", 412, str(error)) from error


def _put(coming: Path, place: Path) -> None:
    """Gives a segment its number; raises Refused when another one has it."""
    if not place.exists():
        coming.replace(place)
        disk.sync(place.parent)
    elif not filecmp.cmp(coming, place, shallow=False):
        told = "Another segment has come under this number."
        raise Refused("UnexpectedSegment", 400, told)


class Whole(RawIOBase):
    """The segments, read as one file."""

    def __init__(self, paths: list[Path]) -> None:
        self.blocks = self._read(paths)

    @staticmethod
    def _read(paths: list[Path]) -> Iterator[bytes]:
        for path in paths:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    yield block

    def read(self, size: int = -1) -> bytes:
        """A block, of whatever size; none at the end."""
        return next(self.blocks, b"")


def whole(settings: Settings, upload: Upload) -> BinaryIO:
    """The file that has come; raises Refused while segments are missing."""
    left = missing(settings, upload)
    if left:
        some = ", ".join(map(str, left[:20]))
        raise Refused("BadRequest", 400, f"Segments of this upload have not come yet: {some}.")
    paths = [_place(settings, upload, number) for number in range(1, count(upload) + 1)]
    return cast(BinaryIO, Whole(paths))


def forget(archive: Archive, name: str) -> None:
    """Removes an upload and what has come of it."""
    with archive.writing() as session:
        unfinished.forget(session, name)
    for one in archive.settings.uploads.glob(f"{name}.*"):
        one.unlink(missing_ok=True)
