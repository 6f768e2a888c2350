"""Files as a request brings them: fields of a plain form, or one raw body from a script."""

from flask import request
from flask_babel import gettext

from ingest import files
from ingest.files import Arrival
from repository.errors import Invalid
from repository.web.current import archive

RAW = "application/octet-stream"


def by_script() -> bool:
    """Whether the page's script sent the file, to be answered in JSON."""
    return request.mimetype == RAW


def receive() -> list[Arrival]:
    """The files of this request, safe in staging; they belong to no work yet.

    When one of several is refused, the others are let go too.
    """
    settings = archive().settings
    arrivals: list[Arrival] = []
    try:
        for name, stream in _sent():
            arrivals.append(
                files.receive(stream, name, staging=settings.staging, limit=settings.upload_limit)
            )
    except BaseException:
        for arrival in arrivals:
            files.forget(arrival, staging=settings.staging)
        raise
    return arrivals


def _sent():
    if by_script():
        yield request.args.get("name", ""), request.stream
        return
    for part in request.files.getlist("file"):
        if part.filename:
            yield part.filename, part.stream


def required() -> list[Arrival]:
    """The same, where a file is what the form is for."""
    arrivals = receive()
    if not arrivals:
        raise Invalid("Choose a file first.", {"file": [gettext("Choose a file first.")]})
    return arrivals
