"""/staff/batches/sheet: works go out as a spreadsheet and come back corrected."""

import unicodedata
from pathlib import PurePath

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import column_labels, sheets
from ingest.batch_pages import ANSWERS
from repository import batches, choosing
from repository.clock import now
from repository.errors import Invalid, TooLarge
from repository.web import faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

blueprint = Blueprint("sheets", __name__, url_prefix="/staff/batches/sheet")


@blueprint.get("/works.<any(csv, xlsx):ending>")
@role(Role.CATALOGUER)
def out(ending: str) -> ResponseReturnValue:
    """The chosen works as a spreadsheet."""
    works = choosing.chosen(reading(), request.args)[: batches.LIMIT]
    if not works:
        raise Invalid("There is no work to change.", {"works": []})
    base = archive().settings.base_url
    data = sheets.write(works, ending, base_url=base, label=column_labels.label)
    answer = Response(data, content_type=sheets.KINDS[ending])
    name = f"works-{now():%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("")
@role(Role.CATALOGUER)
def show() -> ResponseReturnValue:
    """The form that takes a spreadsheet."""
    return _form({})


@blueprint.post("")
@role(Role.CATALOGUER)
def take() -> ResponseReturnValue:
    """Makes a plan of a spreadsheet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _form({"file": [gettext("Choose a file.")]})
    name = unicodedata.normalize("NFC", PurePath(sent.filename.replace("\\", "/")).name)
    try:
        with archive().writing() as session:
            found = sheets.read(session, sent.stream, name)
            batch = batches.plan(
                session,
                found,
                deed={"file": name},
                reason=request.form.get("reason", ""),
                actor=viewer(),
            )
    except Invalid as error:
        return _form(faults.of_error(error))
    except TooLarge as error:
        return _form({"file": [words.explain(error)]})
    return redirect(url_for("batches.show", number=batch.id), 303)


def _form(errors: faults.Messages) -> ResponseReturnValue:
    return render_template(
        "batches/sheet.html",
        typed=request.form,
        errors=errors,
        labels={name: gettext(label) for name, label in ANSWERS.items()},
    ), 422 if errors else 200
