"""/staff/accessions: what came to the library is entered, booked and corrected."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import accession_forms as forms
from ingest.paper_pages import papers_of
from repository import accessions, documents, entries, ledger, requirements
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.accessions import Accession, Item
from repository.printing import wording
from repository.web import desk, faults
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


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Purchases, subscriptions, exchange and gifts: their titles, papers and numbers.")
    desk.offer(state, "accessions.index", _("Accessions"), says)


@blueprint.get("")
@role(*LOOKING)
def index() -> ResponseReturnValue:
    """The register, narrowed by year, way, source and standing."""
    asked = Answers(request.args)
    before = asked.whole("before", least=1, most=2**31 - 1, needed=False)
    year = asked.whole("year", least=1900, most=2200, needed=False)
    supplier = asked.whole("supplier", least=1, most=2**31 - 1, needed=False)
    way = asked.choice("way", terms.WAYS, needed=False) if "way" not in asked.errors else ""
    standing = asked.choice("standing", terms.STANDINGS, needed=False)
    chosen: dict[str, Any] = {
        name: value
        for name, value in {
            "year": year,
            "supplier": supplier,
            "way": way,
            "standing": standing,
        }.items()
        if value and name not in asked.errors
    }
    found = accessions.page(reading(), before=before, **chosen)
    shown = found[: accessions.PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    return render_template(
        "accessions/index.html",
        rows=[_row(one) for one in shown],
        totals=wording.sums(sorted(accessions.sums(one for one in shown).items())),
        chosen=chosen,
        sources=forms.sources(reading()),
        ways=forms.options(terms.WAYS),
        standings=forms.options(terms.STANDINGS),
        older=url_for(".index", before=more, **chosen) if more else None,
    )


def _row(one: Accession) -> dict[str, Any]:
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


@blueprint.get("/new")
@role(*MINE)
def new() -> ResponseReturnValue:
    """The form of a new accession."""
    today = wording.here(now(), archive().settings).isoformat()
    typed = {"day": today, "received_by": viewer().name, "currency": "KGS"}
    return _form(gettext("New accession"), forms.accession(reading()), typed)


@blueprint.post("/new")
@role(*MINE)
def begin() -> ResponseReturnValue:
    """Begins it."""
    fields = forms.accession(reading())
    answers = Answers(request.form)
    values = entries.read(answers, wording.here(now(), archive().settings))
    if answers.errors:
        return _form(gettext("New accession"), fields, request.form, answers.errors)
    try:
        with archive().writing() as session:
            made = accessions.begin(session, values, actor=viewer())
    except ArchiveError as error:
        return _form(gettext("New accession"), fields, request.form, faults.of_error(error))
    return redirect(url_for(".show", number=made.id), 303)


def _form(
    heading: str,
    fields: list[forms.Field],
    typed: Any,
    errors: Any = None,
    *,
    reason: bool = False,
    back: str = "",
    revision: int | None = None,
) -> ResponseReturnValue:
    said = {name: [forms.say(one) for one in found] for name, found in (errors or {}).items()}
    return render_template(
        "accessions/form.html",
        heading=heading,
        fields=fields,
        typed=typed,
        errors=said,
        labels={**forms.labels(fields), "reason": gettext("Why")},
        reason=reason,
        revision=revision,
        back=back or url_for("accessions.index"),
    ), 422 if errors else 200


@blueprint.get("/<int:number>")
@role(*LOOKING)
def show(number: int) -> ResponseReturnValue:
    """An accession with its titles, papers and history."""
    return _show(accessions.get(reading(), number))


def _show(
    found: Accession, errors: faults.Messages | None = None, status: int = 200
) -> ResponseReturnValue:
    events = ledger.events(reading(), "accession", found.id)
    return render_template(
        "accessions/show.html",
        accession=found,
        row=_row(found),
        facts=_facts(found),
        items=[(one, wording.money(one.price), wording.money(one.sum)) for one in found.items],
        papers=papers_of(documents.of_accession(reading(), found.id)),
        missing=_missing(found),
        events=[
            {
                "moment": one.moment,
                "label": gettext(HAPPENED.get(one.kind, one.kind)),
                "name": one.actor,
                "comment": one.reason,
            }
            for one in events
        ],
        mine=viewer().may(Role.ACQUISITIONS),
        errors=errors or {},
    ), status


def _missing(found: Accession) -> list[str]:
    """The documents without which it is not booked, while it is not."""
    if found.standing != Standing.OPEN:
        return []
    return [forms.say(one) for one in requirements.missing_of_accession(reading(), found)]


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
    fields = forms.accession(reading())
    return _edit(found, fields, forms.typed_of(found, fields))


def _edit(
    found: Accession, fields: list[forms.Field], typed: Any, errors: Any = None
) -> ResponseReturnValue:
    return _form(
        gettext("Change the accession"),
        fields,
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
    fields = forms.accession(reading())
    answers = Answers(request.form)
    values = entries.read(answers, wording.here(now(), archive().settings))
    errors: Any = answers.errors
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
    return _edit(accessions.get(reading(), number), fields, request.form, errors)


@blueprint.get("/<int:number>/items/new")
@role(*MINE)
def new_item(number: int) -> ResponseReturnValue:
    """The form of a title."""
    return _item_form(accessions.get(reading(), number), {"copies": "1", "inventoried": "yes"})


def _item_form(
    found: Accession, typed: Any, errors: Any = None, *, old: Item | None = None
) -> ResponseReturnValue:
    return _form(
        gettext("Change a title") if old else gettext("Add a title"),
        forms.item(),
        typed,
        errors,
        reason=found.standing == Standing.BOOKED,
        back=url_for(".show", number=found.id),
    )


@blueprint.post("/<int:number>/items/new")
@role(*MINE)
def add_item(number: int) -> ResponseReturnValue:
    """Adds a title."""
    errors: Any = None
    try:
        with archive().writing() as session:
            answers = Answers(request.form)
            values = entries.read_item(session, answers, viewer=viewer())
            errors = answers.errors
            if not errors:
                found = accessions.get(session, number)
                accessions.add_item(session, found, values, actor=viewer())
    except ArchiveError as error:
        errors = faults.of_error(error)
    if errors:
        return _item_form(accessions.get(reading(), number), request.form, errors)
    return redirect(url_for(".show", number=number), 303)


@blueprint.get("/<int:number>/items/<int:item>")
@role(*MINE)
def edit_item(number: int, item: int) -> ResponseReturnValue:
    """A title as a form."""
    found = accessions.get(reading(), number)
    old = accessions.item(found, item)
    return _item_form(found, forms.typed_of(old, forms.item()), old=old)


@blueprint.post("/<int:number>/items/<int:item>")
@role(*MINE)
def change_item(number: int, item: int) -> ResponseReturnValue:
    """Changes a title."""
    errors: Any = None
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            answers = Answers(request.form)
            values = entries.read_item(session, answers, viewer=viewer())
            errors = answers.errors
            if not errors:
                reason = request.form.get("reason", "")
                old = accessions.item(found, item)
                accessions.change_item(session, found, old, values, reason=reason, actor=viewer())
    except ArchiveError as error:
        errors = faults.of_error(error)
    if errors:
        found = accessions.get(reading(), number)
        old = accessions.item(found, item)
        return _item_form(found, request.form, errors, old=old)
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/<int:number>/items/<int:item>/drop")
@role(*MINE)
def drop_item(number: int, item: int) -> ResponseReturnValue:
    """Takes a title out."""
    with archive().writing() as session:
        found = accessions.get(session, number)
        accessions.drop_item(session, found, accessions.item(found, item), actor=viewer())
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/<int:number>/book")
@role(*MINE)
def book(number: int) -> ResponseReturnValue:
    """Gives it its number, and copies theirs."""
    try:
        with archive().writing() as session:
            found = accessions.get(session, number)
            accessions.book(session, found, actor=viewer())
    except ArchiveError as error:
        return _show(accessions.get(reading(), number), faults.of_error(error), 422)
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
        return _show(accessions.get(reading(), number), faults.of_error(error), 422)
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/<int:number>/discard")
@role(*MINE)
def discard(number: int) -> ResponseReturnValue:
    """Deletes it while it has no number."""
    try:
        with archive().writing() as session:
            accessions.discard(session, accessions.get(session, number), actor=viewer())
    except ArchiveError as error:
        return _show(accessions.get(reading(), number), faults.of_error(error), 422)
    flash(gettext("The accession was deleted."), "good")
    return redirect(url_for(".index"), 303)
