"""The command that writes the archive out."""

import sys
from pathlib import Path

import click

from repository import plugins, progress
from repository.commands import opened
from repository.exports.jsonl import EVERYTHING, EXPOSED

GROUP = "open_archive.exports"


@click.command()
@click.argument("format")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Also drafts, and what waits for review.")
@click.pass_obj
def export(instance: str, format: str, folder: Path, everything: bool) -> None:
    """Write the works with their files into FOLDER, in FORMAT (jsonl).

    Published and withdrawn works are written, with --all drafts too. `open-archive import` of the
    same format gives the same archive again: numbers, files, rights and collections.
    Exit code 1 when a file in the store is damaged and was left out.

    \b
    Examples:
      open-archive export jsonl backup/2025-01
      open-archive --instance new import jsonl backup/2025-01
    """
    exports = plugins.load(GROUP)
    if format not in exports:
        raise click.UsageError(f"There is no format {format}; known are: {', '.join(exports)}.")
    states = EVERYTHING if everything else EXPOSED
    module = exports[format]
    with (
        opened(instance) as archive,
        progress.shown("Exporting", module.count(archive, states)) as done,
    ):
        written = module.write(archive, folder, states=states, done=done)
    for problem in written.problems:
        click.echo(problem)
    progress.counts(
        [
            ("works", written.works),
            ("files", written.files),
            ("collections", written.collections),
            ("problems", len(written.problems)),
        ]
    )
    sys.exit(1 if written.problems else 0)


COMMANDS = (export,)
