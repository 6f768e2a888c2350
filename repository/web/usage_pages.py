"""How much is read: figures of the archive, a work, a person, a collection; as CSV too."""

import csv
import io
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    render_template,
    request,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import ColumnElement

from repository import collections, latest, people, people_lists
from repository.clock import now
from repository.models.works import Work
from repository.usage import figures
from repository.usage.countries import NONE
from repository.web import lists, words, works
from repository.web.current import archive, reading
from repository.web.guard import public
from repository.web.memory import Memory
from schemas import work as profile
from schemas.vocabulary import State

blueprint = Blueprint("usage", __name__)


@blueprint.record_once
def remember(state: BlueprintSetupState) -> None:
    """Gives the application its memory of sums."""
    state.app.extensions["usage memory"] = Memory()


YEAR = timedelta(days=365)
COLUMNS = ("month", "investigations", "unique_investigations", "requests", "unique_requests")


class Subject(NamedTuple):
    """Whose figures they are: which works, what it is called, where its page is."""

    which: ColumnElement[bool] | None
    name: str
    href: str
    several: bool = True


@blueprint.get("/statistics")
@public
def whole() -> ResponseReturnValue:
    """The whole archive."""
    return _page(_everything())


@blueprint.get("/statistics.csv")
@public
def whole_csv() -> Response:
    """The same months for a spreadsheet."""
    return _csv(_everything(), "statistics")


def _everything() -> Subject:
    return Subject(None, "", url_for("pages.home"))


@blueprint.get("/works/<int:number>/usage")
@public
def work(number: int) -> ResponseReturnValue:
    """One work. A file of this name keeps its address."""
    found = works.visible(number)
    if any(one.name == "usage" for one in found.current_files):
        return works.file(number, "usage")
    if found.state == State.WITHDRAWN:
        return works.merged(found) or works.tombstone(found)
    return _page(_work(found))


@blueprint.get("/works/<int:number>/usage.csv")
@public
def work_csv(number: int) -> ResponseReturnValue:
    """The same months for a spreadsheet. A file of this name keeps its address."""
    found = works.visible(number)
    if any(one.name == "usage.csv" for one in found.current_files):
        return works.file(number, "usage.csv")
    return _csv(_work(found), f"work-{number}")


def _work(found: Work) -> Subject:
    """A work as a subject; what is not public has no figures."""
    if found.state != State.PUBLISHED:
        abort(404)
    title = profile.main_title(found.document)["text"]
    href = url_for("works.show", number=found.id)
    return Subject(Work.id == found.id, title, href, several=False)


@blueprint.get("/people/<int:number>/usage")
@public
def person(number: int) -> ResponseReturnValue:
    """The works that are surely one person's."""
    return _page(_person(number))


@blueprint.get("/people/<int:number>/usage.csv")
@public
def person_csv(number: int) -> Response:
    """The same months for a spreadsheet."""
    return _csv(_person(number), f"person-{number}")


def _person(number: int) -> Subject:
    author = people.living(reading(), number)
    if not people_lists.works_of(reading(), [author.id]):
        abort(404)
    which = latest.by_person(author) & figures.PUBLIC
    return Subject(which, author.name, url_for("people.record", number=author.id))


@blueprint.get("/collections/<slug>/usage")
@public
def collection(slug: str) -> ResponseReturnValue:
    """A collection with all below it."""
    return _page(_collection(slug))


@blueprint.get("/collections/<slug>/usage.csv")
@public
def collection_csv(slug: str) -> Response:
    """The same months for a spreadsheet."""
    return _csv(_collection(slug), slug)


def _collection(slug: str) -> Subject:
    found = collections.find(reading(), slug)
    which = latest.in_collection(found) & figures.PUBLIC
    return Subject(which, found.name(words.language()), url_for("collections.show", slug=slug))


class Sums(NamedTuple):
    """All that is added up of a subject."""

    total: figures.Figures
    months: list[figures.Month]
    most: list[tuple[int, figures.Figures]]
    countries: list[tuple[str, figures.Figures]]
    since: date | None


def _added_up(subject: Subject) -> Sums:
    """The sums of a subject; countries not of one work, where they could tell who it was."""
    session, since = reading(), now().date() - YEAR
    return Sums(
        figures.total(session, subject.which),
        figures.months(session, subject.which),
        figures.top(session, subject.which, since=since) if subject.several else [],
        figures.countries(session, subject.which) if subject.several else [],
        figures.first_day(session),
    )


def much_read() -> list[dict[str, Any]]:
    """Lines of the works that were read most in the last month."""
    numbers = _memory().get("much read", lambda: figures.most_read(reading()))
    return [lists.row(work) for work in figures.works(reading(), numbers)]


def _memory() -> Memory:
    return current_app.extensions["usage memory"]


def _page(subject: Subject) -> str:
    sums = _memory().get(subject.href, lambda: _added_up(subject))
    told = dict(sums.most)
    most = figures.works(reading(), list(told))
    return render_template(
        "usage/show.html",
        subject=subject,
        total=sums.total,
        months=[(_month(one.first), one.figures) for one in sums.months],
        most=[(lists.row(one), told[one.id]) for one in most],
        countries=_countries(sums),
        known=archive().settings.country_database != NONE,
        since=sums.since,
        csv=url_for(f"{request.endpoint}_csv", **(request.view_args or {})),
        chart=chart,
    )


def _month(first: date) -> str:
    return words.edtf(f"{first:%Y-%m}")


def _countries(sums: Sums) -> list[dict[str, Any]]:
    """Countries with their names, and how long their bars are beside the longest."""
    names = words.locale().territories
    most = max((one.unique_views for _code, one in sums.countries), default=1) or 1
    return [
        {"name": names.get(code, code), "figures": one, "share": one.unique_views / most}
        for code, one in sums.countries
    ]


class Bar(NamedTuple):
    """Two columns of the chart, in its own units: the left edge, and how tall they are."""

    left: int
    views: float
    downloads: float
    says: str


WIDE, HIGH = 20, 100


def chart(months: list[tuple[str, figures.Figures]]) -> list[Bar]:
    """The columns of a chart of months; the tallest is HIGH, and what is there can be seen."""
    most = max((sums.views for _name, sums in months), default=0) or 1
    return [
        Bar(at * WIDE, _tall(sums.views, most), _tall(sums.downloads, most), _says(name, sums))
        for at, (name, sums) in enumerate(months)
    ]


def _tall(number: int, most: int) -> float:
    return round(max(number * HIGH / most, 1), 1) if number else 0


def _says(name: str, sums: figures.Figures) -> str:
    return gettext(
        "%(month)s: views %(views)s, downloads %(downloads)s",
        month=name,
        views=words.number(sums.views),
        downloads=words.number(sums.downloads),
    )


def _csv(subject: Subject, name: str) -> Response:
    made = io.StringIO()
    table = csv.writer(made)
    table.writerow(COLUMNS)
    for one in figures.months(reading(), subject.which, most=10_000):
        table.writerow([f"{one.first:%Y-%m}", *one.figures])
    answer = Response(made.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
