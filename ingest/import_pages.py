"""/staff/imports: files of catalogues and other archives are brought, tried and taken in."""

import csv
import io
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from ingest import (
    column_labels,
    file_names,
    import_words,
    mapping,
    previewing,
    runs,
    sheets,
    table_template,
)
from repository import collections, plugins
from repository.errors import ArchiveError, Invalid, NotFound, TooLarge
from repository.models.collections import Collection
from repository.models.imports import Import, ImportState
from repository.store import disk
from repository.web import desk, faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.messages import Message
from schemas.roles import Role

blueprint = Blueprint("imports", __name__, url_prefix="/staff/imports")
PAGE = 100  # remarks on a page
MOST_UNPLACED = 60
BLOCK = 2**20


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BEFORE = (ImportState.NEW, ImportState.CHECKED, ImportState.STOPPED, ImportState.UNDONE)


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _(
        "From IRBIS64, another archive, a publisher or a table: look, try, take in, take back."
    )
    desk.offer(state, "imports.index", _("Bring records"), says)


@blueprint.get("")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """What was brought lately, and the form for more."""
    return _index({})


def _index(errors: faults.Messages) -> ResponseReturnValue:
    return render_template(
        "imports/index.html",
        rows=[
            {
                "run": run,
                "state": import_words.state(run),
                "counts": import_words.counts(run),
                "format": import_words.format_label(run.format),
            }
            for run in runs.recent(reading())
        ],
        formats=[(name, label) for name, label in import_words.formats()],
        errors=errors,
        limit=archive().settings.upload_limit >> 20,
    ), 422 if errors else 200


