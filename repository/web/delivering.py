"""How answers leave: what caches may do with them, and compressed.

A page is kept by nobody without asking again; an unchanged one then costs 304 and no bytes. Pages
of people who are signed in are not compressed: what the length of such an answer tells of the
secrets in it is known as BREACH.
"""

from flask import Flask, Response, request
from flask_compress import Compress

from repository.web.current import viewer

STATIC_AGE = 86_400  # seconds
VARIES = ("Cookie", "Accept-Language")
PAGES = ("text/html",)
_compress = Compress()


def init_app(app: Flask) -> None:
    """Hooks into every answer, before it is logged."""
    app.config.update(
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_AGE,
        COMPRESS_REGISTER=False,
        COMPRESS_STREAMS=False,  # files are sent in ranges
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=[
            "application/atom+xml",
            "application/javascript",
            "application/json",
            "application/ld+json",
            "application/rss+xml",
            "application/xml",
            "image/svg+xml",
            "text/css",
            "text/csv",
            "text/html",
            "text/javascript",
            "text/plain",
            "text/xml",
        ],
    )
    _compress.init_app(app)
    app.after_request(deliver)


def deliver(response: Response) -> Response:
    """Says what caches may do, answers 304 where nothing is new, compresses."""
    if request.method not in ("GET", "HEAD"):
        return response
    if request.endpoint == "static":
        if response.status_code == 200:
            response.direct_passthrough = False
            response.set_data(response.get_data())
        return _compress.after_request(response)  # no cookie is looked at
    if response.mimetype in PAGES and not response.is_streamed:
        _keep(response)
    if not response.cache_control.public and viewer().signed_in:
        return response
    return _compress.after_request(response)


def _keep(response: Response) -> None:
    """A page that says nothing else may be kept, but has to be asked for again each time."""
    response.vary.update(VARIES)
    if "Cache-Control" in response.headers or response.status_code != 200:
        return
    # The same page of a stranger may bear a notice, or the token of a form.
    response.headers["Cache-Control"] = "private, no-cache"
    if not response.get_etag()[0]:
        response.add_etag(weak=True)
    response.make_conditional(request)
