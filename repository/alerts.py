"""Searches that readers keep, and what is new in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import notices
from repository.archive import Archive
from repository.clock import now
from repository.errors import ArchiveError, Invalid, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.searches import Often, SavedSearch
from repository.models.works import Work
from repository.viewers import Viewer
from schemas import search as queries
from schemas.text import line
from schemas.vocabulary import State

log = structlog.get_logger()

MOST = 50  # searches of one account
LONGEST = 2000  # letters of their arguments
NAMED = 10  # works that a letter names
WEIGHED = 10_000  # new works that are looked through
SETTLED = timedelta(minutes=10)  # after which a published work is in the index
EVERY: Mapping[Often, timedelta] = {
    Often.DAILY: timedelta(days=1),
    Often.WEEKLY: timedelta(days=7),
}


def of(session: Session, viewer: Viewer) -> Sequence[SavedSearch]:
    """The searches of an account, the newest first."""
    query = select(SavedSearch).where(SavedSearch.account_id == viewer.id)
    return session.scalars(query.order_by(SavedSearch.id.desc())).all()


def get(session: Session, number: int, viewer: Viewer) -> SavedSearch:
    """One of them; raises NotFound."""
    found = session.get(SavedSearch, number)
    if found is None or found.account_id != viewer.id:
        raise NotFound("There is no such search.")
    return found


def keep(session: Session, viewer: Viewer, *, name: str, query: str, often: str) -> SavedSearch:
    """Keeps a search, given as the arguments of its address; one that is kept is only changed."""
    called = line(name)[:200]
    if not called:
        raise Invalid("Give the search a name.", {"name": []})
    if not query or len(query) > LONGEST:
        raise Invalid("This search cannot be kept.", {"query": []})
    known = of(session, viewer)
    found = next((one for one in known if one.query == query), None)
    if found is None:
        if len(known) >= MOST:
            raise Invalid("You keep %(count)s searches: delete one first.", {}, count=MOST)
        found = SavedSearch(account_id=viewer.id, query=query)
        session.add(found)
    found.name = called
    repeat(found, often)
    session.flush()
    return found


def repeat(found: SavedSearch, often: str) -> None:
    """Says how often its owner is told; from now on, where that was never."""
    chosen = Often(often) if often in set(Often) else Often.NEVER
    if found.often in (None, Often.NEVER):
        found.told = now()
    found.often = chosen


def forget(session: Session, found: SavedSearch) -> None:
    """Deletes a search."""
    session.delete(found)
    session.flush()


def tell(archive: Archive) -> int:
    """Tells those whose searches are due what is new in them; how many were told."""
    until = now() - SETTLED
    with archive.reading() as session:
        due = [
            one.id
            for often, every in EVERY.items()
            for one in session.scalars(
                select(SavedSearch).where(
                    SavedSearch.often == often, SavedSearch.told < now() - every
                )
            )
        ]
    told = 0
    for number in due:
        try:
            told += _look(archive, number, until)
        except ArchiveError as error:  # it stays due
            log.warning("saved search not done", search=number, why=str(error))
    return told


def _look(archive: Archive, number: int, until: datetime) -> bool:
    """Does one search among what is new."""
    with archive.reading() as session:
        kept = session.get(SavedSearch, number)
        fresh = _published(session, kept.told, until) if kept else ()
        titles, total = _found(archive, session, kept, fresh) if kept and fresh else ([], 0)
    with archive.writing() as session:
        kept = session.get(SavedSearch, number)
        owner = session.get(Account, kept.account_id) if kept else None
        if kept is None or owner is None:
            return False
        kept.told = until
        if not total or owner.state != AccountState.ACTIVE:
            return False
        notices.tell(
            session,
            owner,
            "search_found",
            settings=archive.settings,
            path=f"/search?{kept.query}&sort=newest",
            search=kept.name,
            works=titles,
            count=total,
            more=max(0, total - len(titles)),
        )
    return True


def _published(session: Session, since: datetime, until: datetime) -> Sequence[int]:
    query = (
        select(Work.id)
        .where(Work.state == State.PUBLISHED, Work.published > since, Work.published <= until)
        .order_by(Work.published.desc())
        .limit(WEIGHED)
    )
    return session.scalars(query).all()


def _found(
    archive: Archive, session: Session, kept: SavedSearch, fresh: Sequence[int]
) -> tuple[list[str], int]:
    """The titles of those of the fresh works that the search finds, and how many it finds."""
    asked, _problems = queries.read(parse_qs(kept.query))
    asked = replace(asked, among=tuple(fresh), sort="newest", page=1)
    hits = archive.index.find(asked, limit=NAMED)
    numbers = [hit.number for hit in hits.results]
    rows = select(Work.id, Work.title).where(Work.id.in_(numbers), Work.state == State.PUBLISHED)
    known = {row.id: row.title for row in session.execute(rows)}
    return [known[one] for one in numbers if one in known], hits.total
