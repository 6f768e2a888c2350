"""`open-archive duplicates`: the duplicate finder from the command line."""

import sys

import click

from repository import comparing, pairs
from repository.commands import opened
from repository.models.life import Verdict


@click.command()
@click.option("--again", is_flag=True, help="Compare all works, not only those that changed.")
@click.pass_obj
def duplicates(instance: str, again: bool) -> None:
    """Look for works that are in the archive twice; staff decide at /staff/duplicates.

    The worker does this by itself. May be broken off and begun again.
    """
    with opened(instance) as archive:
        if again:
            with archive.writing() as session:
                comparing.again(session)
        with archive.reading() as session:
            waiting = comparing.left(session)
        with click.progressbar(length=waiting, label="Comparing", file=sys.stderr) as bar:
            while done := comparing.compare(archive):
                bar.update(done)
        with archive.reading() as session:
            found = pairs.counts(session).get(Verdict.OPEN, 0)
    click.echo(f"{found} pairs wait for a decision.")


COMMANDS = (duplicates,)
