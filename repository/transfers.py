"""Works go over to another collection, or to another owner."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from repository import audit, catalogue, collections, publishing
from repository.archive import Archive
from repository.catalogue import get, note
from repository.errors import ArchiveError, Invalid
from repository.models.accounts import Account, AccountState
from repository.models.collections import Collection, work_collections
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.roles import Role, expand
from schemas.vocabulary import State

PAGE = 100
MOVABLE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.PUBLISHED)


class Moved(NamedTuple):
    """How many works went over, and the numbers of those that could not, each with the error."""

    done: int
    refused: Sequence[tuple[int, ArchiveError]]


def within(session: Session, one: Collection, *, after: int = 0) -> tuple[list[Work], int | None]:
    """A page of the works that a collection itself holds, and after which the next one begins."""
    holds = work_collections.c
    query = (
        select(Work)
        .join(work_collections, holds.work_id == Work.id)
        .where(holds.collection_id == one.id, Work.state.in_(MOVABLE), Work.id > after)
        .options(selectinload(Work.files))
        .order_by(Work.id)
        .limit(PAGE + 1)
    )
    rows = list(session.scalars(query))
    return rows[:PAGE], (rows[PAGE - 1].id if len(rows) > PAGE else None)


def to_collection(
    archive: Archive,
    numbers: Iterable[int],
    *,
    origin: str,
    target: str,
    actor: Viewer,
    reason: str,
) -> Moved:
    """Takes works out of one collection and puts them into another (both by slug).

    Each is a step of its own, so that one that cannot be moved stops no other; whoever is cut off
    begins again, and what has moved is not there any more.
    """
    if origin == target:
        raise Invalid("Choose another collection than the one they are in.", {"target": []})
    if not reason.strip():
        raise Invalid("Write why they are moved.", {"reason": []})
    with archive.reading() as session:
        for slug in (origin, target):
            collections.find(session, slug)
    count, refused = 0, []
    for number in numbers:
        try:
            count += _move(archive, number, origin, target, actor, f"{origin} → {target}. {reason}")
        except ArchiveError as error:
            refused.append((number, error))
    return Moved(count, refused)


def _move(
    archive: Archive, number: int, origin: str, target: str, actor: Viewer, reason: str
) -> int:
    with archive.reading() as session:
        work = get(session, number)
        slugs = [one.slug for one in work.collections]
    if origin not in slugs:
        return 0
    wanted = sorted({*slugs, target} - {origin})
    if work.state == State.PUBLISHED:
        publishing.transfer(archive, number, actor=actor, reason=reason, collections=wanted)
        return 1
    with archive.writing() as session:
        work = get(session, number)
        chosen = [collections.find(session, slug) for slug in wanted]
        catalogue.gather(session, work, chosen)
        note(session, work, "moved", actor=actor, comment=reason)
    return 1


def owned(session: Session, account: Account) -> int:
    """How many works somebody has, of all states."""
    query = select(func.count()).select_from(Work).where(Work.owner_id == account.id)
    return session.scalar(query) or 0


def check_owner(account: Account) -> None:
    """Raises Invalid where an account cannot have works."""
    roles = expand(Role(one.role) for one in account.roles)
    if account.state == AccountState.DISABLED or Role.DEPOSITOR not in roles:
        raise Invalid("“%(email)s” cannot deposit works.", {"to": []}, email=account.email)


def to_owner(
    session: Session,
    origin: Account,
    target: Account,
    *,
    actor: Viewer,
    reason: str,
    number: int | None = None,
) -> int:
    """Gives all works of one account (or the one of that number) to another; how many.

    Who follows a deposit, answers the library and may open its closed files is the owner.
    """
    if origin.id == target.id:
        raise Invalid("Choose two different accounts.", {"to": []})
    if not reason.strip():
        raise Invalid("Write why they are handed over.", {"reason": []})
    check_owner(target)
    query = select(Work).where(Work.owner_id == origin.id).order_by(Work.id)
    if number is not None:
        query = query.where(Work.id == number)
    works = session.scalars(query).all()
    for work in works:
        work.owner_id = target.id
        # No names: they would stay in the log when people are to be forgotten.
        note(session, work, "handed over", actor=actor, comment=reason)
    about, given = ("account", origin.id), {"to": target.id, "works": len(works)}
    audit.write(session, "account.works", actor=actor, about=about, reason=reason, details=given)
    session.flush()
    return len(works)
