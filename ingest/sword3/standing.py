"""How a deposit of SWORD 3.0 stands: its addresses, the ETags of its parts, its status."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import g, request, url_for
from sqlalchemy.orm import Session

from ingest import fetches
from ingest.sword import deposits
from ingest.sword.packages import Refused
from ingest.sword3 import documents
from ingest.sword3.documents import Awaited, Held
from repository import access
from repository.access import Action
from repository.errors import ArchiveError, Gone, NotFound
from repository.models.accounts import Account
from repository.models.fetches import Fetch, FetchState
from repository.models.works import File, Work
from repository.web import permits, words
from repository.web.current import archive, viewer
from schemas.programs import Scope
from schemas.vocabulary import Scan, State

Tag = Callable[[Session, Work], str]


def url(endpoint: str, **parts: Any) -> str:
    """The whole address of a view."""
    return f"{archive().settings.base_url}{url_for(endpoint, **parts)}"


# --- ETags ----------------------------------------------------------------------------------------
def of_metadata(session: Session, work: Work) -> str:
    """The ETag of the description."""
    return _digest(work.document)


def of_files(session: Session, work: Work) -> str:
    """The ETag of the file set: another one when a file comes, goes or changes."""
    coming = [(one.id, one.state) for one in fetches.of(session, work.id)]
    return _digest([coming, *(of_file(one) for one in work.current_files)])


def of_file(file: File) -> str:
    """The ETag of a file."""
    return _digest([file.id, file.name, file.sha512, file.scan])


def of_object(session: Session, work: Work) -> str:
    """The ETag of the whole: another one when any part has another."""
    parts = [of_metadata(session, work), of_files(session, work)]
    return _digest([work.id, work.revision, work.state, *parts])


def _digest(value: Any) -> str:
    said = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


# --- permission -----------------------------------------------------------------------------------
def shown(session: Session, number: int) -> Work:
    """The work, for whoever keeps it; raises Gone once it was withdrawn."""
    work = permits.work(session, number, Action.COMMENT)
    if work.state == State.WITHDRAWN:
        raise Gone("This work was withdrawn.")
    return work


def draft(session: Session, number: int, tag: Tag) -> Work:
    """The work, if it may be changed and is as the program has read it."""
    work = shown(session, number)
    if work.state not in deposits.OPEN:
        said = "Only a draft can be changed. This deposit is with the library already."
        raise Refused("MethodNotAllowed", 405, said)
    permits.work(session, number, Action.EDIT)
    check(tag(session, work))
    return work


def check(tag: str) -> None:
    """Raises Refused unless the program says that it has read this very state."""
    if not request.if_match:
        said = "Say in If-Match which state you have read: the ETag of what you change."
        raise Refused("ETagRequired", 412, said)
    if not request.if_match.contains(tag):
        said = "This was changed since you read it. Read it again, then decide."
        raise Refused("ETagNotMatched", 412, said)


def file(work: Work, place: int) -> File:
    """The work's file at that place; raises NotFound."""
    found = next((one for one in work.current_files if one.position == place), None)
    if found is None:
        raise NotFound("This work has no such file.")
    return found


# --- status ---------------------------------------------------------------------------------------
def status(session: Session, work: Work) -> dict[str, Any]:
    """The status document."""
    collection = work.collections[0] if work.collections else None
    return documents.status(
        addresses={
            "object": url("sword3.status", number=work.id),
            "metadata": url("sword3_parts.metadata_of", number=work.id),
            "files": url("sword3_parts.replace_files", number=work.id),
            "page": f"{archive().settings.base_url}/works/{work.id}",
            "service": url("sword3.shelf", slug=collection.slug)
            if collection
            else url("sword3.service"),
        },
        tags={
            "object": of_object(session, work),
            "metadata": of_metadata(session, work),
            "files": of_files(session, work),
        },
        state=State(work.state),
        changed=work.changed,
        changes=work.state in deposits.OPEN and bool(access.decide(viewer(), Action.EDIT, work)),
        reads=Scope.READ in g.api_scopes,
        held=_held(session, work),
        awaited=[_awaited(work, one) for one in fetches.of(session, work.id)],
    )


def file_url(work: Work, one: File) -> str:
    """The File-URL. A file that replaces another one takes its place, and so its address."""
    return url("sword3_parts.content", number=work.id, place=one.position)


def _held(session: Session, work: Work) -> list[Held]:
    owner = session.get(Account, work.owner_id) if work.owner_id else None
    page = f"{archive().settings.base_url}/works/{work.id}"
    return [
        Held(
            file_url(work, one),
            one.media_type,
            one.created,
            owner.name if owner else "",
            of_file(one),
            "A virus was found in it." if one.scan == Scan.INFECTED else "",
            f"{page}/{quote(one.name)}" if work.state == State.PUBLISHED else "",
        )
        for one in work.current_files
    ]


def _awaited(work: Work, one: Fetch) -> Awaited:
    address = url("sword3_parts.forget", number=work.id, fetch=one.id)
    if one.state == FetchState.FAILED:
        return Awaited(address, one.source, "error", _explained(one))
    return Awaited(address, one.source, "downloading" if one.came else "pending")


def _explained(one: Fetch) -> str:
    problem = one.problem or {}
    sentence = problem.get("sentence", "")
    return words.explain(ArchiveError(sentence, **problem.get("params", {}))) if sentence else ""
