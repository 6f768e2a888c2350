"""/api/sword/3/works/<number>/…: the description of a deposit, its files, and single ones."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ingest import fetches
from ingest.sword import deposits
from ingest.sword.packages import Refused
from ingest.sword3 import errors, headers, metadata, references, sending, standing
from repository import access, catalogue
from repository.access import Action
from repository.api import entrance
from repository.api.entrance import scope
from repository.models.works import Work
from repository.web import current, witness, works
from repository.web.current import archive, viewer
from schemas.programs import Scope

parts = Blueprint(
    "sword3_parts", __name__, url_prefix=f"{entrance.PATH}/sword/3/works/<int:number>"
)
errors.add_to(parts)


# --- the description ------------------------------------------------------------------------------
@parts.get("/metadata")
@scope(Scope.DEPOSIT)
def metadata_of(number: int) -> ResponseReturnValue:
    """The description, as terms of Dublin Core."""
    work = standing.shown(current.reading(), number)
    address = standing.url("sword3_parts.metadata_of", number=number)
    answer = jsonify(metadata.write(work.document, address=address))
    answer.set_etag(standing.of_metadata(current.reading(), work))
    return answer.make_conditional(request)


@parts.put("/metadata")
@scope(Scope.DEPOSIT)
def describe(number: int) -> ResponseReturnValue:
    """Another description."""
    if not headers.sent().metadata or headers.sent().by_reference:
        told = "Send metadata: Content-Disposition: attachment; metadata=true"
        raise Refused("BadRequest", 400, told)
    with sending.sent() as sent:
        return _save(number, sent.described())


@parts.delete("/metadata")
@scope(Scope.DEPOSIT)
def undescribe(number: int) -> ResponseReturnValue:
    """No description any more."""
    return _save(number, {})


def _save(number: int, document: dict) -> Response:
    with archive().writing() as session:
        work = standing.draft(session, number, standing.of_metadata)
        catalogue.save(session, work, document, actor=viewer())
        tag = standing.of_metadata(session, work)
    return _done(tag)


# --- the file set ---------------------------------------------------------------------------------
@parts.put("/files")
@scope(Scope.DEPOSIT)
def replace_files(number: int) -> ResponseReturnValue:
    """Other files in place of those that were there."""
    _only_files()
    standing.draft(current.reading(), number, standing.of_files)
    current.end(None)
    with sending.sent() as sent, archive().writing() as session:
        work = standing.draft(session, number, standing.of_files)
        _empty(session, work)
        sending.keep(session, work, sent)
        tag = standing.of_files(session, work)
    return _done(tag, 202 if sent.wanted else 204)


@parts.delete("/files")
@scope(Scope.DEPOSIT)
def empty(number: int) -> ResponseReturnValue:
    """No files any more."""
    with archive().writing() as session:
        work = standing.draft(session, number, standing.of_files)
        _empty(session, work)
        tag = standing.of_files(session, work)
    return _done(tag)


def _empty(session: Session, work: Work) -> None:
    deposits.empty(session, work)
    references.forget(session, work)


def _only_files() -> None:
    if sending.empty() or headers.sent().metadata:
        raise Refused("BadRequest", 400, "Send files, and nothing else.")


# --- one file -------------------------------------------------------------------------------------
@parts.get("/files/<int:place>")
@scope(Scope.READ)
def content(number: int, place: int) -> ResponseReturnValue:
    """The bytes of a file."""
    work = standing.shown(current.reading(), number)
    found = standing.file(work, place)
    works.admit(access.decide(viewer(), Action.COPY, work, found), found)
    witness.staff_opens(work, found)
    answer = works.send(work, found, everybody=False)
    answer.set_etag(standing.of_file(found))
    return answer


@parts.put("/files/<int:place>")
@scope(Scope.DEPOSIT)
def replace_file(number: int, place: int) -> ResponseReturnValue:
    """Another file in the place of one."""
    _only_files()
    standing.draft(current.reading(), number, lambda _session, work: _tag(work, place))
    current.end(None)
    with sending.sent() as sent:
        if len(sent.arrived) + len(sent.wanted) != 1:
            raise Refused("BadRequest", 400, "Send one file for this one.")
        with archive().writing() as session:
            work = standing.draft(session, number, lambda _session, work: _tag(work, place))
            catalogue.detach(session, work, standing.file(work, place))
            for one in sending.keep(session, work, sent):
                one.position = place
            session.flush()
            tag = _tag(work, place) if sent.arrived else ""
    return _done(tag, 202 if sent.wanted else 204)


@parts.delete("/files/<int:place>")
@scope(Scope.DEPOSIT)
def remove(number: int, place: int) -> ResponseReturnValue:
    """Takes a file away."""
    with archive().writing() as session:
        work = standing.draft(session, number, lambda _session, work: _tag(work, place))
        catalogue.detach(session, work, standing.file(work, place))
    return "", 204


def _tag(work: Work, place: int) -> str:
    return standing.of_file(standing.file(work, place))


# --- files to be fetched --------------------------------------------------------------------------
@parts.delete("/references/<int:fetch>")
@scope(Scope.DEPOSIT)
def forget(number: int, fetch: int) -> ResponseReturnValue:
    """Does without a file that has not come."""
    with archive().writing() as session:
        work = standing.draft(session, number, standing.of_files)
        fetches.forget(session, work, fetch)
    return "", 204


@parts.route("/metadata", methods=["POST"])
@parts.route("/files", methods=["GET", "POST"])
@parts.route("/files/<int:place>", methods=["POST"])
@parts.route("/references/<int:fetch>", methods=["GET", "POST", "PUT"])
@scope(Scope.DEPOSIT)
def never(number: int, **_part: int) -> ResponseReturnValue:
    """What SWORD has no meaning for."""
    raise Refused("MethodNotAllowed", 405, "This address does not take such a request.")


def _done(tag: str, code: int = 204) -> Response:
    answer = Response(status=code)
    if tag:
        answer.set_etag(tag)
    return answer
