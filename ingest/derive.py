"""The text of files, read once and kept for the search index. All of it can be made again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from huey import Huey

from ingest import pdf
from ingest.files import Arrival
from repository import changes, derived, indexing, publishing, queue
from repository.archive import Archive
from repository.models.works import File, Work
from schemas import text
from schemas.vocabulary import State

log = structlog.get_logger()

MOST_PLAIN = 4 * 2**20  # bytes of a plain file that are read
PLAIN_PAGE = 4000  # characters; a plain file has no pages, but a hit should be near its snippet
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
        return archive.store.path(publishing.object_id(work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)


def read(archive: Archive, path: Path, *, sha512: str, media_type: str) -> list[str]:
    """The text of a file's pages, which is kept; what cannot be read has none."""
    folder = archive.settings.derived
    if derived.has(folder, sha512):
        return derived.pages(folder, sha512)
    try:
        pages = [text.clean(page) for page in READERS.get(media_type, _nothing)(path)]
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


def _nothing(path: Path) -> list[str]:
    return []


def _plain(path: Path) -> list[str]:
    with path.open("rb") as file:
        lines = _decode(file.read(MOST_PLAIN)).splitlines(keepends=True)
    pages, size = [""], 0
    for line in lines:
        if size > PLAIN_PAGE:
            pages, size = [*pages, ""], 0
        pages[-1] += line
        size += len(line)
    return pages


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        # A letter cut in two at the end is no reason to think of another encoding.
        if error.start > len(data) - 4:
            return data[: error.start].decode("utf-8")
        return data.decode("cp1251", errors="replace")


READERS: Mapping[str, Callable[[Path], list[str]]] = {
    "application/pdf": pdf.text,
    "text/plain": _plain,
    "text/csv": _plain,
    "text/markdown": _plain,
    "text/tab-separated-values": _plain,
}
