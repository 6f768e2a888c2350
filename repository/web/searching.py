"""Searching: what readers type, what they find."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from repository import access, elsewhere, indexing, pictures
from repository.access import Action
from repository.errors import ArchiveError
from repository.exports import many
from repository.index import Hits, Snippet, rescue
from repository.index.rescue import Way
from repository.models.collections import Collection
from repository.models.works import Work
from repository.web import budgets, lists, searches, taking, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import search as queries
from schemas import vocabulary
from schemas.vocabulary import State

search = Blueprint("search", __name__)

PAGE = 20
FACETS = ("where", "type", "language", "access", "author", "subject", "collection")
SHOWN = 12
FEW = 3  # works found, where another spelling is thought of
MOST_BARS = 60


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


FILLING = _("The search index is being filled: some works are not found yet. Browsing shows all.")
GUESSED = {
    Way.KEYBOARD: _("the same keys on the other keyboard"),
    Way.LATIN: _("written in Cyrillic letters"),
    Way.SPELLING: _("another spelling"),
}


@search.get("/search")
@public
@budgets.costly
def results() -> ResponseReturnValue:
    """What is found, best first, with counts by kind, year, language and collection."""
    query, problems = queries.read(request.args)
    notice = " ".join(words.say(message) for found in problems.values() for message in found)
    try:
        hits = archive().index.find(query, limit=PAGE)
    except ArchiveError as error:
        hits, notice = Hits.none(), words.explain(error)
    if hits.notice:
        notice = " ".join(filter(None, (notice, words.say(hits.notice))))
    if indexing.filling(reading()):
        notice = " ".join(filter(None, (notice, gettext(FILLING))))
    pages = -(-hits.total // PAGE)
    better = _better(query, hits.total)
    return render_template(
        "search/results.html",
        query=query,
        total=hits.total,
        results=_rows(hits),
        facets=[_facet(axis, hits, query) for axis in FACETS],
        chosen=_chosen(query),
        sorts=_sorts(query),
        notice=notice,
        better=better,
        years=_years(hits, query),
        as_kept=searches.arguments(),
        files=[(kind.label, _file(ending)) for ending, kind in many.KINDS.items()],
        most=taking.MOST,
        often=searches.often(),
        page=query.page,
        previous=_address(page=query.page - 1) if query.page > 1 else None,
        next=_address(page=query.page + 1) if query.page < pages else None,
    )


def _better(query: queries.Query, total: int) -> dict[str, Any] | None:
    """What finds more, where little was found."""
    if not query.q or total > FEW or query.page > 1:
        return None
    index = archive().index
    with suppress(ArchiveError):
        for guess in rescue.guesses(index.frequencies, query.q):
            found = index.find(replace(query, q=guess.text), limit=1).total
            if found > total:
                href = _address(q=guess.text, page=None)
                says = gettext(GUESSED[guess.way])
                return {"text": guess.text, "says": says, "count": found, "href": href}
    return None


def _years(hits: Hits, query: queries.Query) -> list[tuple[str, int, str]]:
    """Works a year or, over long times, a decade: label, count, address; oldest first."""
    counts = {int(year): count for year, count in hits.facets.get("year", ())}
    if len(counts) < 2:
        return []
    first, last = min(counts), max(counts)
    wide = 10 if last - first >= MOST_BARS else 1
    start = first - first % wide
    bars = []
    for year in range(start, last + 1, wide):
        count = sum(counts.get(one, 0) for one in range(year, year + wide))
        end = year + wide - 1
        label = str(year) if wide == 1 else f"{year}–{end}"
        bars.append((label, count, _address(year=None, year_from=year, year_to=end, page=None)))
    return bars[-MOST_BARS:]


def _rows(hits: Hits) -> list[dict[str, Any]]:
    """The works found that are public at this moment; the index may lag by a second."""
    numbers = [hit.number for hit in hits.results]
    query = select(Work).where(Work.id.in_(numbers), Work.state == State.PUBLISHED)
    works = {one.id: one for one in reading().scalars(query.options(selectinload(Work.files)))}
    abroad = elsewhere.found(reading(), numbers)
    rows = []
    for hit in hits.results:
        if hit.number in works or hit.number in abroad:
            if hit.number in works:
                row = lists.row(works[hit.number])
            else:
                row = lists.foreign(*abroad[hit.number])
            row["snippets"] = [
                {"parts": one.parts, "page": one.page, "href": _place(works.get(hit.number), one)}
                for one in hit.snippets
            ]
            rows.append(row)
    return rows


def _place(work: Work | None, snippet: Snippet) -> str | None:
    """Where a passage can be read: its page in the reader; none of an abstract."""
    if work is None or snippet.page is None:
        return None
    file = next((one for one in work.current_files if one.name == snippet.file), None)
    if file is None or not pictures.drawable(file):
        return None
    if not access.decide(viewer(), Action.READ, work, file):
        return None
    said = " ".join(text for text, marked in snippet.parts if marked)
    return url_for("reader.show", number=work.id, file=file.id, page=snippet.page, q=said)


def _facet(axis: str, hits: Hits, query: queries.Query) -> dict[str, Any]:
    found = hits.facets.get(axis, ())
    chosen = [(one, 0) for one in query.selected(axis) if one not in dict(found)]
    values = [
        {
            "value": value,
            "label": _label(axis, value),
            "count": count,
            "selected": str(value) in query.selected(axis),
            "href": _toggle(axis, str(value), query),
        }
        for value, count in (*chosen, *found[:SHOWN])
    ]
    if axis == "where" and [one["value"] for one in values] == ["here"]:
        values = []  # there is nowhere else
    return {"axis": axis, "label": words.label(queries.FIELD_LABELS[axis]), "values": values}


def _label(axis: str, value: Any) -> str:
    if axis == "type":
        return words.label(vocabulary.TYPES[value].label) if value in vocabulary.TYPES else value
    if axis == "access":
        return words.label(vocabulary.ACCESS_RIGHTS[value].label)
    if axis == "where":
        return gettext("This archive") if value == "here" else _sources().get(value, value)
    if axis == "language":
        return words.language_name(value)
    if axis == "collection":
        found = reading().scalar(select(Collection).where(Collection.slug == value))
        return found.name(words.language()) if found else value
    return str(value)


def _sources() -> Mapping[str, str]:
    if "sources" not in g:
        g.sources = elsewhere.names(reading())
    return g.sources


def _toggle(axis: str, value: str, query: queries.Query) -> str:
    chosen = list(query.selected(axis))
    chosen = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    return _address(**{axis: chosen}, page=None)


def _chosen(query: queries.Query) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    return [
        {"label": _label(axis, value), "href": _toggle(axis, value, query)}
        for axis in queries.FILTERS
        for value in query.selected(axis)
    ]


def _sorts(query: queries.Query) -> list[dict[str, Any]]:
    return [
        {
            "label": words.label(label),
            "href": _address(sort=key, page=None),
            "selected": query.sort == key,
        }
        for key, label in queries.SORTS.items()
    ]


def _file(ending: str) -> str:
    """Where this search is a file."""
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), "ending": ending}
    return url_for(
        "taking.results", **{key: one for key, one in arguments.items() if key != "page"}
    )


def _address(**changed: Any) -> str:
    """This search with some arguments changed; None takes one away."""
    arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **changed}
    return url_for("search.results", **{key: one for key, one in arguments.items() if one})
