"""Answers for machines that come again and again: whole once, afterwards "not modified"."""

from datetime import datetime

from flask import Response, request

AGE = 600  # seconds for which whatever caches stand between may give them out


def answer(body: bytes, media_type: str, *, changed: datetime | None = None) -> Response:
    """The body with its ETag and, if it is known, when it last changed; 304 to who has it."""
    made = Response(body, content_type=f"{media_type}; charset=utf-8")
    made.headers["Cache-Control"] = f"public, max-age={AGE}"
    if changed:
        made.last_modified = changed
    made.add_etag()
    made.make_conditional(request)
    return made
