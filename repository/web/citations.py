"""A work cited in every style and in every format, and its card for a catalogue of paper."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from repository import records
from repository.errors import NotFound
from repository.exports import gost, styling
from repository.models.accessions import Accession, Item
from repository.models.works import Work
from repository.records import Record
from repository.web import citing, works
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import work as profile
from schemas.accessions import Standing
from schemas.vocabulary import State

citations = Blueprint("citations", __name__, url_prefix="/works/<int:number>")

# The classes and marks of a card, in the order in which they stand on it.
SCHEMES = ("udc", "bbk", "grnti", "ddc")
MARKS = ("local", "inventory")


@citations.get("/cite")
@public
def show(number: int) -> ResponseReturnValue:
    """The work in all styles, and its formats to take along."""
    work = _published(number)
    if work.state == State.WITHDRAWN:
        return works.merged(work) or works.tombstone(work)
    record = records.of(work, base_url=archive().settings.base_url)
    answer = make_response(
        render_template(
            "works/cite.html",
            record=record,
            title=profile.main_title(record.document),
            cited=[citing.citation(record, style=key) for key in styling.STYLES],
            exports=list(_applying(record)),
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@citations.get("/card")
@public
def card(number: int) -> ResponseReturnValue:
    """A card of 125 × 75 mm, to be printed."""
    work = _published(number)
    if work.state == State.WITHDRAWN:
        return works.merged(work) or works.tombstone(work)
    record = records.of(work, base_url=archive().settings.base_url)
    answer = make_response(render_template("works/card.html", **_card(record)))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _published(number: int) -> Work:
    work = works.visible(number)
    if work.published is None:
        raise NotFound("There is no work %(number)s.", number=number)
    return work


def _applying(record: Record) -> Iterator[tuple[str, str]]:
    """(ending, name) of the formats that can say something of this work, the usual ones first."""
    known = citing.exports()
    for ending in [*citing.described(), *(one for one in known if one not in citing.DESCRIBED)]:
        try:
            known[ending].render(record)
        except NotFound:
            continue
        yield ending, known[ending].label


def _card(record: Record) -> dict[str, Any]:
    document = record.document
    found = {one: [] for one in SCHEMES}  # type: dict[str, list[str]]
    for one in document.get("classification", ()):
        if one["scheme"] in found:
            found[one["scheme"]].append(one["code"])
    identifiers = document.get("identifiers", ())
    return {
        "record": record,
        "title": profile.main_title(document),
        "card": gost.card(record),
        "language": (document.get("languages") or [""])[0],
        "classes": [(scheme, codes) for scheme, codes in found.items() if codes],
        "marks": [one["value"] for one in identifiers if one["scheme"] in MARKS],
        "inventory": list(_inventory(record.number)) if viewer().staff else [],
    }


def _inventory(number: int) -> Iterator[str]:
    """The inventory numbers of the work's copies, which staff alone read."""
    query = (
        select(Item)
        .join(Item.accession)
        .where(Item.work_id == number, Item.first.is_not(None))
        .where(Accession.standing == Standing.BOOKED)
        .order_by(Item.first)
    )
    for item in reading().scalars(query):
        first, last = item.first or 0, (item.first or 0) + item.copies - 1
        yield str(first) if first == last else f"{first}–{last}"
