"""Who is looking: Flask-Login over our own sessions, and the guard against forged forms."""

import ipaddress
from dataclasses import replace

from flask import Flask, Request, Response, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect

from repository import accounts, sessions
from repository.errors import ArchiveError
from repository.viewers import ANONYMOUS, Viewer
from repository.web import errors
from repository.web.current import archive

csrf = CSRFProtect()


class Forged(ArchiveError):
    """A form without its token: too old, or not ours."""

    status = 400


def init_app(app: Flask) -> None:
    """Wires Flask-Login and CSRF protection."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", 12 * 3600)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)  # the Referer is not sent everywhere
    csrf.init_app(app)
    # Not LoginManager(app): its remember-me hook would read the page cookie in every answer, and
    # so make answers vary that are the same for all.
    manager = LoginManager()
    app.login_manager = manager  # type: ignore[attr-defined]
    manager.session_protection = None  # sessions are ours, below
    manager.anonymous_user = anonymous
    manager.request_loader(load)
    app.register_error_handler(CSRFError, forged)
    app.after_request(carry)


def forged(error: CSRFError) -> ResponseReturnValue:
    """Says what happened in words that help."""
    return errors.archive_error(
        Forged(
            "This page has been open for too long, or cookies are off. Go back, reload the page "
            "and send the form again; your browser keeps what you typed."
        )
    )


def cookie_name() -> str:
    """The session cookie's name; with https it is bound to our host."""
    return "__Host-session" if archive().settings.secure else "session-id"


def anonymous() -> Viewer:
    """Nobody in particular, perhaps in a reading room."""
    return replace(ANONYMOUS, on_campus=_on_campus(request.remote_addr or ""))


def load(request: Request) -> Viewer | None:
    """The viewer whose session the cookie names."""
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    with archive().reading() as session:
        found = sessions.find(session, token)
        if found is None:
            return None
        viewer = accounts.viewer(found.account)
        stale = sessions.is_stale(found)
    if stale:
        with archive().writing() as session:
            sessions.touch(session, token)
    return replace(viewer, on_campus=_on_campus(request.remote_addr or ""))


def _on_campus(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(one) for one in archive().settings.campus_networks)


def sign_in(token: str) -> None:
    """Gives the browser its session with the answer to this request."""
    g.session_token = token


def sign_out() -> None:
    """Takes the browser's session away with the answer to this request."""
    g.session_token = ""


def token() -> str:
    """The token in the browser's cookie."""
    return request.cookies.get(cookie_name(), "")


def carry(response: Response) -> Response:
    """Sets or clears the session cookie when the request has changed it."""
    given = g.pop("session_token", None)
    if given is not None:
        response.set_cookie(
            cookie_name(),
            given,
            max_age=sessions.LIFETIME if given else 0,
            secure=archive().settings.secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response
