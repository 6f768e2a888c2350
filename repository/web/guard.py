"""Every view says who may come in: `public`, `signed_in` or `role(...)`; a test asks each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from repository.errors import Forbidden, SignInNeeded
from repository.web.current import viewer
from schemas.roles import Role

View = Callable[..., Any]


def public(view: View) -> View:
    """For everybody; what a page shows is decided by `access`."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For whoever has signed in."""

    @wraps(view)
    def guarded(*given: Any, **named: Any) -> Any:
        if not viewer().signed_in:
            raise SignInNeeded("Please sign in to go on.")
        return view(*given, **named)

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded


def role(needed: Role) -> Callable[[View], View]:
    """For accounts with a role, or with one that includes it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*given: Any, **named: Any) -> Any:
            if not viewer().signed_in:
                raise SignInNeeded("Please sign in to go on.")
            if not viewer().may(needed):
                raise Forbidden("Your account may not do this. Ask the library if it should.")
            return view(*given, **named)

        guarded.guard = str(needed)  # type: ignore[attr-defined]
        return guarded

    return decorate
