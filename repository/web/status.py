"""/health: how the archive is, part by part, each in a sentence. For monitors, in English."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from repository import health
from repository.web.current import archive
from repository.web.guard import public

status = Blueprint("status", __name__)


@status.get("/health")
@public
def report() -> ResponseReturnValue:
    """200 when every part is well, else 503."""
    parts = health.check(archive())
    well = all(part.well for part in parts)
    answer = {
        "status": "ok" if well else "failing",
        "parts": {one.name: {"ok": one.well, "says": one.says} for one in parts},
    }
    return jsonify(answer), 200 if well else 503
