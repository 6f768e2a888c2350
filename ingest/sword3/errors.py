"""What went wrong, as SWORD 3.0 says it: a JSON document with a name out of its list."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from ingest.digests import Mismatch
from ingest.sword import packages
from ingest.sword3 import documents
from repository.errors import ArchiveError, NotAllowed, SignInNeeded
from repository.web import errors, words
from schemas.work import Unfit

# By status: the name, and the status that the specification has for it.
NAMES: Mapping[int, tuple[str, int]] = {
    400: ("BadRequest", 400),
    401: ("AuthenticationRequired", 401),
    403: ("Forbidden", 403),
    404: ("NotFound", 404),
    405: ("MethodNotAllowed", 405),
    409: ("MethodNotAllowed", 405),
    410: ("Gone", 410),
    412: ("BadRequest", 412),
    413: ("MaxUploadSizeExceeded", 413),
    415: ("ContentTypeNotAcceptable", 415),
    422: ("ValidationFailed", 400),
}
# What the parts that both versions share say in the words of 2.0.
NAMES_OF_2 = {
    "ErrorContent": "FormatHeaderMismatch",
    "ErrorChecksumMismatch": "DigestMismatch",
    "ErrorBadRequest": "BadRequest",
    "MediationNotAllowed": "OnBehalfOfNotAllowed",
    "TargetOwnerUnknown": "Forbidden",
}


def add_to(blueprint: Blueprint) -> None:
    """Has the blueprint say what went wrong in this way."""
    blueprint.register_error_handler(ArchiveError, _explained)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(Unfit, _unfit)


def _explained(error: ArchiveError) -> Response:
    name, status = NAMES.get(error.status, ("ServerError", error.status))
    if isinstance(error, packages.Refused):
        name, status = NAMES_OF_2.get(error.name, error.name), error.status
    elif isinstance(error, Mismatch):
        name = "DigestMismatch"
    elif isinstance(error, NotAllowed):
        name, status = "MethodNotAllowed", 405
    elif isinstance(error, SignInNeeded) and request.headers.get("Authorization"):
        name, status = "AuthenticationFailed", 403
    wrong = getattr(error, "errors", {}).items()
    details = [f"{path}: {' '.join(map(words.say, said))}" for path, said in wrong if said]
    answer = _answer(name, words.explain(error), status, "\n".join(details))
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _unfit(error: Unfit) -> Response:
    found = [f"{path}: {' '.join(map(words.say, said))}" for path, said in error.errors.items()]
    sentence = gettext("Some of what was sent is not right.")
    return _answer("ValidationFailed", sentence, 400, "\n".join(found))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    name, status = NAMES.get(status, ("ServerError" if status >= 500 else "BadRequest", status))
    return _answer(name, gettext(errors.SENTENCES.get(status, errors.SENTENCES[400])), status)


def _answer(name: str, sentence: str, status: int, log: str = "") -> Response:
    answer = jsonify(documents.error(name, sentence, log))
    answer.status_code = status
    if name.startswith("Authentication"):
        # Clients send everything first without a name, and read the answer only after that.
        while request.stream.read(packages.BLOCK):
            pass
        if status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="SWORD", charset="UTF-8", Bearer'
    return answer
