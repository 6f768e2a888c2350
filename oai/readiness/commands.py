"""`open-archive oai check`: how ready a repository is for its harvesters."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import click
from babel.support import Translations
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from oai.readiness import judging, local, reporting
from oai.readiness.books import BOOKS
from oai.readiness.client import web
from oai.readiness.judging import Report
from oai.readiness.provider import Provider
from oai.readiness.rules import Book
from repository.commands import opened
from repository.errors import Invalid
from schemas import vocabulary
from schemas.messages import Message

SAMPLE = 200


@click.command()
@click.option("--url", help="The base URL of a repository; ours when left out.")
@click.option(
    "--sample", default=SAMPLE, show_default=True, help="How many records of each list to look at."
)
@click.option("--all", "everything", is_flag=True, help="Look at all records.")
@click.option(
    "--for",
    "wanted",
    type=click.Choice(list(BOOKS)),
    multiple=True,
    help="Judge by the rules of this one only; may be repeated.",
)
@click.option(
    "--schemas",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of XML schemas with a catalog.txt (namespace, file) to validate records by.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
@click.option(
    "--language", type=click.Choice(list(vocabulary.INTERFACE)), default="en", show_default=True
)
@click.pass_obj
def check(
    instance: str,
    url: str | None,
    sample: int,
    everything: bool,
    wanted: tuple[str, ...],
    schemas: Path | None,
    as_json: bool,
    language: str,
) -> None:
    """Judge a repository, ours or any other, as BASE, CORE, OpenAIRE and RIOXX would.

    It is harvested over HTTP as aggregators do it. Each gets a score of 100, then come the rules
    that are broken, with the reason, the remedy, and the first records that break them.

    Exit code 1 when something that an aggregator insists on (must) is broken.
    """
    books = [BOOKS[key] for key in wanted or BOOKS]
    most = None if everything else max(1, sample)
    known = _schemas(schemas) if schemas else {}
    if url:
        report, host = _judged(Provider(url, web, schemas=known), books, most), ""
    else:
        with opened(instance) as archive:
            ours = local.provider(archive)
            ours.schemas.update(known)
            report, host = _judged(ours, books, most), archive.settings.oai_host
    plain = reporting.plain(report, host)
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        _show(plain, language)
    sys.exit(0 if report.ready else 1)


def _judged(provider: Provider, books: list[Book], most: int | None) -> Report:
    """The report, with a bar on a terminal's standard error meanwhile."""
    if not sys.stderr.isatty():
        return judging.judge(provider, books, most=most)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        return judging.judge(
            provider,
            books,
            most=most,
            notice=lambda step, done, total: bar.update(
                task, description=step, completed=done, total=total
            ),
        )


def _show(plain: reporting.Plain, language: str) -> None:
    folder = str(files("repository") / "translations")
    translate = Translations.load(folder, [language]).gettext

    def say(message: str) -> str:
        if not isinstance(message, Message):
            return translate(message)
        said = translate(message.sentence)
        return said % message.parameters if message.parameters else said

    # In a pipe rich writes no colours; lines are then as long as they are.
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    reporting.show(console, plain, say, translate)


def _schemas(folder: Path) -> dict[str, Path]:
    """The schemas of a folder by namespace, as its catalog.txt lists them."""
    listing = folder / "catalog.txt"
    if not listing.exists():
        raise Invalid("%(folder)s has no catalog.txt.", folder=folder)
    rows = (line.split() for line in listing.read_text("utf-8").splitlines())
    return {row[0]: folder / row[1] for row in rows if len(row) >= 2}
