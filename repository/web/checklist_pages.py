"""/staff/checklist: what reviewers check before they accept a work."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import checklist, collections
from repository.errors import Invalid
from repository.models.checklists import Check
from repository.web import desk, faults, reviewing, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role

blueprint = Blueprint("checklists", __name__, url_prefix="/staff/checklist")
STAFF = (Role.CATALOGUER, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("What must be there, and what reviewers look at, before a work is accepted.")
    desk.offer(state, "checklists.show", _("Checklist of the review"), says)


@blueprint.get("")
@role(*STAFF)
def show() -> ResponseReturnValue:
    """All lines, and the form of a new one."""
    return _page()


@blueprint.post("")
@role(*STAFF)
def change() -> ResponseReturnValue:
    """Adds a line, or takes one away."""
    form = request.form
    try:
        with archive().writing() as session:
            if "remove" in form:
                checklist.remove(session, form.get("remove", 0, type=int), actor=viewer())
            else:
                checklist.add(
                    session,
                    element=form.get("element", ""),
                    question={one: form.get(f"question.{one}", "") for one in vocabulary.INTERFACE},
                    type=form.get("type", ""),
                    collection_id=form.get("collection", type=int),
                    actor=viewer(),
                )
    except Invalid as error:
        return _page(faults.of_error(error))
    return redirect(url_for("checklists.show"), 303)


def _page(errors: faults.Messages | None = None) -> ResponseReturnValue:
    named = {one.id: one.name(words.language()) for one in collections.everything(reading())}
    elements = {
        **{key: one[0] for key, one in checklist.ELEMENTS.items()},
        checklist.FILE: checklist.FILE_SAYS,
    }
    return render_template(
        "staff/checklist.html",
        rows=[_row(one, named) for one in checklist.everything(reading())],
        elements=[(key, gettext(label)) for key, label in elements.items()],
        languages=[(one, words.language_name(one)) for one in vocabulary.INTERFACE],
        collections=[(str(key), name) for key, name in named.items()],
        types=[(key, gettext(one.label)) for key, one in vocabulary.TYPES.items()],
        typed=request.form,
        errors=errors or {},
    ), 422 if errors else 200


def _row(one: Check, named: Mapping[int, str]) -> dict[str, Any]:
    kind = vocabulary.TYPES.get(one.type)
    return {
        "id": one.id,
        "says": reviewing.said(checklist.says(one)),
        "manual": not one.element,
        "collection": named.get(one.collection_id or 0, gettext("all collections")),
        "type": gettext(kind.label) if kind else gettext("all kinds"),
    }
