"""/feeds: what is new, for whoever wants to be told: of the archive, or of a part or a search."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy import ColumnElement

from repository import appearance, collections, latest, people, people_lists, records, syndication
from repository.syndication import Feed, Found
from repository.web import budgets, conditional
from repository.web.current import archive, reading
from repository.web.guard import public
from schemas import search as queries
from schemas import vocabulary

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")

KIND = f"<any({', '.join(syndication.WRITERS)}):kind>"


@blueprint.get(f"/new.{KIND}")
@public
def new(kind: str) -> Response:
    """Works of the whole archive."""
    return _newest(kind, "", url_for("pages.home"), latest.everywhere())


@blueprint.get(f"/collections/<slug>.{KIND}")
@public
def collection(slug: str, kind: str) -> Response:
    """Works of a collection and of those below it."""
    found = collections.find(reading(), slug)
    page = url_for("collections.show", slug=slug)
    return _newest(kind, found.name(_language()), page, latest.in_collection(found))


@blueprint.get(f"/people/<int:number>.{KIND}")
@public
def person(number: int, kind: str) -> Response:
    """Works that are surely one person's; of somebody without any there is no feed."""
    author = people.living(reading(), number)
    if not people_lists.works_of(reading(), [author.id]):
        abort(404)
    page = url_for("people.record", number=author.id)
    return _newest(kind, author.name, page, latest.by_person(author))


@blueprint.get(f"/subjects.{KIND}")
@public
def subject(kind: str) -> Response:
    """Works with a keyword or a code, given as `value`."""
    value = request.args.get("value", "").strip()
    found = latest.on_subject(value)
    if not value or not latest.published(reading(), found):
        abort(404)
    page = url_for("browse.by", axis="subject", value=value)
    return _newest(kind, value, page, found, value=value)


@blueprint.get(f"/search.{KIND}")
@public
@budgets.costly
def search(kind: str) -> Response:
    """What a search finds in this archive, the newest first unless another order is asked for."""
    query, _problems = queries.read(request.args)
    order = query.sort if request.args.get("sort") else "newest"
    query = replace(query, where=("here",), sort=order)
    hits = archive().index.find(query, limit=latest.LISTED)
    found = Found(query.q, hits.total, query.page, latest.LISTED)
    asked: dict[str, Any] = request.args.to_dict(flat=False)
    links = []
    for rel, page in (("previous", query.page - 1), ("next", query.page + 1)):
        if 1 <= page <= -(-hits.total // latest.LISTED):
            links.append((rel, _absolute("feeds.search", kind=kind, **{**asked, "page": page})))
    made = _feed(
        query.q,
        url_for("search.results", **asked),
        _absolute("feeds.search", kind=kind, **asked),
        [hit.number for hit in hits.results],
    )
    return _answer(kind, replace(made, found=found, links=tuple(links)))


def _newest(
    kind: str, name: str, page: str, which: ColumnElement[bool], **arguments: str
) -> Response:
    numbers = latest.published(reading(), which)
    own = {**(request.view_args or {}), **arguments}
    return _answer(kind, _feed(name, page, _absolute(str(request.endpoint), **own), numbers))


def _feed(name: str, page: str, address: str, numbers: Sequence[int]) -> Feed:
    site = archive().settings
    found = records.load(reading(), numbers, base_url=site.base_url)
    whose = appearance.name(site, _language())
    return Feed(
        title=f"{whose}: {name}" if name else whose,
        id=site.base_url + page,
        page=site.base_url + page,
        address=address,
        language=_language(),
        # The index may lag by a second: what was withdrawn meanwhile is out of here at once.
        records=[one for one in found if not one.deleted],
    )


def _language() -> str:
    """That of the archive, or the one asked for: a feed must not depend on a cookie."""
    asked = request.args.get("lang", "")
    return asked if asked in vocabulary.INTERFACE else archive().settings.language


def _absolute(endpoint: str, **arguments: Any) -> str:
    return archive().settings.base_url + url_for(endpoint, **arguments)


def _answer(kind: str, feed: Feed) -> Response:
    body = syndication.WRITERS[kind](feed)
    return conditional.answer(body, syndication.MEDIA_TYPES[kind], changed=latest.moved(reading()))
