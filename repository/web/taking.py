"""/search/results.<ending>: what a search has found, as a file for a spreadsheet or a program."""

from dataclasses import replace

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from repository import records
from repository.exports import many
from repository.records import Record
from repository.web.budgets import costly
from repository.web.current import archive, reading
from repository.web.guard import public
from schemas import search as queries
from schemas.vocabulary import State

taking = Blueprint("taking", __name__)

MOST = 1000  # works of one file


@taking.get("/search/results.<ending>")
@public
@costly
def results(ending: str) -> ResponseReturnValue:
    """The first thousand works that a search finds, in its order."""
    kind = many.KINDS.get(ending) or abort(404)
    query, _problems = queries.read(request.args)
    hits = archive().index.find(replace(query, page=1), limit=MOST)
    numbers = [hit.number for hit in hits.results if hit.number > 0]  # those of other libraries < 0
    made = Response(kind.write(_public(numbers)), content_type=f"{kind.media_type}; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="works.{ending}"'
    made.headers["X-Robots-Tag"] = "noindex"
    return made


def _public(numbers: list[int]) -> list[Record]:
    """Those that are public at this moment."""
    found = records.load(reading(), numbers, base_url=archive().settings.base_url)
    return [one for one in found if one.state == State.PUBLISHED]
