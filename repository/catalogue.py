"""The only writer of works, up to the moment of publishing (`publishing` goes on from there).

Every step takes a session that is writing, checks that the life cycle allows it, and leaves an
event. `actor` is the Viewer who does it.
"""

from collections.abc import Container, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import audit, projections
from repository import rights as granting
from repository.clock import now
from repository.errors import Conflict, Invalid, NotAllowed, NotFound
from repository.models.collections import Collection
from repository.models.works import Event, File, Work
from repository.rights import Rights
from repository.viewers import SYSTEM, Viewer
from schemas import work as profile
from schemas.messages import Message
from schemas.vocabulary import Access, Copying, State


class Step(NamedTuple):
    """A step of the life cycle: from which states, to which, and what is said when refused."""

    origins: frozenset[State]
    target: State
    refusal: str


def _step(origins: Sequence[State], target: State, refusal: str) -> Step:
    return Step(frozenset(origins), target, refusal)


STEPS = {
    "submit": _step(
        [State.DRAFT, State.RETURNED],
        State.SUBMITTED,
        "Only a draft, or a work returned for correction, can be sent to the library.",
    ),
    "recall": _step(
        [State.SUBMITTED], State.DRAFT, "Only a work that waits for the library can be taken back."
    ),
    "return": _step(
        [State.SUBMITTED], State.RETURNED, "Only a work that was sent in can be returned."
    ),
    "reject": _step(
        [State.SUBMITTED], State.REJECTED, "Only a work that was sent in can be rejected."
    ),
    "hold": _step(
        [State.SUBMITTED], State.WAITING, "Only a work that was sent in can be accepted."
    ),
    "unveil": _step(
        [State.WAITING], State.PUBLISHED, "This work does not wait for a day to be published on."
    ),
    "reopen": _step(
        [State.WAITING], State.SUBMITTED, "This work does not wait for a day to be published on."
    ),
    "accept": _step(
        [State.SUBMITTED], State.PUBLISHED, "Only a work that was sent in can be accepted."
    ),
    "publish": _step(
        [State.DRAFT], State.PUBLISHED, "Only a draft can be published without a review."
    ),
    "bury": _step(
        [State.DRAFT], State.WITHDRAWN, "Only a draft can be entered as a withdrawn work."
    ),
    "revise": _step(
        [State.PUBLISHED], State.PUBLISHED, "Only a published work can get a new version."
    ),
    "renew": _step(
        [State.PUBLISHED], State.PUBLISHED, "Only a published work can get a new version."
    ),
    "merge": _step(
        [State.PUBLISHED], State.PUBLISHED, "Only a published work can take a duplicate in."
    ),
    "transfer": _step(
        [State.PUBLISHED],
        State.PUBLISHED,
        "Only a published work can be moved to another collection here.",
    ),
    "grant": _step(
        [State.PUBLISHED], State.PUBLISHED, "Only a published work can be given other rights here."
    ),
    "withdraw": _step(
        [State.PUBLISHED], State.WITHDRAWN, "Only a published work can be withdrawn."
    ),
    "restore": _step([State.WITHDRAWN], State.PUBLISHED, "Only a withdrawn work can be restored."),
    "edit": _step(
        [State.DRAFT, State.RETURNED], State.DRAFT, "This work can no longer be edited here."
    ),
    "correct": _step(
        [State.SUBMITTED], State.SUBMITTED, "Only a work that was sent in can be corrected here."
    ),
}


def get(session: Session, number: int) -> Work:
    """The work of that number; raises NotFound."""
    work = session.get(Work, number) if 0 < number < 2**31 else None
    if work is None:
        raise NotFound("There is no work %(number)s.", number=number)
    return work


def check_step(work: Work, step: str) -> State:
    """The state to which the step leads; raises NotAllowed with its sentence."""
    rule = STEPS[step]
    if work.state not in rule.origins:
        raise NotAllowed(rule.refusal)
    return rule.target


def check_revision(work: Work, revision: int | None) -> None:
    """Raises Conflict when somebody has changed the work since `revision` was read."""
    if revision is not None and revision != work.revision:
        raise Conflict(
            "Somebody else has changed this work in the meantime. What you typed is below; "
            "compare it with what is there now."
        )


