"""/staff/readings: who read which page of what is for reading only."""

from flask import Blueprint, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import reading_room
from repository.web import desk
from repository.web.current import archive, reading
from repository.web.guard import role
from schemas.roles import Role

blueprint = Blueprint("reading_log", __name__)

# As the audit log: it tells what persons do.
READERS = (Role.DIRECTOR, Role.ADMINISTRATOR)
PAGE = 100
LARGEST = 2**31


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who read which page of works that may only be read here, as long as that is kept.")
    desk.offer(state, "reading_log.index", _("Who read what is for reading only"), says)


@blueprint.get("/staff/readings")
@role(*READERS)
def index() -> ResponseReturnValue:
    """The rows of the log, the latest first; of one work where its number is given."""
    asked = request.args.get("work", "").strip()
    work, error = None, ""
    if asked and asked.isdecimal() and int(asked) < LARGEST:
        work = int(asked)
    elif asked:
        error = gettext("The number of a work consists of digits.")
    before = request.args.get("before", type=int)
    lines = () if error else _lines(work, before)
    page = render_template(
        "reader/log.html",
        lines=lines[:PAGE],
        rest=lines[PAGE - 1].id if len(lines) > PAGE else None,
        work=asked,
        error=error,
        days=archive().settings.reading_log_days,
    )
    return page, 422 if error else 200, {"Cache-Control": "no-store"}


def _lines(work: int | None, before: int | None) -> tuple[reading_room.Line, ...]:
    if before is not None and not 0 < before < 2**62:
        before = None
    found = reading_room.listed(reading(), work=work, before=before, limit=PAGE + 1)
    return tuple(found)
