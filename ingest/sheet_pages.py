"""/staff/batches/sheet: works go out as a spreadsheet and come back corrected."""

import unicodedata
from pathlib import PurePath

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import sheets
from ingest.batch_pages import ANSWERS
from repository import batches, choosing
from repository.clock import now
from repository.errors import Invalid, TooLarge
from repository.web import faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

blueprint = Blueprint("sheets", __name__, url_prefix="/staff/batches/sheet")
KINDS = {
    sheets.CSV: "text/csv; charset=utf-8",
    sheets.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


# Columns that no field of the form is called like.
LABELS = {
    "number": _("Number"),
    "revision": _("Revision"),
    "state": _("State"),
    "link": _("Page"),
    "other_titles": _("Other titles"),
    "translated_title": _("Translated title"),
    "subtitle": _("Subtitle"),
    "place": _("Place of publication"),
    "host": _("What it came out in"),
    "title": _("Title"),
    "creators": _("Authors"),
    "contributors": _("Contributors"),
    "issued": _("Date of publication"),
    "publisher": _("Publisher"),
    "edition": _("Edition"),
    "languages": _("Languages"),
    "licence": _("Terms of use"),
    "keywords": _("Keywords"),
    "abstract": _("Abstract"),
    "collections": _("Collections"),
    "type": _("Kind of work"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "pages": _("Pages"),
    "extent": _("Extent"),
    "notes": _("Notes"),
    "rights_holders": _("Rights holders"),
}


@blueprint.get("/works.<any(csv, xlsx):ending>")
@role(Role.CATALOGUER)
def out(ending: str) -> ResponseReturnValue:
    """The chosen works as a spreadsheet."""
    works = choosing.chosen(reading(), request.args)[: batches.LIMIT]
    if not works:
        raise Invalid("There is no work to change.", {"works": []})
    base = archive().settings.base_url
    data = sheets.write(works, ending, base_url=base, label=_label)
    answer = Response(data, content_type=KINDS[ending])
    name = f"works-{now():%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _label(key: str) -> str:
    name, _dot, language = key.partition(".")
    if name not in LABELS:
        return key
    tongue = f" ({words.language_name(language)})" if language else ""
    return gettext(LABELS[name]) + tongue


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
