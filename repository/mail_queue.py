"""The letters that wait, were sent, or were given up: for whoever looks after them."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from repository import audit
from repository.archive import Archive
from repository.clock import now
from repository.errors import NotFound
from repository.models.accounts import Letter, Post
from repository.viewers import Viewer

KEPT = timedelta(days=30)  # a letter that is done with, for whoever asks what became of it


def counts(session: Session) -> dict[str, int]:
    """How many letters there are in each state."""
    query = select(Letter.state, func.count()).group_by(Letter.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416


def letters(
    session: Session, state: str, *, before: int | None = None, size: int = 50
) -> tuple[list[Letter], int | None]:
    """Letters in a state, the newest first, and before which number the next page begins."""
    query = select(Letter).where(Letter.state == state).order_by(Letter.id.desc())
    if before is not None:
        query = query.where(Letter.id < before)
    rows = session.scalars(query.limit(size + 1)).all()
    return list(rows[:size]), (rows[size - 1].id if len(rows) > size else None)


def again(session: Session, number: int, *, actor: Viewer) -> None:
    """Has a letter sent anew that waits or was given up."""
    letter = _unsent(session, number)
    letter.state, letter.tries, letter.due = Post.WAITING, 0, now()
    audit.write(session, "mail.again", actor=actor, about=("letter", number))


def drop(session: Session, number: int, *, actor: Viewer) -> None:
    """Deletes a letter that was not sent."""
    letter = _unsent(session, number)
    details = {"template": letter.template}
    audit.write(session, "mail.deleted", actor=actor, about=("letter", number), details=details)
    session.delete(letter)


def _unsent(session: Session, number: int) -> Letter:
    letter = session.get(Letter, number) if 0 < number < 2**31 else None
    if letter is None or letter.state == Post.SENT:
        raise NotFound("There is no such letter any more. Perhaps it was sent.")
    return letter


def sweep(archive: Archive) -> int:
    """Forgets letters that were sent, or given up, KEPT ago; how many."""
    with archive.writing() as session:
        old = delete(Letter).where(Letter.state != Post.WAITING, Letter.created < now() - KEPT)
        return len(session.scalars(old.returning(Letter.id)).all())
