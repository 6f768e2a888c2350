"""The commands by which branch libraries exchange works."""

import sys
from pathlib import Path

import click

from ingest.commands import take_in
from repository import exchanging, progress
from repository.commands import opened
from repository.exports import jsonl


@click.group()
def exchange() -> None:
    """Exchange works with branch libraries on a stick: what has changed goes out, and is merged."""


@exchange.command("out")
@click.argument("partner")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--whole", is_flag=True, help="Everything, not only what has changed.")
@click.pass_obj
def out_(instance: str, partner: str, folder: Path, whole: bool) -> None:
    """Write into FOLDER what has changed since the last time for PARTNER, with its files.

    PARTNER is the host of the other archive, as it stands in its address: branch.example.org.

    \b
    Example:
      open-archive exchange out branch.example.org /media/stick/2026-11
    """
    with opened(instance) as archive:
        since = None if whole else exchanging.since(archive, partner)
        with progress.shown("Writing", jsonl.count(archive, since=since)) as done:
            written = exchanging.out(archive, folder, partner=partner, whole=whole, done=done)
    for problem in written.problems:
        click.echo(problem)
    progress.counts([("works", written.works), ("files", written.files)])
    sys.exit(1 if written.problems else 0)


@exchange.command("in")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, but change nothing.")
@click.pass_context
def in_(context: click.Context, folder: Path, dry_run: bool) -> None:
    """Merge what a partner has written into FOLDER.

    New works are added. Of works that both have, what was changed there alone is taken over; what
    was changed on both sides stays as it is here, and is named. Nothing comes twice.
    """
    source = f"{exchanging.SOURCE}{exchanging.sender(folder)}"
    context.invoke(
        take_in,
        format="jsonl",
        source=folder,
        collections=(),
        publish=False,
        fetch=False,
        dry_run=dry_run,
        source_name=source,
        options=(),
    )


COMMANDS = (exchange,)
