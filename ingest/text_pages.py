"""Scans with their text, for those who may be handed the file; and how far the texts of files are,
for staff."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ingest import ocr_run
from repository import access, catalogue, derived, examined, texts
from repository.access import Action
from repository.errors import Forbidden, NotFound, SignInNeeded
from repository.models.arrivals import FileStep, StepState
from repository.models.works import File, Work
from repository.settings import Settings
from repository.web import desk, witness, words
from repository.web import works as pages
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role
from schemas import work as profile
from schemas.roles import Role
from schemas.vocabulary import Scan, State

blueprint = Blueprint("texts", __name__)

PAGE = 50
SHOWN = 3  # pages whose beginning staff see
BEGINNING = 1500


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


VERDICTS: Mapping[str, str] = {
    "good": _("Good"),
    "partial": _("Some pages have no text of their own"),
    "none": _("No text"),
    "scan": _("Pictures of pages, without text"),
    "rubbish": _("Letters that mean nothing: the text is not what is seen"),
}
DONE: Mapping[str, str] = {
    "again": _("The text is read again; this page says how far it is."),
    "everything": _("All pages are read as if they were scanned; this takes a while."),
    "off": _("Scanned pages of this file are not read any more."),
}


@blueprint.record_once
def rooms(state: BlueprintSetupState) -> None:
    """A room on the staff's desk."""
    desk.offer(
        state,
        "texts.index",
        _("Scans and texts"),
        _("Scanned files: which are being read, how well it went, what could not be read."),
    )


@blueprint.get("/works/<int:number>/text/<int:file>.pdf")
@public
def searchable(number: int, file: int) -> ResponseReturnValue:
    """The file as a PDF with the text that was read from its pictures."""
    work = catalogue.get(reading(), number)
    if work.state == State.WITHDRAWN or not access.decide(viewer(), Action.SEE, work):
        raise NotFound("There is no work %(number)s.", number=number)
    found = next((one for one in work.current_files if one.id == file), None)
    if found is None:
        raise NotFound("This work has no file of that name.")
    decision = access.decide(viewer(), Action.COPY, work, found)
    if not decision:
        if decision.sign_in:
            raise SignInNeeded("Please sign in to open this file.")
        raise Forbidden("You may not see or do this.")
    path = derived.searchable(archive().settings.derived, found.sha512)
    if not path.exists():
        raise NotFound("There is no PDF with text of this file.")
    witness.staff_opens(work, found)
    return _send(work, found)


