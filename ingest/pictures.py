"""Covers and pages of files as pictures, drawn by a process that may crash, hang or eat memory in
our stead. Drawn things are kept by `repository.pictures` and can all be drawn again."""

import fcntl
import gzip
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ingest import limited
from ingest.findings import Finding, Subject
from repository import derived, versions
from repository import pictures as kept
from repository.archive import Archive
from repository.clock import now
from repository.errors import Busy, NotFound
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File

log = structlog.get_logger()

STEP = "pictures"
DRAWN, NONE, REFUSED = "cover", "none", "refused"
PDF = "application/pdf"
WIDTHS = (480, 900, 1400)
COVER_SECONDS = 20
PAGE_SECONDS = 10
OUTPUT = 32 * 2**20
MOST_PAGES = 20_000
# How many processes draw for readers at a time, in all servers over this instance; how many of a
# server's threads may be at it or wait for it, so that the others still answer; how long they wait.
PAINTERS = max(2, os.cpu_count() or 2)
THREADS = 3
PATIENCE = 3.0
AGAIN = 3000


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


_threads = threading.BoundedSemaphore(THREADS)


class Word(NamedTuple):
    """A word on a page, and where it stands: parts of the picture's width and height."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class Drawing(NamedTuple):
    """What the process said, and the pictures that it drew. `error` is a key of kept.WHY, or ""."""

    error: str
    said: Mapping[str, Any]
    parts: tuple[bytes, ...]


def look(archive: Archive, subject: Subject) -> Finding:
    """Draws the cover of a file that has arrived; says why where that cannot be done."""
    if subject.media_type not in kept.KINDS:
        return Finding(NONE)
    drawing = _draw_cover(archive, subject.place, subject.sha512, subject.media_type)
    if drawing.error:
        says = {key: drawing.said[key] for key in ("says",) if key in drawing.said}
        return Finding(REFUSED, detail={"why": drawing.error, **says})
    pages = {"pages": drawing.said["pages"]} if "pages" in drawing.said else {}
    sizes = [len(part) for part in drawing.parts]
    return Finding(DRAWN, drawing.said["tool"], {"bytes": sizes, **pages})


def settle(archive: Archive, session: Session, file: File, finding: Finding) -> None:
    """The number of pages is known now, if it was not before."""
    if file.pages is None and finding.detail.get("pages"):
        file.pages = finding.detail["pages"]


def _draw_cover(archive: Archive, place: Path, sha512: str, media_type: str) -> Drawing:
    drawing = _ask("draw", place, media_type, 1, kept.COVERS, seconds=COVER_SECONDS)
    if not drawing.error:
        for width, data in zip(kept.COVERS, drawing.parts, strict=True):
            kept.keep(kept.cover(archive.settings.derived, sha512, width), data)
    else:
        _remember(archive, _refusal(archive, sha512), b"")
    return drawing


def _refusal(archive: Archive, sha512: str) -> Path:
    return kept.page(archive.settings.derived, sha512, "cover")


def cover(archive: Archive, file: File, width: int) -> bytes:
    """The file's cover in one of the widths COVERS, drawn anew if it was lost.

    Raises NotFound where there is none, Busy while too many are being drawn.
    """
    path = kept.cover(archive.settings.derived, file.sha512, width)
    if not kept.drawable(file) or kept.cached(_refusal(archive, file.sha512)) is not None:
        raise NotFound(_("There is no picture of this file."))
    return kept.cached(path) or _once(archive, path, lambda: _cover(archive, file, width))


def _cover(archive: Archive, file: File, width: int) -> bytes:
    drawing = _draw_cover(archive, _place(archive, file), file.sha512, file.media_type)
    if drawing.error:
        raise NotFound(kept.WHY[drawing.error])
    return drawing.parts[kept.COVERS.index(width)]


def page(archive: Archive, file: File, number: int, width: int) -> bytes:
    """The picture of a page, the first being 1, in one of WIDTHS. Raises NotFound or Busy.

    Whoever calls this has asked `access` before.
    """
    if width not in WIDTHS:
        why = kept.WHY["large"]
        raise NotFound(why)

    def made() -> bytes:
        place = _place(archive, file)
        drawing = _ask("draw", place, file.media_type, number, (width,), seconds=PAGE_SECONDS)
        return b"" if drawing.error else drawing.parts[0]

    data = _kept(archive, file, number, f"{number}-{width}.webp", made)
    if not data:
        raise NotFound(_("This page cannot be shown as a picture."))
    return data


def words(archive: Archive, file: File, number: int) -> list[Word]:
    """The words of a PDF's page, the first being 1, and where they stand in its picture.

    Empty where the page has no text. Raises NotFound or Busy; whoever calls has asked `access`.
    """
    if file.media_type != PDF:
        return []
    read = derived.searchable(archive.settings.derived, file.sha512)  # a scan whose text was read
    place, name = (read, "read-words") if read.exists() else (_place(archive, file), "words")

    def made() -> bytes:
        drawing = _ask("words", place, file.media_type, number, (), seconds=PAGE_SECONDS)
        found = json.dumps(drawing.said.get("words", []), ensure_ascii=False)
        return b"" if drawing.error else gzip.compress(found.encode(), 6, mtime=0)

    data = _kept(archive, file, number, f"{number}.{name}.gz", made)
    return [Word(*one) for one in json.loads(gzip.decompress(data))] if data else []


def shapes(archive: Archive, file: File) -> list[tuple[float, float]]:
    """How wide and high each page of a file is, in whatever unit. Raises NotFound or Busy."""

    def made() -> bytes:
        place = _place(archive, file)
        drawing = _ask("shapes", place, file.media_type, 1, (), seconds=PAGE_SECONDS)
        found = json.dumps(drawing.said.get("shapes", []))
        return b"" if drawing.error else gzip.compress(found.encode(), 6, mtime=0)

    data = _kept(archive, file, 1, "shapes.gz", made)
    if not data:
        raise NotFound(_("The pages of this file cannot be shown as pictures."))
    return [(broad, high) for broad, high in json.loads(gzip.decompress(data))]


def _kept(archive: Archive, file: File, number: int, name: str, made: Callable[[], bytes]) -> bytes:
    """What is cached about a page; made and cached first where it is not. Empty: not to be had."""
    if not kept.drawable(file) or not 1 <= number <= min(file.pages or MOST_PAGES, MOST_PAGES):
        why = kept.WHY["absent"]
        raise NotFound(why)
    path = kept.page(archive.settings.derived, file.sha512, name)
    data = kept.cached(path)
    if data is not None:
        return data

    def made_and_cached() -> bytes:
        data = made()
        _remember(archive, path, data)
        return data

    return _once(archive, path, made_and_cached)


def _remember(archive: Archive, path: Path, data: bytes) -> None:
    settings = archive.settings
    try:
        kept.cache(settings.derived, path, data, most=settings.picture_cache)
    except OSError as error:  # a reader gets the page all the same
        log.warning("page not cached", reason=str(error))


def _place(archive: Archive, file: File) -> Path:
    if file.stored:
        return archive.store.path(versions.object_id(file.work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)


def _once(archive: Archive, path: Path, made: Callable[[], bytes]) -> bytes:
    """What `made` makes, when it is our turn; what is in `path` where somebody else was quicker."""
    with turn(archive.settings.derived):
        data = kept.cached(path)
        return made() if data is None else data


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Holds one of the places of those who may draw for a reader. Raises Busy."""
    if not _threads.acquire(blocking=False):
        raise _busy()
    try:
        with _painter(folder):
            yield
    finally:
        _threads.release()


