"""/api/sword/3/staging: large files in segments, to be deposited by their address afterwards."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ingest.sword.packages import Refused
from ingest.sword3 import documents, errors, headers, segments, standing
from repository.api import entrance
from repository.api.entrance import scope
from repository.web.current import archive, viewer
from schemas.programs import Scope

staging = Blueprint("sword3_staging", __name__, url_prefix=f"{entrance.PATH}/sword/3/staging")
errors.add_to(staging)


@staging.post("")
@scope(Scope.DEPOSIT)
def begin() -> ResponseReturnValue:
    """Begins an upload; says where its segments go."""
    said = headers.sent()
    if said.kind != "segment-init":
        told = "Say how large the file is: Content-Disposition: segment-init; size=…"
        raise Refused("BadRequest", 400, told)
    with archive().writing() as session:
        upload = segments.begin(session, said, actor=viewer(), settings=archive().settings)
        address = standing.url("sword3_staging.stand", name=upload.id)
    return "", 201, {"Location": address}


@staging.get("/<name>")
@scope(Scope.DEPOSIT)
def stand(name: str) -> ResponseReturnValue:
    """Which segments are here, and which are not."""
    with archive().reading() as session:
        upload = segments.get(session, name, actor=viewer())
    settings = archive().settings
    found = documents.segmented(
        standing.url("sword3_staging.stand", name=name),
        here=segments.here(settings, upload),
        missing=segments.missing(settings, upload),
        size=upload.size,
        segment=upload.segment or 0,
    )
    return jsonify(found), 200, {"Cache-Control": "no-store"}


@staging.route("/<name>", methods=["POST", "PUT"])
@scope(Scope.DEPOSIT)
def add(name: str) -> ResponseReturnValue:
    """Takes a segment."""
    said = headers.sent()
    if said.kind != "segment":
        told = "Say which segment it is: Content-Disposition: segment; segment_number=…"
        raise Refused("BadRequest", 400, told)
    with archive().reading() as session:
        upload = segments.get(session, name, actor=viewer())
    segments.add(archive(), upload, said.number("segment_number"), request.stream, headers.sums())
    return "", 204


@staging.delete("/<name>")
@scope(Scope.DEPOSIT)
def abort(name: str) -> ResponseReturnValue:
    """Forgets an upload and what has come of it."""
    with archive().reading() as session:
        segments.get(session, name, actor=viewer())
    segments.forget(archive(), name)
    return "", 204
