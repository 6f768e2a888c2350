"""Cataloguers of some collections only: who they are, and what belongs to them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import audit, notices
from repository.errors import Invalid
from repository.models.accounts import Account, AccountState
from repository.models.collections import Collection
from repository.models.reviewing import Appointment
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.roles import Role


def below(session: Session, tops: Iterable[int]) -> frozenset[int]:
    """The ids of these collections and of all below them."""
    children: dict[int | None, list[int]] = {}
    for one, parent in session.execute(select(Collection.id, Collection.parent_id)):
        children.setdefault(parent, []).append(one)
    found, waiting = set(), list(tops)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, [])
    return frozenset(found)


def within(session: Session, account_id: int) -> frozenset[int]:
    """The ids of all collections whose works somebody reviews by appointment."""
    query = select(Appointment.collection_id).where(Appointment.account_id == account_id)
    tops = session.scalars(query).all()
    return below(session, tops) if tops else frozenset()


def of(session: Session, collection: Collection) -> Sequence[Account]:
    """Who is appointed for that very collection, by name."""
    query = (
        select(Account)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.collection_id == collection.id)
        .order_by(Account.name, Account.id)
    )
    return session.scalars(query).all()


def reviewers(session: Session, collections: Iterable[Collection]) -> Sequence[Account]:
    """Who is appointed for any of these collections, or for one above them."""
    ids: set[int] = set()
    for one in collections:
        here: Collection | None = one
        while here is not None:
            ids.add(here.id)
            here = here.parent
    query = (
        select(Account)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.id.in_(
                select(Appointment.account_id).where(Appointment.collection_id.in_(ids))
            ),
        )
        .order_by(Account.name, Account.id)
    )
    return session.scalars(query).all()


def staff(session: Session, work: Work) -> list[Account]:
    """Who may review a work: all cataloguers, and those appointed for its collections."""
    everybody = notices.holders(session, Role.CATALOGUER)
    ours = reviewers(session, work.collections)
    return list({one.id: one for one in (*everybody, *ours)}.values())


def appoint(session: Session, account: Account, collection: Collection, *, actor: Viewer) -> None:
    """Makes somebody a cataloguer of a collection."""
    if account.state != AccountState.ACTIVE:
        raise Invalid("This account cannot sign in.", {"email": []})
    if session.get(Appointment, (account.id, collection.id)) is not None:
        raise Invalid("They review this collection already.", {"email": []})
    session.add(Appointment(account_id=account.id, collection_id=collection.id))
    session.flush()
    _log(session, account.id, collection, "appointed", actor)


def dismiss(session: Session, account_id: int, collection: Collection, *, actor: Viewer) -> None:
    """Ends an appointment; works that they have in hand wait in the queue again."""
    session.execute(
        delete(Appointment).where(
            Appointment.account_id == account_id, Appointment.collection_id == collection.id
        )
    )
    _log(session, account_id, collection, "dismissed", actor)


def _log(
    session: Session, account_id: int, collection: Collection, kind: str, actor: Viewer
) -> None:
    audit.write(
        session,
        f"account.{kind}",
        actor=actor,
        about=("account", account_id),
        details={"collection": collection.slug},
    )
