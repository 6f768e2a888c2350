"""/staff/batches: many works are changed at once, seen before it happens, and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from repository import amending, batches, choosing, collections
from repository.errors import Invalid
from repository.models.batches import Batch, BatchRow, BatchState, RowState
from repository.models.collections import Collection
from repository.models.works import Work
from repository.web import choices, desk, faults, lists, values, words
from repository.web.current import archive, reading, viewer
from repository.web.description import WHOLE
from repository.web.guard import role
from schemas import vocabulary
from schemas.messages import Message
from schemas.roles import Role
from schemas.vocabulary import State

blueprint = Blueprint("batches", __name__, url_prefix="/staff/batches")
PAGE = 50
SHOWN = 20  # works of a choice


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


STATES = {
    BatchState.PLANNED: _("Planned"),
    BatchState.RUNNING: _("Being done"),
    BatchState.DONE: _("Done"),
    BatchState.UNDOING: _("Being taken back"),
    BatchState.UNDONE: _("Taken back"),
}
ROW_STATES = {
    RowState.PLANNED: _("To be changed"),
    RowState.SAME: _("Stays as it is"),
    RowState.REFUSED: _("Cannot be changed"),
    RowState.DONE: _("Changed"),
    RowState.FAILED: _("Could not be changed"),
    RowState.UNDONE: _("Taken back"),
    RowState.STUCK: _("Could not be taken back"),
}
RIGHTS = {
    "access": _("Access"),
    "copying": _("Copying"),
    "embargo_until": _("Closed until"),
    "embargo_reason": _("Reason of the embargo"),
    "lease_until": _("Open until"),
}


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Replace words, set values, change rights; or correct works in a spreadsheet.")
    desk.offer(state, "batches.index", _("Change many works"), says)


@blueprint.get("")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """What was changed lately, and the two ways to change more."""
    return render_template(
        "batches/index.html",
        rows=[
            {"batch": batch, "counts": counts, "says": says(batch), "state": _state(batch)}
            for batch, counts in batches.recent(reading())
        ],
        labels=_row_labels(),
        days=batches.KEPT.days,
    )


def _state(batch: Batch) -> str:
    return gettext(STATES[BatchState(batch.state)])


def _row_labels() -> dict[str, str]:
    return {str(key): gettext(label) for key, label in ROW_STATES.items()}


def says(batch: Batch) -> str:
    """What a batch does, in a line."""
    deed = batch.deed
    if "file" in deed:
        return gettext("Spreadsheet “%(name)s”", name=deed["file"])
    label = gettext(amending.DEEDS[deed["name"]].label)
    kept = [
        _answer(name, deed[name]) for name in amending.DEEDS[deed["name"]].answers if deed.get(name)
    ]
    return f"{label}: {' → '.join(kept)}"


def _answer(name: str, value: str) -> str:
    """An answer in words."""
    if name == "where":
        return gettext(amending.PLACES[value][0])
    if name == "field":
        return gettext(amending.SETTABLE[value])
    if name in ("whole", "no_embargo"):
        return gettext(ANSWERS[name])
    tables: dict[str, Mapping[Any, Any]] = {
        "scheme": vocabulary.CLASSIFICATIONS,
        "access": vocabulary.ACCESS,
        "copying": vocabulary.COPYING,
        "kind": vocabulary.TYPES,
        "licence": vocabulary.LICENCES,
    }
    term = tables.get(name, {}).get(value)
    if term is None:
        return f"“{value}”"
    return gettext(term if isinstance(term, str) else term.label)


@blueprint.get("/new")
@role(Role.CATALOGUER)
def new() -> ResponseReturnValue:
    """Which works, and what is to be done to them."""
    return _new({}, request.args)


@blueprint.post("/new")
@role(Role.CATALOGUER)
def plan() -> ResponseReturnValue:
    """Keeps a plan and shows it."""
    name = request.form.get("deed", "")
    answers = {
        one: request.form.get(one, "").strip()
        for one in (amending.DEEDS[name].answers if name in amending.DEEDS else ())
    }
    try:
        amend = amending.deed(name, answers)
        with archive().writing() as session:
            works = choosing.chosen(session, request.form)
            batch = batches.plan(
                session,
                batches.amended(works, amend),
                deed={"name": name, **answers},
                reason=request.form.get("reason", ""),
                actor=viewer(),
            )
    except Invalid as error:
        return _new(faults.of_error(error), request.form)
    return redirect(url_for("batches.show", number=batch.id), 303)


def _new(errors: faults.Messages, typed: Mapping[str, str]) -> ResponseReturnValue:
    works: Sequence[Work] = []
    try:
        works = choosing.chosen(reading(), typed)
    except Invalid as error:
        errors = {**errors, **faults.of_error(error)}
    chosen = {name: typed.get(name, "").strip() for name in choosing.FIELDS}
    return render_template(
        "batches/new.html",
        typed=typed,
        chosen=chosen,
        asked=any(chosen.values()),
        query=urlencode({key: value for key, value in chosen.items() if value}),
        count=len(works),
        limit=batches.LIMIT,
        rows=[_listed(one) for one in works[:SHOWN]],
        deeds=[(key, gettext(one.label)) for key, one in amending.DEEDS.items()],
        deed=typed.get("deed", ""),
        answers={key: one.answers for key, one in amending.DEEDS.items()},
        options=_options(),
        errors=errors,
        labels=_labels(),
    ), 422 if errors else 200


def _listed(work: Work) -> dict[str, Any]:
    return {**lists.row(work), "href": url_for("works.show", number=work.id)}


# What the answers of deeds and of the choice are called.
ANSWERS = {
    "where": _("Where"),
    "find": _("Find"),
    "put": _("Put instead"),
    "whole": _("Whole words only"),
    "field": _("Field"),
    "value": _("Value"),
    "words": _("Words of the title"),
    "keywords": _("Keywords, a line for each"),
    "kind": _("Kind of work"),
    "licence": _("Terms of use"),
    "shelf": _("Collection"),
    "language": _("Language"),
    "scheme": _("Classification"),
    "code": _("Code"),
    "collection": _("Collection"),
    "access": _("Who may open the files"),
    "copying": _("Copying"),
    "embargo_until": _("Closed until (last day)"),
    "no_embargo": _("End every embargo"),
    "reason": _("Why"),
    "deed": _("What is to be done"),
    "works": _("Works"),
    "numbers": _("Numbers"),
    "type": _("Kind of work"),
    "state": _("State"),
    "since": _("From year"),
    "until": _("To year"),
    "owner": _("Address of the depositor"),
    "file": _("Spreadsheet"),
}


def _labels() -> dict[str, str]:
    return {name: gettext(label) for name, label in ANSWERS.items()}


def _options() -> dict[str, choices.Options]:
    return {
        "where": [(key, gettext(one[0])) for key, one in amending.PLACES.items()],
        "field": [(key, gettext(label)) for key, label in amending.SETTABLE.items()],
        "scheme": choices.of(vocabulary.CLASSIFICATIONS),
        "access": choices.access(),
        "copying": choices.copying(),
        "language": choices.short_languages(),
        "collection": [(one.slug, _path(one)) for one in collections.everything(reading())],
        "type": [(key, gettext(one.label)) for key, one in vocabulary.TYPES.items()],
        "licence": [(key, gettext(one.label)) for key, one in vocabulary.LICENCES.items()],
        "state": [
            (one, gettext(vocabulary.STATES[one])) for one in (State.PUBLISHED, State.SUBMITTED)
        ],
    }


def _path(one: Collection) -> str:
    return " / ".join(each.name(words.language()) for each in collections.lineage(one))


@blueprint.get("/<int:number>")
@role(Role.CATALOGUER)
def show(number: int) -> ResponseReturnValue:
    """What a batch would do, does or did to each work."""
    batch = batches.get(reading(), number)
    counts = batches.counts(reading(), batch)
    asked = request.args.get("state", "")
    state = RowState(asked) if asked in set(RowState) else None
    page = max(request.args.get("page", 1, type=int), 1)
    same_last = (BatchRow.state == RowState.SAME, BatchRow.position)
    query = select(BatchRow).where(BatchRow.batch_id == number).order_by(*same_last)
    if state:
        query = query.where(BatchRow.state == state)
    rows = reading().scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    moving = batch.state in (BatchState.RUNNING, BatchState.UNDOING)
    waiting = RowState.DONE if batch.state == BatchState.UNDOING else RowState.PLANNED
    return render_template(
        "batches/show.html",
        batch=batch,
        says=says(batch),
        state_label=_state(batch),
        counts={key: count for key, count in counts.items() if count},
        total=sum(counts.values()),
        moving=moving,
        done=sum(counts.values()) - counts[waiting] if moving else 0,
        labels=_row_labels(),
        chosen=state,
        rows=[_row(row) for row in rows[:PAGE]],
        previous=url_for(".show", number=number, state=state, page=page - 1) if page > 1 else None,
        next=(
            url_for(".show", number=number, state=state, page=page + 1)
            if len(rows) > PAGE
            else None
        ),
    )


def _row(row: BatchRow) -> dict[str, Any]:
    work = reading().get(Work, row.work_id) if row.work_id else None
    return {
        "row": row,
        "work": _listed(work) if work else None,
        "label": gettext(ROW_STATES[RowState(row.state)]),
        "differences": [*_differences(row)],
        "problem": _problem(row.problem),
    }


def _differences(row: BatchRow) -> Sequence[tuple[str, str, str]]:
    """(label, before, after) of whatever differs."""
    before, after = row.before, row.after
    found = [
        (one.label, one.kept, one.typed)
        for one in values.differences(after.get("document", {}), before.get("document", {}), WHOLE)
    ]
    if "collections" in after:
        said = ("\n".join(before["collections"]), "\n".join(after["collections"]))
        found.append((gettext("Collections"), *said))
    for key, given in after.get("rights", {}).items():
        old = before["rights"].get(key, {})
        found += [
            (
                gettext(RIGHTS[name]),
                _answer(name, old.get(name) or "–"),
                _answer(name, value or "–"),
            )
            for name, value in given.items()
            if value != old.get(name)
        ]
    return found


def _problem(kept: Mapping[str, Any] | None) -> list[str]:
    """What kept a work from being changed, in the language of the page."""
    if not kept:
        return []
    parts = [
        f"{faults.label(path) or path}: {' '.join(map(_message, found))}"
        for path, found in kept["errors"].items()
        if found
    ]
    return [_message(kept), *parts]


def _message(kept: Mapping[str, Any]) -> str:
    sentence, parameters = kept["sentence"], kept["params"]
    return words.say(Message(sentence, **parameters))


@blueprint.post("/<int:number>/start")
@role(Role.CATALOGUER)
def start(number: int) -> ResponseReturnValue:
    """Has it done."""
    with archive().writing() as session:
        batches.start(session, batches.get(session, number), actor=viewer())
    return redirect(url_for("batches.show", number=number), 303)


@blueprint.post("/<int:number>/undo")
@role(Role.CATALOGUER)
def undo(number: int) -> ResponseReturnValue:
    """Has it taken back."""
    with archive().writing() as session:
        batches.undo(session, batches.get(session, number), actor=viewer())
    return redirect(url_for("batches.show", number=number), 303)


@blueprint.post("/<int:number>/drop")
@role(Role.CATALOGUER)
def drop(number: int) -> ResponseReturnValue:
    """Throws a plan away."""
    with archive().writing() as session:
        batches.drop(session, batches.get(session, number))
    flash(gettext("The plan was thrown away; no work was changed."), "good")
    return redirect(url_for("batches.index"), 303)
