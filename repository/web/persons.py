"""/people: what a person is called and where they worked, what they wrote, on what, with whom."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_

from repository import alphabet, browse, people_lists, portraits
from repository import people as authors
from repository.web import listing
from repository.web.current import reading
from repository.web.guard import public
from schemas import work as profile
from schemas.work import Document

blueprint = Blueprint("people", __name__, url_prefix="/people")

Which = ColumnElement[bool]
Named = tuple[dict[str, Any], int | None]  # a person as a work names them, and its year

_FACETS = {"kind": "type", "year": "year"}


@blueprint.get("/<int:number>")
@public
def record(number: int) -> ResponseReturnValue:
    """A person of whom there is a record: all their works, whatever name these give."""
    author = authors.living(reading(), number)
    if not people_lists.works_of(reading(), [author.id]):
        abort(404)
    if author.id != number:
        return redirect(url_for("people.record", number=author.id), 301)
    return render_template(
        "people/record.html",
        author=author,
        others=people_lists.others(reading(), author),
        **_works(people_lists.theirs(author), portraits.not_of(author)),
    )


@blueprint.get("/<path:name>", endpoint="show")
@public
def person(name: str) -> ResponseReturnValue:
    """The works of one person; those of the record, if all of this name are one person's."""
    known = people_lists.spelt_like(reading(), name)
    if len(known) == 1 and "all" not in request.args:
        return redirect(url_for("people.record", number=known[0].id))
    which = browse.which("author", name)
    if which is None:
        abort(404)
    found = _works(which, portraits.not_named(name))
    agents = list(_agents(portraits.documents(reading(), which), name))
    return render_template(
        "people/show.html",
        name=next((profile.agent_name(agent) for agent, _year in agents), name),
        known=known,
        orcid=next((agent["orcid"] for agent, _year in agents if agent.get("orcid")), None),
        forms=_forms(agents),
        places=_places(agents),
        **found,
    )


def _works(which: Which, but: Which) -> dict[str, Any]:
    """The works of a person, of one kind or year where that is asked for, and their portrait."""
    session = reading()
    chosen = [browse.which(axis, request.args.get(name, "")) for name, axis in _FACETS.items()]
    asked = [request.args.get(name, "") for name in _FACETS]
    if any(one and each is None for one, each in zip(asked, chosen, strict=True)):
        abort(404)
    found = listing.shown(and_(which, *(one for one in chosen if one is not None)))
    if not found["works"] and not listing.mark():
        abort(404)
    return {
        **found,
        "kind": asked[0],
        "year": asked[1],
        "kinds": listing.typed(portraits.kinds(session, which)),
        "years": portraits.years(session, which),
        "fellows": portraits.people(session, which, but),
        "subjects": portraits.subjects(session, which),
    }


def _agents(documents: Iterable[Document], name: str) -> Iterator[Named]:
    """This person as each of the works names them, and its year."""
    for document in documents:
        for agent in (*document.get("creators", ()), *document.get("contributors", ())):
            if alphabet.key(profile.agent_name(agent)) == alphabet.key(name):
                yield agent, profile.year(document)


def _forms(agents: list[Named]) -> list[tuple[str, str]]:
    """Other ways in which works write the name, with the language."""
    forms = (
        (profile.agent_name(one), one.get("language", ""))
        for agent, _year in agents
        for one in agent.get("forms", ())
    )
    return [one for one in dict.fromkeys(forms) if one[0]]


def _places(agents: list[Named]) -> list[tuple[str, str]]:
    """Places that works name for the person, with the years of these works."""
    years: dict[str, set[int]] = {}
    for agent, year in agents:
        for place in agent.get("affiliations", ()):
            if place.get("name"):
                years.setdefault(place["name"], set()).update({year} if year else set())
    told = sorted(years.items(), key=lambda one: (min(one[1], default=0), one[0]))
    return [(name, _span(some)) for name, some in told]


def _span(years: set[int]) -> str:
    return "–".join(dict.fromkeys(map(str, (min(years), max(years))))) if years else ""
