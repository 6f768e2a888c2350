"""`open-archive harvest`: other libraries' repositories in the union catalogue."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from ingest.harvest import following, keeping, running, sources, trial
from ingest.harvest.faults import SENTENCES
from repository import elsewhere, fetching, progress
from repository.archive import Archive
from repository.commands import opened
from repository.errors import ArchiveError, Invalid
from repository.models.harvest import Source

SAID = {"new": "new", "changed": "changed", "same": "as before", "deleted": "deleted"}


@click.group()
def harvest() -> None:
    """Other libraries' works in the search: add their repositories, harvest them, take them out.

    The worker harvests each source by its schedule; these commands are for doing it by hand.
    """


@harvest.command()
@click.argument("slug")
@click.argument("base_url")
@click.option("--name", help="What readers are told that a work is from.  [default: SLUG]")
@click.option("--prefix", default="", help="The format to ask for.  [default: the best it has]")
@click.option("--set", "spec", default="", metavar="SETSPEC", help="Only this set.")
@click.option("--every", default="24", show_default=True, help="Hours between harvests; 0: never.")
@click.option("--pause", default="1", show_default=True, help="Seconds between two requests.")
@click.pass_obj
def add(instance: str, slug: str, name: str | None, **given: str) -> None:
    """Add the repository at BASE_URL; SLUG is its short name here.

    Nothing is fetched yet: look with `harvest dry-run SLUG`, then begin with `harvest run SLUG`.

    \b
    Example:
      open-archive harvest add almaty https://repo.example.org/oai/request --name "KazNU"
    """
    with opened(instance) as archive, archive.writing() as session:
        try:
            sources.add(session, {"slug": slug, "name": name or slug, **given})
        except Invalid as error:
            lines = [f"{field}: {' '.join(map(str, said))}" for field, said in error.errors.items()]
            raise click.UsageError("\n".join(lines)) from error
    click.echo(f"Added {slug}. Look with: open-archive harvest dry-run {slug}")


@harvest.command("list")
@click.pass_obj
def list_(instance: str) -> None:
    """List the sources, what they hold and how their last harvest went."""
    with opened(instance) as archive, archive.reading() as session:
        for one in sources.everything(session):
            click.echo(f"{one.slug}: {one.name} ({one.base_url})")
            click.echo(f"  {keeping.size(session, one)} records; {_state(one)}")
            if one.error:
                click.echo(f"  {_sentence(one.error)}")
            _faults(one.faults)


def _state(source: Source) -> str:
    last = f"last {source.finished:%Y-%m-%d %H:%M}" if source.finished else "never harvested"
    if source.running:
        done = sum(source.counts.values())
        return f"being harvested, {done} of {source.size or '?'}; {last}"
    if not source.due:
        return f"{last}; not again by itself"
    return f"{last}; next {source.due:%Y-%m-%d %H:%M}"


def _sentence(error: Mapping[str, Any]) -> str:
    return str(ArchiveError(error["sentence"], **error["parameters"]))


def _faults(faults: Mapping[str, list[Any]]) -> None:
    for kind, (count, example) in faults.items():
        click.echo(f"  {SENTENCES[kind]}: {count}" + (f" ({example})" if example else ""))


@harvest.command()
@click.argument("slugs", nargs=-1)
@click.option("--whole", is_flag=True, help="Everything anew, not only what has changed.")
@click.pass_obj
def run(instance: str, slugs: tuple[str, ...], whole: bool) -> None:
    """Harvest the sources named by SLUGS now, or all that have not been stopped.

    What was cut off goes on where it was. Exit code 1 when a harvest could not be finished.
    """
    failed = False
    with opened(instance) as archive:
        with archive.reading() as session:
            named = [sources.get(session, slug) for slug in slugs]
            chosen = named or [one for one in sources.everything(session) if one.active]
        for source in chosen:
            failed |= not _run(archive, source, whole)
        while elsewhere.follow(archive):
            pass
    sys.exit(1 if failed else 0)


def _run(archive: Archive, source: Source, whole: bool) -> bool:
    with archive.writing() as session:
        sources.harvest(session.get_one(Source, source.id), whole=whole)
    shown = 0
    running.step(archive, source.id)  # which tells how long the list is
    with archive.reading() as session:
        total = session.get_one(Source, source.id).size
    with progress.shown(f"Harvesting {source.slug}", total) as done:

        def show(now: Source) -> None:
            nonlocal shown
            while shown < sum(now.counts.values()):
                shown += 1
                done()

        with archive.reading() as session:
            after = session.get_one(Source, source.id)
        show(after)
        if after.running:
            after = running.through(archive, source.id, show)
    click.echo(f"{source.slug}:")
    progress.counts([(said, after.counts.get(key, 0)) for key, said in SAID.items()])
    _faults(after.faults)
    if after.error:
        click.echo(f"Not finished: {_sentence(after.error)}")
    return after.error is None


@harvest.command("dry-run")
@click.argument("source")
@click.option("--pages", default=trial.PAGES, show_default=True, help="Pages to look at.")
@click.option("--prefix", default="", help="The format to ask for.  [default: the best it has]")
@click.option("--set", "spec", default="", metavar="SETSPEC", help="Only this set.")
@click.pass_obj
def dry_run(instance: str, source: str, pages: int, prefix: str, spec: str) -> None:
    """Look at the first pages of SOURCE, a slug or a base URL, and keep nothing.

    Says how the repository answers, what its records would look like here, and what is wrong with
    them. Exit code 1 when it cannot be harvested.
    """
    with opened(instance) as archive:
        address, pause = source, 1.0
        if "://" not in source:
            with archive.reading() as session:
                known = sources.get(session, source)
            address, pause = known.base_url, known.pause
            prefix, spec = prefix or known.prefix, spec or known.spec
        send = running.sender(address, fetching.limits(archive.settings))
        with progress.shown("Looking at pages", pages) as done:
            found = trial.run(
                send,
                prefix=prefix,
                spec=spec,
                home=running.home(address),
                pages=pages,
                pause=pause,
                done=done,
            )
    _report(found)
    sys.exit(1 if found.error else 0)


def _report(found: trial.Trial) -> None:
    for name, said in found.said.items():
        click.echo(f"{name}: {said}")
    for title in found.titles:
        click.echo(f"  “{title}”")
    rows = [("pages", found.pages), *found.counts.items()]
    progress.counts([*rows, ("announced", found.size)] if found.size else rows)
    _faults(found.faults.kept())
    if found.error:
        click.echo(f"It cannot be harvested: {found.error}")
    click.echo("This was a dry run: nothing was kept.")


@harvest.command()
@click.argument("slug")
@click.confirmation_option(prompt="Take the source out with all its records?")
@click.pass_obj
def remove(instance: str, slug: str) -> None:
    """Take the source SLUG out, with all its records."""
    with opened(instance) as archive:
        with archive.writing() as session:
            sources.remove(session, sources.get(session, slug))
        while elsewhere.follow(archive):
            pass
        following.forget(archive)
    click.echo(f"Took {slug} out.")


COMMANDS = (harvest,)
