"""Works that were something before they came: imports, and what another archive has exported."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from repository import catalogue
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.vocabulary import CopyrightBasis, State

# States that a work may be entered in; the others are reached by publishing.
BEFORE = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.REJECTED})


def enter(
    session: Session,
    document: dict[str, Any],
    *,
    actor: Viewer,
    state: State = State.DRAFT,
    number: int | None = None,
    uuid: str | None = None,
    published: datetime | None = None,
    submitted: datetime | None = None,
    agreement: dict[str, Any] | None = None,
    copyright_basis: str = CopyrightBasis.UNKNOWN,
    rights_note: str = "",
) -> Work:
    """A work with its past. It gets its old number when that is free, else the next one.

    A work that was published or withdrawn is entered as a draft; `publishing` takes it on.
    """
    free = number is not None and session.get(Work, number) is None
    work = catalogue.draft(
        session, document, actor=actor, number=number if free else None, uuid=uuid
    )
    work.published, work.submitted, work.agreement = published, submitted, agreement
    work.copyright_basis, work.rights_note = copyright_basis, rights_note
    if state in BEFORE:
        work.state = state
    if free and session.get_bind().dialect.name == "postgresql":
        _advance_sequence(session)
    session.flush()
    return work


def _advance_sequence(session: Session) -> None:
    # PostgreSQL's sequence does not know of numbers that were given; SQLite looks at the largest.
    session.execute(
        text("SELECT setval(pg_get_serial_sequence('works', 'id'), (SELECT max(id) FROM works))")
    )
