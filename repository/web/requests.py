"""What surrounds every request: its id, its line in the log, its security headers."""

import re
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

from repository import audit, networks

log = structlog.get_logger()

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Everything of ours is same-origin and nothing is inline, so the policy can be this strict.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def init_app(app: Flask) -> None:
    """Hooks into every request."""
    app.before_request(begin)
    app.after_request(finish)


def begin() -> None:
    """Gives the request an id; one that a proxy of ours set is kept."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _ID.fullmatch(given) else token_hex(8)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    audit.here(networks.shorten(request.remote_addr or "") or "web")


def finish(response: Response) -> Response:
    """Logs the request and sets the headers that every answer has."""
    headers = response.headers
    headers.setdefault("X-Request-ID", g.get("request_id", ""))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Content-Security-Policy", POLICY)
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
    )
    return response
