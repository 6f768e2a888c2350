"""Covers of works and pages of files as pictures, for those who may open the file."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ingest import pictures as drawing
from repository import access, catalogue
from repository import pictures as kept
from repository.access import Action
from repository.errors import NotFound
from repository.models.works import File, Work
from repository.viewers import ANONYMOUS
from repository.web import covers, works
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas.vocabulary import State

pictures = Blueprint("pictures", __name__, url_prefix="/works")

RECIPE = 2  # goes up when pictures of the same file come out differently
POLICY = "default-src 'none'; sandbox"
# A day: what is open seldom closes, and then its pictures have been seen.
OPEN = "public, max-age=86400"
CLOSED = "private, no-store"


@pictures.get("/<int:number>/thumbnail")
@pictures.get("/<int:number>/thumbnail/<int:width>")
@public
def cover(number: int, width: int | None = None) -> ResponseReturnValue:
    """The cover of the work's first file that the reader may open."""
    work = visible(number)
    if width is None and any(one.name == "thumbnail" for one in work.current_files):
        return works.file(number, "thumbnail")
    width = width or kept.COVER
    found = covers.file(work, viewer())
    if found is None or width not in kept.COVERS:
        raise NotFound("This work has no picture.")
    return _answer(work, found, f"c{width}", lambda: drawing.cover(archive(), found, width))


@pictures.get("/<int:number>/pages/<int:file>/<int:page>/<int:width>")
@public
def page(number: int, file: int, page: int, width: int) -> ResponseReturnValue:
    """A page of a file that the reader may have, as a picture, in one of a few widths."""
    work = visible(number)
    found = readable(work, file)
    return _answer(
        work, found, f"{page}-{width}", lambda: drawing.page(archive(), found, page, width)
    )


def visible(number: int) -> Work:
    """The work whose files the viewer might open; what was withdrawn has none."""
    work = catalogue.get(reading(), number)
    if work.state == State.WITHDRAWN or not access.decide(viewer(), Action.SEE, work):
        raise NotFound("There is no work %(number)s.", number=number)
    return work


def readable(work: Work, file_id: int) -> File:
    """The work's file of that id, of which there can be pictures, if the viewer may have it.

    Whoever may only read it sees its pages in the reading room (`ingest.reader`).
    """
    found = next((one for one in work.current_files if one.id == file_id), None)
    if found is None:
        raise NotFound("This work has no file of that name.")
    works.admit(access.decide(viewer(), Action.COPY, work, found), found)
    if not kept.drawable(found):
        raise NotFound("There are no pictures of this file.")
    return found


def _answer(work: Work, file: File, name: str, draw: Callable[[], bytes]) -> Response:
    """The picture, or 304 before it is drawn where the reader has it already."""
    tag = f"{file.sha512[:32]}-{name}-{RECIPE}"
    answer = Response(mimetype="image/webp")
    if request.if_none_match.contains(tag):
        answer.status_code = 304
    else:
        answer.data = draw()
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = OPEN if _for_all(work, file) else CLOSED
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _for_all(work: Work, file: File) -> bool:
    """Whether anybody may have the file; what is for reading only must lie in no proxy."""
    return all(
        access.decide(ANONYMOUS, action, work, file) for action in (Action.READ, Action.COPY)
    )