def note(session: Session, work: Work, kind: str, *, actor: Viewer, comment: str = "") -> Event:
    """Leaves an event: who did what, when and why."""
    event = Event(
        work_id=work.id,
        account_id=actor.id,
        actor=actor.name,
        kind=kind,
        comment=comment,
        version=work.version or None,
    )
    session.add(event)
    session.flush()
    # What is said in a thread is a conversation; the log only says that it was said.
    audit.write(
        session,
        f"work.{kind}",
        actor=actor,
        about=("work", work.id),
        reason="" if kind == "commented" else comment,
        details={"event": event.id, "version": event.version},
    )
    return event


def draft(
    session: Session,
    document: dict[str, Any],
    *,
    actor: Viewer,
    number: int | None = None,
    uuid: str | None = None,
) -> Work:
    """A new draft, owned by `actor`; imports may bring a number and a UUID that are free."""
    kept, removed = profile.draft(document)
    given = {"id": number, "uuid": uuid}
    known = {name: value for name, value in given.items() if value is not None}
    work = Work(document=kept, owner_id=actor.id, **known)
    session.add(work)
    projections.project(session, work)
    note(session, work, "created", actor=actor, comment=_removed(removed))
    return work


def copy(session: Session, work: Work, *, actor: Viewer) -> Work:
    """A new draft with the description of another work, without what that one alone can have."""
    made = draft(session, profile.template(work.document), actor=actor)
    made.collections = list(work.collections)
    note(session, made, "copied", actor=actor)
    return made


def _removed(removed: bool) -> str:
    return "Control characters were removed from the text." if removed else ""


def save(
    session: Session,
    work: Work,
    document: dict[str, Any],
    *,
    actor: Viewer,
    revision: int | None = None,
    step: str = "edit",
) -> bool:
    """Keeps what has been typed so far; True when characters had to be removed.

    A draft may be incomplete. Raises Conflict when `revision` is no longer the newest.
    """
    check_step(work, step)
    check_revision(work, revision)
    kept, removed = profile.draft(document)
    if kept != work.document:
        work.document = kept
        work.changed = now()
        projections.project(session, work)
    if removed:
        note(session, work, "cleaned", actor=actor, comment=_removed(True))
    return removed


def gather(session: Session, work: Work, collections: Sequence[Collection]) -> None:
    """Puts the work into exactly these collections."""
    work.collections = list(collections)
    session.flush()


def attach(
    session: Session,
    work: Work,
    *,
    name: str,
    size: int,
    sha512: str,
    media_type: str,
    staged: str,
    pages: int | None = None,
    access: Access = Access.OPEN,
    embargo_until: date | None = None,
    embargo_reason: str | None = None,
    lease_until: date | None = None,
    copying: Copying = Copying.ALLOWED,
) -> File:
    """Adds a file whose bytes wait in staging. Two files of one work cannot share a name."""
    names = {file.name.casefold() for file in work.current_files}
    position = max((file.position for file in work.files), default=0) + 1
    file = File(
        position=position,
        name=free_name(name, names),
        size=size,
        sha512=sha512,
        media_type=media_type,
        pages=pages,
        access=access,
        embargo_until=embargo_until,
        embargo_reason=embargo_reason,
        lease_until=lease_until,
        copying=copying,
        staged=staged,
    )
    work.files.append(file)
    work.changed = now()
    session.flush()
    return file


