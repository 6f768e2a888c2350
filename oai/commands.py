"""`open-archive oai`: the feed for harvesters."""

import sys

import click

from oai import feed
from repository import changes
from repository.commands import opened


@click.group()
def oai() -> None:
    """The feed for harvesters: how it is, making it anew."""


@oai.command()
@click.pass_obj
def status(instance: str) -> None:
    """Say how many records the feed holds and how many changes wait to be stamped."""
    with opened(instance) as archive, archive.reading() as session:
        for name, count in feed.counts(session).items():
            click.echo(f"{name}: {count}")
        click.echo(f"waiting: {changes.waiting(session).get('oai', 0)}")


@oai.command()
@click.pass_obj
def rebuild(instance: str) -> None:
    """Render every record anew, under new datestamps; harvesters fetch them all again."""
    with opened(instance) as archive:
        total = feed.rebuild(archive)
        with click.progressbar(length=total, label="Stamping", file=sys.stderr) as bar:
            while count := feed.stamp(archive):
                bar.update(count)
        click.echo(f"Rendered {total} records.")


COMMANDS = (oai,)
