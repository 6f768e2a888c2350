"""/api/sword/2: the addresses of SWORD 2.0. A program signs in with an address and a token."""

from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from typing import IO, Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from lxml import etree
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from ingest.files import Arrival
from ingest.sword import atom, deposits, packages, standing
from ingest.sword.atom import Kept, Shelf
from ingest.sword.packages import Refused
from repository import appearance, catalogue, collections
from repository.access import Action
from repository.api import entrance
from repository.api.entrance import scope
from repository.errors import ArchiveError
from repository.web import current, permits, words
from repository.web.current import archive, viewer
from schemas.programs import Scope
from schemas.work import Unfit

sword = Blueprint("sword", __name__, url_prefix=f"{entrance.PATH}/sword/2")
WRONG = {400: "ErrorBadRequest", 405: "MethodNotAllowed", 413: "MaxUploadSizeExceeded"}
WRONG |= {415: "ErrorContent"}


@sword.errorhandler(ArchiveError)
def _explained(error: ArchiveError) -> Response:
    name = getattr(error, "name", WRONG.get(error.status, "ErrorBadRequest"))
    wrong = getattr(error, "errors", {}).items()
    details = [f"{path}: {' '.join(map(words.say, said))}" for path, said in wrong if said]
    return _error(name, " ".join([words.explain(error), *details]), error.status)


@sword.errorhandler(Unfit)
def _unfit(error: Unfit) -> Response:
    return _error("ErrorBadRequest", str(error), 400)


@sword.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    status = error.code or 500
    return _error(WRONG.get(status, "ErrorBadRequest"), error.description or error.name, status)


def _error(name: str, sentence: str, status: int) -> Response:
    answer = _xml(atom.error(name, sentence), "text/xml", status)
    if status == 401:
        # Clients send everything first without a name, and read the answer only after that.
        while request.stream.read(packages.BLOCK):
            pass
        answer.headers["WWW-Authenticate"] = 'Basic realm="SWORD", charset="UTF-8"'
    return answer


def _xml(root: etree._Element, media_type: str, status: int = 200) -> Response:
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return Response(body, status, content_type=media_type)


@sword.get("/service")
@scope(Scope.DEPOSIT)
def service() -> ResponseReturnValue:
    """Where one can deposit."""
    settings = archive().settings
    with archive().reading() as session:
        shelves = [
            Shelf(standing.url("deposit", slug=one.slug), one.name(words.language()))
            for one in collections.everything(session)
        ]
    title = appearance.name(settings, words.language())
    root = atom.service(
        shelves, title=title, largest=settings.upload_limit, mediation=deposits.may_mediate()
    )
    return _xml(root, "application/atomserv+xml")


@sword.post("/collections/<slug>")
@scope(Scope.DEPOSIT)
def deposit(slug: str) -> ResponseReturnValue:
    """A new deposit: an entry, a file or a package, or an entry with its payload."""
    owner = deposits.owner()
    with archive().reading() as session:
        collections.find(session, slug)
    document: dict[str, Any] | None = None
    brought: tuple[IO[bytes], packages.Part] | None = None
    if request.mimetype == "application/atom+xml":
        document = atom.read(request.get_data())
    elif request.mimetype == "multipart/related":
        sent = packages.parts(request.get_data(), request.headers["Content-Type"])
        document, brought = atom.read(sent.entry), (BytesIO(sent.payload), sent)
    else:
        brought = (request.stream, deposits.announced())

    def keep(session: Session, arrived: list[Arrival]) -> int:
        work = catalogue.draft(session, document or deposits.nameless(arrived), actor=owner)
        catalogue.gather(session, work, [collections.find(session, slug)])
        deposits.attach(session, work, arrived)
        deposits.finish(session, work)
        return work.id

    number = _take(brought, keep)
    answer = _receipt(number, 201)
    answer.headers["Location"] = standing.url("receipt", number=number)
    return answer


@sword.get("/works/<int:number>")
@scope(Scope.DEPOSIT)
def receipt(number: int) -> ResponseReturnValue:
    """The receipt of a deposit."""
    return _receipt(number, 200)


