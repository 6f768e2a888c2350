"""/counter/r51: reports of use for programs, by the COUNTER API (once called SUSHI).

Our figures are public, so there is one customer, "The World", and nobody needs a key.
"""

import json
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from repository import appearance
from repository.clock import now
from repository.usage import asking, figures, items, reports
from repository.usage.asking import NAMES, WORLD
from repository.usage.exceptions import Refused
from repository.usage.reports import House
from repository.web.current import archive, reading
from repository.web.guard import public

blueprint = Blueprint("counter", __name__, url_prefix="/counter/r51")

WORDS = {
    "pr": "Use of the archive, by kinds of works.",
    "ir": "Use of each work.",
}


def house() -> House:
    """Who reports."""
    site = archive().settings
    return House(appearance.name(site), site.base_url, site.counter_registry)


def _answer(said: Any, status: int = 200) -> Response:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    answer = Response(body, status, mimetype="application/json")
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """The one exception for which there is no report."""
    return _answer(error.why.as_json(), error.why.status)


@blueprint.get("/status")
@public
def status() -> Response:
    """Whether reports can be had."""
    said = {"Description": f"COUNTER reports of {house().platform}", "Service_Active": True}
    if house().registry:
        said["Registry_Record"] = house().registry
    return _answer([said])


@blueprint.get("/members")
@public
def members() -> Response:
    """Who has reports here: everybody together."""
    asking.check(request.args, platform=house().platform)
    institution = {"Proprietary": [f"{items.NAMESPACE}:{WORLD}"]}
    return _answer([{"Customer_ID": WORLD, "Name": "The World", "Institution_ID": institution}])


@blueprint.get("/reports")
@public
def listed() -> Response:
    """The reports that there are, and the months of which there is one."""
    asking.check(request.args, platform=house().platform)
    first, today = figures.first_day(reading()), _today()
    ready = first is not None and first < today.replace(day=1)
    months = {}
    if first is not None and ready:
        last = asking.before(today.replace(day=1))
        months = {
            "First_Month_Available": f"{first:%Y-%m}",
            "Last_Month_Available": f"{last:%Y-%m}",
        }
    return _answer(
        [
            {
                "Report_Name": name,
                "Report_ID": code.upper(),
                "Release": reports.RELEASE,
                "Report_Description": WORDS[code],
                "Path": f"/counter/r51/reports/{code}",
                **months,
            }
            for code, name in NAMES.items()
        ]
    )


@blueprint.get("/reports/<report>")
@public
def report(report: str) -> Response:
    """One report in JSON."""
    if report not in NAMES:
        abort(404)
    first = figures.first_day(reading())
    given = request.args.to_dict()
    ours = house()
    wanted = asking.read(report, given, today=_today(), first=first, platform=ours.platform)
    wanted, found = reports.made(reading(), wanted, ours)
    return _answer(reports.as_json(wanted, found, ours, now()))


def _today() -> Any:
    return now().astimezone(ZoneInfo(archive().settings.time_zone)).date()
