"""Files that the archive brings for a draft: from an address, or from a folder of the server.

The folder is for what does not come over the network: a CD, a USB stick, a scanner's output. The
worker brings one file at a time; whatever goes wrong is said beside the draft, and tried again
when somebody wishes it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest import coming, digests, files, offers
from ingest.digests import Summed
from repository import access, accounts, catalogue, fetching, letters
from repository.access import Action
from repository.addresses import check
from repository.archive import Archive
from repository.batches import explained
from repository.errors import ArchiveError, Invalid, NotAllowed, NotFound
from repository.models.accounts import Account
from repository.models.fetches import Fetch, FetchState
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import SYSTEM, Viewer
from schemas.roles import Role

INBOX = "inbox:"
SECONDS = 1800.0  # for one file; the worker does nothing else for it meanwhile
EVERY = 1.0  # seconds between two words on how far it is
MOST = 20  # fetches that may wait for one work
LISTED = 1000  # files of the folder that a page shows


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Entry(NamedTuple):
    """A file in the folder: its path in it, and its size in bytes."""

    path: str
    size: int


def ask(
    session: Session, work: Work, source: str, *, actor: Viewer, name: str = "", digest: str = ""
) -> Fetch:
    """Has a file brought for a draft. Raises Refused for an address that is not asked, Invalid.

    `name` is what it shall be called, `digest` (a Digest header) what its bytes must come to.
    """
    catalogue.check_step(work, "edit")
    given = source.strip()
    if not given:
        raise Invalid("Write the address of the file.", {"address": []})
    if not given.startswith(INBOX):
        check(given)
    elif not actor.may(Role.CATALOGUER):
        raise NotAllowed("Only the library's staff take files from the server's folder.")
    if len(of(session, work.id)) >= MOST:
        raise Invalid("Wait until the files that were asked for have come.", {"address": []})
    fetch = Fetch(
        work_id=work.id, account_id=actor.id, source=given[:2000], name=name, digest=digest
    )
    session.add(fetch)
    session.flush()
    return fetch


def of(session: Session, number: int) -> list[Fetch]:
    """What is still to come for a work, and what did not come."""
    query = select(Fetch).where(Fetch.work_id == number).order_by(Fetch.id)
    return list(session.scalars(query))


def submit_then(session: Session, work: Work, signed: dict[str, Any]) -> bool:
    """Whether files are still to come: then the work goes to the library after the last of them.

    Raises NotAllowed when one did not come.
    """
    awaited = of(session, work.id)
    for one in awaited:
        if one.state == FetchState.FAILED:
            raise NotAllowed(
                "“%(name)s” has not come. Have it brought again, or do without it.",
                name=one.name or one.source,
            )
        one.agreement = signed
    session.flush()
    return bool(awaited)


def again(session: Session, work: Work, number: int) -> None:
    """Has it tried once more."""
    fetch = _find(session, work, number)
    fetch.state, fetch.problem, fetch.came = FetchState.WAITING, None, 0


def forget(session: Session, work: Work, number: int) -> None:
    """Does without the file."""
    session.delete(_find(session, work, number))


def _find(session: Session, work: Work, number: int) -> Fetch:
    fetch = session.get(Fetch, number)
    if fetch is None or fetch.work_id != work.id:
        raise NotFound("There is no such file any more.")
    return fetch


# --- the folder -----------------------------------------------------------------------------------
def listed(inbox: Path) -> list[Entry]:
    """The files in the folder and those below it, by path, at most LISTED."""
    found = []
    for path in sorted(inbox.rglob("*")) if inbox.is_dir() else ():
        if path.is_file() and not path.is_symlink() and not _hidden(path.relative_to(inbox)):
            found.append(Entry(path.relative_to(inbox).as_posix(), path.stat().st_size))
        if len(found) == LISTED:
            break
    return found


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def place(inbox: Path, source: str) -> Path:
    """Where a file of the folder lies; raises NotFound also for whatever leads out of it."""
    path = inbox / PurePosixPath(source.removeprefix(INBOX))
    inside = path.resolve().is_relative_to(inbox.resolve())
    if not inside or not path.is_file():
        raise NotFound("“%(name)s” is not in the folder.", name=source.removeprefix(INBOX))
    return path


# --- the worker -----------------------------------------------------------------------------------
def follow(archive: Archive) -> int:
    """Brings the file that has waited longest; 1, or 0 when none waits."""
    with archive.reading() as session:
        query = select(Fetch).where(Fetch.state == FetchState.WAITING).order_by(Fetch.id).limit(1)
        fetch = session.scalar(query)
    if fetch is None:
        return 0
    try:
        _bring(archive, fetch)
    except ArchiveError as error:
        with archive.writing() as session:
            kept = session.get(Fetch, fetch.id)
            if kept is not None:
                kept.state, kept.problem = FetchState.FAILED, explained(error)
    return 1


def _bring(archive: Archive, fetch: Fetch) -> None:
    settings = archive.settings
    with _source(archive, fetch) as (stream, name):
        summed = Summed(stream, digests.read(fetch.digest))
        arrival = files.receive(
            cast(BinaryIO, summed),
            fetch.name or name,
            staging=settings.staging,
            limit=settings.upload_limit,
        )
    try:
        summed.check()
        pages = offers.prepare(archive, arrival).pages
        with archive.writing() as session:
            if session.get(Fetch, fetch.id) is None:
                raise NotFound("There is no such file any more.")  # somebody did without it
            work, actor = catalogue.get(session, fetch.work_id), _actor(session, fetch)
            if not access.decide(actor, Action.EDIT, work):
                raise NotAllowed("You may not change this work.")
            catalogue.check_step(work, "edit")
            files.attach(session, work, arrival, settings=settings, pages=pages)
            catalogue.note(session, work, "file brought", actor=actor, comment=fetch.source)
            session.execute(delete(Fetch).where(Fetch.id == fetch.id))
            if fetch.agreement and not of(session, work.id):
                _submit(session, work, fetch.agreement, actor=actor, settings=settings)
    except BaseException:
        files.discard(arrival, staging=settings.staging)
        raise


def _submit(
    session: Session, work: Work, signed: dict[str, Any], *, actor: Viewer, settings: Settings
) -> None:
    catalogue.submit(session, work, actor=actor, agreement=signed)
    letters.to_depositor(session, work, "submitted", settings=settings)


def _actor(session: Session, fetch: Fetch) -> Viewer:
    """Who asked; an import by command did so for nobody, for fetches go with their accounts."""
    account = session.get(Account, fetch.account_id) if fetch.account_id else None
    return accounts.viewer(account) if account else SYSTEM


@contextmanager
def _source(archive: Archive, fetch: Fetch) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of what is to be brought, and a name for them."""
    tell = _teller(archive, fetch.id)
    if fetch.source.startswith(INBOX):
        path = place(archive.settings.inbox, fetch.source)
        with path.open("rb") as file:
            blocks = iter(lambda: file.read(files.BLOCK), b"")
            yield cast(BinaryIO, coming.Stream(blocks, path.stat().st_size, tell)), path.name
        return
    limit = archive.settings.upload_limit
    limits = fetching.limits(archive.settings)
    limits = replace(limits, seconds=SECONDS, size=limit + 1)
    with fetching.opened(fetch.source, limits) as answer:
        coming.check(answer)
        size = int(answer.headers.get("content-length", "0") or 0)
        yield cast(BinaryIO, coming.Stream(answer.chunks, size, tell)), coming.name(answer)


def _teller(archive: Archive, number: int) -> coming.Tell:
    told = 0.0

    def tell(came: int, size: int) -> None:
        nonlocal told
        if time.monotonic() - told < EVERY:
            return
        told = time.monotonic()
        with archive.writing() as session:
            fetch = session.get(Fetch, number)
            if fetch is None:
                raise NotFound("There is no such file any more.")
            fetch.came, fetch.size = came, size

    return tell