@contextmanager
def _painter(folder: Path) -> Iterator[None]:
    # Locks of files, for other server processes draw as well, and a killed one lets go.
    until = time.monotonic() + PATIENCE
    while True:
        for place in range(PAINTERS):
            with (folder / f"painter-{place}.lock").open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        if time.monotonic() > until:
            raise _busy()
        time.sleep(0.03)


def _busy() -> Busy:
    return Busy("Many pages are being drawn at the moment. Please try again in a few seconds.")


def _ask(
    task: str, place: Path, media_type: str, page: int, widths: tuple[int, ...], *, seconds: int
) -> Drawing:
    arguments = [task, str(place), media_type, str(page), str(seconds), *map(str, widths)]
    with tempfile.TemporaryFile() as output:
        ended = limited.run("ingest.picture_child", *arguments, seconds=seconds, output=output)
        output.seek(0)
        line = output.readline(OUTPUT)
        rest = output.read(OUTPUT)
    said = _said(line)
    if ended != 0 or said is None or sum(said["lengths"]) != len(rest):
        log.warning("nothing drawn", task=task, status=ended)
        return Drawing("hard", {}, ())
    parts, start = [], 0
    for length in said["lengths"]:
        parts.append(rest[start : start + length])
        start += length
    return Drawing(said.get("error", ""), said, tuple(parts))


def _said(line: bytes) -> dict[str, Any] | None:
    try:
        return json.loads(line)
    except ValueError:  # it was stopped before it had said anything
        return None


def mend(archive: Archive) -> int:
    """Lets covers be drawn that were lost, and those of files that came before there were covers;
    of how many files."""
    step = and_(FileStep.file_id == File.id, FileStep.step == STEP)
    query = (
        select(File.id, File.sha512, FileStep.state, FileStep.outcome)
        .outerjoin(FileStep, step)
        .where(File.removed.is_(None), File.media_type.in_(kept.KINDS), File.scan.in_(kept.CLEARED))
    )
    folder = archive.settings.derived
    with archive.reading() as session:
        lost = [
            file_id
            for file_id, sha512, state, outcome in session.execute(query)
            if state is None
            or (state == StepState.DONE and outcome == DRAWN and not kept.has_cover(folder, sha512))
        ]
    if not lost:
        return 0
    with archive.writing() as session:
        for file_id in lost[:AGAIN]:
            _await(session, file_id)
    return len(lost[:AGAIN])


def _await(session: Session, file_id: int) -> None:
    step = session.get(FileStep, (file_id, STEP))
    if step is None:
        session.add(FileStep(file_id=file_id, step=STEP))
    else:
        step.state, step.tries, step.due = StepState.WAITING, 0, now()


def tidy(archive: Archive) -> int:
    """Keeps the cache of pages within its bound; how many pages went."""
    return kept.sweep(archive.settings.derived, most=archive.settings.picture_cache)
