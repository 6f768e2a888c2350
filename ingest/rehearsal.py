"""A dry run: what an import would do, without doing it."""

from collections.abc import Callable, Iterable

from ingest import jobs, origins
from ingest.jobs import TROUBLE, Job
from ingest.reports import Outcome, Report
from ingest.rows import Gathering, Row
from repository.archive import Archive
from repository.errors import TooLarge
from schemas.messages import Message


def rehearse(
    archive: Archive,
    rows: Iterable[Row | Gathering],
    job: Job,
    *,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """What `run` would report, as far as can be told without taking anything in."""
    met: set[str] = set()  # keys and DOIs of the rows before, which a run would have added
    for row in rows:
        if isinstance(row, Row):
            try:
                job.report.outcomes[_foresee(archive, job, row, met)] += 1
            except TROUBLE as error:
                job.report.fail(row.place, error)
        done()
    return job.report


def _foresee(archive: Archive, job: Job, row: Row, met: set[str]) -> Outcome:
    if row.gone:
        jobs.gone(archive, job, row)
        return Outcome.GONE
    document = jobs.check(row)
    found = jobs.look_up(archive, job, row, document).outcome
    names = {row.key, *([] if row.past.uuid else origins.dois(document))}
    if found is None and not met.isdisjoint(names):
        said = Message("Not added: a row before it has the same key or DOI.")
        job.report.remark(row.place, said)
        return Outcome.DUPLICATE
    met |= names
    if found is None:
        jobs.note(job, row)
    for one in row.files:
        if one.size > archive.settings.upload_limit:
            raise TooLarge("“%(name)s” is larger than the archive accepts.", name=one.name)
    return found or Outcome.ADDED
