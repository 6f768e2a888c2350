"""Versions: a work becomes public, changes in public, is taken down and put back.

Each step makes one version of the work's OCFL object. The slow part (copying, hashing, syncing)
happens before the database transaction opens; inside it there are only renames. Should the
machine die between the renames and the commit, `recover` finds the version by the store's intent.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repository import changes, projections
from repository.archive import Archive
from repository.catalogue import check_revision, check_step, get, note
from repository.clock import now
from repository.errors import ArchiveError, Invalid
from repository.models.collections import Collection
from repository.models.works import File, Version, Work
from repository.store import Staged
from repository.viewers import SYSTEM, Viewer
from schemas import work as profile
from schemas.text import paragraphs
from schemas.vocabulary import Access, State

WORK = "metadata/work.json"
RIGHTS = "metadata/rights.json"
EVENT_KINDS = {
    "accept": "accepted",
    "publish": "published",
    "revise": "revised",
    "withdraw": "withdrawn",
    "bury": "withdrawn",
    "restore": "restored",
}


@dataclass(frozen=True)
class Part:
    """A file as it will be in a version: `id` when the database knows it, `stored` when the
    store holds it, `staged` while its bytes wait in staging."""

    name: str
    size: int
    sha512: str
    media_type: str
    pages: int | None = None
    access: str = Access.OPEN
    embargo_until: date | None = None
    id: int | None = None
    staged: str | None = None
    stored: str | None = None


@dataclass(frozen=True)
class Future:
    """What a work will be when the step is done. `revision` is the one that was read;
    `highest` the highest number that a file of any version has in the store."""

    uuid: str
    number: int
    revision: int
    state: State
    document: dict[str, Any]
    agreement: dict[str, Any] | None
    collections: tuple[str, ...]
    parts: tuple[Part, ...]
    withdrawal: dict[str, Any] | None
    published: datetime
    moment: datetime
    highest: int = 0


def object_id(uuid: str) -> str:
    """The identifier of a work's OCFL object; numbers are local, this is not."""
    return f"urn:uuid:{uuid}"


def publish(archive: Archive, number: int, *, actor: Viewer, revision: int | None = None) -> int:
    """Publishes a draft without a review (imports, staff); the number of the version."""
    return _advance(archive, number, "publish", actor=actor, plan=partial(_plan, revision=revision))


def accept(archive: Archive, number: int, *, actor: Viewer, revision: int | None = None) -> int:
    """Publishes a submitted work; the number of the version."""
    return _advance(archive, number, "accept", actor=actor, plan=partial(_plan, revision=revision))


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
            _plan, revision=revision, document=document, collections=collections, parts=parts
        ),
    )


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
) -> int:
    with archive.reading() as session:
        work = get(session, number)
        future = plan(work, check_step(work, step))
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
                _apply(session, work, future, places, staged.version, reason)
                note(session, work, EVENT_KINDS[step], actor=actor, comment=reason)
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


def _has_version(archive: Archive, number: int, version: int) -> bool:
    with archive.reading() as session:
        return get(session, number).version >= version


def parts_of(work: Work) -> tuple[Part, ...]:
    """The files of the newest version, or of the draft."""
    return tuple(
        Part(
            name=file.name,
            size=file.size,
            sha512=file.sha512,
            media_type=file.media_type,
            pages=file.pages,
            access=file.access,
            embargo_until=file.embargo_until,
            id=file.id,
            staged=file.staged,
            stored=file.stored,
        )
        for file in work.current_files
    )


