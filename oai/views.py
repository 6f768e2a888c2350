"""/oai: the one address of the protocol (OAI-PMH 2.0, section 3.1)."""

from urllib.parse import parse_qsl

import structlog
from flask import Blueprint, Response, current_app, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, TimeoutError

from oai import verbs
from oai.pages import Answer, Pages
from repository.errors import Busy
from repository.web.current import archive
from repository.web.guard import public

log = structlog.get_logger()

oai = Blueprint("oai", __name__)

FORM = "application/x-www-form-urlencoded"
LONGEST = 64 * 1024  # bytes of arguments, more than any request of the protocol needs
RETRY_AFTER = "30"  # seconds; whole numbers are what harvesters understand


@oai.record_once
def keep_pages(state: BlueprintSetupState) -> None:
    """Gives the app a place to keep pages in."""
    state.app.extensions["oai pages"] = Pages()


@oai.route("/oai", methods=["GET", "POST"])
@public
def endpoint() -> ResponseReturnValue:
    """Answers harvesters; errors of the protocol are answers too."""
    sheet = url_for("static", filename="oai.xsl")
    pages = current_app.extensions["oai pages"]
    try:
        answer = verbs.answer(archive(), _pairs(), stylesheet=sheet, pages=pages)
    except (Busy, OperationalError, TimeoutError) as error:
        log.warning("harvester sent away", reason=str(error))
        said = "The archive is busy. Please come back in half a minute.\n"
        return Response(said, 503, {"Retry-After": RETRY_AFTER}, content_type="text/plain")
    return _response(answer)


def _pairs() -> list[tuple[str, str]]:
    """All arguments as they came: a dictionary would hide repeated ones."""
    pairs = _parse(request.query_string)
    if request.method == "POST" and request.mimetype == FORM:
        request.max_content_length = LONGEST
        pairs += _parse(request.get_data())
    return pairs


def _parse(encoded: bytes) -> list[tuple[str, str]]:
    # Bytes that are not UTF-8 become lone surrogates, which no argument may hold.
    text = encoded.decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


def _response(answer: Answer) -> Response:
    """The answer with its headers: compressed when the harvester can read that."""
    response = Response(content_type="text/xml; charset=utf-8")
    response.vary.add("Accept-Encoding")
    if answer.tag:
        response.set_etag(answer.tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    if request.accept_encodings.quality("gzip") > 0:
        response.content_encoding = "gzip"
        response.set_data(answer.gzip())
    else:
        response.set_data(answer.body)
    if answer.tag:
        response.make_conditional(request)
    return response
