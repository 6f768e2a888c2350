"""What the worker does for the union catalogue: one step of whatever is due."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from ingest.harvest import running, trial
from ingest.harvest.running import PACE, Pace
from repository import clock, fetching
from repository.archive import Archive
from repository.models.harvest import ForeignRecord, Source


def follow(archive: Archive, pace: Pace = PACE) -> int:
    """One step of the source whose turn it is; 0 when it is nobody's. The worker's part."""
    with archive.reading() as session:
        trying = session.scalar(select(Source.id).where(Source.trying, ~Source.leaving).limit(1))
        due = _due(session)
    if trying is not None:
        return _try(archive, trying)
    if due is not None:
        return int(running.step(archive, due, pace))
    return forget(archive)


def _due(session: Session) -> int | None:
    now = clock.now()
    free = Source.held.is_(None) | (Source.held < now)
    ready = (Source.active, ~Source.leaving, Source.due <= now, free)
    return session.scalar(select(Source.id).where(*ready).order_by(Source.due, Source.id).limit(1))


def forget(archive: Archive) -> int:
    """Forgets sources that were taken out, once index and feed know; how many."""
    mine = ForeignRecord.source_id == Source.id
    unheard = or_(ForeignRecord.waiting, ForeignRecord.feeding)
    unknown = ~select(ForeignRecord.id).where(mine, unheard).exists()
    gone = select(Source.id).where(Source.leaving, unknown)
    with archive.reading() as session:
        ids = session.scalars(gone).all()
    if ids:
        with archive.writing() as session:
            session.execute(delete(Source).where(Source.id.in_(ids)))
    return len(ids)


def _try(archive: Archive, source_id: int) -> int:
    with archive.reading() as session:
        source = session.get_one(Source, source_id)
    report = trial.run(
        running.sender(source.base_url, fetching.limits(archive.settings)),
        prefix=source.prefix,
        spec=source.spec,
        home=running.home(source.base_url),
        pause=source.pause,
    )
    with archive.writing() as session:
        found = session.get(Source, source_id)
        if found is not None:
            found.trying, found.trial = False, report.kept()
    return 1