@sword.put("/works/<int:number>")
@scope(Scope.DEPOSIT)
def describe(number: int) -> ResponseReturnValue:
    """Another description, by an entry."""
    document = atom.read(request.get_data())
    with archive().writing() as session:
        work = permits.work(session, number, Action.EDIT)
        catalogue.save(session, work, document, actor=viewer())
        deposits.finish(session, work)
    return _receipt(number, 200)


@sword.post("/works/<int:number>")
@scope(Scope.DEPOSIT)
def add(number: int) -> ResponseReturnValue:
    """More: an entry or a file; without either the deposit is complete."""
    length = request.content_length or 0
    if request.mimetype == "application/atom+xml" and length:
        return describe(number)
    if length:
        _bring(number, replace=False)
    else:
        with archive().writing() as session:
            deposits.finish(session, permits.work(session, number, Action.EDIT))
    return _receipt(number, 200)


@sword.delete("/works/<int:number>")
@scope(Scope.DEPOSIT)
def discard(number: int) -> ResponseReturnValue:
    """Deletes a draft with its files."""
    with archive().writing() as session:
        staged = deposits.discard(session, permits.work(session, number, Action.EDIT))
    deposits.remove(staged)
    return "", 204


@sword.get("/works/<int:number>/media")
@scope(Scope.DEPOSIT)
def media(number: int) -> ResponseReturnValue:
    """The files of a deposit, as a feed: each is fetched by its own address."""
    wanted = request.headers.get("Accept-Packaging", "")
    if wanted and wanted != atom.BINARY:
        raise Refused("ErrorContent", 406, "Only single files are handed out (Binary).")
    return _xml(atom.feed(_kept(number)), atom.FEED_TYPE)


@sword.post("/works/<int:number>/media")
@scope(Scope.DEPOSIT)
def add_media(number: int) -> ResponseReturnValue:
    """One more file or package."""
    _bring(number, replace=False)
    answer = _receipt(number, 201)
    answer.headers["Location"] = standing.url("media", number=number)
    return answer


@sword.put("/works/<int:number>/media")
@scope(Scope.DEPOSIT)
def replace_media(number: int) -> ResponseReturnValue:
    """Other files in place of those that were there."""
    _bring(number, replace=True)
    return "", 204


@sword.delete("/works/<int:number>/media")
@scope(Scope.DEPOSIT)
def empty(number: int) -> ResponseReturnValue:
    """No files any more."""
    with archive().writing() as session:
        deposits.empty(session, permits.work(session, number, Action.EDIT))
    return "", 204


@sword.get("/works/<int:number>/statement.<any(atom, rdf):form>")
@scope(Scope.DEPOSIT)
def statement(number: int, form: str) -> ResponseReturnValue:
    """How the deposit stands."""
    kept = _kept(number)
    if form == "rdf":
        return _xml(atom.rdf(kept), atom.RDF_TYPE)
    return _xml(atom.feed(kept), atom.FEED_TYPE)


def _take(
    brought: tuple[IO[bytes], packages.Part] | None,
    keep: Callable[[Session, list[Arrival]], int],
) -> int:
    """Receives what was brought, and keeps it in one transaction with what belongs to it."""
    with ExitStack() as stack:
        arrived: list[Arrival] = []
        if brought is not None:
            stream, sent = brought
            came = deposits.received(
                stream, name=sent.name, packaging=sent.packaging, sums=deposits.md5(sent.md5)
            )
            arrived = stack.enter_context(came)
        with archive().writing() as session:
            return keep(session, arrived)


def _bring(number: int, *, replace: bool) -> None:
    permits.work(current.reading(), number, Action.EDIT)
    current.end(None)

    def keep(session: Session, arrived: list[Arrival]) -> int:
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_step(work, "edit")
        if replace:
            deposits.empty(session, work)
        deposits.attach(session, work, arrived)
        deposits.finish(session, work)
        return number

    _take((request.stream, deposits.announced()), keep)


def _receipt(number: int, status: int) -> Response:
    current.end(None)
    work = permits.work(current.reading(), number, Action.COMMENT)
    return _xml(atom.receipt(standing.of(work), work.document), atom.ENTRY_TYPE, status)


def _kept(number: int) -> Kept:
    return standing.of(permits.work(current.reading(), number, Action.COMMENT))
