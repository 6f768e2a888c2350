"""Versions: a work becomes public, changes in public, is taken down and put back.

Each step makes one version of the work's OCFL object. The slow part (copying, hashing, syncing)
happens before the database transaction opens; inside it there are only renames. Should the
machine die between the renames and the commit, `recovery` finds the version by the store's intent.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repository import audit, changes, clearance, projections
from repository import rights as granting
from repository.archive import Archive
from repository.catalogue import check_revision, check_step, get, note
from repository.clock import now
from repository.errors import ArchiveError, Invalid
from repository.models.collections import Collection
from repository.models.works import File, Version, Work
from repository.store import Staged
from repository.versions import (
    RIGHTS,
    WORK,
    Future,
    Part,
    describe,
    object_id,
    parts_of,
    rights,
    to_json,
)
from repository.viewers import Viewer
from schemas import work as profile
from schemas.text import paragraphs
from schemas.vocabulary import State

EVENT_KINDS = {
    "accept": "accepted",
    "publish": "published",
    "revise": "revised",
    "grant": "rights changed",
    "withdraw": "withdrawn",
    "bury": "withdrawn",
    "restore": "restored",
}


# What else is to happen in the transaction of a step: all of it or nothing.
Also = Callable[[Session, Work], None]


def nothing(session: Session, work: Work) -> None:
    """What most steps bring along."""


def publish(archive: Archive, number: int, *, actor: Viewer, revision: int | None = None) -> int:
    """Publishes a draft without a review (imports, staff); the number of the version."""
    return _advance(archive, number, "publish", actor=actor, plan=partial(_plan, revision=revision))


def accept(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    revision: int | None = None,
    also: Also = nothing,
) -> int:
    """Publishes a submitted work; the number of the version."""
    plan = partial(_plan, revision=revision)
    return _advance(archive, number, "accept", actor=actor, plan=plan, also=also)


def revise(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    reason: str,
    revision: int | None = None,
    document: dict[str, Any] | None = None,
    collections: Sequence[str] | None = None,
    parts: Sequence[Part] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
) -> int:
    """A new version: another document, other collections (by slug), other files or rights.

    What is None stays as it is; `parts` are all files of the new version (start from `parts_of`).
    """
    return _advance(
        archive,
        number,
        "revise",
        actor=actor,
        reason=reason,
        plan=partial(
            _plan,
            revision=revision,
            document=document,
            collections=collections,
            parts=parts,
            copyright_basis=copyright_basis,
            rights_note=rights_note,
        ),
    )


def grant(
    archive: Archive,
    number: int,
    *,
    actor: Viewer,
    reason: str,
    revision: int | None = None,
    parts: Sequence[Part] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
) -> int:
    """A new version with other rights and nothing else; what is None stays as it is."""
    plan = partial(
        _plan,
        revision=revision,
        parts=parts,
        copyright_basis=copyright_basis,
        rights_note=rights_note,
    )
    return _advance(archive, number, "grant", actor=actor, reason=reason, plan=plan)


def withdraw(archive: Archive, number: int, *, actor: Viewer, kind: str, reason: str) -> int:
    """Takes a published work down; its tombstone says why."""
    if not reason.strip():
        raise Invalid("Write why the work is withdrawn.", {"reason": []})
    withdrawal = {"kind": kind, "reason": paragraphs(reason), "moment": now().isoformat()}
    plan = partial(_plan, withdrawal=withdrawal)
    return _advance(archive, number, "withdraw", actor=actor, reason=reason, plan=plan)


def bury(archive: Archive, number: int, *, actor: Viewer, withdrawal: dict[str, Any]) -> int:
    """Enters a draft as a withdrawn work, as it was where it comes from; it is never public."""
    plan = partial(_plan, withdrawal=withdrawal)
    reason = withdrawal["reason"]
    return _advance(archive, number, "bury", actor=actor, reason=reason, plan=plan)


def restore(archive: Archive, number: int, *, actor: Viewer, reason: str) -> int:
    """Puts a withdrawn work back."""
    return _advance(archive, number, "restore", actor=actor, reason=reason, plan=_plan)


def _advance(
    archive: Archive,
    number: int,
    step: str,
    *,
    actor: Viewer,
    plan: Callable[[Work, State], Future],
    reason: str = "",
    also: Also = nothing,
) -> int:
    with archive.reading() as session:
        work = get(session, number)
        future = plan(work, check_step(work, step))
    _clear(archive, future.state, future.parts)
    oid = object_id(future.uuid)
    with archive.store.stage(oid) as staged:
        places = _write(archive, staged, future)
        staged.prepare(
            message=reason or EVENT_KINDS[step],
            name=actor.name,
            address=f"mailto:{actor.email}" if actor.email else None,
            created=future.moment,
        )
        placed = False
        try:
            with archive.writing() as session:
                work = get(session, number)
                check_revision(work, future.revision)
                _clear(archive, future.state, work.current_files)
                before = _rights(work)
                apply(session, work, future, places, staged.version, reason)
                _rights_changed(session, work, before, actor)
                note(session, work, EVENT_KINDS[step], actor=actor, comment=reason)
                also(session, work)
                changes.record(session, work.id)
                session.flush()
                staged.commit()
                placed = True
        except (ArchiveError, SQLAlchemyError, OSError):
            # A commit that failed may still have happened: the connection broke after it.
            if placed and not _has_version(archive, number, staged.version):
                staged.undo()
            raise
    for part in future.parts:
        if part.staged:
            (archive.settings.staging / part.staged).unlink(missing_ok=True)
    return staged.version


def _rights(work: Work) -> dict[str, dict[str, str]]:
    """Who may open each published file, and under "" the work's rights, as the audit log says."""
    files = {one.name: granting.said(one) for one in work.current_files if one.stored}
    return {**files, "": granting.said_of(work)}


