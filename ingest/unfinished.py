"""Uploads that come in pieces: begun, gone on with, and in the end a file of their draft."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ingest import file_names, files, partials, tus
from ingest.files import Arrival
from ingest.pdf import PdfError
from repository.archive import Archive
from repository.clock import now
from repository.errors import Gone, Invalid, NotAllowed, NotFound, StorageFull
from repository.models.uploads import Upload
from repository.models.works import Work
from repository.settings import Settings

MOST = 100  # uploads of one person that wait
SELDOM = timedelta(hours=1)  # an upload's time is moved on no more often than that


def path(settings: Settings, name: str) -> Path:
    """Where the partial file of an upload lies."""
    return settings.uploads / f"{name}.part"


def begin(
    session: Session, work: Work, wish: tus.Wish, *, account_id: int, settings: Settings
) -> Upload:
    """An upload of which nothing is here yet; raises Invalid, NotAllowed or StorageFull."""
    name = file_names.safe(wish.name)
    if not wish.size:
        raise Invalid("“%(name)s” is empty. Choose the file again.", name=name)
    check_room(session, wish.size, account_id=account_id, settings=settings)
    upload = Upload(
        id=token_hex(16),
        work_id=work.id,
        account_id=account_id,
        name=name,
        size=wish.size,
        mark=wish.mark,
        expires=until(settings),
    )
    session.add(upload)
    session.flush()
    partials.make(path(settings, upload.id))
    return upload


def _waiting(session: Session, account_id: int) -> int:
    query = select(func.count(Upload.id)).where(
        Upload.account_id == account_id, Upload.finished.is_(None), Upload.expires > now()
    )
    return session.scalar(query) or 0


def check_room(session: Session, size: int, *, account_id: int, settings: Settings) -> None:
    """Raises StorageFull, or NotAllowed when too much of that person waits already."""
    if shutil.disk_usage(settings.instance).free < size:
        raise StorageFull("The archive's disk is full. Nothing of this was kept.")
    if _waiting(session, account_id) >= MOST:
        raise NotAllowed("Too many uploads wait to be finished. Finish or remove some of them.")


def until(settings: Settings) -> datetime:
    """When an upload that is alive now comes to its end."""
    return now() + timedelta(days=settings.upload_days)


def get(session: Session, work: Work, name: str) -> Upload:
    """An upload of that work; raises NotFound, or Gone when its time is over."""
    upload = session.get(Upload, name)
    if upload is None or upload.work_id != work.id:
        raise NotFound("There is no such upload. Send the file from its beginning.")
    if upload.expires <= now():
        raise Gone("This upload is not here any more. Send the file from its beginning.")
    return upload


def listed(session: Session, work: Work, settings: Settings) -> list[tuple[Upload, int]]:
    """The uploads of a work that wait for the rest, oldest first, and how much of each is here."""
    query = (
        select(Upload)
        .where(Upload.work_id == work.id, Upload.finished.is_(None), Upload.expires > now())
        .order_by(Upload.made, Upload.id)
    )
    places = ((one, path(settings, one.id)) for one in session.scalars(query))
    return [(one, place.stat().st_size) for one, place in places if place.exists()]


def length(upload: Upload, settings: Settings) -> int:
    """How much of an upload is here."""
    return upload.size if upload.finished else partials.length(path(settings, upload.id))


def keep(archive: Archive, upload: Upload) -> datetime:
    """Moves the end of an upload's time on, for it is alive; that end."""
    later = until(archive.settings)
    if later - upload.expires < SELDOM:
        return upload.expires
    with archive.writing() as session:
        found = session.get(Upload, upload.id)
        if found is not None:
            found.expires = later
    return later


def arrive(archive: Archive, upload: Upload) -> Arrival:
    """An upload that is whole, taken in as any file; raises Invalid for one that is refused, and
    then the upload is gone."""
    try:
        return files.adopt(
            path(archive.settings, upload.id), upload.name, staging=archive.settings.staging
        )
    except (Invalid, PdfError):
        with archive.writing() as session:
            forget(session, upload.id)
        partials.remove(path(archive.settings, upload.id))
        raise


def forget(session: Session, name: str) -> None:
    """Forgets an upload; its partial file is its caller's to remove, after the commit."""
    session.execute(delete(Upload).where(Upload.id == name))


def sweep(archive: Archive) -> int:
    """Removes uploads whose time is over, and partial files that belong to none; how many."""
    with archive.writing() as session:
        session.execute(delete(Upload).where(Upload.expires <= now()))
    # Before the rows are read: what was made since then has its row, or is too young.
    there = list(archive.settings.uploads.glob("*"))
    oldest = (now() - SELDOM).timestamp()
    with archive.reading() as session:
        wanted = set(session.scalars(select(Upload.id).where(Upload.finished.is_(None))))
    return _remove([one for one in there if one.stem not in wanted], oldest)


def _remove(left: Sequence[Path], oldest: float) -> int:
    removed = 0
    for one in left:
        try:
            if one.stat().st_mtime < oldest:
                one.unlink()
                removed += 1
        except FileNotFoundError:  # somebody finished it just now
            continue
    return removed
