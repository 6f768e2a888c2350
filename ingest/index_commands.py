"""`open-archive index`: the search index. Filling it reads the texts of files, which is ours."""

import sys

import click

from ingest import derive
from repository import elsewhere, indexing
from repository.commands import opened


@click.group()
def index() -> None:
    """The search index: what it holds, making it anew."""


@index.command()
@click.pass_obj
def status(instance: str) -> None:
    """Say how the index is. Exit code 1 when it cannot be searched."""
    with opened(instance) as found:
        well, says = found.index.status()
        click.echo(says)
    sys.exit(0 if well else 1)


@index.command()
@click.pass_obj
def rebuild(instance: str) -> None:
    """Empty the index and fill it anew; the site stays up meanwhile.

    Texts of files that are no longer in `derived/` are read again.
    """
    with opened(instance) as found:
        total = indexing.rebuild(found)
        with click.progressbar(length=total, label="Indexing", file=sys.stderr) as bar:
            while count := derive.follow(found):
                bar.update(count)
        foreign = 0
        while count := elsewhere.follow(found):
            foreign += count
        more = f" and {foreign} of other libraries" if foreign else ""
        click.echo(f"Indexed {total} works{more}.")


COMMANDS = (index,)
