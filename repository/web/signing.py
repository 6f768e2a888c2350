"""Who is looking: Flask-Login over our own sessions, and the cookies that name them and the seat
of a reading room where they sit."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager
from sqlalchemy.orm import Session

from repository import accounts, networks, seats, sessions
from repository.api import entrance
from repository.errors import Busy
from repository.models.accounts import Account
from repository.viewers import ANONYMOUS, Viewer
from repository.web import forgery, guard
from repository.web.current import archive, viewer

csrf = forgery.csrf


def init_app(app: Flask) -> None:
    """Wires Flask-Login, the guards of views, and the protection of forms, in this order."""
    manager = LoginManager()
    manager.session_protection = None  # sessions are ours, below
    manager.anonymous_user = anonymous
    manager.request_loader(load)
    # Not manager.init_app: it would look for a "remember me" cookie in every request, and so mark
    # even what is the same for all readers as depending on cookies.
    app.login_manager = manager  # type: ignore[attr-defined]
    guard.init_app(app)
    forgery.init_app(app)
    app.after_request(carry)


def cookie_name() -> str:
    """The session cookie's name; with https it is bound to our host."""
    return "__Host-session" if archive().settings.secure else "session-id"


def anonymous() -> Viewer:
    """Nobody in particular, perhaps in a reading room."""
    if entrance.concerns(request):
        return _networked(ANONYMOUS)
    _left()
    return _placed(ANONYMOUS)


def load(request: Request) -> Viewer | None:
    """The viewer whose session the cookie names; for programs, whose token they bear."""
    if entrance.concerns(request):
        who = entrance.load(request)
        return _networked(who) if who else None
    given = token()
    if not given or _left():
        return None
    with archive().reading() as session:
        found = sessions.find(session, given)
        if found is None:
            return None
        g.session_stale = sessions.stale(found)
        return _placed(accounts.viewer(found.account))


def _placed(who: Viewer) -> Viewer:
    """The viewer, with where they sit."""
    seat = _seat()
    placed = _networked(who)
    return replace(placed, on_campus=bool(seat) or placed.on_campus, seat=seat)


def _networked(who: Viewer) -> Viewer:
    here = request.remote_addr or ""
    return replace(who, on_campus=networks.within(here, archive().settings.campus_networks))


def seat_cookie() -> str:
    """The name of the cookie of a seat."""
    return "__Host-seat" if archive().settings.secure else "seat"


def _seat() -> str:
    """The name of the seat that is open in this browser; empty when none is."""
    if "seat" not in g:
        g.seat = ""
        given = request.cookies.get(seat_cookie(), "")
        if given:
            with archive().reading() as session:
                found = seats.find(session, given, address=request.remote_addr or "", idle=idle())
                g.seat = found.name if found else ""
                g.seat_stale = bool(found and seats.stale(found))
    return g.seat


def _left() -> bool:
    """Whether somebody left the seat that was open in this browser: then nobody is signed in."""
    over = bool(request.cookies.get(seat_cookie())) and not _seat()
    if over and "seat_token" not in g:
        g.seat_token = ""
        g.seat_over = True
        sign_out()
    return over


def idle() -> timedelta:
    """How long a seat stays open while nobody asks for a page."""
    return timedelta(minutes=archive().settings.seat_idle)


def take_seat(session: Session, code: str) -> None:
    """Opens the seat of a code in this browser; whoever was signed in here is so no more."""
    g.seat_token = seats.open_(session, code, address=request.remote_addr or "")
    if token():
        sessions.end(session, token())
    sign_out()


def leave_seat() -> None:
    """Closes the seat and signs out, with the answer to this request."""
    g.seat_token = ""
    g.seat_over = True
    sign_out()


def token() -> str:
    """The token in the browser's cookie."""
    return request.cookies.get(cookie_name(), "")


def sign_in(session: Session, account: Account) -> None:
    """Signs this browser in, with a session of its own; an earlier one of its ends."""
    if token():
        sessions.end(session, token())
    g.session_token = sessions.start(
        session,
        account,
        agent=request.user_agent.string,
        address=request.remote_addr or "",
    )
    forgery.renew()


def sign_out() -> None:
    """Takes the browser's session away with the answer to this request."""
    g.session_token = ""
    forgery.renew()


def carry(response: Response) -> Response:
    """Sets or clears the cookie when the request has changed it; notes that a session is used."""
    over = g.pop("seat_over", False)
    stale = g.pop("session_stale", False), g.pop("seat_stale", False)
    for name, given in (
        (cookie_name(), g.pop("session_token", None)),
        (seat_cookie(), g.pop("seat_token", None)),
    ):
        if given is not None:
            _set(response, name, given)
    if over:
        _end()
    elif any(stale):
        _touch(*stale)
    if "_login_user" in g and (viewer().signed_in or viewer().seat):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if g.get("seat") and not over and response.mimetype == "text/html":
        # What is on the screen goes too once nobody sits there.
        response.headers["Refresh"] = f"{int(idle().total_seconds()) + 5}; url=/seat"
    return response


def _set(response: Response, name: str, given: str) -> None:
    response.set_cookie(
        name,
        given,
        # Gone with the browser's window: many read on computers that they share.
        max_age=None if given else 0,
        secure=archive().settings.secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


# Both after the view, whose own transaction would wait for these; and never worth a failure.
def _touch(session_stale: bool, seat_stale: bool) -> None:
    with suppress(Busy), archive().writing() as session:
        if session_stale:
            sessions.touch(session, token())
        if seat_stale:
            seats.touch(session, request.cookies.get(seat_cookie(), ""))


def _end() -> None:
    with suppress(Busy), archive().writing() as session:
        sessions.end(session, token())
        seats.close(session, request.cookies.get(seat_cookie(), ""))
