"""Files as a request brings them: fields of a plain form, or one raw body from a script."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from flask import flash, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from ingest import files, offers
from ingest.files import Arrival
from repository.errors import Invalid
from repository.models.works import Work
from repository.web import words
from repository.web.current import archive

RAW = "application/octet-stream"


class Read(NamedTuple):
    """A file that has come in, and what it suggests."""

    arrival: Arrival
    offer: offers.Offer


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
            files.discard(arrival, staging=settings.staging)
        raise
    return arrivals


def _sent() -> Iterator[tuple[str, BinaryIO]]:
    if by_script():
        yield request.args.get("name", ""), cast(BinaryIO, request.stream)
        return
    for part in request.files.getlist("file"):
        if part.filename:
            yield part.filename, cast(BinaryIO, part.stream)


def required() -> list[Arrival]:
    """The same, where a file is what the form is for."""
    arrivals = receive()
    if not arrivals:
        raise Invalid("Choose a file first.", {"file": [gettext("Choose a file first.")]})
    return arrivals


def look(arrivals: list[Arrival]) -> list[Read]:
    """The files with what they suggest; one that cannot be read is kept, and the reason said."""
    read = [Read(one, offers.prepare(archive(), one)) for one in arrivals]
    for one in read:
        if one.offer.problem:
            flash(f"{one.arrival.name}: {words.say(one.offer.problem)}", "warn")
    return read


def attach(session: Session, work: Work, read: list[Read]) -> None:
    """Adds the files to a draft."""
    for one in read:
        files.attach(session, work, one.arrival, settings=archive().settings, pages=one.offer.pages)
