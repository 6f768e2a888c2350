"""Seats of the reading rooms: where staff open one, and where they keep the list of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import seats, throttle
from repository.errors import Forbidden, Invalid
from repository.models.terminals import Terminal
from repository.throttle import TooSoon
from repository.web import desk, entrance, faults, signing, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role
from schemas.roles import Role

seating = Blueprint("seats", __name__)
KEEPERS = (Role.CATALOGUER, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@seating.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Computers at which a reader counts as being in the library, and their codes.")
    desk.offer(state, "seats.index", _("Seats of the reading rooms"), says)


@seating.get("/seat")
@public
def show() -> ResponseReturnValue:
    """The seat that is open here, or the form that opens one."""
    return _seat()


@seating.post("/seat")
@public
def take() -> ResponseReturnValue:
    """Opens a seat with its code."""
    here = entrance.address()
    try:
        with archive().writing() as session:
            throttle.take(session, "seat", email=here, address=here)
        with archive().writing() as session:
            signing.take_seat(session, request.form.get("code", ""))
            throttle.succeeded(session, "seat", email=here, address=here)
    except TooSoon as error:
        answer = _seat({"code": [words.explain(error)]}, status=429)
        return answer[0], answer[1], {"Retry-After": str(error.retry_after)}
    except (Invalid, Forbidden) as error:
        return _seat({"code": [words.explain(error)]}, status=422)
    flash(gettext("The seat is open. Welcome to the reading room."), "good")
    return redirect(url_for("pages.home"), 303)


@seating.post("/seat/leave")
@public
def leave() -> ResponseReturnValue:
    """Closes the seat in this browser, and signs out whoever is signed in at it."""
    if viewer().seat:
        signing.leave_seat()
    return redirect(url_for("seats.show"), 303)


def _seat(errors: faults.Messages | None = None, status: int = 200) -> tuple[str, int]:
    minutes = archive().settings.seat_idle
    return render_template("seats/seat.html", errors=errors or {}, minutes=minutes), status


@seating.get("/staff/seats")
@role(*KEEPERS)
def index() -> ResponseReturnValue:
    """All seats, and the form of a new one."""
    return _list()


@seating.post("/staff/seats")
@role(*KEEPERS)
def add() -> ResponseReturnValue:
    """Makes a seat; the page shows its code once."""
    name, network = request.form.get("name", ""), request.form.get("network", "")
    try:
        with archive().writing() as session:
            code = seats.add(session, name=name, network=network, actor=viewer())
    except Invalid as error:
        said = {at: [gettext(one) for one in all_] for at, all_ in error.errors.items()}
        return _list(errors=said, status=422)
    return _list(code=code, name=" ".join(name.split()))


@seating.post("/staff/seats/<int:number>")
@role(*KEEPERS)
def change(number: int) -> ResponseReturnValue:
    """Does what the button of a seat says: a new code, out of use, into use, away."""
    do, code = request.form.get("do", ""), ""
    with archive().writing() as session:
        found = seats.get(session, number)
        name = found.name
        if do == "code":
            code = seats.renew(session, found, actor=viewer())
        elif do in ("on", "off"):
            seats.switch(session, found, active=do == "on", actor=viewer())
        elif do == "delete":
            seats.remove(session, found, actor=viewer())
    if code:
        return _list(code=code, name=name)
    flash(gettext("Saved."), "good")
    return redirect(url_for("seats.index"), 303)


def _list(
    *,
    errors: faults.Messages | None = None,
    code: str = "",
    name: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "seats/index.html",
        seats=seats.everything(reading()),
        occupied=[one.id for one in seats.everything(reading()) if _occupied(one)],
        errors=errors or {},
        code=code,
        name=name,
        typed=request.form if errors else {},
    )
    return page, status, {"Cache-Control": "no-store"}


def _occupied(one: Terminal) -> bool:
    return seats.occupied(one, signing.idle())
