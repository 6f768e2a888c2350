"""`open-archive user`: accounts from the command line."""

from collections.abc import Callable

import click

from repository import accounts
from repository.commands import opened
from repository.errors import ArchiveError
from repository.viewers import SYSTEM
from schemas.roles import Role

ROLES = click.Choice([str(role) for role in Role])


@click.group()
def user() -> None:
    """Create, list and change accounts.

    \b
    open-archive user create aigul@example.org --name "Айгүл Асанова" --role cataloguer
    open-archive user grant aigul@example.org director
    open-archive user list
    """


def _change(instance: str, change: Callable) -> None:
    try:
        with opened(instance) as archive, archive.writing() as session:
            change(session)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The name as readers of letters see it.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="A role; may be repeated.")
@click.option("--language", default="ky", type=click.Choice(["ky", "ru", "en"]), show_default=True)
@click.password_option(help="Asked for when it is not given.")
@click.pass_obj
def create(
    instance: str, email: str, name: str, roles: tuple[str, ...], language: str, password: str
) -> None:
    """Make an account that is confirmed already. Without --role: reader and depositor."""
    chosen = [Role(one) for one in roles] or [Role.READER, Role.DEPOSITOR]
    _change(
        instance,
        lambda session: accounts.create(
            session,
            email=email,
            name=name,
            password=password,
            roles=chosen,
            language=language,
            confirmed=True,
        ),
    )
    click.echo(f"{email} can sign in.")


@user.command("list")
@click.pass_obj
def everyone(instance: str) -> None:
    """List all accounts: address, state, roles, name."""
    with opened(instance) as archive, archive.reading() as session:
        for one in accounts.everyone(session):
            roles = ",".join(role.role for role in one.roles)
            click.echo(f"{one.email}\t{one.state}\t{roles}\t{one.name}")


@user.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@click.pass_obj
def grant(instance: str, email: str, role: str) -> None:
    """Give a role to an account."""
    _change(
        instance,
        lambda session: accounts.grant(
            session, accounts.get(session, email), Role(role), actor=SYSTEM
        ),
    )
    click.echo(f"{email} is {role} now.")


@user.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@click.pass_obj
def revoke(instance: str, email: str, role: str) -> None:
    """Take a role away. The last administrator stays one."""
    _change(
        instance,
        lambda session: accounts.revoke(
            session, accounts.get(session, email), Role(role), actor=SYSTEM
        ),
    )
    click.echo(f"{email} is no longer {role}.")


@user.command()
@click.argument("email")
@click.password_option(help="Asked for when it is not given.")
@click.pass_obj
def password(instance: str, email: str, password: str) -> None:
    """Set another password; all sessions of the account end."""
    _change(
        instance,
        lambda session: accounts.change_password(session, accounts.get(session, email), password),
    )
    click.echo(f"The password of {email} is changed.")


@user.command()
@click.argument("email")
@click.pass_obj
def disable(instance: str, email: str) -> None:
    """Close an account; what its owner deposited stays."""
    _change(
        instance,
        lambda session: accounts.disable(session, accounts.get(session, email), actor=SYSTEM),
    )
    click.echo(f"{email} can no longer sign in.")


@user.command()
@click.argument("email")
@click.pass_obj
def enable(instance: str, email: str) -> None:
    """Open a closed account, or confirm one whose letter did not arrive."""
    _change(
        instance,
        lambda session: accounts.enable(session, accounts.get(session, email), actor=SYSTEM),
    )
    click.echo(f"{email} can sign in.")


COMMANDS = (user,)
