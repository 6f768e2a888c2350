"""Works and files as programs get them; `schemas.programs` describes the same."""

from typing import Any

from flask import Response, jsonify, request, url_for

from repository import access
from repository.access import Action
from repository.errors import ArchiveError
from repository.models.works import File, Work
from repository.web import words
from repository.web.current import archive, viewer
from schemas import work as profile
from schemas.vocabulary import State


class Stale(ArchiveError):
    """The work is not as the program has read it."""

    status = 412


class Unnamed(ArchiveError):
    """The program does not say which revision it has read."""

    status = 428


def answer(work: Work, status: int = 200) -> Response:
    """A work, with its revision as ETag; 304 to those who have it."""
    made = jsonify(of(work))
    made.status_code = status
    made.set_etag(str(work.revision))
    made.headers["Cache-Control"] = "private, no-cache"
    if status == 200:
        made.make_conditional(request)
    return made


def of(work: Work) -> dict[str, Any]:
    """A work as its viewer may see it."""
    base = archive().settings.base_url
    mine = bool(access.decide(viewer(), Action.COMMENT, work))
    shown: dict[str, Any] = {
        "number": work.id,
        "uuid": work.uuid,
        "state": work.state,
        "version": work.version,
        "revision": work.revision,
        "url": f"{base}{url_for('works.show', number=work.id)}",
        "document": work.document,
        "collections": [one.slug for one in work.collections],
        "files": [file(work, one, mine=mine) for one in work.current_files],
        "published": work.published.isoformat() if work.published else None,
        "changed": work.changed.isoformat(),
    }
    if mine and work.state in (State.DRAFT, State.RETURNED):
        shown["problems"] = {
            path: [words.say(one) for one in said]
            for path, said in profile.errors(work.document).items()
        }
    return shown


def file(work: Work, one: File, *, mine: bool) -> dict[str, Any]:
    """A file; how its scan went only for those who keep the work."""
    base = archive().settings.base_url
    shown: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "size": one.size,
        "sha512": one.sha512,
        "media_type": one.media_type,
        "pages": one.pages,
        "access": one.access,
        "level": access.level(one),
        "copying": one.copying,
        "embargo_until": one.embargo_until.isoformat() if one.embargo_until else None,
        "lease_until": one.lease_until.isoformat() if one.lease_until else None,
        "content": f"{base}{url_for('api.content', number=work.id, file=one.id)}",
    }
    return {**shown, "scan": one.scan} if mine else shown


def check_match(work: Work) -> None:
    """Raises Unnamed or Stale unless the program says that it has read this very revision."""
    if not request.if_match:
        raise Unnamed("Say in If-Match which revision you have read: the ETag of the work.")
    if not request.if_match.contains(str(work.revision)):
        raise Stale("This work was changed since you read it. Read it again, then decide.")
