"""Documents that come with works and accessions: their scans, and which are required."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from ingest import accession_forms as forms
from ingest import files, virus
from repository import accessions, collections, documents, requirements
from repository.access import Action
from repository.errors import ArchiveError, Invalid, NotFound
from repository.models.accessions import Document
from repository.models.collections import Collection
from repository.store import disk
from repository.web import desk, faults, lists, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas import vocabulary
from schemas.answers import Answers
from schemas.roles import Role
from schemas.vocabulary import Scan

blueprint = Blueprint("papers", __name__, url_prefix="/staff")
MINE = (Role.ACQUISITIONS, Role.CATALOGUER)
LOOKING = (*MINE, Role.DIRECTOR)
RULING = (Role.ACQUISITIONS, Role.DIRECTOR)
LIMIT = 100 * 2**20  # bytes of a scan


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Which papers a work must have before it is accepted.")
    desk.offer(state, "papers.required", _("Required documents"), says)


def papers_of(found: Sequence[Document]) -> list[dict[str, Any]]:
    """Documents as pages list them."""
    return [
        {
            "id": one.id,
            "kind": gettext(terms.PAPERS[terms.Paper(one.kind)]),
            "number": one.number,
            "day": one.day,
            "place": one.place,
            "note": one.note,
            "name": one.name,
            "size": one.size,
            "scan": one.scan,
            "scan_label": gettext(vocabulary.SCANS[Scan(one.scan)]) if one.sha512 else "",
            "openable": bool(one.sha512) and one.scan not in (Scan.INFECTED, Scan.WAITING),
            "removed": one.removed,
            "reason": one.reason,
            "added": one.added,
            "added_by": one.added_by,
        }
        for one in found
    ]


@blueprint.get("/works/<int:number>/documents")
@role(*LOOKING)
def of_work(number: int) -> ResponseReturnValue:
    """The documents of a work, its accessions, and what it lacks."""
    work = permits.work(reading(), number, Action.SEE)
    return render_template(
        "accessions/papers.html",
        row={**lists.row(work), "href": url_for("works.show", number=number)},
        papers=papers_of(documents.of_work(reading(), number)),
        missing=[words.say(one) for one in requirements.missing(reading(), work)],
        came=accessions.of_work(reading(), number),
        add=url_for("papers.new_of_work", number=number),
        acts=viewer().may(Role.ACQUISITIONS) or viewer().may(Role.DIRECTOR),
        mine=any(viewer().may(one) for one in MINE),
    )


@blueprint.get("/works/<int:number>/documents/new")
@role(*MINE)
def new_of_work(number: int) -> ResponseReturnValue:
    """The form of a document of a work."""
    permits.work(reading(), number, Action.SEE)
    return _form({}, back=url_for("papers.of_work", number=number))


@blueprint.post("/works/<int:number>/documents/new")
@role(*MINE)
def add_of_work(number: int) -> ResponseReturnValue:
    """Enters a document of a work."""
    back = url_for("papers.of_work", number=number)
    return _add(back, lambda session: {"work": permits.work(session, number, Action.SEE)})


@blueprint.get("/accessions/<int:number>/documents/new")
@role(*MINE)
def new_of_accession(number: int) -> ResponseReturnValue:
    """The form of a document of an accession."""
    accessions.get(reading(), number)
    return _form({}, back=url_for("accessions.show", number=number))


@blueprint.post("/accessions/<int:number>/documents/new")
@role(*MINE)
def add_of_accession(number: int) -> ResponseReturnValue:
    """Enters a document of an accession."""
    back = url_for("accessions.show", number=number)
    return _add(back, lambda session: {"accession": accessions.get(session, number)})


def _form(typed: Any, errors: faults.Messages | None = None, *, back: str) -> ResponseReturnValue:
    fields = forms.paper()
    return render_template(
        "accessions/paper.html",
        fields=fields,
        typed=typed,
        errors=errors or {},
        labels={**forms.labels(fields), "file": gettext("Scan")},
        limit=LIMIT,
        back=back,
    ), 422 if errors else 200


def _add(back: str, whose: Any) -> ResponseReturnValue:
    answers = Answers(request.form)
    values = documents.read(answers)
    if answers.errors:
        said = {name: [words.say(one) for one in found] for name, found in answers.errors.items()}
        return _form(request.form, said, back=back)
    arrival = None
    try:
        sent = request.files.get("file")
        if sent is not None and sent.filename:
            arrival = files.receive(
                cast(BinaryIO, sent.stream),
                sent.filename,
                staging=archive().settings.staging,
                limit=LIMIT,
            )
            values |= _kept(arrival)
        with archive().writing() as session:
            documents.add(session, values, actor=viewer(), **whose(session))
    except ArchiveError as error:
        found = faults.of_error(error)
        if "" in found:
            found = {"file": found[""]}
        return _form(request.form, found, back=back)
    finally:
        if arrival is not None:
            files.discard(arrival, staging=archive().settings.staging)
    return redirect(back, 303)


def _kept(arrival: files.Arrival) -> dict[str, Any]:
    """Puts a scan where scans lie, once it is known to hold no virus; its columns."""
    settings = archive().settings
    if arrival.media_type not in documents.TAKEN:
        raise Invalid("A scan is a PDF, a picture, or a letter as DOCX or ODT.", {"file": []})
    staged = settings.staging / arrival.staged
    finding = virus.insist(settings, staged, arrival.name)
    place = documents.path(settings, arrival.sha512)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    _copy(staged, place)
    return {
        "name": arrival.name,
        "size": arrival.size,
        "sha512": arrival.sha512,
        "media_type": arrival.media_type,
        "scan": finding.outcome,
    }


def _copy(source: Path, target: Path) -> None:
    """A second name for the same bytes, or a copy where the disk is another one."""
    if target.exists():
        os.utime(target)  # it came again now; `documents.sweep` looks at that
    else:
        disk.link(source, target)


@blueprint.get("/documents/<int:number>")
@role(*LOOKING)
def scan(number: int) -> ResponseReturnValue:
    """The scan, to be kept apart from everything that readers get; opening it is written down."""
    with archive().writing() as session:
        found = documents.get(session, number)
        documents.check_readable(found)
        documents.opened(session, found, actor=viewer())
    place = documents.path(archive().settings, found.sha512 or "")
    if not place.is_file():
        raise NotFound("There is no such document.")
    answer: Response = send_file(
        place, mimetype=found.media_type, as_attachment=True, download_name=found.name
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/documents/<int:number>/remove")
@role(*MINE)
def remove(number: int) -> ResponseReturnValue:
    """Takes a document away, with the reason; its row stays."""
    with archive().writing() as session:
        found = documents.get(session, number)
        back = _home(found)
        reason = request.form.get("reason", "")
        gone = documents.remove(session, found, reason=reason, actor=viewer())
    if gone:
        documents.path(archive().settings, gone).unlink(missing_ok=True)
    return redirect(back, 303)


def _home(found: Document) -> str:
    if found.accession_id is not None:
        return url_for("accessions.show", number=found.accession_id)
    return url_for("papers.of_work", number=found.work_id)


@blueprint.get("/documents/required")
@role(*RULING)
def required() -> ResponseReturnValue:
    """Which documents works must have."""
    return _required()


def _required(errors: faults.Messages | None = None) -> ResponseReturnValue:
    rules = requirements.rules(reading())
    named = {one.id: one.name(words.language()) for one in collections.everything(reading())}
    return render_template(
        "accessions/required.html",
        rules=[
            {
                "id": one.id,
                "kind": gettext(terms.PAPERS[terms.Paper(one.kind)]),
                "collection": named.get(one.collection_id or 0, gettext("all collections")),
                "type": gettext(vocabulary.TYPES[one.type].label)
                if one.type in vocabulary.TYPES
                else gettext("all kinds"),
                "way": gettext(terms.WAYS[terms.Way(one.way)]) if one.way else "",
            }
            for one in rules
        ],
        kinds=forms.options(terms.PAPERS),
        collections=[(str(one), name) for one, name in named.items()],
        types=[(key, gettext(one.label)) for key, one in vocabulary.TYPES.items()],
        ways=forms.options(terms.WAYS),
        typed=request.form,
        errors=errors or {},
    ), 422 if errors else 200


@blueprint.post("/documents/required")
@role(*RULING)
def require() -> ResponseReturnValue:
    """Makes a rule, or takes one away."""
    try:
        with archive().writing() as session:
            if "waive" in request.form:
                number = request.form.get("waive", 0, type=int)
                requirements.waive(session, number, actor=viewer())
            else:
                _rule(session)
    except Invalid as error:
        return _required(faults.of_error(error))
    return redirect(url_for("papers.required"), 303)


def _rule(session: Session) -> None:
    answers = Answers(request.form)
    kind = answers.choice("kind", terms.PAPERS)
    type_ = answers.choice("type", vocabulary.TYPES, needed=False)
    way = answers.choice("way", terms.WAYS, needed=False)
    number = answers.whole("collection", least=1, most=2**31 - 1, needed=False)
    if number and session.get(Collection, number) is None:
        answers.wrong("collection", _("There is no such collection."))
    if answers.errors:
        raise Invalid("Some answers are still missing or not right.", answers.errors)
    requirements.require(
        session, kind=kind, collection_id=number, type=type_, way=way, actor=viewer()
    )
