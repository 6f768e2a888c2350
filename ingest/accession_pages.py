"""/staff/accessions: what came to the library is entered, booked and corrected."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import accession_forms as forms
from ingest.paper_pages import papers_of
from repository import (
    access,
    accessions,
    documents,
    entries,
    ledger,
    requirements,
    suppliers,
)
from repository.access import Action
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.accessions import Accession, Item
from repository.printing import wording
from repository.web import faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas.accessions import Standing
from schemas.answers import Answers
from schemas.roles import Role

blueprint = Blueprint("accessions", __name__, url_prefix="/staff/accessions")
MINE = (Role.ACQUISITIONS,)
LOOKING = (Role.ACQUISITIONS, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


HAPPENED = {
    "begun": _("Begun"),
    "changed": _("Changed"),
    "item added": _("A title was added"),
    "item changed": _("A title was changed"),
    "item dropped": _("A title was taken out"),
    "booked": _("Booked"),
    "cancelled": _("Cancelled"),
    "copies": _("Copies were named"),
    "dropped": _("A line was taken out"),
}


def row(one: Accession) -> dict[str, Any]:
    """An accession as pages list it."""
    total = wording.money(accessions.total(one.items))
    return {
        "id": one.id,
        "label": one.label or gettext("without a number yet"),
        "day": one.day,
        "source": one.supplier.name,
        "way": gettext(terms.WAYS[terms.Way(one.way)]),
        "standing": one.standing,
        "standing_label": gettext(terms.STANDINGS[Standing(one.standing)]),
        "titles": len(one.items),
        "copies": accessions.copies(one.items),
        "sum": f"{total} {one.currency}",
    }


def _today() -> date:
    return wording.here(now(), archive().settings)


@blueprint.get("/new")
@role(*MINE)
def new() -> ResponseReturnValue:
    """The form of a new accession."""
    typed = {"day": _today().isoformat(), "received_by": viewer().name, "currency": "KGS"}
    return forms.page(gettext("New accession"), forms.accession(reading()), typed)


@blueprint.post("/new")
@role(*MINE)
def begin() -> ResponseReturnValue:
    """Begins it; a source that is not in the list yet is entered along with it."""
    answers = Answers(request.form)
    source = entries.read_source(answers)
    values = entries.read(answers, _today(), sourced=source is not None)
    errors = forms.said(answers.errors)
    if not errors:
        try:
            with archive().writing() as session:
                if source is not None:
                    values["supplier_id"] = suppliers.add(session, source, actor=viewer()).id
                made = accessions.begin(session, values, actor=viewer())
            return redirect(url_for(".show", number=made.id), 303)
        except ArchiveError as error:
            errors = faults.of_error(error)
            if "name" in errors:  # the source's own form calls it so
                errors["source"] = errors.pop("name")
    fields = forms.accession(reading())
    return forms.page(gettext("New accession"), fields, request.form, errors)


@blueprint.get("/<int:number>")
@role(*LOOKING)
def show(number: int) -> ResponseReturnValue:
    """An accession with its titles, papers and history."""
    return shown(accessions.get(reading(), number))


def shown(
    found: Accession, errors: faults.Messages | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of an accession, with what is wrong with what was asked of it."""
    checks = _checklist(found)
    return render_template(
        "accessions/show.html",
        accession=found,
        row=row(found),
        facts=_facts(found),
        items=[_item(one) for one in found.items],
        papers=papers_of(documents.of_accession(reading(), found.id)),
        checks=checks,
        lacking=sum(1 for _label, said in checks if said),
        events=_events(found),
        mine=viewer().may(Role.ACQUISITIONS),
        typed=request.form,
        errors=errors or {},
    ), status


def _item(one: Item) -> dict[str, Any]:
    """A title; of its work the number, and its own title where the viewer may know it."""
    work = one.work
    known = work is not None and bool(access.decide(viewer(), Action.SEE, work))
    return {
        "id": one.id,
        "title": one.title,
        "issued": one.issued,
        "work": one.work_id,
        "work_title": work.title if work is not None and known else "",
        "known": known,
        "numbers": wording.run(one.first, one.last),
        "copies": one.copies,
        "price": wording.money(one.price),
        "sum": wording.money(one.sum),
    }


