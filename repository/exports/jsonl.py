"""The archive as JSON lines and files: what the importer of the same name reads again.

The folder gets `collections.jsonl`, `works.jsonl` and `files/<number>/<name>`.
`docs/importing.md` explains the lines.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer

from repository import collections, rights, versions
from repository.archive import Archive
from repository.errors import ArchiveError, Conflict
from repository.models.collections import Collection
from repository.models.imports import Holding
from repository.models.works import File, Origin, Work
from repository.store import disk
from schemas.vocabulary import State

SCHEMA = 1
PAGE = 200
WORKS, COLLECTIONS, FILES = "works.jsonl", "collections.jsonl", "files"
EXPOSED = frozenset({State.PUBLISHED, State.WITHDRAWN})
EVERYTHING = frozenset(State)


@dataclass
class Written:
    """What an export has written, and which files it could not."""

    works: int = 0
    files: int = 0
    collections: int = 0
    problems: list[str] = field(default_factory=list)


def count(
    archive: Archive, states: frozenset[State] = EXPOSED, since: datetime | None = None
) -> int:
    """How many works there are to export."""
    with archive.reading() as session:
        query = select(func.count()).select_from(Work).where(Work.state.in_(states))
        if since is not None:
            query = query.where(Work.changed > since)
        return session.scalar(query) or 0


def write(
    archive: Archive,
    folder: Path,
    *,
    states: frozenset[State] = EXPOSED,
    since: datetime | None = None,
    done: Callable[[], None] = lambda: None,
) -> Written:
    """Writes the works in these states into a folder that holds no export yet; with `since` those
    that have changed after that moment."""
    if (folder / WORKS).exists():
        raise Conflict("There is an export in %(folder)s. Choose another folder.", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = Written()
    with disk.room(), _lines(folder / COLLECTIONS) as lines, archive.reading() as session:
        for collection in collections.everything(session):
            _put(lines, _collection(collection))
            written.collections += 1
    with disk.room(), _lines(folder / WORKS) as lines:
        for work, came in _works(archive, states, since):
            copied = [_copy(archive, work, file, folder, written) for file in work.current_files]
            files = [one for one in copied if one]
            _put(lines, {**described(work), "files": files, "origins": came})
            written.works += 1
            done()
    return written


def _lines(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="\n")


def _put(lines: TextIO, line: dict[str, Any]) -> None:
    lines.write(written_out(line))


def written_out(line: dict[str, Any]) -> str:
    """The text of a line."""
    kept = {key: value for key, value in line.items() if value not in (None, [], {}, "")}
    return json.dumps(kept, ensure_ascii=False) + "\n"


def _works(
    archive: Archive, states: frozenset[State], since: datetime | None
) -> Iterator[tuple[Work, list[dict[str, Any]]]]:
    """All works by number with where they came from, a page at a time, so that no snapshot is held
    for long."""
    last = 0
    while True:
        with archive.reading() as session:
            page = _page(session, states, since, last)
            came = _origins(session, [one.id for one in page])
        for work in page:
            yield work, came.get(work.id, [])
        if len(page) < PAGE:
            return
        last = page[-1].id


def _page(
    session: Session, states: frozenset[State], since: datetime | None, last: int
) -> list[Work]:
    query = (
        select(Work)
        .where(Work.state.in_(states), Work.id > last)
        .options(selectinload(Work.files), selectinload(Work.collections))
        .order_by(Work.id)
        .limit(PAGE)
    )
    if since is not None:
        query = query.where(Work.changed > since)
    return list(session.scalars(query))


def _origins(session: Session, numbers: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Where works came from, with the copies on the shelves that those sources list."""
    found: dict[int, list[dict[str, Any]]] = {}
    shelved: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for copy in session.scalars(
        select(Holding).where(Holding.work_id.in_(numbers)).order_by(Holding.id)
    ):
        shelved.setdefault((copy.work_id, copy.source), []).append(_holding(copy))
    query = select(Origin).where(Origin.work_id.in_(numbers)).order_by(Origin.id)
    for one in session.scalars(query.options(undefer(Origin.record))):
        kept = {
            "source": one.source,
            "key": one.key,
            "digest": one.digest,
            "format": one.format,
            "record": one.record,
            "elements": one.elements,
            "holdings": shelved.get((one.work_id, one.source), []),
        }
        filled = {name: value for name, value in kept.items() if value}
        found.setdefault(one.work_id, []).append(filled)
    return found


def _holding(copy: Holding) -> dict[str, Any]:
    said = {name: getattr(copy, name) for name in ("inventory", "status", "place", "price", "book")}
    day = copy.day.isoformat() if copy.day else ""
    return {name: value for name, value in {**said, "day": day}.items() if value}


def _collection(collection: Collection) -> dict[str, Any]:
    return {
        "slug": collection.slug,
        "parent": collection.parent.slug if collection.parent else None,
        "names": collection.names,
        "descriptions": collection.descriptions,
        "position": collection.position or None,
    }


def described(work: Work) -> dict[str, Any]:
    """The line of a work, without its files."""
    return {
        "schema": SCHEMA,
        "uuid": work.uuid,
        "number": work.id,
        "state": work.state,
        "version": work.version,
        "published": work.published.isoformat() if work.published else None,
        "submitted": work.submitted.isoformat() if work.submitted else None,
        "changed": work.changed.isoformat(),
        "withdrawal": work.withdrawal,
        "agreement": work.agreement,
        "copyright_basis": work.copyright_basis,
        "rights_note": work.rights_note,
        "collections": [one.slug for one in work.collections],
        "document": work.document,
    }


def _copy(
    archive: Archive, work: Work, file: File, folder: Path, written: Written
) -> dict[str, Any] | None:
    """The line of a file that has been copied; None when its bytes are not what they should be."""
    path = f"{FILES}/{work.id}/{file.name}"
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = disk.copy(place(archive, work, file), target)
    except (ArchiveError, FileNotFoundError) as error:
        written.problems.append(f"Work {work.id}, {file.name}: {error}")
        return None
    if found != file.sha512:
        target.unlink()
        written.problems.append(f"Work {work.id}, {file.name}: damaged, left out. Run verify.")
        return None
    written.files += 1
    return listed(file, path)


def listed(file: File, path: str) -> dict[str, Any]:
    """The part of a line that is about a file."""
    return {
        "path": path,
        "name": file.name,
        "size": file.size,
        "sha512": file.sha512,
        "media_type": file.media_type,
        **rights.to_json(rights.of(file)),
    }


def place(archive: Archive, work: Work, file: File) -> Path:
    """Where the bytes of a file lie."""
    if file.stored:
        return archive.store.path(versions.object_id(work.uuid), file.stored)
    return archive.settings.staging / str(file.staged)
