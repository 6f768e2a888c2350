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

desk = Blueprint("desk", __name__, url_prefix="/staff")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What belongs together, by the blueprints of the rooms; the last part takes what none names.
PARTS = (
    (
        _("Works"),
        (
            "review",
            "checklists",
            "reviewers",
            "texts",
            "duplicates",
            "transfers",
            "batches",
            "authors",
        ),
    ),
    (_("Acquisitions"), ("register", "papers", "books", "suppliers", "removals")),
    (_("Readers"), ("copies", "seats", "reading_log")),
    (_("Other archives and harvesters"), ("harvests", "readiness", "bad_records", "sources")),
    (_("The archive"), ()),
)


class Room(NamedTuple):
    """A page for staff: its endpoint, its name, and what it is for in one sentence."""

    endpoint: str
    title: str
    says: str

    @property
    def blueprint(self) -> str:
        """Whose room it is."""
        return self.endpoint.partition(".")[0]


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
@guard.staff
def index() -> ResponseReturnValue:
    """The rooms that this viewer may enter."""
    views = current_app.view_functions
    rooms = [one for one in _rooms(current_app) if guard.admits(views[one.endpoint])]
    return render_template("staff/desk.html", parts=_parted(rooms))


def _parted(rooms: list[Room]) -> list[tuple[str, list[Room]]]:
    """The rooms by parts, those of a part in the order of its blueprints."""
    named = {one: part for part, (_label, ours) in enumerate(PARTS) for one in ours}
    parts: list[list[Room]] = [[] for _part in PARTS]
    for room in rooms:
        parts[named.get(room.blueprint, -1)].append(room)
    for (_label, ours), found in zip(PARTS, parts, strict=True):
        found.sort(key=lambda one: ours.index(one.blueprint) if one.blueprint in ours else 0)
    return [(label, found) for (label, _ours), found in zip(PARTS, parts, strict=True) if found]