def free_name(name: str, taken: Container[str]) -> str:
    """A file's name, with a number where another file (`taken`, case-folded) has it."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    candidate, count = name, 1
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{stem} ({count}){dot}{ending}"
    return candidate


def detach(session: Session, work: Work, file: File) -> None:
    """Takes a file away from a draft; a published one leaves with the next version."""
    if file.added is None:
        work.files.remove(file)
    else:
        file.removed = work.version + 1
    work.changed = now()
    session.flush()


def grant(session: Session, work: Work, file: File, rights: Rights, *, actor: Viewer) -> None:
    """Says who may open a file of a draft, when, and whether it is handed out."""
    before = granting.said(file)
    granting.put(file, rights)
    _note_rights(session, work, file.name, before, granting.said(file), actor)


def entitle(
    session: Session, work: Work, *, copyright_basis: str, rights_note: str, actor: Viewer
) -> None:
    """Says on what ground the library keeps a work, and what its staff should know of that."""
    before = granting.said_of(work)
    work.copyright_basis, work.rights_note = copyright_basis, rights_note
    _note_rights(session, work, "", before, granting.said_of(work), actor)


def hide(session: Session, work: Work, until: date | None, *, actor: Viewer) -> None:
    """Says until the end of which day even the description of a draft stays hidden."""
    before, work.hidden_until = work.hidden_until, until
    was, will = ({"hidden_until": str(day)} if day else {} for day in (before, until))
    _note_rights(session, work, "", was, will, actor)


def _note_rights(
    session: Session,
    work: Work,
    name: str,
    before: dict[str, str],
    after: dict[str, str],
    actor: Viewer,
) -> None:
    if before != after:
        given = {"file": name, "before": before, "after": after}
        audit.write(session, "work.rights", actor=actor, about=("work", work.id), details=given)
    work.changed = now()
    session.flush()


def submit(
    session: Session, work: Work, *, actor: Viewer, agreement: dict[str, Any] | None
) -> None:
    """Sends a draft to the library. Raises Invalid with messages by field while it is not fit.

    `agreement` is what the depositor has agreed to: {"language", "text", "moment"}.
    """
    target = check_step(work, "submit")
    found = profile.errors(work.document)
    if not agreement:
        found["agreement"] = [Message("Please agree to the terms of deposit.")]
    if found:
        raise Invalid("Some answers are still missing or not right.", found)
    work.document = profile.check(work.document, deposit=True)
    work.agreement = agreement
    work.submitted = now()
    work.review_step = 0
    _move(session, work, target)
    note(session, work, "submitted", actor=actor)


def _move(session: Session, work: Work, target: State) -> None:
    work.state = target
    work.changed = now()
    projections.project(session, work)


def recall(session: Session, work: Work, *, actor: Viewer) -> None:
    """Takes a submitted work back, as long as nobody reviews it."""
    target = check_step(work, "recall")
    if work.reviewer_id is not None:
        raise NotAllowed("The library is reviewing this work already. Write into its thread.")
    _move(session, work, target)
    note(session, work, "recalled", actor=actor)


def claim(session: Session, work: Work, *, actor: Viewer) -> None:
    """Makes `actor` the reviewer; a second claim by another is refused."""
    check_step(work, "correct")
    if work.reviewer_id not in (None, actor.id):
        raise Conflict("Somebody else is reviewing this work.")
    work.reviewer_id = actor.id
    note(session, work, "claimed", actor=actor)


def assign(session: Session, work: Work, reviewer: Viewer, *, actor: Viewer) -> None:
    """Gives the review into somebody's hands, whoever has it now."""
    check_step(work, "correct")
    work.reviewer_id = reviewer.id
    note(session, work, "assigned", actor=actor, comment=reviewer.name)


def release(session: Session, work: Work, *, actor: Viewer) -> None:
    """Puts a claimed work back into the queue."""
    check_step(work, "correct")
    work.reviewer_id = None
    note(session, work, "released", actor=actor)


def send_back(session: Session, work: Work, *, actor: Viewer, comment: str) -> None:
    """Returns a submitted work to its depositor, who is told what to correct."""
    target = check_step(work, "return")
    if not comment.strip():
        raise Invalid("Write what the depositor should correct.", {"comment": []})
    _move(session, work, target)
    note(session, work, "returned", actor=actor, comment=comment)


def reject(session: Session, work: Work, *, actor: Viewer, comment: str) -> None:
    """Declines a submitted work, with a reason."""
    target = check_step(work, "reject")
    if not comment.strip():
        raise Invalid("Write why the work is not accepted.", {"comment": []})
    _move(session, work, target)
    note(session, work, "rejected", actor=actor, comment=comment)


def comment(session: Session, work: Work, *, actor: Viewer, text: str) -> Event:
    """Writes into the thread of a deposit."""
    if not text.strip():
        raise Invalid("Write something first.", {"comment": []})
    return note(session, work, "commented", actor=actor, comment=text)


def discard(session: Session, work: Work, *, actor: Viewer = SYSTEM) -> None:
    """Deletes a draft that was never published."""
    if work.version or work.state not in (State.DRAFT, State.RETURNED, State.REJECTED):
        raise NotAllowed("Only a draft can be deleted. A published work can be withdrawn.")
    about = ("work", work.id)
    given = {"title": work.title, "files": len(work.files)}
    audit.write(session, "work.deleted", actor=actor, about=about, details=given)
    session.delete(work)
    session.flush()


def events(session: Session, work: Work) -> Sequence[Event]:
    """All that happened to the work, oldest first."""
    query = select(Event).where(Event.work_id == work.id).order_by(Event.moment, Event.id)
    return session.scalars(query).all()