def _plan(
    work: Work,
    target: State,
    *,
    revision: int | None = None,
    document: dict[str, Any] | None = None,
    collections: Sequence[str] | None = None,
    parts: Sequence[Part] | None = None,
    withdrawal: dict[str, Any] | None = None,
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


def describe(future: Future, version: int, places: dict[str, str]) -> dict[str, Any]:
    """All of a version but its rights: what the archive can be rebuilt from."""
    return {
        "schema": 1,
        "uuid": future.uuid,
        "number": future.number,
        "version": version,
        "state": future.state,
        "published": future.published.isoformat(),
        "modified": future.moment.isoformat(),
        "withdrawal": future.withdrawal,
        "collections": list(future.collections),
        "document": future.document,
        "agreement": future.agreement,
        "files": [
            {
                "path": places[part.name],
                "name": part.name,
                "size": part.size,
                "sha512": part.sha512,
                "media_type": part.media_type,
                "pages": part.pages,
            }
            for part in future.parts
        ],
    }


def rights(future: Future, places: dict[str, str]) -> dict[str, Any]:
    """Who may open which part. Rebuilding treats a file that is not named here as closed."""
    return {
        "schema": 1,
        "licence": future.document.get("licence"),
        "rights_holders": future.document.get("rights_holders", []),
        "files": [
            {
                "path": places[part.name],
                "access": part.access,
                "embargo_until": part.embargo_until.isoformat() if part.embargo_until else None,
            }
            for part in future.parts
        ],
    }


def to_json(value: Any) -> bytes:
    """Canonical JSON: the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def _apply(
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
            file = File(added=version)
            work.files.append(file)
        for column in ("name", "size", "sha512", "media_type", "pages", "access"):
            setattr(file, column, getattr(part, column))
        file.embargo_until = part.embargo_until
        file.position = position
        file.stored, file.staged = places[part.name], None
        file.added = file.added or version
    for file in known.values():
        file.removed = version


def recover(archive: Archive) -> list[int]:
    """Completes what a crash cut off between the store and the database; numbers of the works.

    A version that the store holds whole is adopted: nobody was told that it failed.
    """
    archive.store.recover()
    adopted = []
    for oid in archive.store.unsettled():
        if archive.store.head(oid):
            described = json.loads(archive.store.read(oid, WORK))
            if _adopt(archive, described, read_rights(archive, oid)):
                adopted.append(described["number"])
        archive.store.settle(oid)
    return adopted


def read_rights(archive: Archive, oid: str) -> dict[str, dict[str, Any]]:
    """The rights of an object's files by path; empty, which closes them all, when unreadable."""
    try:
        listed = json.loads(archive.store.read(oid, RIGHTS))["files"]
        return {one["path"]: one for one in listed}
    except (ArchiveError, OSError, ValueError, KeyError, TypeError):
        return {}


def future_of(described: dict[str, Any], granted: dict[str, dict[str, Any]]) -> Future:
    """What a version in the store says that its work is. What has no rights is closed."""
    return Future(
        uuid=described["uuid"],
        number=described["number"],
        revision=0,
        state=State(described["state"]),
        document=described["document"],
        agreement=described["agreement"],
        collections=tuple(described["collections"]),
        parts=tuple(_stored_part(one, granted.get(one["path"])) for one in described["files"]),
        withdrawal=described["withdrawal"],
        published=datetime.fromisoformat(described["published"]),
        moment=datetime.fromisoformat(described["modified"]),
    )


def _stored_part(one: dict[str, Any], granted: dict[str, Any] | None) -> Part:
    until = (granted or {}).get("embargo_until")
    return Part(
        name=one["name"],
        size=one["size"],
        sha512=one["sha512"],
        media_type=one["media_type"],
        pages=one["pages"],
        access=granted["access"] if granted else Access.CLOSED,
        embargo_until=date.fromisoformat(until) if until else None,
        stored=one["path"],
    )


def _adopt(archive: Archive, described: dict[str, Any], granted: dict[str, dict[str, Any]]) -> bool:
    with archive.writing() as session:
        work = session.scalar(select(Work).where(Work.uuid == described["uuid"]))
        if work is None or work.version >= described["version"]:
            return False
        known = {(file.sha512, file.name): file.id for file in work.current_files}
        future = future_of(described, granted)
        parts = tuple(
            replace(part, id=known.get((part.sha512, part.name))) for part in future.parts
        )
        places = {part.name: str(part.stored) for part in parts}
        future = replace(future, parts=parts)
        _apply(session, work, future, places, described["version"], "")
        note(session, work, "recovered", actor=SYSTEM)
        changes.record(session, work.id)
    return True
