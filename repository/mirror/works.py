"""What a mirror has of each work: its description, and those files that everybody may have."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from repository import access, clearance, records
from repository.access import Action, Decision
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.exports import jsonl
from repository.mirror import names
from repository.mirror.target import Target
from repository.models.collections import Collection
from repository.models.works import File, Work
from repository.records import Record
from repository.settings import Settings
from repository.viewers import ANONYMOUS
from schemas.vocabulary import State

PAGE = 50  # works that are read at a time: what is decided of them must not grow old


class Left(StrEnum):
    """Why a file stays in the archive."""

    TERMS = "terms"  # not everybody may be handed it
    UNCHECKED = "unchecked"  # nobody has looked for viruses in it
    DAMAGED = "damaged"  # its bytes are not what they were


@dataclass(frozen=True)
class Part:
    """A file of a work: where it lies in the work's folder, or why it does not."""

    file: File
    decision: Decision
    path: str
    left: Left | None


@dataclass(frozen=True)
class Gathered:
    """A work with its files."""

    work: Work
    record: Record
    parts: tuple[Part, ...]

    @property
    def given(self) -> tuple[Part, ...]:
        """The files that lie in the mirror."""
        return tuple(one for one in self.parts if not one.left)


@dataclass
class Sizes:
    """How much a mirror will hold."""

    works: int = 0
    files: int = 0
    size: int = 0  # bytes of these files
    new: int = 0  # bytes of those that are not there yet


def each(archive: Archive, numbers: Sequence[int]) -> Iterator[Gathered]:
    """The works of these numbers that are public now, as everybody may have them today."""
    for start in range(0, len(numbers), PAGE):
        with archive.reading() as session:
            works = _page(session, numbers[start : start + PAGE])
            page = [gathered(one, archive.settings) for one in works]
        yield from page


def _page(session: Session, numbers: Sequence[int]) -> list[Work]:
    query = (
        select(Work)
        .where(Work.id.in_(numbers), Work.state == State.PUBLISHED, Work.published.is_not(None))
        .options(
            selectinload(Work.files),
            selectinload(Work.collections).selectinload(Collection.parent),
        )
        .order_by(Work.id)
    )
    return list(session.scalars(query))


def gathered(work: Work, settings: Settings) -> Gathered:
    """The work as everybody may have it today."""
    files = work.current_files
    called = names.each(one.name for one in files)
    parts = tuple(_part(work, *pair, settings) for pair in zip(files, called, strict=True))
    return Gathered(work, records.of(work, base_url=settings.base_url), parts)


def _part(work: Work, file: File, name: str, settings: Settings) -> Part:
    found = access.decide(ANONYMOUS, Action.COPY, work, file)
    left = None if found else Left.TERMS
    if found and not clearance.passes(file, settings):
        left = Left.UNCHECKED
    return Part(file, found, "" if left else f"files/{name}", left)


def measure(
    archive: Archive, numbers: Sequence[int], target: Target, done: Callable[[], None]
) -> Sizes:
    """How much that will be."""
    sizes = Sizes()
    for one in each(archive, numbers):
        sizes.works += 1
        for part in one.given:
            sizes.files += 1
            sizes.size += part.file.size
            path = f"works/{one.record.number}/{part.path}"
            if not target.there(path, part.file.sha512, part.file.size):
                sizes.new += part.file.size
        done()
    return sizes


def hand_out(archive: Archive, target: Target, one: Gathered) -> Gathered:
    """Puts the files of a work into the mirror; what it is then, for some may be damaged."""
    return replace(one, parts=tuple(_handed(archive, target, one, part) for part in one.parts))


def _handed(archive: Archive, target: Target, one: Gathered, part: Part) -> Part:
    if part.left:
        return part
    path, file = f"works/{one.record.number}/{part.path}", part.file
    try:
        place = jsonl.place(archive, one.work, file)
        if target.copy(path, place, file.sha512, file.size):
            return part
    except (ArchiveError, FileNotFoundError):  # the store has lost it
        pass
    return replace(part, left=Left.DAMAGED, path="")
