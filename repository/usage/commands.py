"""`open-archive usage`: reports of how works are used."""

import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from repository import appearance
from repository.clock import now
from repository.commands import opened
from repository.usage import asking, figures, reports, tabular
from repository.usage.asking import NAMES, WORLD
from repository.usage.exceptions import Refused


@click.group(name="usage")
def group() -> None:
    """Reports of how works are used, by the rules of COUNTER 5.1.

    \b
    open-archive usage report --from 2026-01 --to 2026-03
    open-archive usage report --from 2026-01 --to 2026-03 --report pr --format json
    """


@group.command()
@click.option("--from", "begin", required=True, metavar="MONTH", help="The first month: 2026-01.")
@click.option("--to", "end", required=True, metavar="MONTH", help="The last one, which is over.")
@click.option("--report", type=click.Choice(list(NAMES)), default="ir", show_default=True)
@click.option("--format", type=click.Choice(["tsv", "json"]), default="tsv", show_default=True)
@click.option("--show", default="", help="Attributes to show: YOP|Access_Type|Authors and so on.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file for it.")
@click.pass_obj
def report(
    instance: str, begin: str, end: str, report: str, format: str, show: str, output: Path | None
) -> None:
    """Write the report of each work (ir) or of the whole archive (pr) as a table or as JSON.

    Months that are not over, or of which nothing is known, are left out; the report says so.
    """
    with opened(instance) as archive, archive.reading() as session:
        site = archive.settings
        house = reports.House(appearance.name(site), site.base_url, site.counter_registry)
        given = {"customer_id": WORLD, "begin_date": begin, "end_date": end}
        given |= {"attributes_to_show": show} if show else {}
        today = now().astimezone(ZoneInfo(site.time_zone)).date()
        first = figures.first_day(session)
        try:
            wanted = asking.read(report, given, today=today, first=first, platform=house.platform)
        except Refused as error:
            raise click.UsageError(str(error)) from error
        wanted, found = reports.made(session, wanted, house)
        if format == "tsv":
            text = tabular.written(wanted, found, house, now())
        else:
            whole = reports.as_json(wanted, found, house, now())
            text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    if output is not None:
        output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


COMMANDS = (group,)
