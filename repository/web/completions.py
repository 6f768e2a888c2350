"""/search/begun: what a reader may be about to type, for the search boxes."""

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import completing
from repository.completing import Offer
from repository.web.current import reading
from repository.web.guard import public
from schemas import text

completions = Blueprint("completions", __name__)

LONGEST = 60
KEPT = 300  # seconds that a browser keeps an answer


@completions.get("/search/begun")
@public
def begun() -> ResponseReturnValue:
    """People, subjects and titles that begin so, in groups, each with its address."""
    typed = text.line(request.args.get("q", ""))[:LONGEST]
    groups = _groups(typed) if len(typed) >= completing.SHORTEST else []
    answer = jsonify([group for group in groups if group["offers"]])
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def _groups(typed: str) -> list[dict[str, Any]]:
    session = reading()
    return [
        {
            "label": gettext("People"),
            "offers": [_people(one) for one in completing.people(session, typed)],
        },
        {
            "label": gettext("Subjects"),
            "offers": [_subject(one) for one in completing.subjects(session, typed)],
        },
        {
            "label": gettext("Works"),
            "offers": [_title(one) for one in completing.titles(session, typed)],
        },
    ]


def _people(one: Offer) -> dict[str, Any]:
    return {"text": one.text, "count": one.works, "href": url_for("people.show", name=one.text)}


def _subject(one: Offer) -> dict[str, Any]:
    href = url_for("browse.by", axis="subject", value=one.text)
    return {"text": one.text, "count": one.works, "href": href}


def _title(one: Offer) -> dict[str, Any]:
    return {"text": one.text, "href": url_for("works.show", number=one.number)}
