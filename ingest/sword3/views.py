"""/api/sword/3: services and deposits of SWORD 3.0. A program signs in by a token."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ingest.sword import atom, deposits
from ingest.sword.packages import Refused
from ingest.sword3 import errors, metadata, references, segments, sending, standing
from ingest.sword3.documents import Offer, Shelf
from ingest.sword3.documents import service as service_document
from repository import appearance, catalogue, collections
from repository.api import entrance
from repository.api.entrance import scope
from repository.models.collections import Collection
from repository.models.works import Work
from repository.web import current, words
from repository.web.current import archive, viewer
from repository.web.guard import public
from schemas.programs import Scope

sword3 = Blueprint("sword3", __name__, url_prefix=f"{entrance.PATH}/sword/3")
errors.add_to(sword3)
known = Blueprint("sword3_known", __name__)
DAY = 24 * 60 * 60


@known.get("/.well-known/swordv3")
@public
def known_place() -> ResponseReturnValue:
    """Where programs look for the service document first."""
    return redirect(standing.url("sword3.service"), 307)


@sword3.get("")
@scope(Scope.DEPOSIT)
def service() -> ResponseReturnValue:
    """Where one can deposit: the whole archive, with its collections."""
    with archive().reading() as session:
        shelves = _shelves(list(collections.everything(session)), None)
    title = appearance.name(archive().settings, words.language())
    top = Shelf(standing.url("sword3.service"), title, shelves)
    return jsonify(service_document(top, _offer()))


@sword3.get("/collections/<slug>")
@scope(Scope.DEPOSIT)
def shelf(slug: str) -> ResponseReturnValue:
    """A collection, with those within it."""
    with archive().reading() as session:
        found = collections.find(session, slug)
        within = _shelves(list(collections.everything(session)), found.id)
        top = Shelf(standing.url("sword3.shelf", slug=slug), found.name(words.language()), within)
    return jsonify(service_document(top, _offer()))


def _shelves(known: list[Collection], parent: int | None) -> list[Shelf]:
    return [
        Shelf(
            standing.url("sword3.shelf", slug=one.slug),
            one.name(words.language()),
            _shelves(known, one.id),
        )
        for one in known
        if one.parent_id == parent
    ]


def _offer() -> Offer:
    settings = archive().settings
    return Offer(
        root=standing.url("sword3.service"),
        staging=standing.url("sword3_staging.begin"),
        idle=settings.upload_days * DAY,
        largest=settings.upload_limit,
        segments=segments.MOST,
        mediation=deposits.may_mediate(),
        treatment=atom.TREATMENT,
        policy=f"{settings.base_url}{url_for('pages.about')}",
        formats=[metadata.FORMAT],
    )


@sword3.post("")
@sword3.post("/collections/<slug>", endpoint="deposit_in")
@scope(Scope.DEPOSIT)
def deposit(slug: str = "") -> ResponseReturnValue:
    """A new deposit: a description, a file, a package, addresses of files, or nothing yet."""
    owner = deposits.owner()
    with archive().reading() as session:
        places = [collections.find(session, slug).slug] if slug else []
    with sending.sent() as sent, archive().writing() as session:
        work = catalogue.draft(session, sent.described(), actor=owner)
        catalogue.gather(session, work, [collections.find(session, one) for one in places])
        sending.keep(session, work, sent)
        deposits.finish(session, work)
        number = work.id
    answer = _status(number, 201)
    answer.headers["Location"] = standing.url("sword3.status", number=number)
    return answer


@sword3.get("/works/<int:number>")
@scope(Scope.DEPOSIT)
def status(number: int) -> ResponseReturnValue:
    """How a deposit stands."""
    return _status(number, 200)


@sword3.post("/works/<int:number>")
@scope(Scope.DEPOSIT)
def append(number: int) -> ResponseReturnValue:
    """More of a deposit; without anything it is complete."""
    _precheck(number)
    with sending.sent(titled=False) as sent, archive().writing() as session:
        work = standing.draft(session, number, standing.of_object)
        if sent.document:
            document = metadata.joined(work.document, sent.document)
            catalogue.save(session, work, document, actor=viewer())
        added = sending.keep(session, work, sent)
        deposits.finish(session, work)
        address = standing.file_url(work, added[0]) if added else ""
    if sending.empty():
        return _tagged(Response(status=204), number)
    answer = _status(number, 202 if sent.wanted else 200)
    if address:
        answer.headers["Location"] = address
    return answer


@sword3.put("/works/<int:number>")
@scope(Scope.DEPOSIT)
def replace(number: int) -> ResponseReturnValue:
    """Another description and other files in place of all that was there."""
    if sending.empty():
        raise Refused("BadRequest", 400, "Send what shall be there instead.")
    _precheck(number)
    with sending.sent() as sent, archive().writing() as session:
        work = standing.draft(session, number, standing.of_object)
        deposits.empty(session, work)
        references.forget(session, work)
        catalogue.save(session, work, sent.described(), actor=viewer())
        sending.keep(session, work, sent)
        deposits.finish(session, work)
    return _status(number, 202 if sent.wanted else 200)


@sword3.delete("/works/<int:number>")
@scope(Scope.DEPOSIT)
def discard(number: int) -> ResponseReturnValue:
    """Deletes a draft with its files."""
    with archive().writing() as session:
        staged = deposits.discard(session, standing.draft(session, number, standing.of_object))
    deposits.remove(staged)
    return "", 204


def _precheck(number: int) -> None:
    """Refuses what may not be changed before its body is read, which can take an hour."""
    standing.draft(current.reading(), number, standing.of_object)
    current.end(None)


def _status(number: int, code: int) -> Response:
    current.end(None)
    session = current.reading()
    found: dict[str, Any] = standing.status(session, standing.shown(session, number))
    answer = jsonify(found)
    answer.status_code = code
    answer.set_etag(found["eTag"])
    answer.headers["Cache-Control"] = "private, no-cache"
    if code == 200 and request.method == "GET":
        answer.make_conditional(request)
    return answer


def _tagged(answer: Response, number: int) -> Response:
    current.end(None)
    session = current.reading()
    work: Work = standing.shown(session, number)
    answer.set_etag(standing.of_object(session, work))
    return answer
