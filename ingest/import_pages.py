"""/staff/imports: files of catalogues and other archives are brought, tried and taken in."""

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from ingest import file_names, previewing, runs
from ingest.reports import Outcome
from repository import collections, plugins
from repository.errors import ArchiveError, Invalid, TooLarge
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


STATES = {
    ImportState.NEW: _("Brought"),
    ImportState.CHECKING: _("Being tried"),
    ImportState.CHECKED: _("Tried"),
    ImportState.RUNNING: _("Being taken in"),
    ImportState.DONE: _("Taken in"),
    ImportState.STOPPED: _("Stopped"),
    ImportState.UNDOING: _("Being taken back"),
    ImportState.UNDONE: _("Taken back"),
}
COUNTS = {
    Outcome.ADDED: _("Added"),
    Outcome.UPDATED: _("Brought in step with the source"),
    Outcome.KNOWN: _("Known from before"),
    Outcome.CHANGED: _("Changed here and at the source, left"),
    Outcome.GONE: _("Deleted at the source"),
    Outcome.DUPLICATE: _("There already, not added"),
    Outcome.FAILED: _("Not taken: something is wrong"),
    "discarded": _("Drafts discarded"),
    "withdrawn": _("Published works withdrawn"),
    "restored": _("Descriptions restored"),
    "kept": _("Changed since, kept"),
}
FORMATS = {
    "bagit": _("Bags (BagIt)"),
    "csv": _("Table (CSV)"),
    "datacite": _("DataCite (XML, JSON)"),
    "dspace-csv": _("DSpace, table (CSV)"),
    "dspace-saf": _("DSpace, Simple Archive Format"),
    "dublincore": _("Dublin Core (XML)"),
    "eprints": _("EPrints (XML)"),
    "irbis": _("IRBIS64, exchange file (text, ISO 2709)"),
    "irbis-db": _("IRBIS64, database (.mst with .xrf)"),
    "irbis-iso": _("IRBIS64 and RUSMARC, ISO 2709"),
    "jsonl": _("Another Open Archive (JSON lines)"),
    "oai": _("Records harvested by OAI-PMH"),
    "pdfs": _("PDFs alone"),
    "xlsx": _("Table (XLSX)"),
}
OPTIONS = {"encoding": _("Encoding"), "profile": _("Profile")}
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
                "state": _state(run),
                "counts": _counts(run),
                "format": format_label(run.format),
            }
            for run in runs.recent(reading())
        ],
        formats=[(name, label) for name, label in _formats()],
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
    return redirect(url_for(".show", number=number), 303)


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
        state=_state(run),
        format=format_label(run.format),
        moving=moving,
        may_begin=run.state in BEFORE,
        size=runs.size(reading(), number),
        formats=list(_formats()),
        options=_options(importer) if importer else [],
        collections=[(one.slug, _path(one)) for one in collections.everything(reading())],
        counts=_counts(run),
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
                _choose(run)
                if do == "try":
                    runs.ask(session, run, ImportState.CHECKING)
                elif do == "take":
                    runs.ask(session, run, ImportState.RUNNING)
    except Invalid as error:
        return _show(number, faults.of_error(error))
    return redirect(url_for(".show", number=number), 303)


def _choose(run: Import) -> None:
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
    run.options = {one: value for one, value in typed.items() if value and one not in wrong}
    if run.format != name or not run.source:
        run.source = f"{name}:{run.name}"
    run.source = request.form.get("source", "").strip()[:200] or run.source
    run.format = name
    run.collections = [one for one in request.form.getlist("collections") if one]
    run.publish = "publish" in request.form


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


def _state(run: Import) -> str:
    return gettext(STATES[ImportState(run.state)])


def _counts(run: Import) -> list[tuple[str, int]]:
    return [
        (gettext(label), run.counts[name]) for name, label in COUNTS.items() if run.counts.get(name)
    ]


def _formats() -> Iterator[tuple[str, str]]:
    for name in runs.importers():
        yield name, format_label(name)


def format_label(name: str) -> str:
    """What a format is called."""
    if name in FORMATS:
        label = FORMATS[name]
        return gettext(label)
    return {"bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON", "marc21": "MARC 21"}.get(
        name, name.upper() if len(name) < 5 else name.capitalize()
    )


def _options(importer: Any) -> list[dict[str, Any]]:
    found = []
    for name, values in runs.options(importer).items():
        label = OPTIONS.get(name, name)
        found.append(
            {"name": name, "label": gettext(label), "choices": [(one, one) for one in values]}
        )
    return found


def option_label(name: str) -> str:
    """What an option of a format is called."""
    label = OPTIONS.get(name, name)
    return gettext(label)


def _path(one: Collection) -> str:
    return " / ".join(each.name(words.language()) for each in collections.lineage(one))
