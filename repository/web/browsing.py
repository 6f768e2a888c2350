"""/browse: all ways to what is public, each by plain links."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from repository import browse
from repository.web import gathering, listing, words
from repository.web.current import reading
from repository.web.guard import public
from schemas import classes, vocabulary

blueprint = Blueprint("browse", __name__, url_prefix="/browse")

AXES = ("title", "author", "year", "type", "subject", "language")
ALPHABETICAL = ("author", "subject")
_SCHEME = f"<any({', '.join(classes.SCHEMES)}):scheme>"


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """The ways to browse."""
    session = reading()
    return render_template(
        "browse/index.html",
        years=browse.years(session),
        types=listing.typed(browse.types(session)),
        tongues=listing.spoken(browse.languages(session)),
        title_letters=browse.letters(session, "title"),
        author_letters=browse.letters(session, "author"),
        subject_letters=browse.letters(session, "subject"),
        schemes=[(one, vocabulary.CLASSIFICATIONS[one]) for one in classes.SCHEMES],
        collections=gathering.tree(),
    )


@blueprint.get("/new")
@public
def new() -> ResponseReturnValue:
    """Works in the order in which they came, the last one first."""
    page = browse.added(reading(), listing.mark())
    return render_template("browse/new.html", **listing.rows(page))


@blueprint.get("/<axis>")
@public
def by(axis: str) -> ResponseReturnValue:
    """Values of one axis, or the works that have a value."""
    if axis not in AXES:
        abort(404)
    if axis == "title":
        return _titles()
    value = request.args.get("value", "").strip()
    if value:
        return _works_by(axis, value)
    if axis in ALPHABETICAL:
        return _names(axis)
    session = reading()
    entries = {
        "year": lambda: browse.years(session),
        "type": lambda: listing.typed(browse.types(session)),
        "language": lambda: listing.spoken(browse.languages(session)),
    }[axis]()
    return render_template("browse/by.html", axis=axis, entries=entries)


def _names(axis: str) -> ResponseReturnValue:
    letter = listing.letter()
    found = browse.named(reading(), axis, letter, listing.begin())
    return render_template(
        "browse/by.html",
        axis=axis,
        letter=letter,
        letters=browse.letters(reading(), axis),
        **listing.named(found),
    )


def _titles() -> ResponseReturnValue:
    letter = listing.letter()
    found = listing.shown(browse.titled(letter) if letter else browse.everything())
    return render_template(
        "browse/title.html", letter=letter, letters=browse.letters(reading(), "title"), **found
    )


def _works_by(axis: str, value: str) -> ResponseReturnValue:
    which = browse.which(axis, value)
    found = listing.shown(which) if which is not None else abort(404)
    if not found["works"] and not listing.mark():
        abort(404)
    return render_template(
        "browse/by.html", axis=axis, value=value, label=_label(axis, value), **found
    )


def _label(axis: str, value: str) -> str:
    if axis == "type":
        return words.label(vocabulary.TYPES[value].label)
    return words.language_name(value) if axis == "language" else value


@public
def scheme(scheme: str) -> ResponseReturnValue:
    """A library classification: its classes, and how many works are in each."""
    counts = browse.classes(reading(), scheme)
    return render_template(
        "browse/scheme.html",
        scheme=scheme,
        label=words.label(vocabulary.CLASSIFICATIONS[scheme]),
        classes=[(top, _below(scheme, top["code"], counts)) for top in _below(scheme, "", counts)],
    )


for one in classes.SCHEMES:
    blueprint.add_url_rule(f"/{one}", view_func=scheme, defaults={"scheme": one})


@blueprint.get(f"/{_SCHEME}/<code>")
@public
def node(scheme: str, code: str) -> ResponseReturnValue:
    """One class: those below it, and its works."""
    lineage = classes.lineage(scheme, code) or abort(404)
    counts = browse.classes(reading(), scheme)
    return render_template(
        "browse/class.html",
        scheme=scheme,
        label=words.label(vocabulary.CLASSIFICATIONS[scheme]),
        this=_said(lineage[-1], counts),
        lineage=[_said(one, counts) for one in lineage[:-1]],
        below=_below(scheme, code, counts),
        **listing.shown(browse.in_class(scheme, code)),
    )


def _said(one: classes.Class, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "code": one.code,
        "shown": one.code.replace("-", "–"),
        "name": one.name(words.language()),
        "works": counts.get(one.code, 0),
    }


def _below(scheme: str, code: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [_said(each, counts) for each in classes.below(scheme, code)]
