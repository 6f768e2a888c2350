"""Home, browsing, collections, people, help: pages that are the same for every reader."""

import base64
import json
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from repository import (
    alphabet,
    appearance,
    browse,
    clock,
    collections,
    people_lists,
    site_pages,
)
from repository import people as authors
from repository.web import guides, lists, schema_org, words, written
from repository.web.current import archive, reading
from repository.web.guard import public
from schemas import vocabulary

pages = Blueprint("pages", __name__)
browsing = Blueprint("browse", __name__, url_prefix="/browse")
gathered = Blueprint("collections", __name__, url_prefix="/collections")
people = Blueprint("people", __name__, url_prefix="/people")

AXES = ("year", "author", "subject", "type")


@pages.get("/")
@public
def home() -> ResponseReturnValue:
    """The first page."""
    site = archive().settings
    name = appearance.name(site, words.language())
    return render_template(
        "pages/home.html",
        numbers=browse.numbers(reading()),
        newest=[lists.row(work) for work in browse.newest(reading())],
        collections=_tree(),
        schema_org=schema_org.script(schema_org.site(name, site.base_url)),
    )


@pages.get("/about")
@public
def about() -> ResponseReturnValue:
    """What this archive is."""
    site = archive().settings
    return written.instead(site_pages.ABOUT) or render_template(
        "pages/about.html", contact=appearance.look(site).email or site.admin_email
    )


@pages.get("/help")
@public
def help() -> ResponseReturnValue:
    """How to search, read, cite and deposit."""
    told = guides.everything(words.language())
    own = written.instead(site_pages.HELP, guides=told)
    return own or render_template("pages/help.html", guides=told)


@pages.get("/gallery")
@public
def gallery() -> ResponseReturnValue:
    """Every piece that pages are made of, for those who make pages."""
    return render_template("gallery.html", now=clock.now())


@browsing.get("")
@public
def index() -> ResponseReturnValue:
    """The ways to browse."""
    return render_template(
        "browse/index.html",
        years=browse.years(reading()),
        types=_typed(browse.types(reading())),
        author_letters=browse.letters(reading(), "author"),
        subject_letters=browse.letters(reading(), "subject"),
        collections=_tree(),
    )


@browsing.get("/<axis>")
@public
def by(axis: str) -> ResponseReturnValue:
    """Values of one axis, or the works that have a value."""
    if axis not in AXES:
        abort(404)
    value = request.args.get("value", "").strip()
    if value:
        return _works_by(axis, value)
    letter = request.args.get("letter", "")[:1].upper()
    entries = {
        "year": lambda: browse.years(reading()),
        "type": lambda: _typed(browse.types(reading())),
        "author": lambda: browse.authors(reading(), letter=letter),
        "subject": lambda: browse.subjects(reading(), letter=letter),
    }[axis]()
    return render_template(
        "browse/by.html",
        axis=axis,
        entries=entries,
        letter=letter,
        letters=browse.letters(reading(), axis) if axis in ("author", "subject") else [],
        value="",
        works=[],
        next=None,
    )


def _works_by(axis: str, value: str) -> ResponseReturnValue:
    after = _mark(request.args.get("after"))
    if axis == "year":
        page = browse.by_year(reading(), int(value), after) if value.isdigit() else abort(404)
    else:
        find = {"type": browse.by_type, "author": browse.by_author, "subject": browse.by_subject}
        page = find[axis](reading(), value, after)
    if not page.works and not after:
        abort(404)
    label = words.label(vocabulary.TYPES[value].label) if axis == "type" else value
    return render_template(
        "browse/by.html",
        axis=axis,
        entries=[],
        letter="",
        letters=[],
        value=value,
        label=label,
        works=[lists.row(work) for work in page.works],
        next=_next(page.next),
    )


@gathered.get("", endpoint="index")
@public
def tree() -> ResponseReturnValue:
    """All collections."""
    return render_template("collections/index.html", collections=_tree())


@gathered.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One collection: what it is, what it holds."""
    found = collections.find(reading(), slug)
    counts = browse.collections(reading())
    page = browse.by_collection(reading(), found, _mark(request.args.get("after")))
    return render_template(
        "collections/show.html",
        collection=_collection(found, counts),
        lineage=[_collection(one, counts) for one in collections.lineage(found)[:-1]],
        children=[_collection(one, counts) for one in found.children],
        works=[lists.row(work) for work in page.works],
        next=_next(page.next),
    )


@people.get("/<int:number>")
@public
def record(number: int) -> ResponseReturnValue:
    """A person of whom there is a record: all their works, whatever name these give."""
    author = authors.living(reading(), number)
    page = people_lists.page_of(reading(), author, _mark(request.args.get("after")))
    if not page.works:
        abort(404)
    if author.id != number:
        return redirect(url_for("people.record", number=author.id), 301)
    return render_template(
        "people/record.html",
        author=author,
        others=people_lists.others(reading(), author),
        works=[lists.row(work) for work in page.works],
        next=_next(page.next),
    )


@people.get("/<path:name>", endpoint="show")
@public
def person(name: str) -> ResponseReturnValue:
    """The works of one person; those of the record, if all of this name are one person's."""
    known = people_lists.spelt_like(reading(), name)
    if len(known) == 1 and "all" not in request.args:
        return redirect(url_for("people.record", number=known[0].id))
    page = browse.by_author(reading(), name, _mark(request.args.get("after")))
    if not page.works:
        abort(404)
    agents = [agent for work in page.works for agent in work.agents]
    same = [agent for agent in agents if agent.key == alphabet.key(name)]
    return render_template(
        "people/show.html",
        name=same[0].name if same else name,
        known=known,
        orcid=next((agent.orcid for agent in same if agent.orcid), None),
        works=[lists.row(work) for work in page.works],
        next=_next(page.next),
    )


def _typed(entries: list[browse.Entry]) -> list[browse.Entry]:
    return [one._replace(label=words.label(vocabulary.TYPES[one.value].label)) for one in entries]


def _tree() -> list[dict[str, Any]]:
    """Collections with their depth, parents before children."""
    counts = browse.collections(reading())
    return [_collection(one, counts) for one in collections.everything(reading())]


def _collection(one: Any, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "name": one.name(words.language()),
        "description": one.descriptions.get(words.language())
        or next(iter(one.descriptions.values()), ""),
        "depth": len(collections.lineage(one)) - 1,
        "count": counts.get(one.id, 0),
    }


def _next(mark: browse.Mark | None) -> str | None:
    """The address of the next page."""
    if mark is None:
        return None
    after = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
    return url_for(
        str(request.endpoint),
        **{**(request.view_args or {}), **request.args.to_dict(), "after": after},
    )


def _mark(after: str | None) -> browse.Mark | None:
    """The mark in an address; None when there is none or it is not ours."""
    if not after:
        return None
    try:
        key, number = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return browse.Mark(str(key), int(number))
    except (ValueError, TypeError):
        return None
