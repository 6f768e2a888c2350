"""`open-archive oai`: the feed for harvesters."""

import sys

import click

from oai import envelope, feed, visitor_commands
from oai.readiness import commands as readiness
from repository import changes
from repository.archive import Archive
from repository.commands import opened


@click.group()
def oai() -> None:
    """The feed for harvesters: how it is, what is wrong in it, making it anew."""


@oai.command()
@click.pass_obj
def status(instance: str) -> None:
    """Say what the feed holds, what waits to be stamped, and which records are bad.

    Exit code 1 when there are bad records.
    """
    with opened(instance) as archive, archive.reading() as session:
        found, bad = feed.counts(session), feed.failures(session)
        waiting = changes.waiting(session).get(feed.FOLLOWER, 0)
    click.echo(f"Works: {found.works}")
    click.echo(f"Deleted: {found.deleted}")
    click.echo(f"Newest datestamp: {envelope.stamp(found.last) if found.last else 'none'}")
    click.echo(f"Changes that wait for the worker: {waiting}")
    if found.outdated:
        click.echo(
            f"Rendered by other versions of the formats: {found.outdated}. "
            "Run `open-archive oai rebuild`."
        )
    for one in bad:
        click.echo(f"Bad record: work {one.work_id}, {one.prefix or 'all formats'}: {one.reason}")
    sys.exit(1 if bad else 0)


@oai.command()
@click.pass_obj
def rebuild(instance: str) -> None:
    """Render every record anew; those that differ get a new datestamp.

    The site stays up meanwhile. A worker that is running helps.
    """
    with opened(instance) as archive:
        total = feed.rebuild(archive)
        with click.progressbar(length=total, label="Rendering", file=sys.stderr) as bar:
            while left := _waiting(archive):
                feed.stamp(archive)
                bar.update(left - _waiting(archive))
        click.echo(f"Rendered {total} works.")


def _waiting(archive: Archive) -> int:
    with archive.reading() as session:
        return changes.waiting(session).get(feed.FOLLOWER, 0)


oai.add_command(readiness.check)
oai.add_command(visitor_commands.log)

COMMANDS = (oai,)
