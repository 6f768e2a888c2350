"""What a view works with: the open archive, the reading session of the request, the viewer."""

from flask import current_app, g
from flask_login import current_user
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.viewers import Viewer


def archive() -> Archive:
    """The archive that this app serves."""
    return current_app.extensions["archive"]


def reading() -> Session:
    """The request's one reading session; it ends with the request."""
    if "reading" not in g:
        g.reading_context = archive().reading()
        g.reading = g.reading_context.__enter__()
    return g.reading


def end(error: BaseException | None) -> None:
    """Closes the reading session."""
    context = g.pop("reading_context", None)
    g.pop("reading", None)
    if context is not None:
        context.__exit__(None, None, None)


def viewer() -> Viewer:
    """Who is looking."""
    return current_user._get_current_object()
