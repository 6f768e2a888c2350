"""/staff/bad-records: works that a metadata format could not render, and why."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from oai import feed
from repository import catalogue, changes
from repository.models.feed import FeedFailure
from repository.models.works import Work
from repository.web import desk, faults, words
from repository.web.current import archive, reading
from repository.web.guard import role
from schemas import work as profile
from schemas.roles import Role

bad_records = Blueprint("bad_records", __name__, url_prefix="/staff/bad-records")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@bad_records.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Works that harvesters get in part or not at all, because something in them is wrong.")
    desk.offer(state, "bad_records.index", _("Bad records"), says)


@bad_records.get("")
@role(Role.CATALOGUER, Role.DIRECTOR)
def index() -> ResponseReturnValue:
    """The works, each with its reasons."""
    found: dict[int, list[FeedFailure]] = {}
    for one in feed.failures(reading()):
        found.setdefault(one.work_id, []).append(one)
    rows = [_row(number, failures) for number, failures in found.items()]
    return render_template("bad_records/index.html", rows=rows)


def _row(number: int, failures: Sequence[FeedFailure]) -> dict:
    """A work, what is wrong in it, and the program's reasons: formats of one reason together."""
    reasons: dict[str, list[str]] = {}
    for one in failures:
        reasons.setdefault(one.reason, []).append(one.prefix)
    work = reading().get(Work, number)
    return {
        "number": number,
        "title": work.title if work else "",
        "since": min(one.moment for one in failures),
        "wrong": _wrong(work) if work else [],
        "reasons": reasons,
    }


def _wrong(work: Work) -> list[tuple[str, str]]:
    """What does not keep the rules for descriptions: the field's name and what is wrong there."""
    return [
        (faults.label(path), words.say(message))
        for path, messages in profile.errors(work.document, deposit=False).items()
        for message in messages
    ]


@bad_records.post("/<int:number>")
@role(Role.CATALOGUER, Role.DIRECTOR)
def again(number: int) -> ResponseReturnValue:
    """Has a work rendered once more."""
    with archive().writing() as session:
        changes.record(session, catalogue.get(session, number).id, ("oai",))
    flash(gettext("The work is rendered again in a moment; look at this page once more."), "good")
    return redirect(url_for("bad_records.index"), 303)