def _events(found: Accession) -> list[dict[str, Any]]:
    return [
        {
            "moment": one.moment,
            "label": gettext(HAPPENED.get(one.kind, one.kind)),
            "name": one.actor,
            "comment": one.reason or one.details.get("title", ""),
        }
        for one in ledger.events(reading(), "accession", found.id)
    ]


def _checklist(found: Accession) -> list[tuple[str, str]]:
    """What there must be before it is booked, each with what is missing of it."""
    if found.standing != Standing.OPEN:
        return []
    no_titles = "" if found.items else gettext("Enter at least one title first.")
    papers = requirements.checklist(reading(), found)
    return [
        (gettext("Titles"), no_titles),
        *(
            (gettext(terms.PAPERS[kind]), "" if lack is None else words.say(lack))
            for kind, lack in papers
        ),
    ]


def _facts(found: Accession) -> list[tuple[str, str]]:
    return [
        (gettext("Source"), found.supplier.name),
        (gettext("How it came"), gettext(terms.WAYS[terms.Way(found.way)])),
        (gettext("Carrier"), gettext(terms.CARRIERS[terms.Carrier(found.carrier)])),
        (gettext("Document"), wording.numbered(found.paper_number, found.paper_day)),
        (gettext("Received by"), found.received_by),
        (gettext("Note"), found.note),
        (gettext("Why it was cancelled"), found.reason),
    ]


@blueprint.get("/<int:number>/edit")
@role(*MINE)
def edit(number: int) -> ResponseReturnValue:
    """The accession as a form."""
    found = accessions.get(reading(), number)
    return _edit(found, forms.typed_of(found, forms.accession(reading(), old=True)))


def _edit(
    found: Accession, typed: Any, errors: faults.Messages | None = None
) -> ResponseReturnValue:
    return forms.page(
        gettext("Change the accession"),
        forms.accession(reading(), old=True),
        typed,
        errors,
        reason=found.standing == Standing.BOOKED,
        revision=found.revision,
        back=url_for(".show", number=found.id),
    )


@blueprint.post("/<int:number>/edit")
@role(*MINE)
def change(number: int) -> ResponseReturnValue:
    """Keeps the changes; with a reason once it is booked."""
    answers = Answers(request.form)
    values = entries.read(answers, _today())
    errors = forms.said(answers.errors)
    if not errors:
        try:
            with archive().writing() as session:
                accessions.change(
                    session,
                    accessions.get(session, number),
                    values,
                    reason=request.form.get("reason", ""),
                    revision=request.form.get("revision", type=int),
                    actor=viewer(),
                )
            return redirect(url_for(".show", number=number), 303)
        except ArchiveError as error:
            errors = faults.of_error(error)
    return _edit(accessions.get(reading(), number), request.form, errors)


@blueprint.post("/<int:number>/book")
@role(*MINE)
def book(number: int) -> ResponseReturnValue:
    """Gives it its number, and copies theirs."""
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            accessions.book(session, found, actor=viewer())
    except ArchiveError as error:
        return shown(accessions.get(reading(), number), faults.of_error(error), 422)
    flash(gettext("Booked under the number %(number)s.", number=found.label), "good")
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/<int:number>/cancel")
@role(*MINE)
def cancel(number: int) -> ResponseReturnValue:
    """Declares it void."""
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            reason = request.form.get("reason", "")
            accessions.cancel(session, found, reason=reason, actor=viewer())
    except ArchiveError as error:
        return shown(accessions.get(reading(), number), faults.of_error(error), 422)
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/<int:number>/discard")
@role(*MINE)
def discard(number: int) -> ResponseReturnValue:
    """Deletes it while it has no number."""
    try:
        with archive().writing() as session:
            accessions.discard(session, accessions.get(session, number), actor=viewer())
    except ArchiveError as error:
        return shown(accessions.get(reading(), number), faults.of_error(error), 422)
    flash(gettext("The accession was deleted."), "good")
    return redirect(url_for("register.index"), 303)
