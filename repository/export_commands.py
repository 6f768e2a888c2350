"""The command that writes the archive out."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from repository import plugins, progress
from repository.archive import Archive
from repository.commands import opened
from repository.exports import selecting
from repository.exports.jsonl import EVERYTHING, EXPOSED
from repository.exports.selecting import Selection
from schemas import vocabulary

GROUP = "open_archive.exports"


class _WithFormats(click.Command):
    """A command whose help lists the formats that are installed, as their modules say it."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes what the command does, then the formats with their options."""
        super().format_help_text(ctx, formatter)
        with formatter.section("Formats"):
            found = plugins.load(GROUP).items()
            formatter.write_dl([(name, _says(module)) for name, module in found])


def _says(module: ModuleType) -> str:
    line = (module.__doc__ or "").strip().partition("\n")[0]
    known = getattr(module, "OPTIONS", {})
    return " ".join([line, *(f"[{name}={'|'.join(some)}]" for name, some in known.items())])


@click.command(cls=_WithFormats)
@click.argument("format")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="jsonl: drafts and what is in review, too.")
@click.option("-c", "--collection", default="", help="Only works of this collection and below.")
@click.option("--type", "kind", default="", help="Only works of this kind, such as article.")
@click.option("--since", type=int, help="Only works that came out in this year or later.")
@click.option("--until", type=int, help="Only works that came out in this year or before.")
@click.option(
    "-o",
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the format, such as encoding=cp1251. May be repeated.",
)
@click.pass_obj
def export(
    instance: str,
    format: str,
    target: Path,
    everything: bool,
    collection: str,
    kind: str,
    since: int | None,
    until: int | None,
    options: tuple[str, ...],
) -> None:
    """Write works out in FORMAT, into TARGET: a file, or for formats with files a folder.

    `jsonl` writes everything there is, with files; `open-archive import jsonl` makes the same
    archive of it: numbers, files, rights and collections. The other formats write published works,
    or those that are chosen. Exit code 1 when something was left out, which is said.

    `site` makes a mirror of plain pages, in three languages, with the files that everybody may
    have: for a USB stick, a class room without a network, a web server that runs nothing. Open
    its index.html. In a folder that it has written before, only what has changed is written, and
    works that are gone are removed.

    \b
    Examples:
      open-archive export jsonl backup/2025-01
      open-archive export irbis works.txt -o encoding=cp1251 --collection theses
      open-archive export marc21 theses-2024.mrc --type doctoral-thesis --since 2024
      open-archive export site /media/stick/archive --collection theses
    """
    exports = plugins.load(GROUP)
    if format not in exports:
        raise click.UsageError(f"There is no format {format}; known are: {', '.join(exports)}.")
    if kind and kind not in vocabulary.TYPES:
        known = ", ".join(vocabulary.TYPES)
        raise click.BadParameter(f"Known are: {known}.", param_hint="--type")
    module = exports[format]
    wanted = Selection(collection, kind, since, until)
    with opened(instance) as archive:
        if getattr(module, "SELECTS", False):
            problems = _mirror(archive, module, target, wanted)
        elif hasattr(module, "write"):
            problems = _folder(archive, module, target, everything)
        else:
            problems = _file(archive, module, target, wanted, _options(module, options))
    sys.exit(1 if problems else 0)


def _folder(archive: Archive, module: ModuleType, folder: Path, everything: bool) -> list[str]:
    states = EVERYTHING if everything else EXPOSED
    with progress.shown("Exporting", module.count(archive, states)) as done:
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
    return written.problems


def _mirror(archive: Archive, module: ModuleType, folder: Path, wanted: Selection) -> list[str]:
    made = module.write(archive, folder, wanted=wanted, say=click.echo, shown=progress.shown)
    for problem in made.problems:
        click.echo(problem)
    if made.unchecked:
        click.echo(
            f"{made.unchecked} of the files that stay are open, but have not been checked for "
            "viruses. With a scanner (docs/operators.md) they come along the next time."
        )
    progress.counts(
        [
            ("works", made.works),
            ("files", made.files),
            ("files that stay in the archive", made.kept),
            ("written", made.written),
            ("unchanged", made.unchanged),
            ("removed", made.removed),
            ("problems", len(made.problems)),
        ]
    )
    return made.problems


def _file(
    archive: Archive, module: ModuleType, path: Path, wanted: Selection, options: dict[str, str]
) -> list[str]:
    if path.exists():
        raise click.BadParameter(f"{path} is there already.", param_hint="TARGET")
    with archive.reading() as session:
        numbers = selecting.chosen(session, wanted)
    problems: list[str] = []
    with progress.shown("Exporting", len(numbers)) as done, path.open("wb") as file:
        works = _counted(selecting.each(archive, numbers), done)
        for piece in pieces(archive, module, works, problems.append, options):
            file.write(piece)
    for problem in problems:
        click.echo(problem)
    progress.counts([("works", len(numbers)), ("problems", len(problems))])
    return problems


def _counted(works: Iterator[Any], done: Callable[[], None]) -> Iterator[Any]:
    for work in works:
        yield work
        done()


def pieces(
    archive: Archive,
    module: ModuleType,
    works: Iterator[Any],
    problem: Callable[[str], None],
    options: dict[str, str],
) -> Iterator[bytes]:
    """The file that a format makes of works, piece by piece; what is left out is told."""
    if hasattr(module, "stream"):
        return module.stream(archive, works, problem=problem, **options)
    return module.render_many(works)


def _options(module: ModuleType, given: tuple[str, ...]) -> dict[str, str]:
    known, found = getattr(module, "OPTIONS", {}), {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in known:
            names = ", ".join(known) or "none"
            raise click.BadParameter(
                f"This format has no option {name}; it has: {names}.", param_hint="--option"
            )
        if value not in known[name]:
            raise click.BadParameter(
                f"{name} is one of: {', '.join(known[name])}.", param_hint="--option"
            )
        found[name] = value
    return found


COMMANDS = (export,)
