"""`open-archive collection`: the tree of collections from the command line."""

import sys
from collections.abc import Callable
from functools import partial

import click
from sqlalchemy.orm import Session

from repository import collections, transfers
from repository.commands import opened
from repository.errors import ArchiveError
from repository.models.collections import Collection
from repository.viewers import SYSTEM

UNDER = click.option("--under", metavar="SLUG", help="The collection above it.")
NAMES = click.option(
    "--name",
    "names",
    type=(str, str),
    multiple=True,
    metavar="LANGUAGE NAME",
    help="Its name in a language, as: --name ky Фольклор. May be repeated.",
)
SAYS = click.option(
    "--says",
    type=(str, str),
    multiple=True,
    metavar="LANGUAGE TEXT",
    help="What it holds, in a language. May be repeated.",
)
Texts = tuple[tuple[str, str], ...]


@click.group()
def collection() -> None:
    """List, make, name and move collections.

    Each is a set for harvesters, nested as the collections are. When one is moved, all its works
    get a new place: harvesters hear that they left the old set.

    \b
    open-archive collection add folklore --under letters --name ky Фольклор --name ru Фольклор
    open-archive collection move folklore --under history
    open-archive collection list
    """


def _change(instance: str, change: Callable[[Session], int]) -> int:
    try:
        with opened(instance) as archive, archive.writing() as session:
            return change(session)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error


@collection.command("list")
@click.pass_obj
def everything(instance: str) -> None:
    """List all collections: the set that each is, and its names; a tab between."""
    with opened(instance) as archive, archive.reading() as session:
        for one in collections.everything(session):
            names = ", ".join(f"{code}: {name}" for code, name in one.names.items())
            click.echo(f"{one.spec}\t{names}")


@collection.command()
@click.argument("slug")
@UNDER
@NAMES
@SAYS
@click.pass_obj
def add(instance: str, slug: str, under: str | None, names: Texts, says: Texts) -> None:
    """Make a collection; SLUG is its word in addresses and sets."""

    def make(session: Session) -> int:
        above = collections.find(session, under) if under else None
        made = collections.add(session, slug, names=dict(names), parent=above)
        return _describe(made, names, says)

    _change(instance, make)
    click.echo(f"{slug} is there.")


@collection.command()
@click.argument("slug")
@NAMES
@SAYS
@click.pass_obj
def name(instance: str, slug: str, names: Texts, says: Texts) -> None:
    """Say what a collection is called and what it holds, language by language."""
    _change(instance, lambda session: _describe(collections.find(session, slug), names, says))
    click.echo(f"{slug} is named.")


def _describe(one: Collection, names: Texts, says: Texts) -> int:
    one.names = {**one.names, **dict(names)}
    one.descriptions = {**one.descriptions, **dict(says)}
    return 0


@collection.command()
@click.argument("slug")
@UNDER
@click.pass_obj
def move(instance: str, slug: str, under: str | None) -> None:
    """Put a collection under another; without --under to the top."""
    works = _change(instance, partial(collections.move, slug=slug, parent=under))
    click.echo(f"{slug} was moved with {works} works; harvesters will be told of each.")


@collection.command()
@click.argument("slug")
@click.argument("new")
@click.pass_obj
def rename(instance: str, slug: str, new: str) -> None:
    """Give a collection another word in addresses and sets. Links to the old one will fail."""
    works = _change(instance, partial(collections.rename, slug=slug, new=new))
    click.echo(f"{slug} is {new} now, with {works} works; harvesters will be told of each.")


@collection.command()
@click.argument("slug")
@click.argument("target")
@click.option("--why", required=True, help="What stands in the history of each work.")
@click.pass_obj
def empty(instance: str, slug: str, target: str, why: str) -> None:
    """Move all works of a collection into another; those of collections below it stay.

    Each published work gets a line in its history, and harvesters hear of it. May be broken off
    and begun again.
    """
    done = refused = after = 0
    with opened(instance) as archive:
        while True:
            with archive.reading() as session:
                works, rest = transfers.within(
                    session, collections.find(session, slug), after=after
                )
            numbers = [work.id for work in works]
            moved = transfers.to_collection(
                archive, numbers, origin=slug, target=target, actor=SYSTEM, reason=why
            )
            done, refused = done + moved.done, refused + len(moved.refused)
            for number, error in moved.refused:
                click.echo(f"Work {number}: {error}", err=True)
            if rest is None:
                break
            after = rest
    click.echo(f"{done} works were moved; harvesters will be told of each.")
    sys.exit(1 if refused else 0)


COMMANDS = (collection,)
