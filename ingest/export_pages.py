"""/staff/exports: works are taken out, all or some, in any format."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wsgi import wrap_file

from ingest import import_words
from repository import collections, plugins
from repository.clock import now
from repository.errors import Invalid
from repository.export_commands import GROUP, pieces
from repository.exports import selecting
from repository.exports.selecting import Selection
from repository.models.collections import Collection
from repository.web import desk, faults, words
from repository.web.current import archive, reading
from repository.web.guard import role
from schemas import vocabulary
from schemas.messages import CHOICE, NOT_NUMBER, Message, short
from schemas.roles import Role

IN_MEMORY = 2**23  # bytes of a file that are not put on the disk
blueprint = Blueprint("exports", __name__, url_prefix="/staff/exports")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


LABELS = {
    "format": _("Format"),
    "collection": _("Collection"),
    "type": _("Kind of work"),
    "since": _("From year"),
    "until": _("To year"),
}


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Published works, all or some, for IRBIS64, other catalogues and programs.")
    desk.offer(state, "exports.show", _("Take records out"), says)


@blueprint.get("")
@role(Role.CATALOGUER, Role.DIRECTOR)
def show() -> ResponseReturnValue:
    """The form; with a format in the address, the file."""
    if not request.args.get("format"):
        return _form({})
    try:
        return _file()
    except Invalid as error:
        return _form(faults.of_error(error))


def _form(errors: faults.Messages, left_out: Sequence[str] = ()) -> ResponseReturnValue:
    return render_template(
        "imports/out.html",
        formats=[(name, import_words.format_label(name)) for name in _files()],
        options=_options(),
        left_out=left_out,
        anyway=f"{url_for('.show')}?{urlencode({**request.args, 'anyway': 'yes'})}",
        collections=[(one.slug, _path(one)) for one in collections.everything(reading())],
        kinds=[(key, gettext(one.label)) for key, one in vocabulary.TYPES.items()],
        labels={name: gettext(label) for name, label in LABELS.items()},
        typed=request.args,
        errors=errors,
    ), 422 if errors else 200


def _files() -> dict[str, ModuleType]:
    """The formats that make one file."""
    found = plugins.load(GROUP).items()
    return {name: module for name, module in found if not hasattr(module, "write")}


def _options() -> list[dict[str, Any]]:
    """The options that any of the formats has, each with its choices."""
    known: dict[str, Any] = {}
    for module in _files().values():
        known |= getattr(module, "OPTIONS", {})
    return [
        {"name": name, "label": import_words.option_label(name), "choices": [(o, o) for o in some]}
        for name, some in known.items()
    ]


def _file() -> ResponseReturnValue:
    name = request.args.get("format", "")
    module = _files().get(name)
    if module is None:
        raise _wrong("format", Message(CHOICE, value=short(name)))
    options = {}
    for option, known in getattr(module, "OPTIONS", {}).items():
        value = request.args.get(option, "")
        if value in known:
            options[option] = value
    numbers = selecting.chosen(reading(), _selection())
    held = archive()
    told: list[str] = []
    works: Iterator[Any] = selecting.each(held, numbers)
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    for piece in pieces(held, module, works, told.append, options):
        made.write(piece)
    if told and "anyway" not in request.args:
        made.close()
        return _form({}, told)
    made.seek(0)
    answer = Response(wrap_file(request.environ, made), content_type=module.MEDIA_TYPE)
    answer.call_on_close(made.close)
    file_name = f"works-{now():%Y-%m-%d}.{module.EXTENSION}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _selection() -> Selection:
    kind = request.args.get("type", "")
    if kind and kind not in vocabulary.TYPES:
        raise _wrong("type", Message(CHOICE, value=short(kind)))
    return Selection(request.args.get("collection", ""), kind, _year("since"), _year("until"))


def _year(name: str) -> int | None:
    value = request.args.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise _wrong(name, Message(NOT_NUMBER))
    return int(value)


def _wrong(name: str, message: Message) -> Invalid:
    return Invalid("Some answers are still missing or not right.", {name: [message]})


def _path(one: Collection) -> str:
    return " / ".join(each.name(words.language()) for each in collections.lineage(one))
