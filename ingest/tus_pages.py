"""Uploads that go on where they broke off, by tus 1.0: /deposit/<number>/uploads.

The page's script uses them, and so may any client of tus that sends a person's cookies and the
form's token (X-CSRFToken). The whole file goes the way of one from the plain form.
"""

from typing import BinaryIO, cast

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ingest import files, partials, tus, unfinished, uploads
from repository import catalogue, clock
from repository.access import Action
from repository.errors import NotAllowed
from repository.models.uploads import Upload
from repository.models.works import Work
from repository.web import current, permits
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

pieces = Blueprint("pieces", __name__, url_prefix="/deposit/<int:number>/uploads")


@pieces.after_request
def speak(response: Response) -> Response:
    """Says which protocol is spoken here, whatever the answer."""
    response.headers["Tus-Resumable"] = tus.VERSION
    if response.status_code == tus.OtherVersion.status:
        response.headers["Tus-Version"] = tus.VERSION
    return response


@pieces.route("", methods=["OPTIONS"], provide_automatic_options=False)
@pieces.route("/<name>", methods=["OPTIONS"], provide_automatic_options=False)
@role(Role.DEPOSITOR)
def abilities(number: int, name: str = "") -> ResponseReturnValue:
    """What the server can do."""
    return "", 204, tus.abilities(archive().settings.upload_limit)


@pieces.post("", provide_automatic_options=False)
@role(Role.DEPOSITOR)
def begin(number: int) -> ResponseReturnValue:
    """Begins an upload; says where it is."""
    tus.speaks(request.headers.get("Tus-Resumable"))
    settings = archive().settings
    wish = tus.wish(request.headers, limit=settings.upload_limit)
    with archive().writing() as session:
        work = _draft(number, session)
        upload = unfinished.begin(
            session, work, wish, account_id=viewer().id or 0, settings=settings
        )
    where = url_for("pieces.stand", number=number, name=upload.id)
    return "", 201, {"Location": where, **tus.standing(0, expires=upload.expires)}


def _draft(number: int, session: Session) -> Work:
    """The work, if its viewer may change its files now."""
    work = permits.work(session, number, Action.EDIT)
    catalogue.check_step(work, "edit")
    return work


def _upload(number: int, name: str) -> Upload:
    try:
        return unfinished.get(reading(), _draft(number, reading()), name)
    finally:
        current.end(None)  # a body may take an hour, and a snapshot of the database is dear


@pieces.route("/<name>", methods=["HEAD"], provide_automatic_options=False)
@role(Role.DEPOSITOR)
def stand(number: int, name: str) -> ResponseReturnValue:
    """How much of an upload is here.

    One that is whole but was cut off before it became a file becomes one now.
    """
    tus.speaks(request.headers.get("Tus-Resumable"))
    upload = _upload(number, name)
    offset = unfinished.length(upload, archive().settings)
    if offset == upload.size and not upload.finished:
        with partials.taken(unfinished.path(archive().settings, name)):
            _finish(number, upload)
    return "", 200, tus.standing(offset, upload.size, upload.expires)


@pieces.patch("/<name>", provide_automatic_options=False)
@role(Role.DEPOSITOR)
def go_on(number: int, name: str) -> ResponseReturnValue:
    """Adds what the request brings; with the last of it the upload becomes a file of the work."""
    tus.speaks(request.headers.get("Tus-Resumable"))
    offset = tus.place(request.headers, media_type=request.mimetype)
    checksum = tus.checksum(request.headers.get("Upload-Checksum"))
    upload = _upload(number, name)
    if upload.finished:
        tus.fits(offset, there=upload.size, size=upload.size, length=request.content_length)
        return "", 204, tus.standing(upload.size, expires=upload.expires)
    expires = unfinished.keep(archive(), upload)
    with partials.taken(unfinished.path(archive().settings, name)) as part:
        tus.fits(offset, there=part.length(), size=upload.size, length=request.content_length)
        here = partials.add(
            part, cast(BinaryIO, request.stream), size=upload.size, checksum=checksum
        )
        if here == upload.size:
            _finish(number, upload)
    return "", 204, tus.standing(here, expires=expires)


def _finish(number: int, upload: Upload) -> None:
    """Makes a file of an upload that is whole, once however often it is asked for."""
    arrival = unfinished.arrive(archive(), upload)
    try:
        _attach(number, upload.id, uploads.look([arrival]))
    except BaseException:
        files.discard(arrival, staging=archive().settings.staging)
        raise
    partials.remove(unfinished.path(archive().settings, upload.id))


def _attach(number: int, name: str, read: list[uploads.Read]) -> None:
    with archive().writing() as session:
        work = _draft(number, session)
        upload = unfinished.get(session, work, name)
        if upload.finished:
            raise tus.Taken("Another request is bringing this upload.")
        uploads.attach(session, work, read)
        upload.finished = clock.now()


@pieces.delete("/<name>", provide_automatic_options=False)
@role(Role.DEPOSITOR)
def end(number: int, name: str) -> ResponseReturnValue:
    """Forgets an upload and what has come of it."""
    tus.speaks(request.headers.get("Tus-Resumable"))
    with archive().writing() as session:
        upload = unfinished.get(session, permits.work(session, number, Action.EDIT), name)
        if upload.finished:
            raise NotAllowed("This file has arrived. Remove it in the list of files.")
        unfinished.forget(session, name)
    partials.remove(unfinished.path(archive().settings, name))
    return "", 204


INSTEAD = {"PATCH": go_on, "DELETE": end, "HEAD": stand}


@pieces.post("/<name>", provide_automatic_options=False)
@role(Role.DEPOSITOR)
def instead(number: int, name: str) -> ResponseReturnValue:
    """What a client asks for that cannot send the methods themselves."""
    view = INSTEAD.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if view is None:
        raise tus.Malformed("X-HTTP-Method-Override must be PATCH, DELETE or HEAD.")
    return make_response(view(number, name))
