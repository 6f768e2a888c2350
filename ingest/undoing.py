"""Takes back what an import did."""

from collections.abc import Callable

from sqlalchemy import delete, select

from ingest import updating
from ingest.findings import Interrupted
from repository import catalogue, publishing, working
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.models.imports import Deed, Import, ImportedWork
from repository.models.works import Origin, Work
from repository.viewers import Viewer
from schemas.vocabulary import ReasonKind, State


def undo(
    archive: Archive, number: int, *, actor: Viewer, done: Callable[[], None] = lambda: None
) -> dict[str, int]:
    """Takes back what an import did, as far as nobody has changed it since; counts by what came.

    Drafts go, published works are withdrawn, updated descriptions become what they were.
    """
    counts = {"discarded": 0, "withdrawn": 0, "restored": 0, "kept": 0}
    with archive.reading() as session:
        run = session.get_one(Import, number)
        query = select(ImportedWork.work_id).where(ImportedWork.import_id == number)
        works = session.scalars(query.order_by(ImportedWork.work_id.desc())).all()
    for work_id in works:
        if working.stopping.is_set():
            raise Interrupted
        try:
            counts[_take_back(archive, run, work_id, actor)] += 1
        except ArchiveError:
            counts["kept"] += 1
        done()
    with archive.writing() as session:
        session.get_one(Import, number).counts = {**run.counts, **counts}
    return counts


def _take_back(archive: Archive, run: Import, work_id: int, actor: Viewer) -> str:
    with archive.reading() as session:
        deed = session.get_one(ImportedWork, (run.id, work_id))
        work = session.get(Work, work_id)
        query = select(Origin).where(Origin.work_id == work_id, Origin.source == run.source)
        origin = session.scalars(query).first()
    if work is None or origin is None:
        return "kept"
    if deed.deed == Deed.UPDATED:
        return _restore(archive, run, deed, work, actor)
    if updating.elements(work.document) != origin.elements:
        return "kept"
    if work.version:
        return _withdraw(archive, run, work, actor)
    with archive.writing() as session:
        gone = catalogue.get(session, work_id)
        catalogue.check_revision(gone, work.revision)
        catalogue.discard(session, gone, actor=actor)
    return "discarded"


def _withdraw(archive: Archive, run: Import, work: Work, actor: Viewer) -> str:
    if work.state != State.PUBLISHED:
        return "kept"
    publishing.withdraw(
        archive,
        work.id,
        actor=actor,
        kind=ReasonKind.ERROR,
        reason=f"Import {run.id} ({run.name}) ↶",
    )
    with archive.writing() as session:  # so that it can be imported again, as a new work
        session.execute(
            delete(Origin).where(Origin.work_id == work.id, Origin.source == run.source)
        )
    return "withdrawn"


def _restore(archive: Archive, run: Import, deed: ImportedWork, work: Work, actor: Viewer) -> str:
    if work.document != deed.after or deed.before is None:
        return "kept"
    reason = f"Import {run.id} ({run.name}) ↶"
    if work.state == State.PUBLISHED:
        publishing.revise(
            archive,
            work.id,
            actor=actor,
            reason=reason,
            revision=work.revision,
            document=deed.before,
        )
        return "restored"
    with archive.writing() as session:
        found = catalogue.get(session, work.id)
        step = "correct" if found.state == State.SUBMITTED else "edit"
        catalogue.check_revision(found, work.revision)
        catalogue.save(session, found, deed.before, actor=actor, step=step)
    return "restored"
