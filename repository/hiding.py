"""Works that are accepted for a later day: until it has passed not even their description is shown.

The worker publishes them when the day has passed, as a change like any other: harvesters, the index
and the store hear of such a work on that day and not before.
"""

from datetime import date
from functools import partial

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import letters, publishing, requirements, review_steps
from repository.archive import Archive
from repository.catalogue import check_step, note
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import SYSTEM, Viewer
from schemas.vocabulary import State

log = structlog.get_logger()


def waits(work: Work, today: date | None = None) -> bool:
    """Whether the work, once accepted, has to wait for its day."""
    return work.hidden_until is not None and (today or now().date()) <= work.hidden_until


def hold(session: Session, work: Work, *, actor: Viewer, settings: Settings, comment: str) -> None:
    """Accepts a work for the day after `hidden_until`; its depositor is told."""
    review_steps.insist(session, work, actor=actor)
    requirements.insist(session, work)
    work.state = check_step(work, "hold")
    work.reviewer_id = None
    work.changed = now()
    note(session, work, "held", actor=actor, comment=str(work.hidden_until))
    letters.to_depositor(session, work, "held", settings=settings, actor=actor, comment=comment)


def reopen(session: Session, work: Work, *, actor: Viewer) -> None:
    """Takes an accepted work back into the review."""
    work.state = check_step(work, "reopen")
    work.reviewer_id = actor.id
    work.changed = now()
    note(session, work, "reopened", actor=actor)


def unveil(archive: Archive, number: int, *, actor: Viewer) -> int:
    """Publishes an accepted work, whether its day has passed or not; the number of the version."""
    tell = partial(_tell, archive.settings, actor)
    return publishing.unveil(archive, number, actor=actor, also=tell)


def _tell(settings: Settings, actor: Viewer, session: Session, work: Work) -> None:
    letters.to_depositor(session, work, "accepted", settings=settings, actor=actor)


def end(archive: Archive) -> int:
    """Publishes the works whose day has passed; how many. One that cannot be is said in the log,
    and tried again."""
    query = select(Work.id).where(Work.state == State.WAITING, Work.hidden_until < now().date())
    with archive.reading() as session:
        due = session.scalars(query).all()
    return sum(_publish(archive, number) for number in due)


def _publish(archive: Archive, number: int) -> bool:
    try:
        unveil(archive, number, actor=SYSTEM)
    except ArchiveError as error:
        log.error("hidden work not published", work=number, why=str(error))
        return False
    return True
