"""The command that takes works in."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from ingest import files, mapping, runs, undoing
from ingest.reports import Outcome, Report
from repository import progress
from repository.archive import Archive
from repository.commands import opened
from repository.errors import ArchiveError
from repository.models.imports import ImportState
from repository.viewers import SYSTEM
from schemas.exchange import is_slug

SAID = {
    Outcome.ADDED: "added",
    Outcome.KNOWN: "known from before",
    Outcome.UPDATED: "changed at the source, brought in step",
    Outcome.CHANGED: "changed at the source and here (left as they are)",
    Outcome.GONE: "deleted at the source",
    Outcome.DUPLICATE: "duplicates (not added)",
    Outcome.FAILED: "failed",
}
UNDONE = {
    "discarded": "drafts discarded",
    "withdrawn": "published works withdrawn",
    "restored": "descriptions restored",
    "kept": "changed since, kept as they are",
}
MOST_UNPLACED = 40


class _WithFormats(click.Command):
    """A command whose help lists the formats that are installed, as their importers say it."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does, then the formats with their options."""
        super().format_help_text(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(name, _says(one)) for name, one in runs.importers().items()])


def _says(importer: ModuleType) -> str:
    choices = (f"{name}={'|'.join(some)}" for name, some in runs.options(importer).items())
    return " ".join([runs.says(importer), *(f"[{one}]" for one in choices)])


def _field(importer: ModuleType, heading: str, key: str) -> str:
    if key and key not in importer.FIELDS:
        raise click.BadParameter(
            f"{heading}: there is no {key}; known are: {', '.join(importer.FIELDS)}.",
            param_hint="--option",
        )
    return key


def _options(importer: ModuleType, given: tuple[str, ...]) -> dict[str, Any]:
    """The reader's options as they were typed: NAME=VALUE, or HEADING=COLUMN."""
    known = runs.options(importer)
    found: dict[str, Any] = {}
    for one in given:
        name, _, value = one.partition("=")
        choices = known.get(name)
        if choices is None and mapping.can_be(importer):
            found.setdefault(mapping.OPTION, {})[name] = _field(importer, name, value)
            continue
        if choices is None:
            names = ", ".join(known) or "none"
            raise click.BadParameter(
                f"This format has no option {name}; it has: {names}.", param_hint="--option"
            )
        if choices and value not in choices:
            raise click.BadParameter(
                f"{name} is one of: {', '.join(choices)}.", param_hint="--option"
            )
        found[name] = value
    return found


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
@click.option(
    "--fetch",
    is_flag=True,
    help="Have the files brought that records point to (951 of IRBIS64): by address, or by "
    "name from the folder `inbox/`. Such works stay drafts.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and count, but change nothing.")
@click.option(
    "--source-name",
    metavar="NAME",
    help="What the source is called. A row is known by its key within its source.  "
    "[default: FORMAT:name of SOURCE]",
)
@click.option(
    "-o",
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the format, such as encoding=cp1251, or what a column of a table is, such "
    "as “Тема=title”. May be repeated.",
)
@click.pass_obj
def take_in(
    instance: str,
    format: str,
    source: Path,
    collections: tuple[str, ...],
    publish: bool,
    fetch: bool,
    dry_run: bool,
    source_name: str | None,
    options: tuple[str, ...],
) -> None:
    """Take works with their files from SOURCE into the archive.

    FORMAT says what SOURCE is; the formats are listed below. Rows that are not right are listed
    with their place and reason, and the others are taken in. Run it as often as you like: what is
    known is not added again, what has changed at its source is brought in step, and what was cut
    off goes on. `open-archive imports undo` takes an import back. Exit codes: 0 all well, 1 some
    rows failed, 2 the command was not understood.

    \b
    Examples:
      open-archive import crossref journal/2024 --collection jose --dry-run
      open-archive import crossref journal/2024 --collection jose --publish
      open-archive import jsonl backup/2025-01
      open-archive import jsonl theses.jsonl -c theses -c faculty-of-history
      open-archive import marc21 catalogue.mrc --dry-run
      open-archive import irbis records.txt -o encoding=cp1251 --dry-run
      open-archive import table theses.xlsx -o "Тема=title" -o "Студент=creators" --dry-run
      open-archive import irbis-db /mnt/irbis64/datai/ibis
    """
    importers = runs.importers()
    if format not in importers:
        raise click.UsageError(f"There is no format {format}; known are: {', '.join(importers)}.")
    for slug in collections:
        if not is_slug(slug):
            raise click.BadParameter(
                f"“{slug}” cannot name a collection: use a–z, 0–9, - and _.",
                param_hint="--collection",
            )
    asked = {
        "format": format,
        "source": source_name or f"{format}:{source.resolve().name}",
        "options": _options(importers[format], options),
        "collections": list(collections),
        "publish": publish,
        "fetch": fetch,
    }
    with opened(instance) as archive:
        files.sweep(archive)
        with archive.writing() as session:
            begun = runs.begin(session, name=source.resolve().name, actor=SYSTEM, **asked)
            mapping.recall(session, begun, importers[format], source)
            run = begun.id
        try:
            report = _perform(archive, run, importers[format], source, dry_run)
        except (ArchiveError, OSError) as error:  # of the source as a whole: rows never raise
            runs.finish(archive, run, ImportState.STOPPED, str(error))
            raise click.UsageError(str(error)) from error
        runs.finish(archive, run, ImportState.CHECKED if dry_run else ImportState.DONE)
        for remark in runs.remarks(archive.settings, run):
            click.echo(f"{remark.place}: {remark.says}")
    _say(report, run, dry_run)
    sys.exit(1 if report.failed else 0)


