"""/api/sword/2: the addresses of SWORD 2.0. A program signs in with an address and a token."""

from collections.abc import Callable
from contextlib import ExitStack
from email.message import Message
from io import BytesIO
from typing import IO, Any, BinaryIO

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from ingest import agreement, files, offers
from ingest.files import Arrival
from ingest.sword import atom, packages
from ingest.sword.atom import Kept, Sent, Shelf
from ingest.sword.packages import Refused
from repository import accounts, appearance, catalogue, clearance, collections, letters
from repository.access import Action
from repository.api import entrance
from repository.api.entrance import scope
from repository.errors import ArchiveError, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.works import File, Work
from repository.viewers import Viewer
from repository.web import current, permits, words
from repository.web.current import archive, viewer
from schemas import work as profile
from schemas.programs import Scope
from schemas.roles import Role
from schemas.vocabulary import State
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
            Shelf(_url("deposit", slug=one.slug), one.name(words.language()))
            for one in collections.everything(session)
        ]
    title = appearance.name(settings, words.language())
    root = atom.service(
        shelves, title=title, largest=settings.upload_limit, mediation=_may_mediate()
    )
    return _xml(root, "application/atomserv+xml")


@sword.post("/collections/<slug>")
@scope(Scope.DEPOSIT)
def deposit(slug: str) -> ResponseReturnValue:
    """A new deposit: an entry, a file or a package, or an entry with its payload."""
    owner = _owner()
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
        brought = (request.stream, _sent())

    def keep(session: Session, arrived: list[Arrival]) -> int:
        work = catalogue.draft(session, document or _nameless(arrived), actor=owner)
        catalogue.gather(session, work, [collections.find(session, slug)])
        _attach(session, work, arrived)
        _finish(session, work)
        return work.id

    number = _take(brought, keep)
    answer = _receipt(number, 201)
    answer.headers["Location"] = _url("receipt", number=number)
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
        _finish(session, work)
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
            _finish(session, permits.work(session, number, Action.EDIT))
    return _receipt(number, 200)


@sword.delete("/works/<int:number>")
@scope(Scope.DEPOSIT)
def discard(number: int) -> ResponseReturnValue:
    """Deletes a draft with its files."""
    with archive().writing() as session:
        work = permits.work(session, number, Action.EDIT)
        staged = [file.staged for file in work.files if file.staged]
        catalogue.discard(session, work, actor=viewer())
    for name in staged:
        (archive().settings.staging / name).unlink(missing_ok=True)
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
    answer.headers["Location"] = _url("media", number=number)
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
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_step(work, "edit")
        for file in list(work.current_files):
            catalogue.detach(session, work, file)
    return "", 204


@sword.get("/works/<int:number>/statement.<any(atom, rdf):form>")
@scope(Scope.DEPOSIT)
def statement(number: int, form: str) -> ResponseReturnValue:
    """How the deposit stands."""
    kept = _kept(number)
    if form == "rdf":
        return _xml(atom.rdf(kept), atom.RDF_TYPE)
    return _xml(atom.feed(kept), atom.FEED_TYPE)


def _url(endpoint: str, **parts: Any) -> str:
    return f"{archive().settings.base_url}{url_for(f'sword.{endpoint}', **parts)}"


def _may_mediate() -> bool:
    return viewer().may(Role.CATALOGUER)


def _owner() -> Viewer:
    """Whose deposit it is: a member of staff may deposit for somebody."""
    name = request.headers.get("On-Behalf-Of", "").strip()
    if not name:
        return viewer()
    if not _may_mediate():
        said = "Only the library's staff may deposit for others."
        raise Refused("MediationNotAllowed", 412, said)
    with archive().reading() as session:
        found = session.scalar(select(Account).where(Account.email == name.lower()))
        if found is None or found.state != AccountState.ACTIVE:
            raise Refused("TargetOwnerUnknown", 403, "Nobody here has this address.")
        return accounts.viewer(found)


