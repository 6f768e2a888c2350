"""/staff/readiness: how ready the archive is for each aggregator, and what there is to mend."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from oai.readiness import checks, reporting
from oai.readiness.reporting import Plain
from oai.readiness.rules import LEVELS, Level
from repository.errors import NotFound
from repository.models.works import Work
from repository.web import desk, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role
from schemas.vocabulary import State

readiness = Blueprint("readiness", __name__, url_prefix="/staff/readiness")
STAFF = (Role.CATALOGUER, Role.DIRECTOR)
# Steps of the deposit's form.
STEPS = frozenset(("files", "about", "people", "rights"))


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What each aggregator is, for who has not heard of it.
ABOUT = {
    "oai": _("The protocol by which all of them harvest. What breaks it hurts with everyone."),
    "base": _("The search engine of Bielefeld University Library, among the largest for research."),
    "core": _("Gathers the full texts of open works from all over the world."),
    "openaire3": _("Europe's network of open science, by its older guidelines (oai_dc)."),
    "openaire4": _("Europe's network of open science, by its newer guidelines (oai_openaire)."),
    "rioxx": _("A richer format than Dublin Core, which CORE and British aggregators read."),
}


class Fix(NamedTuple):
    """Where a record is mended, and what the link says."""

    href: str
    label: str


@readiness.record_once
def rooms(state: BlueprintSetupState) -> None:
    """A room on the staff's desk."""
    desk.offer(
        state,
        "readiness.show",
        _("Readiness for aggregators"),
        _("How BASE, CORE, OpenAIRE and others would judge the archive, and what to mend."),
    )


@readiness.get("")
@role(*STAFF)
def show() -> ResponseReturnValue:
    """The scores of the last check, and those before it; the progress of one that runs."""
    done = checks.finished(reading())
    return render_template(
        "readiness/show.html",
        running=checks.current(reading()),
        failed=checks.failed(reading()),
        check=done[0] if done else None,
        books=[_summary(book) for book in _books(done[0].report)] if done else [],
        history=[(check, {book["key"]: book for book in _books(check.report)}) for check in done],
        about=ABOUT,
        levels=LEVELS,
    )


@readiness.post("")
@role(*STAFF)
def again() -> ResponseReturnValue:
    """Asks for a new check."""
    checks.ask(archive())
    return redirect(url_for("readiness.show"), 303)


@readiness.get("/<key>")
@role(*STAFF)
def book(key: str) -> ResponseReturnValue:
    """What an aggregator would say: rules broken, by which records, and what to do."""
    done = checks.finished(reading())
    found = [one for one in _books(done[0].report) if one["key"] == key] if done else []
    if not found:
        raise NotFound("There is no such check.")
    rules = [_rule(one) for one in found[0]["rules"]]
    numbers = {one["number"] for rule in rules for one in rule["records"] if one["number"]}
    return render_template(
        "readiness/book.html",
        check=done[0],
        book=found[0],
        tallies=reporting.tallies(found[0]),
        broken=[one for one in rules if one["state"] == "failed"],
        kept=[one for one in rules if one["state"] == "passed"],
        unjudged=[one for one in rules if one["state"] == "unjudged"],
        levels=LEVELS,
        fix=_fixes(numbers),
        about=ABOUT.get(key, ""),
    )


def _books(report: Plain | None) -> list[Plain]:
    return report["books"] if report else []


def _summary(book: Plain) -> dict[str, Any]:
    broken = [rule for rule in book["rules"] if rule["state"] == "failed"]
    order = list(Level)
    broken.sort(key=lambda rule: order.index(Level(rule["level"])))
    named = {one["identifier"] for rule in broken for one in rule["records"]}
    return {**book, "broken": broken, "named": len(named)}


def _rule(rule: Plain) -> dict[str, Any]:
    """A rule with its sentences in the reader's language."""
    return {
        **rule,
        "problem": _said(rule["problem"]),
        "reason": _said(rule["reason"]),
        "records": [{**one, "problem": _said(one["problem"])} for one in rule["records"]],
    }


def _said(kept: Plain | None) -> str:
    message = reporting.message(kept)
    return words.say(message) if message is not None else ""


def _fixes(numbers: Iterable[int]) -> Any:
    """What gives the link that mends a record, by its number and the step of the form."""
    query = select(Work.id, Work.state).where(Work.id.in_(list(numbers)))
    states = {number: State(state) for number, state in reading().execute(query)}
    mends = viewer().may(Role.CATALOGUER)

    def fix(number: int | None, place: str) -> Fix | None:
        state = states.get(number or 0)
        if number is None or state is None:
            return None
        if mends and place in STEPS and state in LINKS:
            return LINKS[state](number, place)
        return Fix(url_for("works.show", number=number), words.label(_("See the work")))

    return fix


def _correct(number: int, place: str) -> Fix:
    return Fix(
        url_for("correcting.show", number=number, _anchor=ANCHORS[place]),
        words.label(_("Correct the description")),
    )


LINKS = {State.PUBLISHED: _correct}
ANCHORS = {"about": "about", "people": "creators", "rights": "rights", "files": "rights"}
