"""What went wrong, as programs read it: RFC 9457."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from flask import Blueprint, Response, g
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from repository.errors import ArchiveError
from repository.web import errors, words
from schemas.work import Unfit

MEDIA_TYPE = "application/problem+json"


def add_to(blueprint: Blueprint) -> None:
    """Has the blueprint say what went wrong in this way."""
    blueprint.register_error_handler(ArchiveError, _archive_error)
    blueprint.register_error_handler(HTTPException, _http_error)
    blueprint.register_error_handler(Unfit, _unfit)


def problem(status: int, detail: str, found: Mapping[str, Iterable[str]] | None = None) -> Response:
    """The answer; `found` is what is wrong in each place."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [{"path": path, "says": list(one)} for path, one in (found or {}).items()],
        "request": g.get("request_id", ""),
    }
    answer = Response(json.dumps(said, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _archive_error(error: ArchiveError) -> Response:
    found = {
        path: [words.say(one) for one in said]
        for path, said in getattr(error, "errors", {}).items()
    }
    answer = problem(error.status, words.explain(error), found)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _unfit(error: Unfit) -> Response:
    found = {path: [words.say(one) for one in said] for path, said in error.errors.items()}
    return problem(422, gettext("Some of what was sent is not right."), found)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return Response.force_type(error.get_response())  # type: ignore[return-value]
    return problem(status, gettext(errors.SENTENCES.get(status, errors.SENTENCES[400])))
