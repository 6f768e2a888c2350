"""`open-archive irbis`: a server of IRBIS64, asked for what has changed there and told of ours."""

import sys

import click

from ingest import batch, rehearsal
from ingest.irbis import client, pushing, taking
from ingest.irbis.client import Client
from ingest.irbis.pushing import Outcome
from ingest.jobs import Job
from ingest.reports import Outcome as Taken
from repository import progress
from repository.archive import Archive
from repository.commands import opened
from repository.exports import selecting
from repository.exports.selecting import Selection
from schemas.vocabulary import State

SAID = {
    Outcome.ADDED: "added to IRBIS64",
    Outcome.CHANGED: "changed in IRBIS64",
    Outcome.SAME: "the same in both",
    Outcome.CONFLICT: "in conflict (see above)",
    Outcome.FAILED: "failed",
}
TAKEN = {
    Taken.ADDED: "added here",
    Taken.UPDATED: "changed there, brought in step",
    Taken.KNOWN: "known from before",
    Taken.CHANGED: "changed here and there (left as they are)",
    Taken.GONE: "deleted there",
    Taken.DUPLICATE: "duplicates (not added)",
    Taken.FAILED: "failed",
}
DATABASE = click.option("--database", default="", help="Its name.  [default: that of the setting]")


@click.group()
def irbis() -> None:
    """Keep works in step with a database on a server of IRBIS64 (ARCHIVE_IRBIS_URL).

    `check` tries the connection, `pull` takes in what is there, `push` writes published works into
    it. Try `pull` and `push` with --dry-run first.
    """


def _client(archive: Archive, database: str) -> Client:
    return Client(client.address(archive.settings.irbis_url, database))


@irbis.command()
@DATABASE
@click.pass_obj
def check(instance: str, database: str) -> None:
    """Try the connection: the server's version, and how many records the database has."""
    with opened(instance) as archive, _client(archive, database) as found:
        click.echo(f"{found.where.name}: signed on as {found.where.user}")
        click.echo(f"server: {', '.join(filter(None, found.server_version())) or found.version}")
        click.echo(f"records: {found.last() - 1}, of which deleted: {len(found.deleted())}")


@irbis.command()
@DATABASE
@click.option("--publish", is_flag=True, help="Publish the works; without it they become drafts.")
@click.option("-c", "--collection", "collections", multiple=True, help="Put the works into this.")
@click.option("--dry-run", is_flag=True, help="Read and count, but change nothing.")
@click.pass_obj
def pull(
    instance: str, database: str, publish: bool, collections: tuple[str, ...], dry_run: bool
) -> None:
    """Take in the records of the database; again and again, and only what has changed is taken.

    Every record is read, since the protocol cannot be asked for changes alone. Exit code 1 when
    some records failed.
    """
    with opened(instance) as archive, _client(archive, database) as found:
        job = Job(
            source=f"irbis:{found.where.name}",
            collections=collections,
            state=State.PUBLISHED if publish else State.DRAFT,
        )
        work = rehearsal.rehearse if dry_run else batch.run
        with progress.shown("Reading", found.last() - 1) as done:

            def tick() -> None:
                found.keep_alive()
                done()

            report = work(archive, taking.rows(found.records()), job, done=tick)
    for remark in report.remarks:
        click.echo(f"{remark.place}: {remark.says}")
    progress.counts([(said, report.outcomes[name]) for name, said in TAKEN.items()])
    sys.exit(1 if report.failed else 0)


@irbis.command()
@DATABASE
@click.option("-c", "--collection", default="", help="Only works of this collection and below.")
@click.option("--since", type=int, help="Only works that came out in this year or later.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, but write nothing.")
@click.pass_obj
def push(instance: str, database: str, collection: str, since: int | None, dry_run: bool) -> None:
    """Write published works into the database, with the way (951) to their pages here.

    Works that are there, known by their key (903), are changed in place, and only what has changed
    here; what has been changed there meanwhile is shown and left. Exit code 1 when something is in
    conflict or failed.
    """
    with opened(instance) as archive, _client(archive, database) as found:
        with archive.reading() as session:
            numbers = selecting.chosen(session, Selection(collection, since=since))
        with progress.shown("Writing", len(numbers)) as done:
            report = pushing.push(archive, found, numbers, dry=dry_run, done=done)
    for number, said in report.remarks:
        click.echo(f"work {number}: {said}")
    progress.counts([(said, report.outcomes[name]) for name, said in SAID.items()])
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
    sys.exit(1 if report.outcomes[Outcome.CONFLICT] + report.outcomes[Outcome.FAILED] else 0)


COMMANDS = (irbis,)
