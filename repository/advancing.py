"""Taking a step in public: versions of works in the store and in the database, all or none.

The slow part (copying, hashing, syncing) happens before the database transaction opens; inside it
there are only renames. Should the machine die between the renames and the commit, `recovery` finds
the versions by the store's intents.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repository import audit, changes, clearance, projections, shelving
from repository import rights as granting
from repository.archive import Archive
from repository.catalogue import check_revision, check_step, get, note
from repository.errors import ArchiveError
from repository.models.collections import Collection
from repository.models.works import File, Version, Work
from repository.rights import Rights
from repository.store import Staged
from repository.versions import RIGHTS, WORK, Future, Part, describe, object_id, rights, to_json
from repository.viewers import Viewer
from schemas.vocabulary import State

EVENT_KINDS = {
    "accept": "accepted",
    "publish": "published",
    "unveil": "published",
    "revise": "revised",
    "renew": "renewed",
    "merge": "merged",
    "transfer": "moved",
    "grant": "rights changed",
    "withdraw": "withdrawn",
    "bury": "withdrawn",
    "restore": "restored",
}


# What else is to happen in the transaction of a step: all of it or nothing.
Also = Callable[[Session, Work], None]


def nothing(session: Session, work: Work) -> None:
    """What most steps bring along."""


# What is to happen in it before the work is read.
First = Callable[[Session], None]


def nothing_first(session: Session) -> None:
    """What most steps begin with."""


class Move(NamedTuple):
    """A step that one work is to take: `plan` says from the work and its target what it will be."""

    number: int
    step: str
    plan: Callable[[Work, State], Future]
    reason: str = ""


def advance(
    archive: Archive,
    moves: Sequence[Move],
    *,
    actor: Viewer,
    first: First = nothing_first,
    also: Also = nothing,
) -> list[int]:
    """Takes steps of several works in one transaction; the number of each one's new version.

    `first` happens before the works are read in that transaction, `also` (with the first of them)
    after they are written. What one move cannot do, none does.
    """
    with archive.reading() as session:
        futures = [_read(session, move) for move in moves]
    for future in futures:
        _clear(archive, future.state, future.parts)
    with ExitStack() as stack:
        prepared = [
            _prepare(archive, stack, move, future, actor)
            for move, future in zip(moves, futures, strict=True)
        ]
        placed: list[Staged] = []
        try:
            with archive.writing() as session:
                first(session)
                works = [_take(archive, session, one, actor) for one in prepared]
                also(session, works[0])
                changes.record_all(session, [work.id for work in works])
                session.flush()
                for one in prepared:
                    one.staged.commit()
                    placed.append(one.staged)
        except (ArchiveError, SQLAlchemyError, OSError):
            # A commit that failed may still have happened: the connection broke after it.
            if placed and not _has_version(archive, moves[0].number, placed[0].version):
                for staged in reversed(placed):
                    staged.undo()
            raise
    for part in (part for future in futures for part in future.parts):
        if part.staged:
            (archive.settings.staging / part.staged).unlink(missing_ok=True)
    return [one.staged.version for one in prepared]


class _Prepared(NamedTuple):
    """A move whose slow part is done."""

    move: Move
    future: Future
    staged: Staged
    places: dict[str, str]


def _read(session: Session, move: Move) -> Future:
    work = get(session, move.number)
    return move.plan(work, check_step(work, move.step))


def _prepare(
    archive: Archive, stack: ExitStack, move: Move, future: Future, actor: Viewer
) -> _Prepared:
    staged = stack.enter_context(archive.store.stage(object_id(future.uuid)))
    places = _write(archive, staged, future)
    staged.prepare(
        message=move.reason or EVENT_KINDS[move.step],
        name=actor.name,
        address=f"mailto:{actor.email}" if actor.email else None,
        created=future.moment,
    )
    return _Prepared(move, future, staged, places)


def _take(archive: Archive, session: Session, one: _Prepared, actor: Viewer) -> Work:
    move, future = one.move, one.future
    work = get(session, move.number)
    check_revision(work, future.revision)
    _clear(archive, future.state, work.current_files)
    before = _rights(work)
    apply(session, work, future, one.places, one.staged.version, move.reason)
    _rights_changed(session, work, before, actor)
    note(session, work, EVENT_KINDS[move.step], actor=actor, comment=move.reason)
    return work


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
            staged.add(places[part.name], _bytes(archive, part), sha512=part.sha512)
    staged.write(WORK, to_json(describe(future, staged.version, places)))
    staged.write(RIGHTS, to_json(rights(future, places)))
    return places


def _bytes(archive: Archive, part: Part) -> Path:
    """Where the bytes of a file that this work's object does not hold yet lie."""
    if part.lent:
        uuid, stored = part.lent
        return archive.store.path(object_id(uuid), stored)
    return archive.settings.staging / str(part.staged)


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
    """Writes what the store holds into the database."""
    described, work.document = work.document, future.document
    work.compared = None
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
        _apply_parts(work, future.parts, places, version, future.earlier)
    session.add(
        Version(
            work_id=work.id,
            number=version,
            public=future.public,
            created=future.moment,
            state=future.state,
            reason=reason,
            document=future.document,
        )
    )
    if described != future.document:
        projections.project(session, work)
    session.flush()
    if future.state == State.PUBLISHED:
        shelving.agree(session, work.id)


def _apply_parts(
    work: Work,
    parts: Sequence[Part],
    places: dict[str, str],
    version: int,
    earlier: Mapping[str, Rights],
) -> None:
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
    for file in work.files:
        if file.removed is not None and (file.stored or "") in earlier:
            granting.put(file, earlier[str(file.stored)])
