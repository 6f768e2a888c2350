"""`open-archive audit`: the log of who did what, and whether it is whole."""

import sys
from itertools import islice
from pathlib import Path

import click
from sqlalchemy.orm import Session

from repository import audit, audit_check, audit_list, progress
from repository.archive import Archive
from repository.audit_check import Anchor, Fault
from repository.commands import opened
from repository.errors import ArchiveError, Invalid, NotFound
from repository.viewers import SYSTEM

MOST = 20  # faults that are named


@click.group(name="audit")
def group() -> None:
    """Show the audit log, check that nobody has changed it, note its head elsewhere.

    \b
    open-archive audit verify
    open-archive audit verify --anchors /media/usb/audit-heads
    open-archive audit show --work 17
    open-archive audit anchor >> /media/usb/audit-heads
    """


@group.command()
@click.option(
    "--anchors",
    "paths",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of heads that was kept elsewhere, beside the one in the instance folder.",
)
@click.pass_obj
def verify(instance: str, paths: tuple[Path, ...]) -> None:
    """Check every row of the log, the chain, its end, and the heads that were noted.

    Exit code 0: the log is whole; 1: it is not, and what is wrong is said, the first broken row
    first; 2: it could not be checked.
    """
    try:
        with opened(instance) as archive, archive.reading() as session:
            audit_check.check_tables(session)
            known = _known(archive, paths)
            total = audit_check.count(session)
            found = _check(session, known, total)
    except (NotFound, Invalid) as error:
        raise click.UsageError(str(error)) from error
    for one in found[:MOST]:
        click.echo(one.says)
    if len(found) > MOST:
        click.echo("There is more.")
    if found:
        sys.exit(1)
    click.echo(f"The log is whole: {total} rows, {len(known)} heads that were noted.")


def _known(archive: Archive, paths: tuple[Path, ...]) -> list[Anchor]:
    own = audit_check.heads(archive)
    places = [*([own] if own.exists() else []), *paths]
    return [one for path in places for one in audit_check.anchors(path)]


def _check(session: Session, known: list[Anchor], total: int) -> list[Fault]:
    with progress.shown("Rows", total) as done:
        return list(islice(audit_check.faults(session, known, tick=done), MOST + 1))


@group.command()
@click.option(
    "--file", "path", type=click.Path(dir_okay=False, path_type=Path), help="Adds it to this file."
)
@click.pass_obj
def anchor(instance: str, path: Path | None) -> None:
    """Print the head of the log: number of the last row, its hash, the moment.

    Keep such lines where nobody can change them who can change the database: then `verify` finds
    it too when the end of the log was cut off, or all of it written anew.
    """
    with opened(instance) as archive, archive.reading() as session:
        audit_check.check_tables(session)
        made = audit_check.anchor(session)
    if path is not None:
        audit_check.keep(path, made)
    click.echo(str(made))


@group.command()
@click.option("--work", type=int, help="Rows about this work.")
@click.option("--actor", default="", help="Rows of this person: address, name or number.")
@click.option("--kind", default="", help="Rows of this kind, as work.published, or group, as work.")
@click.option("--since", default="", metavar="DAY", help="From this day on, as 2026-03-31 (UTC).")
@click.option("--until", default="", metavar="DAY", help="To the end of this day.")
@click.option("--limit", default=100, show_default=True, help="At most so many rows; 0 for all.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.pass_obj
def show(
    instance: str,
    work: int | None,
    actor: str,
    kind: str,
    since: str,
    until: str,
    limit: int,
    as_csv: bool,
) -> None:
    """Print rows of the log, newest first; a tab between columns."""
    try:
        wanted = audit_list.Wanted(
            work=work,
            actor=actor,
            kind=kind,
            since=audit_list.day(since),
            until=audit_list.day(until),
        )
    except Invalid as error:
        raise click.UsageError(str(error)) from error
    with opened(instance) as archive, archive.reading() as session:
        lines = islice(audit_list.every(session, wanted), limit or None)
        if as_csv:
            for text in audit_list.as_csv(lines):
                click.echo(text, nl=False)
            return
        for line in lines:
            click.echo("\t".join(" ".join(cell.split()) for cell in audit_list.cells(line)[:-1]))


@group.command()
@click.argument("account", type=int)
@click.option("--reason", required=True, help="Why; it stands in the log.")
@click.pass_obj
def forget(instance: str, account: int, reason: str) -> None:
    """Take a person's name and address out of the log, when they are to be forgotten.

    What the account did stays under its number, and the log stays whole. ACCOUNT is the number
    that the log shows. This cannot be taken back.
    """
    try:
        with opened(instance) as archive, archive.writing() as session:
            count = audit.forget(session, [account], actor=SYSTEM, reason=reason)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} names of account {account} were taken out of the log.")


COMMANDS = (group,)
