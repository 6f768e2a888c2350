"""/periodicals: journals and series, their issues, and what is in each."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from repository import periodicals
from repository.models.works import Work
from repository.periodicals import Issue, Line, Place
from repository.web import listing, lists
from repository.web.current import reading
from repository.web.guard import public

blueprint = Blueprint("periodicals", __name__, url_prefix="/periodicals")


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """All of them by title."""
    letter = listing.letter()
    found = periodicals.listed(reading(), letter, listing.begin())
    return render_template(
        "periodicals/index.html",
        letter=letter,
        letters=periodicals.letters(reading()),
        **listing.named(found, key="value"),
    )


@blueprint.get("/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    """One of them: its titles and issues; a series by its numbers."""
    found = periodicals.find(reading(), key)
    if found is None:
        return _elsewhere(key)
    issues = periodicals.issues(reading(), key, _before())
    lines = periodicals.contents(reading(), key, None, _place()) if found.numbered else []
    more = len(issues) > periodicals.ISSUES
    return render_template(
        "periodicals/show.html",
        periodical=found,
        years=_years(issues[: periodicals.ISSUES]),
        earlier=listing.here(before=issues[periodicals.ISSUES - 1].part) if more else None,
        whole=_rows(periodicals.whole(reading(), key)),
        lines=_lines(lines),
        next=_next(lines),
    )


def _elsewhere(key: str, part: str = "") -> ResponseReturnValue:
    """The way to where a title is now that its ISSN is known."""
    moved = periodicals.moved(reading(), key)
    if moved is None or moved == key:
        abort(404)
    if part:
        return redirect(url_for("periodicals.issue", key=moved, part=part), 301)
    return redirect(url_for("periodicals.show", key=moved), 301)


@blueprint.get("/<key>/<part>")
@public
def issue(key: str, part: str) -> ResponseReturnValue:
    """An issue: its contents as its pages follow."""
    found = periodicals.find(reading(), key)
    if found is None:
        return _elsewhere(key, part)
    this = periodicals.issue(reading(), key, part) or abort(404)
    lines = periodicals.contents(reading(), key, part, _place())
    return render_template(
        "periodicals/issue.html",
        periodical=found,
        issue=this,
        whole=_rows(periodicals.whole(reading(), key, part)),
        neighbours=periodicals.neighbours(reading(), key, this),
        lines=_lines(lines),
        next=_next(lines),
    )


def _before() -> str | None:
    """The order of the issue before which a page begins."""
    part = request.args.get("before", "")
    found = periodicals.issue(reading(), str((request.view_args or {})["key"]), part)
    return found.sort if found else None


def _years(issues: Sequence[Issue]) -> list[tuple[str, list[Issue]]]:
    years: dict[str, list[Issue]] = {}
    for one in issues:
        years.setdefault(one.year, []).append(one)
    return list(years.items())


def _rows(works: Sequence[Work]) -> list[dict[str, object]]:
    return [lists.row(work) for work in works]


def _lines(lines: Sequence[Line]) -> list[dict[str, object]]:
    return [_line(one) for one in lines[: periodicals.CONTENTS]]


def _line(line: Line) -> dict[str, object]:
    document = line.work.document
    return {
        "number": line.work.id,
        "title": line.work.title,
        "language": document["titles"][0].get("language"),
        "creators": document.get("creators", []),
        "pages": (document.get("host") or {}).get("pages", ""),
        "issue": line.host.issue,
        "year": line.work.year,
    }


def _next(lines: Sequence[Line]) -> str | None:
    more = len(lines) > periodicals.CONTENTS
    return (
        listing.here(after=listing.packed(lines[periodicals.CONTENTS - 1].place)) if more else None
    )


def _place() -> Place | None:
    place = listing.unpacked()
    kinds = [str, int, str, int]
    return Place(*place) if [type(one) for one in place] == kinds else None
