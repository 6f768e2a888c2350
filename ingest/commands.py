"""The command that takes works in."""

import sys
from pathlib import Path
from types import ModuleType

import click

from ingest import batch, files, rehearsal
from ingest.jobs import Job
from ingest.reports import Outcome, Report
from repository import plugins, progress
from repository.commands import opened
from repository.errors import ArchiveError
from schemas.exchange import is_slug
from schemas.vocabulary import State

GROUP = "open_archive.importers"
SAID = {
    Outcome.ADDED: "added",
    Outcome.KNOWN: "known from before",
    Outcome.CHANGED: "changed at the source (left as they are)",
    Outcome.DUPLICATE: "duplicates (not added)",
    Outcome.FAILED: "failed",
}


class _WithFormats(click.Command):
    """A command whose help lists the formats that are installed, as their importers say it."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does, then the formats."""
        super().format_help_text(ctx, formatter)
        found = plugins.load(GROUP).items()
        with formatter.section("Formats"):
            formatter.write_dl([(name, _says(importer)) for name, importer in found])


def _says(importer: ModuleType) -> str:
    return (importer.__doc__ or "").strip().partition("\n")[0]


@click.command("import", cls=_WithFormats)
@click.argument("format")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-c",
    "--collection",
    "collections",
    multiple=True,
    metavar="SLUG",
    help="Put the works into this collection; made when it is not there. May be repeated.",
)
@click.option("--publish", is_flag=True, help="Publish the works; without it they become drafts.")
@click.option("--dry-run", is_flag=True, help="Check everything and count, but change nothing.")
@click.option(
    "--source-name",
    metavar="NAME",
    help="What the source is called. A row is known by its key within its source.  "
    "[default: FORMAT:name of SOURCE]",
)
@click.pass_obj
def take_in(
    instance: str,
    format: str,
    source: Path,
    collections: tuple[str, ...],
    publish: bool,
    dry_run: bool,
    source_name: str | None,
) -> None:
    """Take works with their files from SOURCE into the archive.

    FORMAT says what SOURCE is; the formats are listed below. Rows that are not right are listed
    with their place and reason, and the others are taken in. Run it as often as you like: what is
    known is not added again, and what was cut off goes on. Exit codes: 0 all well, 1 some rows
    failed, 2 the command was not understood.

    \b
    Examples:
      open-archive import crossref journal/2024 --collection jose --dry-run
      open-archive import crossref journal/2024 --collection jose --publish
      open-archive import jsonl backup/2025-01
      open-archive import jsonl theses.jsonl -c theses -c faculty-of-history
      open-archive import marc21 catalogue.mrc --dry-run
    """
    importers = plugins.load(GROUP)
    if format not in importers:
        raise click.UsageError(f"There is no format {format}; known are: {', '.join(importers)}.")
    for slug in collections:
        if not is_slug(slug):
            raise click.BadParameter(
                f"“{slug}” cannot name a collection: use a–z, 0–9, - and _.",
                param_hint="--collection",
            )
    job = Job(
        source=source_name or f"{format}:{source.resolve().name}",
        collections=collections,
        state=State.PUBLISHED if publish else State.DRAFT,
    )
    work, label = (rehearsal.rehearse, "Checking") if dry_run else (batch.run, "Importing")
    importer = importers[format]
    with opened(instance) as archive:
        files.sweep(archive)
        try:
            with progress.shown(label, importer.count(source)) as done:
                report = work(archive, importer.read(source), job, done=done)
        except (ArchiveError, OSError) as error:  # of the source as a whole: rows never raise
            raise click.UsageError(str(error)) from error
    _say(report, dry_run)
    sys.exit(1 if report.failed else 0)


def _say(report: Report, dry_run: bool) -> None:
    for remark in report.remarks:
        click.echo(f"{remark.place}: {remark.says}")
    if report.stopped:
        click.echo(f"Stopped: {report.stopped} Run the same command again when that is mended.")
    rows = [(said, report.outcomes[outcome]) for outcome, said in SAID.items()]
    progress.counts([*rows, ("collections made", report.collections)])
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")


COMMANDS = (take_in,)