def _sent() -> packages.Part:
    """What the headers say of the body."""
    head = Message()
    head["Content-Disposition"] = request.headers.get("Content-Disposition", "")
    name = head.get_filename() or ""
    if not name:
        said = "Name the file: Content-Disposition: attachment; filename=…"
        raise Refused("ErrorBadRequest", 400, said)
    packaging = request.headers.get("Packaging", atom.BINARY)
    return packages.Part(b"", b"", name, packaging, request.headers.get("Content-MD5", ""))


def _take(
    brought: tuple[IO[bytes], packages.Part] | None,
    keep: Callable[[Session, list[Arrival]], int],
) -> int:
    """Receives what was brought, and keeps it in one transaction with what belongs to it."""
    with ExitStack() as stack:
        arrived: list[Arrival] = []
        if brought is not None:
            stream, sent = brought
            limit = archive().settings.upload_limit
            file: BinaryIO = stack.enter_context(
                packages.spooled(stream, limit=limit, md5=sent.md5)
            )
            arrived = stack.enter_context(
                packages.arrivals(archive(), file, name=sent.name, packaging=sent.packaging)
            )
        with archive().writing() as session:
            return keep(session, arrived)


def _bring(number: int, *, replace: bool) -> None:
    permits.work(current.reading(), number, Action.EDIT)
    current.end(None)

    def keep(session: Session, arrived: list[Arrival]) -> int:
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_step(work, "edit")
        for file in list(work.current_files) if replace else ():
            catalogue.detach(session, work, file)
        _attach(session, work, arrived)
        _finish(session, work)
        return number

    _take((request.stream, _sent()), keep)


def _attach(session: Session, work: Work, arrived: list[Arrival]) -> None:
    for one in arrived:
        pages = offers.prepare(archive(), one).pages
        files.attach(session, work, one, settings=archive().settings, pages=pages)


def _nameless(arrived: list[Arrival]) -> dict[str, Any]:
    """A description where none was sent: what the first file suggests, else its name."""
    offered = dict(offers.prepare(archive(), arrived[0]).document) if arrived else {}
    if not offered.get("titles"):
        offered["titles"] = [{"text": arrived[0].name if arrived else "–", "kind": "main"}]
    return offered


def _finish(session: Session, work: Work) -> None:
    """Unless more is to come, the deposit goes to the library."""
    if request.headers.get("In-Progress", "false").strip().lower() == "true":
        return
    if work.state not in (State.DRAFT, State.RETURNED):
        return
    language = words.language()
    name = appearance.name(archive().settings, language)
    signed = agreement.signed(agreement.current(language, archive_name=name))
    session.flush()
    clearance.refuse_infected(work.current_files)
    catalogue.submit(session, work, actor=viewer(), agreement=signed)
    letters.to_depositor(session, work, "submitted", settings=archive().settings)


def _receipt(number: int, status: int) -> Response:
    current.end(None)
    work = permits.work(current.reading(), number, Action.COMMENT)
    return _xml(atom.receipt(_of(work), work.document), atom.ENTRY_TYPE, status)


def _kept(number: int) -> Kept:
    return _of(permits.work(current.reading(), number, Action.COMMENT))


def _of(work: Work) -> Kept:
    if work.state == State.WITHDRAWN:
        raise NotFound("There is no work %(number)s.", number=work.id)
    edit = _url("receipt", number=work.id)
    return Kept(
        number=work.id,
        title=profile.main_title(work.document).get("text", ""),
        state=State(work.state),
        edit=edit,
        media=_url("media", number=work.id),
        statement=f"{edit}/statement",
        page=f"{archive().settings.base_url}/works/{work.id}",
        changed=work.changed,
        by=viewer().name,
        files=[_file(work, one) for one in work.current_files],
    )


def _file(work: Work, file: File) -> Sent:
    base = archive().settings.base_url
    href = f"{base}{url_for('api.content', number=work.id, file=file.id)}"
    return Sent(href, file.name, file.media_type, file.created)
