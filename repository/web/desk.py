"""/staff: the desk from which the library's staff finds all rooms that are open to them.

A blueprint of any package offers its rooms when it is registered; who may enter is what the room's
own view says.
"""

from typing import NamedTuple

from flask import Blueprint, current_app, render_template
from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from repository.web import guard
from schemas.roles import STAFF

desk = Blueprint("desk", __name__, url_prefix="/staff")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Room(NamedTuple):
    """A page for staff: its endpoint, its name, and what it is for in one sentence."""

    endpoint: str
    title: str
    says: str


def offer(state: BlueprintSetupState, endpoint: str, title: str, says: str) -> None:
    """Puts a room on the desk; to be called in a `record_once`. Mark both sentences with `_`."""
    _rooms(state.app).append(Room(endpoint, title, says))


def _rooms(app: App) -> list[Room]:
    return app.extensions.setdefault("desk", [])


@desk.record_once
def own_rooms(state: BlueprintSetupState) -> None:
    """The rooms of the repository itself."""
    offer(
        state,
        "review.queue",
        _("Review"),
        _("Works that depositors sent: read them, correct them, accept or return them."),
    )


@desk.get("")
@guard.role(*STAFF)
def index() -> ResponseReturnValue:
    """The rooms that this viewer may enter."""
    views = current_app.view_functions
    rooms = [one for one in _rooms(current_app) if guard.admits(views[one.endpoint])]
    return render_template("staff/desk.html", rooms=rooms)
