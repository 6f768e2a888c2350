"""The next version of a published work: a draft beside it, reviewed like any other.

Until it is accepted the published version stays as it is. The draft holds the new description and
the new files; which of the published files it leaves out is written beside it. When it is
accepted, its files, its thread and its events go over to the work, and the draft is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository import advancing, requirements, review_steps, rights
from repository.advancing import Also, Move, nothing
from repository.archive import Archive
from repository.catalogue import (
    STEPS,
    check_revision,
    check_step,
    detach,
    draft,
    free_name,
    get,
    note,
)
from repository.errors import Conflict, Invalid
from repository.foreseeing import foresee
from repository.models.accessions import Document, Item
from repository.models.life import NextVersion
from repository.models.trust import Notice
from repository.models.works import Event, File, Work
from repository.versions import Future, Part, parts_of
from repository.viewers import Viewer
from schemas import work as profile
from schemas.text import paragraphs
from schemas.vocabulary import State

OPEN = (State.DRAFT, State.RETURNED, State.SUBMITTED)
_ELEMENTS = tuple(profile.WorkSchema().fields)


def of(session: Session, work: Work) -> NextVersion | None:
    """What a draft is the next version of; None for a draft of a new work."""
    return session.get(NextVersion, work.id)


def under_way(session: Session, work: Work) -> Work | None:
    """The draft of the next version of a published work, if somebody has begun one."""
    query = select(Work).join(NextVersion, NextVersion.work_id == Work.id)
    return session.scalars(
        query.where(NextVersion.of_id == work.id, Work.state.in_(OPEN)).order_by(Work.id)
    ).first()


def begin(
    session: Session,
    work: Work,
    *,
    actor: Viewer,
    reason: str,
    gone: Collection[int] = (),
    shut: bool = False,
) -> Work:
    """A draft of the next version of a published work; raises Conflict where there is one."""
    check_step(work, "renew")
    # On PostgreSQL two who begin at once wait for each other here.
    session.scalars(select(Work.id).where(Work.id == work.id).with_for_update()).all()
    if under_way(session, work) is not None:
        raise Conflict("A new version of this work has been begun already.")
    made = draft(session, work.document, actor=actor)
    made.collections = list(work.collections)
    made.copyright_basis, made.rights_note = work.copyright_basis, work.rights_note
    session.add(NextVersion(work_id=made.id, of_id=work.id, base=work.version))
    session.flush()
    change(session, made, reason=reason, gone=gone, shut=shut)
    note(session, work, "continued", actor=actor)
    return made


def change(session: Session, made: Work, *, reason: str, gone: Collection[int], shut: bool) -> None:
    """Keeps why there is a new version, and which published files it leaves out."""
    found = session.get_one(NextVersion, made.id)
    if not reason.strip():
        raise Invalid("Write what is new in this version.", {"reason": []})
    held = {file.id for file in get(session, found.of_id).current_files}
    found.reason = paragraphs(reason)
    found.gone = sorted(held & set(gone))
    found.shut = shut
    session.flush()


def clashes(found: NextVersion, made: Work, work: Work) -> list[str]:
    """The elements that both the draft and a correction of the published work have changed."""
    base = next((one.document for one in work.versions if one.number == found.base), {})
    return [
        name
        for name in _ELEMENTS
        if work.document.get(name) != base.get(name)
        and made.document.get(name) not in (base.get(name), work.document.get(name))
    ]


def catch_up(session: Session, made: Work, *, actor: Viewer) -> None:
    """Takes corrections of the published work over into the draft, but for what both changed."""
    found = session.get_one(NextVersion, made.id)
    work = get(session, found.of_id)
    base = next((one.document for one in work.versions if one.number == found.base), {})
    document = dict(made.document)
    for name in _ELEMENTS:
        if document.get(name) == base.get(name) and work.document.get(name) != base.get(name):
            document[name] = work.document.get(name)
    made.document = profile.prune(document)
    held = {(file.sha512, file.name) for file in work.current_files}
    for file in list(made.current_files):
        if (file.sha512, file.name) in held:
            detach(session, made, file)
    found.gone = [one for one in found.gone if one in {file.id for file in work.current_files}]
    found.base = work.version
    note(session, made, "caught up", actor=actor)
    session.flush()


def publish(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    step: str = "accept",
    revision: int | None = None,
    also: Also = nothing,
) -> int:
    """Makes a draft the next version of its work, whose number it gives.

    Raises Conflict, after the draft has caught up, when the work was changed since it was begun.
    """
    with archive.reading() as session:
        made = get(session, number)
        check_step(made, step)
        check_revision(made, revision)
        if step == "accept":
            review_steps.insist(session, made, actor=actor)
            requirements.insist(session, made)
        found = session.get_one(NextVersion, number)
        work = get(session, found.of_id)
        behind = found.base != work.version
        clashing = clashes(found, made, work)
        brought = parts_of(made), [one.slug for one in made.collections]
    if behind:
        with archive.writing() as session:
            catch_up(session, get(session, number), actor=actor)
        raise Conflict(
            "The published work was changed after this version was begun. Those corrections are "
            "in this draft now, but for what both have changed (%(count)s). Look once more.",
            count=len(clashing),
        )
    plan = partial(_plan, made, found, *brought)
    moves = [Move(work.id, "renew", plan, found.reason)]
    first = partial(_hand_over, made, found, step)
    last = partial(_let_go, number, also)
    advancing.advance(archive, moves, actor=actor, first=first, also=last)
    return work.id


def _plan(
    made: Work,
    found: NextVersion,
    new: Sequence[Part],
    collections: Sequence[str],
    work: Work,
    target: State,
) -> Future:
    if work.version != found.base:
        raise Conflict("Another version of this work was published in the meantime.")
    kept = [part for part in parts_of(work) if part.id not in found.gone]
    gone = [part for part in parts_of(work) if part.id in found.gone]
    shut = {str(part.stored): rights.SHUT for part in gone if found.shut}
    return foresee(
        work,
        target,
        document=made.document,
        collections=collections,
        parts=[*kept, *_named(new, kept)],
        agreement=made.agreement,
        copyright_basis=made.copyright_basis,
        rights_note=made.rights_note,
        earlier=shut,
        renew=True,
    )


def _named(new: Sequence[Part], kept: Sequence[Part]) -> list[Part]:
    names, found = {part.name.casefold() for part in kept}, []
    for part in new:
        name = free_name(part.name, names)
        names.add(name.casefold())
        found.append(replace(part, name=name))
    return found


def _hand_over(made: Work, found: NextVersion, step: str, session: Session) -> None:
    """Gives the draft's files to the work, before that is read."""
    state, revision = session.execute(
        select(Work.state, Work.revision).where(Work.id == made.id)
    ).one()
    if state not in STEPS[step].origins or revision != made.revision:
        raise Conflict("Somebody else has changed this draft in the meantime.")
    move = update(File).where(File.work_id == made.id).values(work_id=found.of_id)
    session.execute(move.execution_options(synchronize_session=False))


def _let_go(number: int, also: Also, session: Session, work: Work) -> None:
    """Lets what was said and done, and its papers, go over to the work, and the draft go."""
    also(session, work)
    for table in (Event, Notice, Document, Item):
        moved = update(table).where(table.work_id == number).values(work_id=work.id)
        session.execute(moved.execution_options(synchronize_session=False))
    led = update(Notice).where(Notice.path.in_([f"/deposit/{number}", f"/review/{number}"]))
    session.execute(
        led.values(path=f"/works/{work.id}").execution_options(synchronize_session=False)
    )
    session.delete(get(session, number))
    session.flush()
