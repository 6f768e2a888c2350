"""/staff/appearance: name, logo, colours, contacts and links, without a programmer."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import appearance, branding
from repository.errors import Conflict, Invalid
from repository.web import desk, faults
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role

appearing = Blueprint("appearing", __name__, url_prefix="/staff/appearance")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


LABELS = {
    "names": _("Name"),
    "short": _("Short name"),
    "about": _("What this is"),
    "address": _("Postal address"),
    "hours": _("Opening hours"),
    "footer": _("Text below each page"),
    "light": _("Colour on light pages"),
    "dark": _("Colour on dark pages"),
    "phone": _("Telephone"),
    "email": _("E-mail address"),
    "links": _("Links"),
    "logo": _("Logo"),
}


@appearing.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Name, logo, colours, contacts and links, as they stand on every page.")
    desk.offer(state, "appearing.edit", _("Name and looks"), says)


@appearing.get("")
@role(Role.ADMINISTRATOR)
def edit() -> ResponseReturnValue:
    """The form."""
    kept = appearance.row(reading())
    return _form(asdict(appearance.of(kept)))


@appearing.post("")
@role(Role.ADMINISTRATOR)
def keep() -> ResponseReturnValue:
    """Keeps what was typed."""
    typed = _typed()
    upload = request.files.get("logo")
    # One byte more than is allowed tells that it is too large.
    logo = upload.stream.read(branding.LARGEST + 1) if upload else b""
    revision = request.form.get("revision", 0, type=int)
    try:
        said = branding.checked(typed)
        with archive().writing() as session:
            branding.keep(
                session,
                said,
                actor=viewer(),
                revision=revision,
                logo=logo,
                without_logo="without_logo" in request.form,
            )
    except Conflict as error:
        return _form(typed, faults.of_error(error), error.status)
    except Invalid as error:
        return _form(typed, faults.of_error(error), error.status, revision)
    appearance.forget(archive().settings)
    flash(gettext("The looks are kept."), "good")
    return redirect(url_for("appearing.edit"), 303)


def _typed() -> dict[str, Any]:
    form = request.form
    spoken = {
        name: {one: form.get(f"{name}.{one}", "") for one in vocabulary.INTERFACE}
        for name in branding.SPOKEN
    }
    plain = {name: form.get(name, "") for name in ("light", "dark", "phone", "email")}
    links = [
        {
            "titles": {one: form.get(f"links.{row}.{one}", "") for one in vocabulary.INTERFACE},
            "url": form.get(f"links.{row}.url", ""),
        }
        for row in range(branding.LINKS)
    ]
    return {**spoken, **plain, "links": links}


def _form(
    values: Mapping[str, Any],
    errors: faults.Messages | None = None,
    status: int = 200,
    revision: int | None = None,
) -> ResponseReturnValue:
    kept = appearance.row(reading())
    now = kept.revision if kept else 0
    rows = list(values["links"])
    rows += [{"titles": {}, "url": ""}] * max(0, min(branding.LINKS, len(rows) + 2) - len(rows))
    return render_template(
        "staff/appearance.html",
        values=values,
        rows=rows,
        errors=errors or {},
        labels={name: _label(name) for name in errors or {}},
        named=LABELS,
        spoken=branding.SPOKEN,
        revision=now if revision is None else revision,
        logo=appearance.of(kept).logo,
        tongues=list(vocabulary.INTERFACE.items()),
        usual=archive().settings.name,
    ), status


def _label(field: str) -> str:
    """What a field is called in the list of what is wrong."""
    name, _dot, rest = field.partition(".")
    tongue = vocabulary.INTERFACE.get(rest)
    known = gettext(LABELS[name]) if name in LABELS else name
    return f"{known} ({tongue})" if tongue else known
