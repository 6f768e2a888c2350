"""Forms that are not ours, or were open for too long: refused, but never with what was typed lost.

A form proves that it is ours by its token, and its browser by saying where it comes from. When only
the token fails, the page is shown again with everything in it and a button to send it once more.
"""

from urllib.parse import urlsplit

from flask import Flask, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from repository.errors import ArchiveError, SignInNeeded
from repository.web import errors
from repository.web.current import archive
from repository.web.guard import SAFE, STRANGERS_LIMIT

TOKEN = "csrf_token"  # noqa: S105 - its name, not its value


class Protection(CSRFProtect):
    """Asks the headers before the body, so that an upload by script stays unread until it may."""

    def _get_csrf_token(self) -> str | None:
        headers = (request.headers.get(name) for name in ("X-CSRFToken", "X-CSRF-Token"))
        return next(filter(None, headers), None) or super()._get_csrf_token()


class Forged(ArchiveError):
    """The browser says that the form was sent from another site."""

    status = 403


csrf = Protection()


def init_app(app: Flask) -> None:
    """Checks every unsafe request, after its guard."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # by `check`, below
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser keeps its cookie: people type slowly
        WTF_CSRF_SSL_STRICT=False,  # `check` looks at Origin, which proxies leave alone
    )
    csrf.init_app(app)
    app.before_request(check)
    app.register_error_handler(CSRFError, too_old)
    app.register_error_handler(SignInNeeded, signed_out)


def check() -> None:
    """Raises Forged or CSRFError for a form that is not ours."""
    if request.method in SAFE or not request.endpoint:
        return
    if comes_from_here() is False and not csrf._is_exempt():
        raise Forged("This form was sent from another site. Open the page here and try again.")
    csrf.protect(apply_exemptions=True)


def comes_from_here() -> bool | None:
    """Whether the browser says that one of our own pages sent this; None when it does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return None if origin is None else origin in (_origin(request.host_url), _base())


def _base() -> str:
    return _origin(archive().settings.base_url)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def renew() -> None:
    """Gives the browser another token: it is somebody else's browser now, or nobody's."""
    session.pop(TOKEN, None)


def too_old(error: CSRFError) -> ResponseReturnValue:
    """The form once more, with a fresh token."""
    return _again(
        400,
        gettext(
            "This page has been open for too long, or your browser keeps no cookies. Nothing that "
            "you typed is lost: send it once more."
        ),
    )


def signed_out(error: SignInNeeded) -> ResponseReturnValue:
    """To the door and back; whoever was typing keeps what they typed."""
    if request.method in SAFE:
        return errors.archive_error(error)
    return _again(
        401, gettext("You are signed out. Sign in on another page, then send this again.")
    )


def _again(status: int, sentence: str) -> ResponseReturnValue:
    typed = _typed()
    # Only a page of ours may offer to send it: else a stranger's form would be one click away.
    if not typed or not comes_from_here() or errors.wants_json():
        return errors.page(status, sentence)
    body = render_template(
        "account/again.html",
        status=status,
        sentence=sentence,
        typed=typed,
        files=bool(request.files),
    )
    answer = make_response(body, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _typed() -> list[tuple[str, str]]:
    """What was typed, apart from passwords."""
    request.max_content_length = STRANGERS_LIMIT
    try:
        fields = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    secret = (TOKEN, "password", "current")
    return [(name, value) for name, value in fields if name not in secret]