def _perform(
    archive: Archive, run: int, importer: ModuleType, source: Path, dry_run: bool
) -> Report:
    total = importer.count(source)
    with archive.writing() as session:
        runs.get(session, run).total = total
    label = "Checking" if dry_run else "Importing"
    with progress.shown(label, total) as done:
        return runs.perform(archive, run, source, dry=dry_run, done=done)


def _say(report: Report, run: int, dry_run: bool) -> None:
    if report.unplaced:
        click.echo("Parts of records that the descriptions have no place for; they are kept whole:")
        most = report.unplaced.most_common(MOST_UNPLACED)
        click.echo("  " + ", ".join(f"{name} ({count})" for name, count in most))
    if report.stopped:
        click.echo(f"Stopped: {report.stopped} Run the same command again when that is mended.")
    rows = [(said, report.outcomes[outcome]) for outcome, said in SAID.items()]
    progress.counts([*rows, ("collections made", report.collections)])
    if dry_run:
        click.echo("This was a dry run: nothing was changed.")
    elif report.outcomes[Outcome.ADDED] or report.outcomes[Outcome.UPDATED]:
        click.echo(f"This was import {run}. To take it back: open-archive imports undo {run}")


@click.group()
def imports() -> None:
    """Look at imports that were run, and take them back."""


@imports.command("list")
@click.pass_obj
def list_(instance: str) -> None:
    """List the newest imports, and what came of them."""
    with opened(instance) as archive, archive.reading() as session:
        for run in runs.recent(session):
            counts = ", ".join(f"{count} {name}" for name, count in run.counts.items() if count)
            click.echo(
                f"{run.id}  {run.made:%Y-%m-%d %H:%M}  {run.format}  {run.name}  "
                f"{run.state}: {counts or 'nothing'}"
            )


@imports.command()
@click.argument("number", type=int)
@click.pass_obj
def report(instance: str, number: int) -> None:
    """Print what was remarked in import NUMBER: what failed, was guessed or left out, and where."""
    with opened(instance) as archive:
        with archive.reading() as session:
            runs.get(session, number)
        for remark in runs.remarks(archive.settings, number):
            click.echo(f"{remark.place}: {remark.says}")


@imports.command()
@click.argument("number", type=int)
@click.confirmation_option(prompt="Take the whole import back?")
@click.pass_obj
def undo(instance: str, number: int) -> None:
    """Take import NUMBER back, as far as nobody has changed its works since.

    Drafts are discarded, published works withdrawn, descriptions that were brought in step become
    what they were. Exit code 1 when something was kept.
    """
    with opened(instance) as archive:
        with archive.writing() as session:
            run = runs.get(session, number)
            runs.ask(session, run, ImportState.UNDOING)
            total = runs.size(session, number)
        with progress.shown("Undoing", total) as done:
            counts = undoing.undo(archive, number, actor=SYSTEM, done=done)
        runs.finish(archive, number, ImportState.UNDONE)
    progress.counts([(said, counts[name]) for name, said in UNDONE.items()])
    sys.exit(1 if counts["kept"] else 0)


COMMANDS = (take_in, imports)
