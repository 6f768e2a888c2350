"""/api for programs that deposit: drafts, their files, sending them to the library."""

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ingest import agreement, files, offers, uploads
from ingest.files import Arrival
from repository import appearance, catalogue, clearance, collections, deeds, letters, rights
from repository.access import Action
from repository.api import entrance, problems, reading, shapes
from repository.api.entrance import anybody, scope
from repository.deeds import Done
from repository.errors import Invalid
from repository.models.collections import Collection
from repository.models.works import Work
from repository.web import current, permits, words
from repository.web.current import archive, viewer
from schemas import programs
from schemas.messages import Message
from schemas.programs import Scope
from schemas.work import Unfit

api = Blueprint("api_deposit", __name__, url_prefix=entrance.PATH)
problems.add_to(api)
api.before_request(reading.known)


@api.get("/agreement")
@anybody
def agreed() -> ResponseReturnValue:
    """What a depositor agrees to, in the language that was asked for."""
    asked = request.args.get("language", words.language())
    name = appearance.name(archive().settings, asked)
    return agreement.current(asked, archive_name=name)._asdict()


@api.post("/works")
@scope(Scope.DEPOSIT)
def make() -> ResponseReturnValue:
    """A new draft."""
    given = programs.read(programs.NewWork, _body())

    def do(session: Session) -> tuple[int, dict[str, Any]]:
        work = catalogue.draft(session, given["document"], actor=viewer())
        catalogue.gather(session, work, _collections(session, given.get("collections", ())))
        return 201, {"number": work.id}

    done = _once(do, request.get_data(as_text=True))
    return _made(done, done.answer["number"])


@api.put("/works/<int:number>")
@scope(Scope.DEPOSIT)
def change(number: int) -> ResponseReturnValue:
    """Another document or other collections for a draft."""
    given = programs.read(programs.ChangedWork, _body())
    with archive().writing() as session:
        work = _mine(session, number)
        if "document" in given:
            catalogue.save(session, work, given["document"], actor=viewer())
        if "collections" in given:
            catalogue.check_step(work, "edit")
            catalogue.gather(session, work, _collections(session, given["collections"]))
    return _now(number)


@api.delete("/works/<int:number>")
@scope(Scope.DEPOSIT)
def discard(number: int) -> ResponseReturnValue:
    """Deletes a draft and its files."""
    with archive().writing() as session:
        work = _mine(session, number)
        staged = [file.staged for file in work.files if file.staged]
        catalogue.discard(session, work, actor=viewer())
    for name in staged:
        (archive().settings.staging / name).unlink(missing_ok=True)
    return "", 204


@api.post("/works/<int:number>/files")
@scope(Scope.DEPOSIT)
def add(number: int) -> ResponseReturnValue:
    """Adds a file, whose bytes are the body."""
    permits.work(current.reading(), number, Action.EDIT)
    if request.mimetype != uploads.RAW:
        raise Invalid("Send the bytes of the file as application/octet-stream.")
    arrival = _receive()
    pages = offers.prepare(archive(), arrival).pages

    def do(session: Session) -> tuple[int, dict[str, Any]]:
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_step(work, "edit")
        file = files.attach(session, work, arrival, settings=archive().settings, pages=pages)
        return 201, {"file": file.id}

    try:
        done = _once(do, str(number), arrival.name, arrival.sha512)
    except BaseException:
        files.discard(arrival, staging=archive().settings.staging)
        raise
    if done.again:
        files.discard(arrival, staging=archive().settings.staging)
    return _file(number, done.answer["file"], done)


def _receive() -> Arrival:
    settings = archive().settings
    stream, name = cast(BinaryIO, request.stream), request.args.get("name", "")
    arrival = files.receive(stream, name, staging=settings.staging, limit=settings.upload_limit)
    wanted = request.args.get("sha512", arrival.sha512).lower()
    if wanted != arrival.sha512:
        files.discard(arrival, staging=settings.staging)
        raise Invalid("Other bytes have arrived than you say. Send the file again.")
    return arrival


@api.patch("/works/<int:number>/files/<int:file>")
@scope(Scope.DEPOSIT)
def grant(number: int, file: int) -> ResponseReturnValue:
    """Says who may open a file of a draft."""
    given = programs.read(programs.FileRights, _body())
    with archive().writing() as session:
        work = _mine(session, number)
        catalogue.check_step(work, "edit")
        found = reading.of_work(work, file)
        kept = {**vars(rights.of(found)), **given}
        catalogue.grant(session, work, found, rights.Rights(**kept), actor=viewer())
    return _file(number, file)


@api.delete("/works/<int:number>/files/<int:file>")
@scope(Scope.DEPOSIT)
def remove(number: int, file: int) -> ResponseReturnValue:
    """Takes a file away from a draft."""
    with archive().writing() as session:
        work = _mine(session, number)
        catalogue.check_step(work, "edit")
        catalogue.detach(session, work, reading.of_work(work, file))
    return "", 204


@api.post("/works/<int:number>/submission")
@scope(Scope.DEPOSIT)
def submit(number: int) -> ResponseReturnValue:
    """Sends a draft to the library, with the agreement that was read."""
    given = programs.read(programs.Submission, _body())
    name = appearance.name(archive().settings, given["language"])
    text = agreement.current(given["language"], archive_name=name)
    if given["agreement"] != text.version:
        raise Unfit({"agreement": [Message(programs.OTHER_AGREEMENT, version=text.version)]})
    with archive().writing() as session:
        work = _mine(session, number)
        clearance.refuse_infected(work.current_files)
        catalogue.submit(session, work, actor=viewer(), agreement=agreement.signed(text))
        if given.get("comment"):
            catalogue.comment(session, work, actor=viewer(), text=given["comment"])
        letters.to_depositor(session, work, "submitted", settings=archive().settings)
    return _now(number)


def _body() -> Any:
    """What was sent as JSON; raises Invalid when it is none."""
    if not request.is_json:
        raise Invalid("Send JSON, as application/json.")
    found = request.get_json(silent=True)
    if found is None:
        raise Invalid("This is no JSON.")
    return found


def _mine(session: Session, number: int) -> Work:
    """The draft, if it may be changed and is as the program has read it."""
    work = permits.work(session, number, Action.EDIT)
    shapes.check_match(work)
    return work


def _collections(session: Session, slugs: Any) -> list[Collection]:
    return [collections.find(session, slug) for slug in slugs]


def _once(do: Any, *parts: str) -> Done:
    key = request.headers.get("Idempotency-Key", "")
    if key:
        deeds.check(key)
    asked = deeds.fingerprint(request.method, request.path, *parts)
    return deeds.once(archive(), viewer().id or 0, key, asked, do)


def _now(number: int) -> Response:
    """The work as this request has left it."""
    current.end(None)
    return shapes.answer(permits.work(current.reading(), number, Action.COMMENT), 200)


def _made(done: Done, number: int) -> Response:
    current.end(None)
    work = permits.work(current.reading(), number, Action.COMMENT)
    answer = shapes.answer(work, done.status)
    answer.headers["Location"] = f"{archive().settings.base_url}{entrance.PATH}/works/{number}"
    return _said(answer, done)


def _file(number: int, file: int, done: Done | None = None) -> Response:
    current.end(None)
    work = permits.work(current.reading(), number, Action.COMMENT)
    answer = make_response(
        jsonify(shapes.file(work, reading.of_work(work, file), mine=True)),
        done.status if done else 200,
    )
    answer.set_etag(str(work.revision))
    return _said(answer, done) if done else answer


def _said(answer: Response, done: Done) -> Response:
    if done.again:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
