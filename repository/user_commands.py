"""`open-archive user`: accounts from the command line."""

from collections.abc import Callable
from functools import partial

import click
from sqlalchemy.orm import Session

from repository import accounts, appointments, collections, transfers
from repository.commands import opened
from repository.errors import ArchiveError
from repository.models.accounts import Account
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role
from schemas.work import Unfit

EMAIL = click.argument("email")
ROLE = click.argument("role", type=click.Choice([str(role) for role in Role]))
PASSWORD = click.option(
    "--password", default="", help="The password. Without it one is made up and shown once."
)


@click.group()
def user() -> None:
    """Create, list and change accounts.

    People who register themselves are depositors; staff get their roles here. A reader may open
    files that are for signed-in readers; a depositor sends works to the library; a cataloguer
    accepts and corrects them; acquisitions and director work with the fund and its figures; an
    administrator may do everything, and alone makes another one. Whoever gets or loses a role has
    to sign in anew.

    \b
    open-archive user create aigul@example.org --name "Айгүл Асанова" --role cataloguer
    open-archive user grant aigul@example.org director
    open-archive user appoint bakyt@example.org physics
    open-archive user list
    """


def _change(instance: str, change: Callable[[Session], object]) -> object:
    try:
        with opened(instance) as archive, archive.writing() as session:
            return change(session)
    except (ArchiveError, Unfit) as error:
        raise click.ClickException(str(error)) from error


def _to(instance: str, email: str, change: Callable[[Session, Account], object]) -> object:
    """Changes one account."""
    return _change(instance, lambda session: change(session, accounts.get(session, email)))


@user.command()
@EMAIL
@click.option("--name", required=True, help="The name as readers of letters see it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([str(role) for role in Role]),
    help="A role; may be repeated. Without it: depositor.",
)
@click.option(
    "--language",
    default="ky",
    show_default=True,
    type=click.Choice(list(vocabulary.INTERFACE)),
    help="The language of letters.",
)
@PASSWORD
@click.pass_obj
def create(
    instance: str, email: str, name: str, roles: tuple[str, ...], language: str, password: str
) -> None:
    """Make an account that can sign in at once, without a letter."""
    chosen = password or accounts.invent_password()
    make = partial(
        accounts.create,
        email=email,
        name=name,
        password=chosen,
        roles=[Role(one) for one in roles] or accounts.FIRST_ROLES,
        language=language,
        confirmed=True,
    )
    _change(instance, make)
    click.echo(f"{email} can sign in.")
    _show(chosen, password)


def _show(chosen: str, given: str) -> None:
    if not given:
        click.echo(f"Password (shown only now): {chosen}")


@user.command("list")
@click.pass_obj
def everyone(instance: str) -> None:
    """List all accounts: address, state, roles, day when last seen, name; a tab between."""
    with opened(instance) as archive, archive.reading() as session:
        for one in accounts.everyone(session):
            roles = ",".join(role.role for role in one.roles)
            seen = f"{one.last_seen:%Y-%m-%d}" if one.last_seen else "never"
            click.echo("\t".join((one.email, one.state, roles, seen, one.name)))


@user.command()
@EMAIL
@ROLE
@click.pass_obj
def grant(instance: str, email: str, role: str) -> None:
    """Give a role to an account."""
    given = partial(accounts.grant, role=Role(role), actor=SYSTEM)
    changed = _to(instance, email, given)
    click.echo(f"{email} is {role} {'now' if changed else 'already'}.")


@user.command()
@EMAIL
@ROLE
@click.pass_obj
def revoke(instance: str, email: str, role: str) -> None:
    """Take a role away. The last administrator stays one."""
    taken = partial(accounts.revoke, role=Role(role), actor=SYSTEM)
    changed = _to(instance, email, taken)
    click.echo(f"{email} is no longer {role}." if changed else f"{email} was not {role}.")


@user.command()
@EMAIL
@PASSWORD
@click.pass_obj
def password(instance: str, email: str, password: str) -> None:
    """Set another password; all sessions of the account end."""
    chosen = password or accounts.invent_password()

    def change(session: Session, account: Account) -> None:
        hashed = accounts.check_new_password(account, chosen)
        accounts.change_password(session, account, hashed=hashed, actor=SYSTEM)

    _to(instance, email, change)
    click.echo(f"The password of {email} is changed.")
    _show(chosen, password)


@user.command()
@EMAIL
@click.pass_obj
def disable(instance: str, email: str) -> None:
    """Close an account and end its sessions; what its owner deposited stays."""
    _to(instance, email, partial(accounts.disable, actor=SYSTEM))
    click.echo(f"{email} can no longer sign in.")


@user.command()
@EMAIL
@click.pass_obj
def enable(instance: str, email: str) -> None:
    """Open a closed account, or confirm one whose letter did not arrive."""
    _to(instance, email, partial(accounts.enable, actor=SYSTEM))
    click.echo(f"{email} can sign in.")


@user.command()
@EMAIL
@click.argument("collection")
@click.pass_obj
def appoint(instance: str, email: str, collection: str) -> None:
    """Let somebody review the works of a collection (its slug) and of all below it."""

    def change(session: Session, account: Account) -> None:
        found = collections.find(session, collection)
        appointments.appoint(session, account, found, actor=SYSTEM)

    _to(instance, email, change)
    click.echo(f"{email} reviews the works of {collection}.")


@user.command()
@EMAIL
@click.argument("collection")
@click.pass_obj
def dismiss(instance: str, email: str, collection: str) -> None:
    """End an appointment; what they have in hand waits in the queue again."""

    def change(session: Session, account: Account) -> None:
        found = collections.find(session, collection)
        appointments.dismiss(session, account.id, found, actor=SYSTEM)

    _to(instance, email, change)
    click.echo(f"{email} no longer reviews the works of {collection} by appointment.")


@user.command("hand-over")
@EMAIL
@click.argument("target")
@click.option("--why", required=True, help="What stands in the history of each work.")
@click.pass_obj
def hand_over(instance: str, email: str, target: str, why: str) -> None:
    """Give all works of one account to another, for a depositor who leaves."""

    def give(session: Session) -> int:
        return transfers.to_owner(
            session,
            accounts.get(session, email),
            accounts.get(session, target),
            actor=SYSTEM,
            reason=why,
        )

    click.echo(f"{_change(instance, give)} works of {email} belong to {target} now.")


COMMANDS = (user,)
