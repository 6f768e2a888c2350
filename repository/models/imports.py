"""Imports that people have run, what they did to works, and the copies that catalogues list."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class ImportState(StrEnum):
    """Where an import stands."""

    NEW = "new"  # its file has come
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # the source as a whole could not be read, or the disk was full
    UNDOING = "undoing"
    UNDONE = "undone"


class Deed(StrEnum):
    """What an import did to a work."""

    ADDED = "added"
    UPDATED = "updated"


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(repr(str(one)) for one in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Import(Base):
    """One import: a source that was read in a format, with what was asked for.

    `options` are the reader's own, `counts` say how many rows came to what, `unplaced` in how many
    records which part found no place. `seen` is how many rows have been looked at. With `fetch` the
    files are brought that records point to.
    """

    __tablename__ = "imports"
    __table_args__ = (_one_of("state", ImportState), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(default="")
    format: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    collections: Mapped[list[str]] = mapped_column(JSON, default=list)
    publish: Mapped[bool] = mapped_column(default=False)
    fetch: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(default=ImportState.NEW)
    made: Mapped[datetime] = mapped_column(default=now)
    begun: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    unplaced: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    stopped: Mapped[str] = mapped_column(default="")


class ImportedWork(Base):
    """What an import did to a work. `before` and `after` are descriptions, where it was updated."""

    __tablename__ = "imported_works"
    __table_args__ = (_one_of("deed", Deed), Index(None, "work_id"))

    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    deed: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Holding(Base):
    """A copy on the shelves, as the library's catalogue has it, in the catalogue's own words."""

    __tablename__ = "holdings"
    __table_args__ = (Index(None, "work_id"), Index(None, "inventory"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    source: Mapped[str]
    inventory: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    price: Mapped[str] = mapped_column(default="")
    book: Mapped[str] = mapped_column(default="")  # the record of the summary book
