"""/collections: what each is, what is below it, its works, people and numbers."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from repository import browse, collections, portraits, tallies
from repository.models.collections import Collection
from repository.web import listing, lists, words
from repository.web.current import reading
from repository.web.guard import public

blueprint = Blueprint("collections", __name__, url_prefix="/collections")

NEWEST = 3
MANY = 30  # below which a collection is shown by its list alone


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """All collections."""
    return render_template("collections/index.html", collections=tree())


@blueprint.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One collection: what it is, what it holds, who made that."""
    found = collections.find(reading(), slug)
    counts = browse.collections(reading())
    which = browse.in_collection(found)
    return render_template(
        "collections/show.html",
        collection=_collection(found, counts),
        lineage=[_collection(one, counts) for one in collections.lineage(found)[:-1]],
        children=[_collection(one, counts) for one in found.children],
        **listing.shown(which),
        **(
            {}
            if "after" in request.args or "part" in request.args
            else _portrait(found, counts.get(found.id, 0))
        ),
    )


def _portrait(found: Collection, works: int) -> dict[str, Any]:
    session, which = reading(), browse.in_collection(found)
    newest = browse.newest(session, NEWEST, which) if works > MANY else []
    counted = tallies.of(session, f"in {found.slug}", lambda: _counted(session, which))
    return {
        "newest": [lists.row(work) for work in newest],
        **counted,
        "kinds": listing.typed(counted["kinds"]),
    }


def _counted(session: Session, which: browse.Which) -> dict[str, Any]:
    return {
        "numbers": browse.numbers(session, which),
        "people": portraits.people(session, which),
        "kinds": portraits.kinds(session, which),
        "years": portraits.years(session, which),
    }


def tree() -> list[dict[str, Any]]:
    """Collections with their depth, parents before children."""
    counts = browse.collections(reading())
    return [_collection(one, counts) for one in collections.everything(reading())]


def _collection(one: Collection, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "name": one.name(words.language()),
        "description": one.descriptions.get(words.language())
        or next(iter(one.descriptions.values()), ""),
        "depth": len(collections.lineage(one)) - 1,
        "count": counts.get(one.id, 0),
    }