@blueprint.post("")
@role(Role.CATALOGUER)
def bring() -> ResponseReturnValue:
    """Keeps the files, and shows what they are."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    if not sent:
        return _index({"files": [gettext("Choose a file.")]})
    names = [file_names.safe(one.filename or "") for one in sent]
    name = names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"
    with archive().writing() as session:
        number = runs.begin(session, name=name, actor=viewer()).id
    try:
        _keep(sent, runs.folder(archive().settings, number) / "source")
    except ArchiveError as error:
        _forget(number)
        return _index(faults.of_error(error))
    found = runs.recognised(runs.source(archive().settings, number))
    with archive().writing() as session:
        run = runs.get(session, number)
        run.format = found[0] if found else ""
        run.source = f"{run.format}:{names[0]}" if found else names[0]
        if found:
            _recall(session, run)
    return redirect(url_for(".show", number=number), 303)


def _recall(session: Session, run: Import) -> None:
    importer = runs.importers()[run.format]
    mapping.recall(session, run, importer, runs.source(archive().settings, run.id))


def _keep(sent: Sequence[FileStorage], place: Path) -> None:
    place.mkdir(parents=True)
    with disk.room():
        for one in sent:
            target = place / file_names.safe(one.filename or "")
            if target.exists():
                raise Invalid("Two of the files are called %(name)s.", {}, name=target.name)
            with target.open("wb") as file:
                shutil.copyfileobj(one.stream, file, BLOCK)
            if not target.stat().st_size:
                raise Invalid("“%(name)s” is empty.", {}, name=target.name)
            if target.stat().st_size > archive().settings.upload_limit:
                raise TooLarge("“%(name)s” is larger than the archive accepts.", name=target.name)


def _forget(number: int) -> None:
    with archive().writing() as session:
        session.delete(runs.get(session, number))
    shutil.rmtree(runs.folder(archive().settings, number), ignore_errors=True)


@blueprint.get("/<int:number>")
@role(Role.CATALOGUER)
def show(number: int) -> ResponseReturnValue:
    """What was brought, how its records will be, and what came of trying it."""
    return _show(number, {})


def _show(number: int, errors: faults.Messages) -> ResponseReturnValue:
    run = runs.get(reading(), number)
    moving = run.state in runs.AT_WORK
    page = max(request.args.get("page", 1, type=int), 1)
    first = (page - 1) * PAGE
    remarks = list(islice(runs.remarks(archive().settings, number), first, first + PAGE + 1))
    importer = runs.importers().get(run.format)
    return render_template(
        "imports/show.html",
        run=run,
        state=import_words.state(run),
        format=import_words.format_label(run.format),
        moving=moving,
        may_begin=run.state in BEFORE,
        size=runs.size(reading(), number),
        formats=list(import_words.formats()),
        options=import_words.options(importer) if importer else [],
        columns=_columns(run) if importer and run.state in BEFORE else [],
        fields=[(key, column_labels.label(key)) for key in getattr(importer, "FIELDS", ())],
        collections=[(one.slug, _path(one)) for one in collections.everything(reading())],
        counts=import_words.counts(run),
        unplaced=sorted(run.unplaced.items(), key=lambda one: -one[1])[:MOST_UNPLACED],
        remarks=[{"place": one.place, "says": words.say(one.says)} for one in remarks[:PAGE]],
        previous=url_for(".show", number=number, page=page - 1) if page > 1 else None,
        next=url_for(".show", number=number, page=page + 1) if len(remarks) > PAGE else None,
        preview=previewing.first(run) if run.state in BEFORE and page == 1 else None,
        errors=errors,
        days=runs.KEPT.days,
    ), 422 if errors else 200


@blueprint.post("/<int:number>")
@role(Role.CATALOGUER)
def ask(number: int) -> ResponseReturnValue:
    """Keeps what was chosen, and has the import looked at, tried, carried out or taken back."""
    do = request.form.get("do", "look")
    try:
        with archive().writing() as session:
            run = runs.get(session, number)
            if do == "undo":
                runs.ask(session, run, ImportState.UNDOING)
            else:
                _choose(session, run)
                if do == "try":
                    runs.ask(session, run, ImportState.CHECKING)
                elif do == "take":
                    runs.ask(session, run, ImportState.RUNNING)
    except Invalid as error:
        return _show(number, faults.of_error(error))
    return redirect(url_for(".show", number=number), 303)


def _choose(session: Session, run: Import) -> None:
    """What the form says of how to read the files, and of where the works go."""
    name = request.form.get("format", run.format)
    if name not in runs.importers():
        raise Invalid(
            "Some answers are still missing or not right.",
            {"format": [Message(_("Choose a format."))]},
        )
    known = runs.options(plugins.named(runs.GROUP, name, ("read", "count")))
    typed = {one: request.form.get(f"option.{one}", "") for one in known}
    wrong = {one for one, value in typed.items() if value and value not in known[one]}
    chosen = {one: value for one, value in typed.items() if value and one not in wrong}
    told = {
        one.heading: request.form[f"column.{at}"]
        for at, one in enumerate(_mappable(run))
        if f"column.{at}" in request.form
    }
    run.options = {**chosen, mapping.OPTION: told} if told else chosen
    if run.format != name or not run.source:
        run.source = f"{name}:{run.name}"
    run.source = request.form.get("source", "").strip()[:200] or run.source
    run.format = name
    run.collections = [one for one in request.form.getlist("collections") if one]
    run.publish = "publish" in request.form
    run.fetch = "fetch" in request.form
    if not told:
        _recall(session, run)


def _mappable(run: Import) -> list[Any]:
    """The columns of what was brought, where its format has such."""
    try:
        place = runs.source(archive().settings, run.id)
    except NotFound:
        return []
    importer = runs.importers().get(run.format)
    return mapping.of(importer, place, run.options) if importer else []


def _columns(run: Import) -> list[dict[str, Any]]:
    told = run.options.get(mapping.OPTION, {})
    return [
        {"heading": one.heading, "examples": one.examples, "key": told.get(one.heading, one.key)}
        for one in _mappable(run)
    ]


@blueprint.post("/<int:number>/drop")
@role(Role.CATALOGUER)
def drop(number: int) -> ResponseReturnValue:
    """Throws an import away that has changed nothing."""
    run = runs.get(reading(), number)
    if run.state in runs.AT_WORK or runs.size(reading(), number):
        raise Invalid("An import that has changed something is kept.", {})
    _forget(number)
    flash(gettext("Thrown away."), "good")
    return redirect(url_for(".index"), 303)


@blueprint.get("/table.<any(csv, xlsx):ending>")
@role(Role.CATALOGUER)
def template(ending: str) -> ResponseReturnValue:
    """An empty table, to be filled in with works."""
    data = table_template.write(ending, label=column_labels.label, say=gettext)
    answer = Response(data, content_type=sheets.KINDS[ending])
    name = f"works-{words.language()}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<int:number>/report.csv")
@role(Role.CATALOGUER)
def report(number: int) -> ResponseReturnValue:
    """All remarks as a table, in the language of the page."""
    runs.get(reading(), number)
    found = runs.remarks(archive().settings, number)
    heading = (gettext("Where"), gettext("What"))
    rows = [(one.place, words.say(one.says)) for one in found]
    answer = Response(_csv([heading, *rows]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{number}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _csv(rows: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    made.write("\ufeff")  # so that Excel knows it as UTF-8
    csv.writer(made).writerows([[_harmless(cell) for cell in row] for row in rows])
    return made.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _path(one: Collection) -> str:
    return " / ".join(each.name(words.language()) for each in collections.lineage(one))
