"""A work as it goes out: what formats, exports and pages are rendered from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from repository import access, collections
from repository.clock import now
from repository.models.collections import Collection
from repository.models.works import Work
from schemas.vocabulary import Access, Copying, State

DAY = timedelta(days=1)
EXPOSED = (State.PUBLISHED, State.WITHDRAWN)


@dataclass(frozen=True)
class RecordFile:
    """A file as it may be described to everybody; `level` is the access in force today.

    `free` says whether everybody may be handed it. Where it is not, nothing may offer its address
    as that of a download.
    """

    name: str
    position: int
    size: int
    media_type: str
    sha512: str
    pages: int | None
    access: Access
    level: Access
    embargo_until: date | None
    url: str
    deposited: datetime | None = None
    copying: Copying = Copying.ALLOWED
    lease_until: date | None = None

    @property
    def free(self) -> bool:
        """Whether everybody may be handed the file today."""
        return self.level is Access.OPEN and self.copying is Copying.ALLOWED

    @property
    def waits(self) -> bool:
        """Whether it is closed and will open."""
        opens = self.embargo_until and self.access is not Access.CLOSED
        return bool(opens) and self.level is Access.CLOSED and not self.over

    @property
    def over(self) -> bool:
        """Whether its lease has ended, or will not outlast its embargo."""
        if self.lease_until is None:
            return False
        return self.lease_until <= max(self.embargo_until or date.min, now().date() - DAY)


@dataclass(frozen=True)
class Record:
    """One exposed work, detached from the database. `sets` holds OAI setSpecs with ancestors'."""

    id: int
    number: int
    uuid: str
    state: str
    version: int
    document: dict[str, Any]
    files: tuple[RecordFile, ...]
    sets: tuple[str, ...]
    collections: tuple[str, ...]
    published: datetime
    changed: datetime
    withdrawal: dict[str, Any] | None
    url: str
    access_right: str

    @property
    def deleted(self) -> bool:
        """Whether only a tombstone is left."""
        return self.state == State.WITHDRAWN

    def file_url(self, name: str) -> str:
        """The absolute address of a file."""
        return f"{self.url}/{quote(name)}"


def get(session: Session, work_id: int, *, base_url: str) -> Record | None:
    """The record of one work; None when it was never public."""
    found = load(session, [work_id], base_url=base_url)
    return found[0] if found else None


def load(session: Session, ids: Sequence[int], *, base_url: str) -> list[Record]:
    """The records of those of `ids` that are or were public, in the order of `ids`."""
    query = (
        select(Work)
        .where(Work.id.in_(ids), Work.state.in_(EXPOSED), Work.published.is_not(None))
        .options(
            selectinload(Work.files),
            selectinload(Work.collections).selectinload(Collection.parent),
        )
    )
    works = {work.id: work for work in session.scalars(query)}
    return [of(works[one], base_url=base_url) for one in ids if one in works]


def of(work: Work, *, base_url: str) -> Record:
    """The record of a work that has been published."""
    if work.published is None:
        raise ValueError(f"Work {work.id} was never published.")
    url = f"{base_url}/works/{work.id}"
    files = work.current_files if work.state == State.PUBLISHED else []
    return Record(
        id=work.id,
        number=work.id,
        uuid=work.uuid,
        state=work.state,
        version=work.version,
        document=work.document,
        files=tuple(_files(files, url)),
        sets=collections.specs(work.collections),
        collections=collections.slugs(work.collections),
        published=work.published,
        changed=work.changed,
        withdrawal=work.withdrawal,
        url=url,
        access_right=access.right(files, work.document.get("access")),
    )


def _files(files: Iterable[Any], url: str) -> Iterable[RecordFile]:
    for file in files:
        yield RecordFile(
            name=file.name,
            position=file.position,
            size=file.size,
            media_type=file.media_type,
            sha512=file.sha512,
            pages=file.pages,
            access=Access(file.access),
            level=access.level(file),
            embargo_until=file.embargo_until,
            url=f"{url}/{quote(file.name)}",
            deposited=file.created,
            copying=Copying(file.copying),
            lease_until=file.lease_until,
        )
