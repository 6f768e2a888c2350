"""How the archive is: database, store, index and queue, each with a sentence."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from repository import changes, mail, upgrading
from repository.archive import Archive
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.works import Change, Work

PATIENCE = timedelta(minutes=10)


class Part(NamedTuple):
    """One part of the archive."""

    name: str
    well: bool
    says: str


def check(archive: Archive) -> list[Part]:
    """All parts, the most basic first."""
    store_well, store_says = archive.store.status()
    index_well, index_says = archive.index.status()
    return [
        _database(archive),
        Part("store", store_well, store_says),
        Part("index", index_well, index_says),
        _queue(archive),
        _letters(archive),
    ]


def _database(archive: Archive) -> Part:
    try:
        behind = upgrading.behind(archive.engine)
        with archive.reading() as session:
            count = session.scalar(select(func.count()).select_from(Work)) or 0
    except (SQLAlchemyError, ArchiveError) as error:
        return Part("database", False, f"The database does not answer: {type(error).__name__}.")
    if behind:
        return Part("database", False, "The tables are old. Run `open-archive upgrade`.")
    return Part("database", True, f"The database answers and holds {count} works.")


def _queue(archive: Archive) -> Part:
    try:
        with archive.reading() as session:
            waiting = changes.waiting(session)
            oldest = session.scalar(select(func.min(Change.moment)))
    except (SQLAlchemyError, ArchiveError) as error:
        return Part("queue", False, f"The queue cannot be read: {type(error).__name__}.")
    if oldest is not None and now() - oldest > PATIENCE:
        said = ", ".join(f"{count} for {name}" for name, count in sorted(waiting.items()))
        return Part("queue", False, f"Changes wait too long ({said}). Is the worker running?")
    return Part("queue", True, f"{sum(waiting.values())} changes wait for the worker.")


def _letters(archive: Archive) -> Part:
    try:
        with archive.reading() as session:
            found = mail.status(session)
    except (SQLAlchemyError, ArchiveError) as error:
        return Part("letters", False, f"The letters cannot be read: {type(error).__name__}.")
    # An address that does not exist is no illness of ours, and why a letter stays is said in the
    # log only: everybody may read this, and reasons name addresses.
    said = f"{found.waiting} letters are tried again, {found.given_up} were given up."
    return Part("letters", True, said)
