"""The text of files, read once and kept for the search index. All of it can be made again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from huey import Huey

from ingest import pdf, text
from ingest.files import Arrival
from repository import changes, derived, indexing, queue, versions
from repository.archive import Archive
from repository.models.works import File, Work
from schemas.vocabulary import State

log = structlog.get_logger()

_declared: WeakKeyDictionary[Huey, Callable[[str, str, str], Any]] = WeakKeyDictionary()


def follow(archive: Archive, limit: int = indexing.BATCH) -> int:
    """What `indexing.follow` does, after reading the files of the works whose turn it is."""
    with archive.reading() as session:
        taken = changes.take(session, "index", limit)
        works = [session.get(Work, one) for one in {change.work_id for change in taken}]
        files = [
            (file, _place(archive, work, file))
            for work in works
            if work is not None and work.state == State.PUBLISHED
            for file in work.current_files
        ]
    for file, place in files:
        read(archive, place, sha512=file.sha512, media_type=file.media_type)
    return indexing.follow(archive, limit)


def _place(archive: Archive, work: Work, file: File) -> Path:
    if file.stored:
        return archive.store.path(versions.object_id(work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)


def read(archive: Archive, path: Path, *, sha512: str, media_type: str) -> list[str]:
    """The text of a file's pages, which is kept; what cannot be read has none."""
    folder = archive.settings.derived
    if derived.has(folder, sha512):
        return derived.pages(folder, sha512)
    try:
        pages = text.text_of(path, media_type)
    except pdf.PdfError as error:  # it will not be better the next time: kept as without text
        log.warning("text not read", sha512=sha512[:16], reason=str(error))
        pages = []
    except OSError as error:
        log.warning("file not read", sha512=sha512[:16], reason=str(error))
        return []
    derived.keep(folder, sha512, pages)
    return pages


def later(archive: Archive, arrival: Arrival) -> None:
    """Lets the worker read an upload now, so that it is found as soon as it is published."""
    place = str(archive.settings.staging / arrival.staged)
    declare(archive)(place, arrival.sha512, arrival.media_type)


def declare(archive: Archive) -> Callable[[str, str, str], Any]:
    """Makes the job behind `later` known to the queue, once; calling the result enqueues it."""
    if archive.queue not in _declared:
        _declared[archive.queue] = queue.declare(archive.queue, read_upload, archive)
    return _declared[archive.queue]


def read_upload(archive: Archive, place: str, sha512: str, media_type: str) -> None:
    """The job: reads a file that waits in staging, if it still does."""
    if Path(place).exists():
        read(archive, Path(place), sha512=sha512, media_type=media_type)
