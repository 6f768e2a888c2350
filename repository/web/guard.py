"""Every view says who may come in: `public`, `signed_in`, `staff`, `reviewer` or `role(...)`.

The saying is done here, the asking by `check` before each request, before anything of its body is
read. A view that says nothing lets nobody in.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request

from repository.errors import Forbidden, SignInNeeded
from repository.web.current import viewer
from schemas.roles import Role

View = Callable[..., Any]

Guard = str | frozenset[Role]

PUBLIC, SIGNED_IN, STAFF, REVIEWER = "public", "signed in", "staff", "reviewer"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What strangers may send us; a form of theirs is never longer.
STRANGERS_LIMIT = 2**20


def public(view: View) -> View:
    """For everybody; what a page shows is decided by `access`."""
    return _guarded(view, PUBLIC)


def signed_in(view: View) -> View:
    """For whoever has signed in."""
    return _guarded(view, SIGNED_IN)


def staff(view: View) -> View:
    """For whoever works in the library, or reviews for it."""
    return _guarded(view, STAFF)


def reviewer(view: View) -> View:
    """For cataloguers, those of some collections too; which works, is decided by `access`."""
    return _guarded(view, REVIEWER)


def role(*any_of: Role) -> Callable[[View], View]:
    """For accounts with one of these roles, or with one that includes it."""
    return lambda view: _guarded(view, frozenset(any_of))


def _guarded(view: View, guard: Guard) -> View:
    view.guard = guard  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Puts the guards on duty."""
    if app.has_static_folder:
        public(app.view_functions["static"])
    app.before_request(check)


def admits(view: View) -> bool:
    """Whether the viewer may enter a view."""
    said = getattr(view, "guard", None)
    if said in (PUBLIC, SIGNED_IN):
        return said == PUBLIC or viewer().signed_in
    if said == STAFF:
        return viewer().staff
    if said == REVIEWER:
        return viewer().reviews
    return any(viewer().may(one) for one in said or ())


def check() -> None:
    """Lets the viewer in, or raises SignInNeeded or Forbidden."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return  # there is no such page, and that will be said
    if getattr(view, "guard", None) == PUBLIC and request.method not in SAFE:
        request.max_content_length = STRANGERS_LIMIT
    if admits(view):
        return
    if not viewer().signed_in:
        raise SignInNeeded("Please sign in to go on.")
    raise Forbidden("Your account may not do this. Ask the library if it should.")