def _rights_changed(
    session: Session, work: Work, before: dict[str, dict[str, str]], actor: Viewer
) -> None:
    for name, after in _rights(work).items():
        if name in before and before[name] != after:
            given = {"file": name, "before": before[name], "after": after}
            audit.write(session, "work.rights", actor=actor, about=("work", work.id), details=given)


def _clear(archive: Archive, state: State, files: Sequence[Part] | Sequence[File]) -> None:
    """Lets nothing become public that viruses may be in."""
    if state is State.PUBLISHED:
        clearance.check([one for one in files if not one.stored], archive.settings)


def _has_version(archive: Archive, number: int, version: int) -> bool:
    with archive.reading() as session:
        return get(session, number).version >= version


def _plan(
    work: Work,
    target: State,
    *,
    revision: int | None = None,
    document: dict[str, Any] | None = None,
    collections: Sequence[str] | None = None,
    parts: Sequence[Part] | None = None,
    withdrawal: dict[str, Any] | None = None,
    copyright_basis: str | None = None,
    rights_note: str | None = None,
) -> Future:
    check_revision(work, revision)
    try:
        checked = profile.check(work.document if document is None else document)
    except profile.Unfit as error:
        raise Invalid("The description is not complete or not right.", error.errors) from error
    moment = now()
    own = [one.slug for one in work.collections]
    return Future(
        uuid=work.uuid,
        number=work.id,
        revision=work.revision,
        state=target,
        document=checked,
        agreement=work.agreement,
        collections=tuple(sorted(own if collections is None else collections)),
        parts=parts_of(work) if parts is None else tuple(parts),
        withdrawal=withdrawal,
        published=work.published or moment,
        moment=moment,
        copyright_basis=work.copyright_basis if copyright_basis is None else copyright_basis,
        rights_note=work.rights_note if rights_note is None else rights_note,
        highest=max((_place(file.stored) for file in work.files if file.stored), default=0),
    )


def _place(stored: str) -> int:
    return int(stored.removeprefix("files/").partition(".")[0])


def _write(archive: Archive, staged: Staged, future: Future) -> dict[str, str]:
    """Puts the version's content into staging; where each file lies, by its name."""
    places = {part.name: part.stored for part in future.parts if part.stored}
    free = future.highest
    for part in future.parts:
        if part.stored:
            staged.keep(part.stored)
        else:
            free += 1
            places[part.name] = f"files/{free:04}{_ending(part.name)}"
            source = archive.settings.staging / str(part.staged)
            staged.add(places[part.name], source, sha512=part.sha512)
    staged.write(WORK, to_json(describe(future, staged.version, places)))
    staged.write(RIGHTS, to_json(rights(future, places)))
    return places


def _ending(name: str) -> str:
    """The file name's ending as it may stand in the store: short, small, ASCII."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 8 else ""


def apply(
    session: Session,
    work: Work,
    future: Future,
    places: dict[str, str],
    version: int,
    reason: str,
) -> None:
    described, work.document = work.document, future.document
    work.state = future.state
    work.version = version
    work.published = future.published
    work.changed = future.moment
    work.withdrawal = future.withdrawal
    work.withdrawn = future.moment if future.state == State.WITHDRAWN else None
    work.reviewer_id = None
    work.copyright_basis, work.rights_note = future.copyright_basis, future.rights_note
    chosen = select(Collection).where(Collection.slug.in_(future.collections))
    with session.no_autoflush:
        work.collections = list(session.scalars(chosen))
        _apply_parts(work, future.parts, places, version)
    session.add(
        Version(
            work_id=work.id,
            number=version,
            created=future.moment,
            state=future.state,
            reason=reason,
            document=future.document,
        )
    )
    if described != future.document:
        projections.project(session, work)
    session.flush()


def _apply_parts(work: Work, parts: Sequence[Part], places: dict[str, str], version: int) -> None:
    known = {file.id: file for file in work.current_files}
    for position, part in enumerate(parts, 1):
        file = known.pop(part.id, None) if part.id else None
        if file is None:
            file = File(added=version, scan=part.scan)
            work.files.append(file)
        for column in ("name", "size", "sha512", "media_type", "pages"):
            setattr(file, column, getattr(part, column))
        granting.put(file, granting.of(part))
        file.position = position
        file.stored, file.staged = places[part.name], None
        file.added = file.added or version
    for file in known.values():
        file.removed = version
