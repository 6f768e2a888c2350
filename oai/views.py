"""/oai: the one address of the protocol (OAI-PMH 2.0, section 3.1).

Flask knows it as a blueprint like any other. `Door` stands before Flask and answers GET by itself:
what Flask does around a view takes longer than handing out a page of records.
"""

import mimetypes
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import structlog
from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from oai import horizon, verbs
from oai.guestbook import Guestbook
from oai.pages import Answer, Dated, Pages
from repository.errors import Busy
from repository.web.guard import public
from repository.web.requests import POLICY

log = structlog.get_logger()

oai = Blueprint("oai", __name__)

FORM = "application/x-www-form-urlencoded"
# More bytes of arguments than any request of the protocol needs.
LONGEST = 64 * 1024
# Seconds; whole numbers are what harvesters understand.
RETRY_AFTER = "30"
STYLESHEET = "static/oai.xsl"

Pairs = list[tuple[str, str]]


class Reply(NamedTuple):
    """An answer as HTTP sends it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@oai.record_once
def keep_pages(state: BlueprintSetupState) -> None:
    """Gives the app a place where pages of records are kept, and one where harvests are noted."""
    mimetypes.add_type("application/xml", ".xsd")  # the schemas of formats of our own
    archive = state.app.extensions["archive"]
    state.app.extensions["oai pages"] = Pages(archive.settings.oai_cache)
    state.app.extensions["guestbook"] = Guestbook(archive)


@oai.route("/oai", methods=["GET", "POST"])
@public
def endpoint() -> ResponseReturnValue:
    """Answers harvesters; errors of the protocol are answers too.

    People who look here with a browser, without asking anything, are shown round.
    """
    if request.method != "POST" and not request.query_string and _is_person():
        return redirect(url_for("reading.show"), 303)
    encoded = request.query_string
    if request.method == "POST" and request.mimetype == FORM:
        request.max_content_length = LONGEST
        encoded = b"&".join(filter(None, (encoded, request.get_data())))
    status, headers, body = reply(current_app, encoded, request.environ)
    answer = Response(body, status, headers)
    answer.vary.add("Accept")
    return answer


def _is_person() -> bool:
    """Whether a browser asks for a page. Harvesters must never be taken for one: some have copied
    text/html into their headers, but XHTML by name only browsers ask for."""
    accepted = request.accept_mimetypes
    named = {kind for kind, quality in accepted if quality == 1}
    return {"text/html", "application/xhtml+xml"} <= named and "text/xml" not in named


class Door:
    """The application, with /oai answered before Flask begins."""

    def __init__(self, app: Flask) -> None:
        self.app, self.inner = app, app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The answer of Flask, or ours."""
        query = environ.get("QUERY_STRING", "")
        ours = environ["PATH_INFO"] == "/oai" and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        if not ours or not query:
            return self.inner(environ, start_response)
        begun = time.perf_counter()
        status, headers, body = reply(self.app, query.encode("latin-1"), environ)
        headers += [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", POLICY)]
        start_response(status, headers)
        log.info(
            "request",
            method=environ["REQUEST_METHOD"],
            path="/oai",
            status=int(status[:3]),
            ms=round((time.perf_counter() - begun) * 1000, 1),
        )
        return [body] if environ["REQUEST_METHOD"] == "GET" else []


def parse(encoded: bytes) -> Pairs:
    """All arguments as they came: a dictionary would hide repeated ones."""
    # Bytes that are not UTF-8 become lone surrogates, which no argument may hold.
    text = encoded.decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


def reply(app: Flask, encoded: bytes, environ: dict[str, Any]) -> Reply:
    """The answer to the arguments; 503 when the database is too busy to give one."""
    archive, pages = app.extensions["archive"], app.extensions["oai pages"]
    guestbook: Guestbook = app.extensions["guestbook"]
    packed = _reads_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    pairs: Pairs = []
    try:
        now = horizon.recent(archive.engine)
        made: Answer | Dated | None = verbs.again(archive, encoded, pages, now, packed=packed)
        if made is None:
            pairs = parse(encoded)
            made = verbs.answer(
                archive,
                pairs,
                stylesheet=STYLESHEET,
                pages=pages,
                now=now,
                asked=encoded,
                packed=packed,
            )
    except (Busy, OperationalError, TimeoutError) as error:
        log.warning("harvester sent away", reason=str(error))
        body = b"The archive is busy. Please come back in half a minute.\n"
        guestbook.note(environ, pairs or parse(encoded), None, len(body))
        return _reply("503 SERVICE UNAVAILABLE", "text/plain", body, ("Retry-After", RETRY_AFTER))
    if isinstance(made, Dated):
        pairs, answer = made.ready.pairs, made.ready.answer
    else:
        answer = made
    sent = _conditional(made, answer.tag, environ, packed=packed)
    guestbook.note(environ, pairs, answer, len(sent.body))
    return sent


def _conditional(made: Answer | Dated, tag: str, environ: dict[str, Any], *, packed: bool) -> Reply:
    """The answer, compressed for those who can read that; 304 to those who have it already."""
    more = [("Vary", "Accept-Encoding")]
    if tag:
        more += [("ETag", f'W/"{tag}"'), ("Cache-Control", "no-cache")]
        if f'"{tag}"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            return Reply("304 NOT MODIFIED", more, b"")
    if not packed:
        return _reply("200 OK", "text/xml", made.body, *more)
    return _reply("200 OK", "text/xml", made.gzip(), ("Content-Encoding", "gzip"), *more)


def _reply(status: str, media_type: str, body: bytes, *more: tuple[str, str]) -> Reply:
    kind = ("Content-Type", f"{media_type}; charset=utf-8")
    return Reply(status, [kind, ("Content-Length", str(len(body))), *more], body)


@lru_cache(maxsize=256)
def _reads_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted, Accept).quality("gzip") > 0
