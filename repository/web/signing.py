"""Who is looking: Flask-Login over our own sessions, and the cookie that names them."""

from contextlib import suppress
from dataclasses import replace

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager
from sqlalchemy.orm import Session

from repository import accounts, networks, sessions
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
    return replace(ANONYMOUS, on_campus=_on_campus())


def load(request: Request) -> Viewer | None:
    """The viewer whose session the cookie names."""
    given = token()
    if not given:
        return None
    with archive().reading() as session:
        found = sessions.find(session, given)
        if found is None:
            return None
        g.session_stale = sessions.stale(found)
        return replace(accounts.viewer(found.account), on_campus=_on_campus())


def _on_campus() -> bool:
    return networks.within(request.remote_addr or "", archive().settings.campus_networks)


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
    given = g.pop("session_token", None)
    if given is not None:
        response.set_cookie(
            cookie_name(),
            given,
            # Gone with the browser's window: many read on computers that they share.
            max_age=None if given else 0,
            secure=archive().settings.secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    elif g.pop("session_stale", False):
        _touch()
    if "_login_user" in g and viewer().signed_in:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _touch() -> None:
    # After the view, whose own transaction would wait for this one; and never worth a failure.
    with suppress(Busy), archive().writing() as session:
        sessions.touch(session, token())
