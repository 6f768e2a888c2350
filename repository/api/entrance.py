"""Who a program acts for: the token in its Authorization header, and what that is good for.

Cookies count for nothing here, so that no page of a stranger can act by a reader's browser.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Request, g, request
from werkzeug.datastructures import Authorization

from repository import accounts, api_tokens
from repository.errors import Busy, Forbidden
from repository.viewers import Viewer
from repository.web import guard
from repository.web.current import archive, viewer
from schemas.programs import Scope

PATH = "/api"
SCHEME = "bearer"


def concerns(asked: Request) -> bool:
    """Whether a request is one of a program's."""
    return asked.path == PATH or asked.path.startswith(f"{PATH}/")


def load(asked: Request) -> Viewer | None:
    """The viewer whose token the request bears."""
    given = asked.authorization
    token = _token(given) if given else ""
    if not token:
        return None
    with archive().reading() as session:
        found = api_tokens.find(session, token)
        if found is None or not _named(given, found.account.email):
            return None
        g.api_scopes = frozenset(found.scopes)
        stale = found.id if api_tokens.stale(found) else None
        who = accounts.viewer(found.account)
    if stale is not None:
        with suppress(Busy), archive().writing() as session:
            api_tokens.touch(session, stale)
    return who


def _token(given: Authorization) -> str:
    """The token as a bearer's, or as the password beside its owner's address (SWORD)."""
    if given.type == SCHEME:
        return given.token or ""
    return given.password or "" if given.type == "basic" else ""


def _named(given: Authorization | None, address: str) -> bool:
    if given is None or given.type != "basic":
        return True
    return (given.username or "").strip().lower() == address


def scope(wanted: Scope) -> Callable[[guard.View], guard.View]:
    """For programs whose token is good for that."""

    def decorated(view: guard.View) -> guard.View:
        @wraps(view)
        def checked(*given: Any, **named: Any) -> Any:
            if wanted not in g.get("api_scopes", ()):
                raise Forbidden("This token is not good for that. Make one with the scope.")
            return view(*given, **named)

        return guard.signed_in(checked)

    return decorated


def anybody(view: guard.View) -> guard.View:
    """For everybody; a program that bears a token must have one that is good for reading."""

    @wraps(view)
    def checked(*given: Any, **named: Any) -> Any:
        if viewer().signed_in and Scope.READ not in g.api_scopes:
            raise Forbidden("This token is not good for that. Make one with the scope.")
        return view(*given, **named)

    return guard.public(checked)


def refused() -> bool:
    """Whether the request bears something that is no good token."""
    return bool(request.headers.get("Authorization")) and not viewer().signed_in
