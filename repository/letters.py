"""Letters and notices about a deposit: the words of the step, in the language of who is told.

Each is written in the transaction of the step that it tells of, and goes out after the commit.
"""

from sqlalchemy.orm import Session

from repository import notices
from repository.models.accounts import Account
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import Viewer


def to_depositor(
    session: Session,
    work: Work,
    kind: str,
    *,
    settings: Settings,
    actor: Viewer | None = None,
    comment: str = "",
) -> None:
    """Tells the depositor: `kind` names the template after `deposit_`."""
    owner = session.get(Account, work.owner_id) if work.owner_id else None
    if owner is not None:
        _write(session, work, owner, kind, settings=settings, actor=actor, comment=comment)


def to_reviewer(
    session: Session, work: Work, *, settings: Settings, actor: Viewer, comment: str
) -> None:
    """Tells whoever reviews the work what its depositor has answered."""
    reviewer = session.get(Account, work.reviewer_id) if work.reviewer_id else None
    if reviewer is not None and reviewer.id != actor.id:
        _write(session, work, reviewer, "answered", settings=settings, actor=actor, comment=comment)


def _write(
    session: Session,
    work: Work,
    account: Account,
    kind: str,
    *,
    settings: Settings,
    actor: Viewer | None,
    comment: str,
) -> None:
    place = {"accepted": "works", "withdrawn": "works", "answered": "review"}.get(kind, "deposit")
    notices.tell(
        session,
        account,
        f"deposit_{kind}",
        settings=settings,
        path=f"/{place}/{work.id}",
        work_id=work.id,
        title=work.title,
        comment=comment,
        actor=actor.name if actor else "",
    )
