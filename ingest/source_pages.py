"""/staff/books/sources: who accessions come from."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import accession_forms as forms
from repository import suppliers
from repository.errors import Invalid
from repository.web import desk, faults
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas.answers import Answers
from schemas.roles import Role

blueprint = Blueprint("suppliers", __name__, url_prefix="/staff/books/sources")
MINE = (Role.ACQUISITIONS,)
LOOKING = (Role.ACQUISITIONS, Role.DIRECTOR)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who accessions come from: shops, publishers, libraries, people.")
    desk.offer(state, "suppliers.index", _("Sources"), says)


@blueprint.get("")
@role(*LOOKING)
def index() -> ResponseReturnValue:
    """All sources."""
    return render_template(
        "accessions/sources.html",
        rows=[
            (one, gettext(terms.SUPPLIER_KINDS[terms.SupplierKind(one.kind)]))
            for one in suppliers.everything(reading())
        ],
        mine=viewer().may(Role.ACQUISITIONS),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@role(*MINE)
def new() -> ResponseReturnValue:
    """A new source."""
    return _source(None)


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@role(*MINE)
def change(number: int) -> ResponseReturnValue:
    """A source, to be changed."""
    return _source(number)


def _source(number: int | None) -> ResponseReturnValue:
    fields = forms.supplier()
    heading = gettext("Change the source") if number else gettext("New source")
    if request.method == "GET":
        typed = forms.typed_of(suppliers.get(reading(), number), fields) if number else {}
        return forms.page(heading, fields, typed, back=url_for(".index"))
    answers = Answers(request.form)
    values = suppliers.read(answers)
    errors = forms.said(answers.errors)
    if not errors:
        try:
            with archive().writing() as session:
                if number:
                    found = suppliers.get(session, number)
                    suppliers.change(session, found, values, actor=viewer())
                else:
                    suppliers.add(session, values, actor=viewer())
            return redirect(url_for(".index"), 303)
        except Invalid as error:
            errors = faults.of_error(error)
    return forms.page(heading, fields, request.form, errors, back=url_for(".index"))
