"""The worker brings the files that drafts wait for (`fetches`), one at a time.

Whatever goes wrong is said beside the draft, and tried again when somebody wishes it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest import coming, digests, fetches, files, offers
from ingest.digests import Summed
from repository import access, accounts, catalogue, fetching, letters
from repository.access import Action
from repository.archive import Archive
from repository.batches import explained
from repository.errors import ArchiveError, NotAllowed, NotFound
from repository.models.accounts import Account
from repository.models.fetches import Fetch, FetchState
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import SYSTEM, Viewer

SECONDS = 1800.0  # for one file; the worker does nothing else for it meanwhile
EVERY = 1.0  # seconds between two words on how far it is


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
            if fetch.agreement and not fetches.of(session, work.id):
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
    if fetch.source.startswith(fetches.INBOX):
        path = fetches.place(archive.settings.inbox, fetch.source)
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
