"""/staff/books/removals: copies that leave the fund, under an act."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from ingest import accession_forms as forms
from repository import removals
from repository.clock import now
from repository.errors import ArchiveError, Invalid
from repository.models.accessions import Removal
from repository.printing import wording
from repository.web import desk, faults
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas.accessions import Standing
from schemas.answers import Answers
from schemas.roles import Role

blueprint = Blueprint("removals", __name__, url_prefix="/staff/books/removals")
MINE = (Role.ACQUISITIONS,)
LOOKING = (Role.ACQUISITIONS, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Copies that leave the fund, under an act.")
    desk.offer(state, "removals.index", _("Removals"), says)


def _today() -> date:
    return wording.here(now(), archive().settings)


@blueprint.get("")
@role(*LOOKING)
def index() -> ResponseReturnValue:
    """All removals, the last first."""
    before = Answers(request.args).whole("before", least=1, most=2**31 - 1, needed=False)
    found = removals.everything(reading(), before)
    return render_template(
        "accessions/removals.html",
        rows=[_row(one) for one in found[:50]],
        older=url_for(".index", before=found[49].id) if len(found) > 50 else None,
        mine=viewer().may(Role.ACQUISITIONS),
    )


def _row(one: Removal) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label or gettext("without a number yet"),
        "day": one.day,
        "act": wording.numbered(one.act, one.act_day),
        "why": gettext(terms.WHYS[terms.Why(one.why)]),
        "standing": one.standing,
        "standing_label": gettext(terms.STANDINGS[Standing(one.standing)]),
        "copies": sum(part.copies for part in one.parts),
    }


@blueprint.route("/new", methods=["GET", "POST"])
@role(*MINE)
def new() -> ResponseReturnValue:
    """A new removal."""
    fields, heading, back = forms.removal(), gettext("New removal"), url_for(".index")
    if request.method == "GET":
        return forms.page(heading, fields, {"day": _today().isoformat()}, back=back)
    answers = Answers(request.form)
    values = removals.read(answers, _today())
    if answers.errors:
        return forms.page(heading, fields, request.form, forms.said(answers.errors), back=back)
    with archive().writing() as session:
        made = removals.begin(session, values, actor=viewer())
    return redirect(url_for(".show", number=made.id), 303)


@blueprint.get("/<int:number>")
@role(*LOOKING)
def show(number: int) -> ResponseReturnValue:
    """A removal with the copies that it takes."""
    return _show(number)


def _show(number: int, errors: faults.Messages | None = None) -> ResponseReturnValue:
    found = removals.get(reading(), number)
    loose = removals.unnumbered(reading()) if found.standing == Standing.OPEN else []
    return render_template(
        "accessions/removal.html",
        removal=found,
        row=_row(found),
        parts=[
            (part, part.item.title, wording.money(part.item.price), part.item.accession.currency)
            for part in found.parts
        ],
        loose=[(str(one.id), one.title) for one in loose],
        typed=request.form,
        errors=errors or {},
        mine=viewer().may(Role.ACQUISITIONS),
    ), 422 if errors else 200


@blueprint.post("/<int:number>")
@role(*MINE)
def change(number: int) -> ResponseReturnValue:
    """Names copies, takes a line out, books, cancels or deletes: what the button says."""
    try:
        with archive().writing() as session:
            found = removals.get(session, number)
            act_name = request.form.get("do", "")
            if act_name == "discard":
                removals.discard(session, found, actor=viewer())
            elif act_name == "book":
                removals.book(session, found, actor=viewer())
            elif act_name == "cancel":
                reason = request.form.get("reason", "")
                removals.cancel(session, found, reason=reason, actor=viewer())
            elif act_name == "drop":
                removals.drop(session, found, request.form.get("part", 0, type=int), actor=viewer())
            elif act_name == "copies":
                _loose(session, found)
            else:
                _numbered(session, found)
    except ArchiveError as error:
        return _show(number, faults.of_error(error))
    if act_name == "discard":
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".show", number=number), 303)


def _numbered(session: Session, found: Removal) -> None:
    first, _dash, last = request.form.get("numbers", "").replace("–", "-").partition("-")
    low, high = first.strip(), (last or first).strip()
    if not (low.isascii() and low.isdigit() and high.isascii() and high.isdigit()):
        said = _("Write a number, or two with a dash between: 120-125.")
        raise Invalid(said, {"numbers": []})
    removals.add_numbers(session, found, int(low[:9]), int(high[:9]), actor=viewer())


def _loose(session: Session, found: Removal) -> None:
    answers = Answers(request.form)
    item = answers.whole("item", least=1, most=2**31 - 1)
    count = answers.whole("copies", least=1, most=10_000)
    if answers.errors or item is None or count is None:
        raise Invalid("Some answers are still missing or not right.", answers.errors)
    removals.add_copies(session, found, item, count, actor=viewer())
