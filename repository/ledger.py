"""What was done in the library's books: events that are only added, and rows in the audit log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import audit
from repository.models.accessions import BookEvent
from repository.viewers import Viewer


def note(
    session: Session,
    about: str,
    number: int,
    kind: str,
    *,
    actor: Viewer,
    reason: str = "",
    **details: Any,
) -> None:
    """Writes down who did what to a part of the books, a document or a rule, and why."""
    session.add(
        BookEvent(
            about=about,
            about_id=number,
            account_id=actor.id,
            actor=actor.name,
            kind=kind,
            reason=reason,
            details=_plain(details),
        )
    )
    audit.write(
        session,
        f"{about}.{kind}",
        actor=actor,
        about=(about, number),
        reason=reason,
        details=_plain(details),
    )


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as JSON keeps them: days and sums as text."""
    kept = (str, int, bool, type(None))
    return {
        name: _plain(one)
        if isinstance(one, Mapping)
        else one
        if isinstance(one, kept)
        else str(one)
        for name, one in details.items()
    }


def events(session: Session, about: str, number: int) -> Sequence[BookEvent]:
    """What happened, oldest first."""
    query = select(BookEvent).where(BookEvent.about == about, BookEvent.about_id == number)
    return session.scalars(query.order_by(BookEvent.id)).all()


def put(thing: object, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Writes values into a row; what of them was different before, and what it is now."""
    before = {name: getattr(thing, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(thing, name, values[name])
    return {name: before[name] for name in changed}, {name: values[name] for name in changed}
