"""What happens to a file on arrival: it is counted, hashed, named and looked at, and then waits."""

import hashlib
import mmap
import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import arrivals, file_names, media, pdf
from ingest.findings import Finding
from repository import catalogue
from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid, TooLarge
from repository.models.works import File, Work
from repository.settings import Settings
from repository.store import disk
from schemas.vocabulary import Access, Copying

BLOCK = 2**20
PDF = "application/pdf"
ABANDONED = timedelta(days=2)  # an upload that no work has asked for by then is removed


@dataclass(frozen=True)
class Arrival:
    """A file that has come in whole. Its bytes wait in the staging folder under `staged`."""

    name: str
    size: int
    sha512: str
    media_type: str
    staged: str


def receive(stream: BinaryIO, name: str, *, staging: Path, limit: int) -> Arrival:
    """Takes a file in, block by block, and looks at what it is.

    Raises TooLarge, StorageFull, or Invalid with what is wrong with the file; then nothing of
    it is left behind.
    """
    staged = uuid4().hex
    path = staging / staged
    given = file_names.safe(name)
    try:
        with disk.room():
            size, sha512 = _copy(stream, path, given, limit)
        return _seen(path, given, size, sha512)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def adopt(whole: Path, name: str, *, staging: Path) -> Arrival:
    """Takes in a file that is on our disk already, as `receive` does; `whole` itself stays."""
    path = staging / uuid4().hex
    try:
        with disk.room():
            sha512 = disk.link(whole, path)
            os.utime(path)  # it comes now, whenever its bytes came; `sweep` looks at that
            disk.sync(staging)
        return _seen(path, file_names.safe(name), path.stat().st_size, sha512)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _seen(path: Path, name: str, size: int, sha512: str) -> Arrival:
    """A file in staging, looked at; raises Invalid with what is wrong with it."""
    if not size:
        raise Invalid("“%(name)s” is empty. Choose the file again.", name=name)
    media_type = media.identify(path, name).media_type
    _check(path, name, media_type)
    return Arrival(name=name, size=size, sha512=sha512, media_type=media_type, staged=path.name)


def _copy(stream: BinaryIO, path: Path, name: str, limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha512()
    with os.fdopen(os.open(path, disk.NEW, 0o640), "wb") as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > limit:
                raise TooLarge(
                    "“%(name)s” is larger than %(limit)s, the most that is accepted. Make it "
                    "smaller, or ask the library to take it in another way.",
                    name=name,
                    limit=readable(limit),
                )
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _check(path: Path, name: str, media_type: str) -> None:
    """Refuses a PDF that is not one, is cut off, or opens with a password only.

    What nobody can open cannot be read, searched, or kept readable for a hundred years.
    """
    if media_type != PDF and not name.lower().endswith(".pdf"):
        return
    pdf.check(path)
    if _mentions(path, b"/Encrypt"):  # most are encrypted without a password; asking takes time
        pdf.read(path)


def _mentions(path: Path, word: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(word) >= 0


def readable(size: int) -> str:
    """A size as people write it: "512 MB"."""
    for unit, factor in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= factor:
            return f"{size / factor:.4g} {unit}"
    return f"{size} B"


def attach(
    session: Session,
    work: Work,
    arrival: Arrival,
    *,
    settings: Settings,
    verdict: Finding | None = None,
    pages: int | None = None,
    access: Access = Access.OPEN,
    embargo_until: date | None = None,
    embargo_reason: str | None = None,
    lease_until: date | None = None,
    copying: Copying = Copying.ALLOWED,
) -> File:
    """Adds what has arrived to a work; the worker looks at it further.

    `verdict` is given when it has been checked for viruses already.
    """
    file = catalogue.attach(
        session,
        work,
        name=arrival.name,
        size=arrival.size,
        sha512=arrival.sha512,
        media_type=arrival.media_type,
        staged=arrival.staged,
        pages=pages,
        access=access,
        embargo_until=embargo_until,
        embargo_reason=embargo_reason,
        lease_until=lease_until,
        copying=copying,
    )
    arrivals.expect(session, file, settings, verdict)
    return file


def discard(arrival: Arrival, *, staging: Path) -> None:
    """Removes the bytes of a file that no work will have."""
    (staging / arrival.staged).unlink(missing_ok=True)


def sweep(archive: Archive) -> int:
    """Removes what was received for no work, or for one that is gone; how many files."""
    with archive.reading() as session:
        wanted = set(session.scalars(select(File.staged).where(File.staged.is_not(None))))
    oldest = (now() - ABANDONED).timestamp()
    left = [
        path
        for path in archive.settings.staging.iterdir()
        if path.is_file() and path.name not in wanted and path.stat().st_mtime < oldest
    ]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
