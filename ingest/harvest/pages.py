"""/staff/sources: the libraries that are harvested, how it goes, and what is wrong there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from ingest.harvest import keeping, readers, sources
from ingest.harvest.faults import SENTENCES
from repository.errors import ArchiveError, Conflict, Invalid
from repository.models.harvest import ForeignRecord, Source
from repository.web import desk, words
from repository.web.current import archive, reading
from repository.web.guard import role
from schemas.messages import Message
from schemas.roles import Role

blueprint = Blueprint("sources", __name__, url_prefix="/staff/sources")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


HOURS = {
    "0": _("Only when somebody asks for it"),
    "1": _("Every hour"),
    "6": _("Every six hours"),
    "24": _("Every day"),
    "168": _("Every week"),
    "720": _("Every month"),
}
LABELS = {
    "name": _("Name of the library"),
    "slug": _("Short name"),
    "base_url": _("Address of its repository"),
    "prefix": _("Format"),
    "spec": _("Set"),
    "every": _("How often"),
    "pause": _("Seconds between two requests"),
}
COUNTS = {
    "new": _("new"),
    "changed": _("changed"),
    "same": _("as before"),
    "deleted": _("deleted there"),
}


@blueprint.record_once
def rooms(state: BlueprintSetupState) -> None:
    """A room on the staff's desk."""
    desk.offer(
        state,
        "sources.index",
        _("Other libraries"),
        _("Repositories whose works readers find in the search, beside ours."),
    )


@blueprint.get("")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """All sources."""
    counted = (
        select(ForeignRecord.source_id, func.count())
        .where(ForeignRecord.deleted.is_(False))
        .group_by(ForeignRecord.source_id)
    )
    sizes = {row[0]: row[1] for row in reading().execute(counted)}
    found = sources.everything(reading())
    return render_template(
        "sources/index.html",
        sources=[_shown(one, sizes.get(one.id, 0)) for one in found],
        busy=any(_busy(one) for one in found),
    )


@blueprint.get("/new")
@role(Role.CATALOGUER)
def new() -> ResponseReturnValue:
    """The form for another source."""
    return _form({"every": "24", "pause": "1"})


@blueprint.post("/new")
@role(Role.CATALOGUER)
def add() -> ResponseReturnValue:
    """Adds a source."""
    try:
        with archive().writing() as session:
            source = sources.add(session, _typed())
    except Invalid as error:
        return _form(request.form, errors=_said(error)), 422
    return redirect(url_for("sources.show", slug=source.slug), 303)


@blueprint.get("/<slug>")
@role(Role.CATALOGUER)
def show(slug: str) -> ResponseReturnValue:
    """One source."""
    source = sources.get(reading(), slug)
    return render_template(
        "sources/show.html",
        source=_shown(source, keeping.size(reading(), source)),
        trial=_trial(source.trial) if source.trial else None,
        trying=source.trying,
        busy=_busy(source),
    )


@blueprint.get("/<slug>/settings")
@role(Role.CATALOGUER)
def settings(slug: str) -> ResponseReturnValue:
    """The form for what was said of a source."""
    source = sources.get(reading(), slug)
    kept = {name: getattr(source, name) for name in (*LABELS, "shared")}
    return _settings(source, {**kept, "pause": f"{source.pause:g}"}, {})


@blueprint.post("/<slug>/settings")
@role(Role.CATALOGUER)
def change(slug: str) -> ResponseReturnValue:
    """Changes what was said of a source."""
    try:
        with archive().writing() as session:
            sources.change(session, sources.get(session, slug), _typed())
    except Invalid as error:
        return _settings(sources.get(reading(), slug), request.form, _said(error)), 422
    return redirect(url_for("sources.show", slug=slug), 303)


def _settings(source: Source, values: Mapping[str, Any], errors: dict[str, list[str]]) -> str:
    return render_template(
        "sources/settings.html", source=source, values=values, errors=errors, **_choices()
    )


@blueprint.post("/<slug>/do")
@role(Role.CATALOGUER)
def do(slug: str) -> ResponseReturnValue:
    """Harvests, tries, stops, or takes out: what the button says."""
    with archive().writing() as session:
        source = sources.get(session, slug)
        asked = request.form.get("do", "")
        if asked in ("harvest", "whole"):
            sources.harvest(source, whole=asked == "whole")
        elif asked == "try":
            source.trying, source.trial = True, None
        elif asked == "stop":
            sources.stop(source)
        elif asked == "remove" and request.form.get("sure"):
            sources.remove(session, source)
            return redirect(url_for("sources.index"), 303)
        else:
            raise Conflict(_("Nothing was chosen."))
    return redirect(url_for("sources.show", slug=slug), 303)


def _typed() -> dict[str, Any]:
    given: dict[str, Any] = {name: request.form.get(name, "") for name in LABELS}
    kept = {name: value for name, value in given.items() if value.strip()}
    return {**kept, "shared": "shared" in request.form}


def _said(error: Invalid) -> dict[str, list[str]]:
    return {name: [words.say(one) for one in said] for name, said in error.errors.items()}


def _form(values: Mapping[str, Any], errors: dict[str, list[str]] | None = None) -> str:
    return render_template("sources/new.html", values=values, errors=errors or {}, **_choices())


def _choices() -> dict[str, Any]:
    return {
        "formats": [(one, one) for one in readers.READERS],
        "hours": [(value, words.label(label)) for value, label in HOURS.items()],
        "labels": {name: words.label(label) for name, label in LABELS.items()},
    }


def _busy(source: Source) -> bool:
    return source.running or source.trying or (source.due is not None and not source.finished)


def _shown(source: Source, size: int) -> dict[str, Any]:
    """A source as pages show it."""
    return {
        "slug": source.slug,
        "name": source.name,
        "base_url": source.base_url,
        "spec": source.spec,
        "often": words.label(HOURS[str(source.every)]) if str(source.every) in HOURS else "",
        "size": size,
        "active": source.active and source.due is not None,
        "running": source.running,
        "waiting": source.due is not None and source.begun is None,
        "done": sum(source.counts.values()),
        "total": source.size,
        "finished": source.finished,
        "due": source.due,
        "problem": _problem(source.error),
        "counts": _counts(source.counts),
        "faults": _faults(source.faults),
        "said": source.said,
    }


def _problem(error: Mapping[str, Any] | None) -> str:
    if not error:
        return ""
    return words.explain(ArchiveError(error["sentence"], **error["parameters"]))


def _counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(words.label(label), counts[key]) for key, label in COUNTS.items() if counts.get(key)]


def _faults(faults: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [
        {"label": words.say(Message(SENTENCES[kind])), "count": count, "example": example}
        for kind, (count, example) in faults.items()
        if kind in SENTENCES
    ]


def _trial(report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **report,
        "moment": datetime.fromisoformat(report["moment"]),
        "problem": _problem(report["error"]),
        "faults": _faults(report["faults"]),
        "records": report["counts"].get("records", 0),
        "deleted": report["counts"].get("deleted", 0),
    }
