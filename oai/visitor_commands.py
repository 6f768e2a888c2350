"""`open-archive oai log`: the harvest log on the command line."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from babel import dates

from oai import envelope, visitors
from oai.visitors import Harvest, Visitor
from repository.clock import now
from repository.commands import opened


@click.command()
@click.option("--days", default=90, show_default=True, help="Days that the totals take in.")
@click.option("--lists", is_flag=True, help="Name the lists that each took, the newest first.")
@click.pass_obj
def log(instance: str, days: int, lists: bool) -> None:
    """Say who harvests, when they were last here, how much they took and whether it was all.

    What servers have noted in the last few seconds may still be missing.
    """
    with opened(instance) as archive, archive.reading() as session:
        found = visitors.everybody(session, now().date() - timedelta(days=days))
        for visitor in found:
            click.echo("\n".join(_about(visitor, days)))
            for one in visitors.harvests(session, visitor.row.id) if lists else ():
                click.echo(f"  {_list(one)}")
            for error in visitors.errors(session, visitor.row.id):
                said = f"{error.code}: {error.count}, last {_minute(error.last)}"
                click.echo(f"  error {said}, asked “{error.asked}”")
    if not found:
        click.echo("Nobody has harvested yet.")


def _about(visitor: Visitor, days: int) -> Iterator[str]:
    yield sentence(visitor)
    if visitor.changed:
        yield f"  Records changed since it last took everything: {visitor.changed}"
    totals, where = visitor.totals, visitor.row.network or "no network kept"
    yield (
        f"  {where}; in {days} days {totals.records} records, {totals.requests} requests, "
        f"{totals.bytes} bytes, {totals.errors} errors"
    )


def sentence(visitor: Visitor) -> str:
    """How the last visit went, in English."""
    ago = dates.format_timedelta(
        visitor.row.last - now(), add_direction=True, locale="en", threshold=1.2
    )
    named = {"name": visitor.name, "ago": ago}
    return visitors.SAYS[visitor.outcome] % {**visitor._asdict(), **named}


def _list(one: Harvest) -> str:
    row = one.row
    bounds = "".join(
        f" {name} {envelope.stamp(second)}"
        for name, second in (("from", row.lower), ("until", row.upper))
        if second is not None
    )
    within = f" set {row.spec}" if row.spec else ""
    said = f"{_minute(row.last)} {row.verb} {row.prefix}{within}{bounds}"
    return f"{said}: {one.taken} of {one.taken + one.missing}, {row.bytes} bytes, {one.outcome}"


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