def _send(work: Work, file: File) -> Response:
    path = derived.searchable(archive().settings.derived, file.sha512)
    answer = send_file(
        path,
        mimetype="application/pdf",
        as_attachment="download" in request.args,
        download_name=f"{PurePath(file.name).stem}-text.pdf",
        conditional=True,
    )
    free = access.free(file) and work.state == State.PUBLISHED
    answer.headers["Cache-Control"] = "public, max-age=3600" if free else "private, no-store"
    answer.headers["Content-Security-Policy"] = pages.PDF_POLICY
    # The original is what the world should find; this is a help for readers of it.
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/staff/texts")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """All files whose pages are read by OCR: first what is going on, then what went wrong."""
    before = request.args.get("page", 1, type=int)
    start = (max(1, before) - 1) * PAGE
    found = reading().execute(_listed().offset(start).limit(PAGE + 1)).all()
    rows = [_row(step, file) for step, file in found[:PAGE]]
    return render_template(
        "texts/index.html",
        rows=rows,
        busy=any(one["running"] for one in rows),
        needs=ocr_run.missing(),
        off=archive().settings.ocr == "off",
        counts=_counts(),
        previous=max(1, before) - 1,
        following=max(1, before) + 1 if len(found) > PAGE else 0,
    )


def _listed() -> Any:
    waiting = FileStep.state == StepState.WAITING
    bad = FileStep.outcome.in_((texts.REFUSED, texts.MISSING, texts.LARGE, texts.EMPTY))
    order = case((waiting, 0), (FileStep.state == StepState.FAILED, 1), (bad, 1), else_=2)
    return (
        select(FileStep, File)
        .join(File, File.id == FileStep.file_id)
        .where(FileStep.step == texts.OCR, FileStep.outcome != texts.NONE, File.removed.is_(None))
        .order_by(order, FileStep.finished.desc(), FileStep.file_id)
    )


def _counts() -> dict[str, int]:
    query = (
        select(FileStep.state, FileStep.outcome, func.count())
        .where(FileStep.step == texts.OCR)
        .group_by(FileStep.state, FileStep.outcome)
    )
    counts = {"waiting": 0, "read": 0}
    for state, outcome, number in reading().execute(query):
        if state == StepState.WAITING:
            counts["waiting"] += number
        elif outcome == texts.READ:
            counts["read"] += number
    return counts


def _row(step: FileStep, file: File) -> dict[str, Any]:
    steps = examined.steps(reading(), [file])[file.id]
    said = texts.said(steps)
    running = step.state == StepState.WAITING
    title = profile.main_title(file.work.document)
    return {
        "id": file.id,
        "name": file.name,
        "title": title.get("text", "") or gettext("Work %(number)s", number=file.work_id),
        "language": title.get("language"),
        "number": file.work_id,
        "running": running,
        "done": step.detail.get("done", 0),
        "of": step.detail.get("of", 0) if running else 0,
        "said": words.say(said) if said else "",
        "finished": step.finished,
        "error": step.error,
    }


@blueprint.get("/staff/texts/<int:file>")
@role(Role.CATALOGUER)
def show(file: int) -> ResponseReturnValue:
    """What is known of the text of one file, its beginning, and what can be done."""
    found = _file(reading(), file)
    steps = examined.steps(reading(), [found])[found.id]
    judged, ocr = steps.get(texts.STEP), steps.get(texts.OCR)
    waiting = any(one and one.state == StepState.WAITING for one in (judged, ocr))
    kept = derived.pages(archive().settings.derived, found.sha512)
    said = texts.said(steps)
    return render_template(
        "texts/show.html",
        file=found,
        title=profile.main_title(found.work.document),
        said=words.say(said) if said else "",
        facts=_facts(judged, ocr),
        beginning=[(at, one[:BEGINNING]) for at, one in enumerate(kept[:SHOWN], 1) if one.strip()],
        running=_row(ocr, found) if ocr and ocr.state == StepState.WAITING else None,
        waiting=waiting,
        error=next((one.error for one in (ocr, judged) if one and one.error), ""),
        needs=ocr_run.missing(),
        pdf=found.media_type == "application/pdf",
        switched_off=bool(ocr and ocr.outcome == texts.SWITCHED_OFF),
        searchable=texts.searchable(archive().settings, found, ocr),
    )


def _facts(judged: FileStep | None, ocr: FileStep | None) -> list[tuple[str, str]]:
    facts = []
    if judged and judged.state == StepState.DONE:
        verdict = VERDICTS.get(judged.outcome)
        facts = [
            (gettext("Its own text"), gettext(verdict) if verdict else ""),
            (gettext("Quality of its own text"), _percent(judged.detail.get("score"))),
            (gettext("Pages"), str(judged.detail.get("pages") or "")),
            (gettext("Read by"), judged.tool),
        ]
    detail = ocr.detail if ocr and ocr.outcome == texts.READ else {}
    if ocr and detail:
        facts += [
            (gettext("Pages read from the scan"), str(detail.get("pages", ""))),
            (gettext("Certainty"), _percent(detail.get("confidence"))),
            (gettext("Seconds"), str(round(detail.get("seconds", 0)))),
            (gettext("The scan was read by"), ocr.tool),
        ]
    spoken = detail.get("language") or (judged.detail.get("language") if judged else "")
    return [*facts, (gettext("Language"), words.language_name(spoken) if spoken else "")]


def _percent(part: float | None) -> str:
    return "" if part is None else f"{round(100 * part)} %"


def _file(session: Session, number: int) -> File:
    found = session.get(File, number)
    if found is None or found.removed is not None:
        raise NotFound("There is no such file.")
    return found


def _again(session: Session, settings: Settings, file: File) -> None:
    texts.again(session, settings, file)


def _everything(session: Session, settings: Settings, file: File) -> None:
    if file.media_type != "application/pdf":
        raise NotFound("Only the pages of a PDF can be read as scans.")
    texts.again(session, settings, file, everything=True)


DEEDS: Mapping[str, Callable[[Session, Settings, File], None]] = {
    "again": _again,
    "everything": _everything,
    "off": texts.switch_off,
}


@blueprint.post("/staff/texts/<int:file>")
@role(Role.CATALOGUER)
def act(file: int) -> ResponseReturnValue:
    """Lets the text be read again, all of it as a scan, or no scan of this file."""
    do = request.form.get("do", "")
    if do not in DEEDS:
        raise NotFound("There is no such step.")
    with archive().writing() as session:
        found = _file(session, file)
        if found.scan == Scan.INFECTED:
            raise Forbidden("This file is infected; nothing reads it.")
        DEEDS[do](session, archive().settings, found)
    flash(gettext(DONE[do]), "good")
    return redirect(url_for("texts.show", file=file), 303)
