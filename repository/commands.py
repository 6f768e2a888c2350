"""Commands for whoever runs the archive: set up, serve, look after."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click

from repository import (
    accounts,
    archive,
    documents,
    health,
    logs,
    recovery,
    serving,
    settings,
    upgrading,
)
from repository.archive import Archive


def load(instance: str) -> settings.Settings:
    """The settings of an instance, with its logs set up."""
    chosen = settings.load(instance=instance)
    logs.setup(chosen.log_level)
    return chosen


def opened(instance: str) -> AbstractContextManager[Archive]:
    """The open archive of an instance."""
    return archive.opened(load(instance))


def initialise(instance: str) -> None:
    """Makes what an archive needs, where it is missing; says what was made."""
    folder = Path(instance)
    if settings.write_file(folder / settings.FILE):
        click.echo(f"Wrote {folder / settings.FILE}")
    with opened(instance) as made:
        upgrading.upgrade(made.engine)
        with made.writing() as session:
            password = accounts.first_administrator(
                session,
                email=made.settings.admin_email,
                password=made.settings.admin_password or None,
            )
        click.echo(f"The archive in {folder} is ready.")
        if password:
            click.echo(f"First administrator: {made.settings.admin_email}")
            click.echo(f"Password (shown only now): {password}")


@click.command()
@click.pass_obj
def upgrade(instance: str) -> None:
    """Bring the database up to date after a new version was installed."""
    with opened(instance) as found:
        if not upgrading.behind(found.engine):
            click.echo("The database is up to date.")
            return
        upgrading.upgrade(found.engine)
        click.echo("The database was brought up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Server processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
@click.option("--no-worker", is_flag=True, help="Do not start the worker beside the server.")
@click.pass_obj
def serve(
    instance: str, host: str, port: int, processes: int, threads: int, no_worker: bool
) -> None:
    """Serve the archive, with one worker process beside it.

    Behind a proxy set ARCHIVE_BASE_URL to the public address and ARCHIVE_TRUSTED_PROXIES to 1.
    With --no-worker run `open-archive worker` yourself, once.
    """
    chosen = load(instance)
    with archive.opened(chosen) as found:
        if upgrading.behind(found.engine):
            raise click.ClickException("The tables are old. Run `open-archive upgrade` first.")
        for number in recovery.recover(found):
            click.echo(f"Completed the interrupted publishing of work {number}.")
    click.echo(f"{chosen.name} on http://{host}:{port} (readers come to {chosen.base_url})")
    if not chosen.mail_url:
        click.echo(f"No mail server is set: letters are written to {chosen.mail_folder}")
    serving.serve(
        chosen, host=host, port=port, processes=processes, threads=threads, worker=not no_worker
    )


@click.command()
@click.pass_obj
def verify(instance: str) -> None:
    """Check every file and every inventory in the store against its checksum, and the scans of
    documents that came along.

    Prints what is damaged and where; goes on after each. Exit code 1 when anything is damaged.
    """
    damaged = checked = 0
    with opened(instance) as found:
        ids = sum(1 for _ in found.store.object_ids())
        with click.progressbar(length=ids, label="Verifying", file=sys.stderr) as bar:
            for place, damages in found.store.verify_all():
                checked += 1
                bar.update(1)
                damaged += bool(damages)
                for damage in damages:
                    click.echo(f"{place}: {damage}")
        with found.reading() as session:
            for paper, why in documents.damages(session, found.settings):
                damaged += 1
                click.echo(f"document {paper.id} ({paper.name}): {why}")
    click.echo(f"{checked} objects checked, {damaged} damaged.")
    sys.exit(1 if damaged else 0)


@click.command()
@click.pass_obj
def check(instance: str) -> None:
    """Say how the archive is, part by part. Exit code 1 when a part is not well."""
    with opened(instance) as found:
        parts = health.check(found)
    for part in parts:
        click.echo(f"{'ok  ' if part.well else 'FAIL'} {part.name}: {part.says}")
    sys.exit(0 if all(part.well for part in parts) else 1)


COMMANDS = (upgrade, serve, verify, check)
