"""One error page for everything that goes wrong, in the reader's language, with an id."""

import structlog
from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from repository import database
from repository.errors import ArchiveError, Busy, SignInNeeded
from repository.web import words

log = structlog.get_logger()


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


SENTENCES = {
    400: _("The request could not be understood."),
    401: _("Please sign in to go on."),
    403: _("You may not see or do this."),
    404: _("There is no such page here. It may have moved; try the search."),
    405: _("This address does not take such a request."),
    410: _("This work was withdrawn."),
    413: _("That is more than the archive accepts at once."),
    429: _("Too many requests. Please wait a little."),
    500: _("Something went wrong on our side. It has been noted under the number below."),
    503: _("The archive is busy. Please try again in a moment."),
    507: _("There is no room left on the archive's disk. Nothing of yours was lost."),
}


def init_app(app: Flask) -> None:
    """Registers the handlers."""
    app.register_error_handler(ArchiveError, archive_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_error)
    app.register_error_handler(Exception, unexpected)


def page(status: int, sentence: str, *, retry_after: int | None = None) -> ResponseReturnValue:
    """The error page."""
    if wants_json():
        answer = make_response({"error": sentence, "request": g.get("request_id", "")}, status)
    else:
        answer = make_response(
            render_template("errors/error.html", status=status, sentence=sentence), status
        )
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def wants_json() -> bool:
    """Whether a program asks, not a person."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def archive_error(error: ArchiveError) -> ResponseReturnValue:
    """An error that we can explain."""
    if isinstance(error, SignInNeeded) and request.method in ("GET", "HEAD"):
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    if error.status >= 500:
        log.error("request failed", error=type(error).__name__, reason=str(error))
    return page(error.status, words.explain(error), retry_after=error.retry_after)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """An error of HTTP itself: no such page, wrong method, body too large."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    retry = getattr(error, "retry_after", None)
    sentence = gettext(SENTENCES.get(status, SENTENCES[400]))
    answer = make_response(page(status, sentence, retry_after=retry))
    if "Allow" in dict(error.get_headers()):
        answer.headers["Allow"] = dict(error.get_headers())["Allow"]
    return answer


def database_error(error: OperationalError) -> ResponseReturnValue:
    """A database that is locked is busy; any other trouble is unexpected."""
    if database.is_lock(error):
        return archive_error(Busy(SENTENCES[503]))
    return unexpected(error)


def unexpected(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its trace, shown without."""
    log.error("request crashed", exc_info=error)
    return page(500, gettext(SENTENCES[500]))
