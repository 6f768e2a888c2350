"""/staff/harvests: who harvests us, what they took, and whether they took all of it."""

from datetime import UTC, date, datetime, timedelta

from babel import dates
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from oai import reading_pages, visitors, visits
from oai.visitors import Visitor
from repository.clock import now
from repository.web import desk, words
from repository.web.current import archive, reading
from repository.web.guard import role
from schemas import text
from schemas.roles import Role

harvests = Blueprint("harvests", __name__, url_prefix="/staff/harvests")

READERS = (Role.CATALOGUER, Role.DIRECTOR, Role.ADMINISTRATOR)
PERIODS = (30, 90, 365)
LONGEST = 80


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


ERRORS = {**reading_pages.ERRORS, "busy": _("The archive was too busy to answer.")}


@harvests.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who takes our records, when they were last here, and whether they took all of them.")
    desk.offer(state, "harvests.index", _("Harvests"), says)


@harvests.get("")
@role(*READERS)
def index() -> ResponseReturnValue:
    """All harvesters, and how much they took day by day."""
    since, period = _since()
    found = visitors.everybody(reading(), since)
    bars = visitors.days(reading(), since, now().date())
    return render_template(
        "harvests/index.html",
        visitors=found,
        says=says,
        name_of=name_of,
        bars=bars,
        period=period,
        periods=PERIODS,
        remembered=archive().settings.harvest_log_days,
    )


@harvests.get("/<int:number>")
@role(*READERS)
def show(number: int) -> ResponseReturnValue:
    """One harvester: its lists, its errors, its days."""
    since, period = _since()
    session = reading()
    return render_template(
        "harvests/show.html",
        visitor=visitors.one(session, number, since),
        says=says,
        name_of=name_of,
        harvests=visitors.harvests(session, number),
        errors=visitors.errors(session, number),
        meanings=ERRORS,
        second=_second,
        bars=visitors.days(session, since, now().date(), number),
        period=period,
        periods=PERIODS,
    )


@harvests.post("/<int:number>/name")
@role(*READERS)
def name(number: int) -> ResponseReturnValue:
    """Calls a harvester by the name that the library knows it by."""
    label = " ".join(text.clean(request.form.get("label", "")).split())[:LONGEST]
    with archive().writing() as session:
        visitors.one(session, number, now().date())
        visits.rename(session, number, label)
    flash(gettext("The name is kept."), "good")
    return redirect(url_for("harvests.show", number=number), 303)


def _since() -> tuple[date, int]:
    """The first day that is shown, and how many there are."""
    asked = request.args.get("days", type=int)
    period = asked if asked in PERIODS else PERIODS[1]
    return now().date() - timedelta(days=period - 1), period


def _second(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def says(visitor: Visitor) -> str:
    """How the last visit went, in a sentence."""
    ago = dates.format_timedelta(
        visitor.row.last - now(), add_direction=True, locale=words.locale(), threshold=1.2
    )
    return gettext(visitors.SAYS[visitor.outcome]) % {
        "name": name_of(visitor),
        "ago": ago,
        "taken": words.number(visitor.taken),
        "size": words.number(visitor.size),
        "missing": words.number(visitor.missing),
    }


def name_of(visitor: Visitor) -> str:
    """The name of a harvester; where it has none, words for that."""
    own = visitor.row.label or visitor.row.name
    return own or gettext(visitor.name)
