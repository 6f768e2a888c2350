"""After a crash: versions that the store holds and the database does not know yet."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from repository import advancing, changes, versions
from repository.archive import Archive
from repository.catalogue import note
from repository.models.works import Work
from repository.viewers import SYSTEM


def recover(archive: Archive) -> list[int]:
    """Completes what a crash cut off between the store and the database; numbers of the works.

    A version that the store holds whole is adopted: nobody was told that it failed.
    """
    archive.store.recover()
    adopted = []
    for oid in archive.store.unsettled():
        if archive.store.head(oid):
            described = json.loads(archive.store.read(oid, versions.WORK))
            if _adopt(archive, described, versions.read_rights(archive, oid)):
                adopted.append(described["number"])
        archive.store.settle(oid)
    return adopted


def _adopt(archive: Archive, described: dict[str, Any], granted: versions.Granted) -> bool:
    with archive.writing() as session:
        work = session.scalar(select(Work).where(Work.uuid == described["uuid"]))
        if work is None or work.version >= described["version"]:
            return False
        known = {(file.sha512, file.name): file.id for file in work.current_files}
        future = versions.future_of(described, granted)
        parts = tuple(
            replace(part, id=known.get((part.sha512, part.name))) for part in future.parts
        )
        places = {part.name: str(part.stored) for part in parts}
        future = replace(future, parts=parts)
        advancing.apply(session, work, future, places, described["version"], "")
        note(session, work, "recovered", actor=SYSTEM)
        changes.record(session, work.id)
    return True
