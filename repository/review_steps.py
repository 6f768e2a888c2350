"""The steps in which the works of a collection are reviewed, one after the other.

A collection without steps of its own has those of the nearest collection above it that has some; a
work in several collections has those of the first. Without any there is one step: the review.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository import audit, collections
from repository.catalogue import check_step, note
from repository.errors import Invalid, NotAllowed
from repository.models.collections import Collection
from repository.models.reviewing import ReviewStep
from repository.models.works import Event, Work
from repository.viewers import Viewer
from schemas import vocabulary
from schemas.text import line

MOST = 9


def own(session: Session, collection: Collection) -> Sequence[ReviewStep]:
    """The steps of that very collection."""
    query = select(ReviewStep).where(ReviewStep.collection_id == collection.id)
    return session.scalars(query.order_by(ReviewStep.position)).all()


def of(session: Session, work: Work) -> Sequence[ReviewStep]:
    """The steps that a work has to pass; none where the review is one step."""
    for one in work.collections:
        for above in reversed(collections.lineage(one)):
            found = own(session, above)
            if found:
                return found
    return []


def left(session: Session, work: Work) -> Sequence[ReviewStep]:
    """The steps that come after the one at which the work stands."""
    return of(session, work)[work.review_step + 1 :]


def pass_on(session: Session, work: Work, *, actor: Viewer) -> ReviewStep:
    """Passes a work on to its next step, where it waits for anybody; the step."""
    check_step(work, "correct")
    coming = left(session, work)
    if not coming:
        raise NotAllowed("This is the last step: accept the work.")
    check_another(session, work, actor)
    work.review_step, work.reviewer_id = work.review_step + 1, None
    note(session, work, "passed", actor=actor, comment=named(coming[0], "en"))
    return coming[0]


def insist(session: Session, work: Work, *, actor: Viewer) -> None:
    """Raises NotAllowed while steps are left, or when the last wants somebody else."""
    if left(session, work):
        raise NotAllowed("The work has not passed all steps of its review.")
    check_another(session, work, actor)


def check_another(session: Session, work: Work, actor: Viewer) -> None:
    """Raises NotAllowed where this step wants somebody else than who did the one before."""
    steps = of(session, work)
    here = steps[work.review_step] if work.review_step < len(steps) else None
    if here is None or not here.another or actor.id is None:
        return
    last = session.scalar(
        select(Event.account_id)
        .where(Event.work_id == work.id, Event.kind == "passed")
        .order_by(Event.id.desc())
        .limit(1)
    )
    if last == actor.id:
        raise NotAllowed("Somebody else than who did the step before must do this one.")


def named(step: ReviewStep, language: str) -> str:
    """The step's name in a language, or in one that it has."""
    return step.names.get(language) or next(iter(step.names.values()), "")


def add(
    session: Session,
    collection: Collection,
    names: Mapping[str, str],
    *,
    another: bool,
    actor: Viewer,
) -> ReviewStep:
    """A new last step."""
    given = {
        language: line(text)[:100]
        for language, text in names.items()
        if language in vocabulary.INTERFACE and line(text)
    }
    if not given:
        raise Invalid("Write what the step is called.", {"names": []})
    query = select(func.max(ReviewStep.position)).where(ReviewStep.collection_id == collection.id)
    last = session.scalar(query)
    position = 0 if last is None else last + 1
    if position >= MOST:
        raise Invalid("These are steps enough.", {"names": []})
    made = ReviewStep(collection_id=collection.id, position=position, names=given, another=another)
    session.add(made)
    session.flush()
    _log(session, collection, "step added", actor, given)
    return made


def remove_last(session: Session, collection: Collection, *, actor: Viewer) -> None:
    """Takes the last step away. Works that stand at it are at their last one then."""
    found = own(session, collection)
    if found:
        _log(session, collection, "step removed", actor, found[-1].names)
        session.delete(found[-1])
        session.flush()


def _log(
    session: Session, collection: Collection, kind: str, actor: Viewer, names: Mapping[str, str]
) -> None:
    audit.write(
        session,
        f"collection.{kind}",
        actor=actor,
        about=("collection", collection.slug),
        details=dict(names),
    )
