"""A folder of plain pages and open files, which works from a stick, without a server."""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from repository import __version__, appearance, collections, speaking
from repository.archive import Archive
from repository.clock import now
from repository.errors import Busy, Conflict, StorageFull
from repository.exports import selecting
from repository.exports.selecting import Selection
from repository.mirror import lists, pages, scratch, search, target, works
from repository.mirror.pages import Press
from repository.mirror.target import ABOUT, NEW, Target
from repository.mirror.works import Gathered, Left, Sizes
from repository.store import disk

# Roughly, in bytes: pages in three languages and descriptions of one work, as its files.
PAGES = (10_000, 10_000, 10_000, 3_000, 2_000, 2_000, 1_000, 1_000, 1_000)
SELECTS = True  # takes a selection of works, and updates a folder that it has written before

Shown = Callable[[str, int], AbstractContextManager[Callable[[], None]]]


@dataclass
class Written:
    """What there is in a mirror, and what has changed in it."""

    works: int = 0
    files: int = 0
    kept: int = 0
    size: int = 0
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    unchecked: int = 0
    problems: list[str] = field(default_factory=list)


def write(
    archive: Archive,
    folder: Path,
    *,
    wanted: Selection = selecting.EVERYTHING,
    say: Callable[[str], None] = lambda said: None,
    shown: Shown,
) -> Written:
    """Makes a mirror of public works in a folder, or brings one that is there up to date.

    Raises Conflict when there is anything else in the folder, StorageFull when it will not fit.
    """
    with archive.reading() as session:
        numbers = selecting.chosen(session, wanted)
    with _room(folder), _opened(folder, archive.settings.base_url) as made:
        with shown("Sizes", len(numbers)) as done:
            sizes = works.measure(archive, numbers, made, done)
        _check_room(made, sizes, say)
        written = Written()
        presses = [pages.press(archive.settings, one) for one in pages.LANGUAGES]
        with shown("Works", len(numbers)) as done:
            for one in works.each(archive, numbers):
                _work(archive, made, presses, one, written)
                done()
        _common(archive, made, presses, written, shown)
        made.settle()
    written.written, written.unchanged = made.written, made.unchanged
    written.removed = made.removed
    return written


@contextmanager
def _opened(folder: Path, base_url: str) -> Iterator[Target]:
    """The folder, held by us alone; what was not completed is taken away again."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Conflict(
            "%(folder)s cannot be made: %(reason)s.", folder=folder, reason=error.strerror
        ) from error
    with _alone(folder), scratch.opened() as known:
        about = target.former(folder, base_url)
        target.remember(folder, known)
        made = Target(folder, known, about)
        try:
            yield made
        finally:
            if not (folder / NEW / target.MANIFEST).exists():
                disk.discard(folder / NEW)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # network disks know no lock on a folder
            _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy("Another run is writing into %(folder)s.", folder=folder) from error


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                "There is no room left in %(folder)s. What was there before is as it was.",
                folder=folder,
            ) from error
        if error.errno == errno.EFBIG:
            raise StorageFull(
                "%(folder)s takes no file of that size. FAT32 stops at 4 GB; exFAT does not.",
                folder=folder,
            ) from error
        raise


def _check_room(made: Target, sizes: Sizes, say: Callable[[str], None]) -> None:
    folder = made.folder
    block = max(os.statvfs(folder).f_frsize, 512)
    described = sizes.works * sum(-(-one // block) * block for one in PAGES)
    free = shutil.disk_usage(folder).free
    needed = sizes.new + (0 if made.about else described)
    say(
        f"Works: {sizes.works}. Files: {sizes.files} ({_size(sizes.size)}), "
        f"of which {_size(sizes.new)} are not there yet. Pages: about {_size(described)}. "
        f"Free there: {_size(free)}."
    )
    if needed > free:
        raise StorageFull(
            "This needs about %(needed)s; in %(folder)s there are %(free)s free.",
            needed=_size(needed),
            folder=folder,
            free=_size(free),
        )


def _size(value: int) -> str:
    return speaking.size(value, speaking.ENGLISH)


def _work(
    archive: Archive, made: Target, presses: list[Press], one: Gathered, written: Written
) -> None:
    """Writes a work: its files first, for a page must not promise one that is damaged."""
    one = works.hand_out(archive, made, one)
    place, said = f"works/{one.record.number}", pages.of_work(one)
    for name, data in pages.descriptions(one.record).items():
        made.put(f"{place}/{name}", data)
    made.put(f"{place}/index.html", presses[0].page("door", f"{place}/index.html", **said))
    for press in presses:
        path = f"{press.language}/{place}/index.html"
        made.put(path, press.page("work", path, why=press.why, **said))
    lists.note(made.known, one)
    _count(one, written)


def _count(one: Gathered, written: Written) -> None:
    written.works += 1
    written.files += len(one.given)
    written.kept += len(one.parts) - len(one.given)
    written.size += sum(part.file.size for part in one.given)
    for part in one.parts:
        written.unchecked += part.left is Left.UNCHECKED
        if part.left is Left.DAMAGED:
            where = f"Work {one.record.number}, {part.file.name}"
            written.problems.append(f"{where}: damaged, left out. Run verify.")


def _common(
    archive: Archive, made: Target, presses: list[Press], written: Written, shown: Shown
) -> None:
    """Writes what is not about one work: lists, the search, the first pages."""
    with archive.reading() as session:
        found = lists.sections(made.known, collections.everything(session))
        with shown("Lists", sum(map(len, found.values()))) as done:
            lists.write(made, presses, found, done)
    pieces = search.write(made)
    for path, data in pages.assets(archive.settings).items():
        made.put(path, data)
    for press in presses:
        path = f"{press.language}/search.html"
        made.put(path, press.page("search", path, pieces=pieces))
    _first(archive, made, presses, written, found)


def _first(
    archive: Archive,
    made: Target,
    presses: list[Press],
    written: Written,
    found: dict[str, list[lists.Section]],
) -> None:
    """The first pages; they say when the mirror was made, which is when something last changed."""
    homes = [f"{press.language}/index.html" for press in presses]
    moment = now()
    if made.about.get("made") and made.quiet(("index.html", ABOUT, *homes)):
        moment = datetime.fromisoformat(made.about["made"])
    said: dict[str, Any] = {"written": written, "made": moment, "found": found, "axes": lists.AXES}
    for press, path in zip(presses, homes, strict=True):
        made.put(path, press.page("home", path, press=press, **said))
    welcomes = [
        (press, Markup(press.page("_welcome", "index.html", **said).decode()))  # noqa: S704 - ours
        for press in presses
    ]
    made.put("index.html", presses[0].page("index", "index.html", welcomes=welcomes, **said))
    about = {
        "about": "A static mirror of the open part of an archive. index.html is its first page.",
        "archive": archive.settings.base_url,
        "name": appearance.name(archive.settings),
        "made": moment.isoformat(),
        "software": f"Open Archive {__version__}",
        "works": written.works,
        "files": written.files,
        "bytes": written.size,
    }
    made.put(ABOUT, json.dumps(about, ensure_ascii=False, indent=1).encode())
