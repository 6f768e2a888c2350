"""/staff/books: sources, removals, and the books of the library on paper and as spreadsheets."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from ingest import accession_forms as forms
from repository import (
    accessions,
    inventory,
    removals,
    series,
    summary,
    suppliers,
)
from repository.access import Action
from repository.clock import now
from repository.errors import ArchiveError, Invalid
from repository.inventory import Wanted
from repository.models.accessions import Removal
from repository.printing import act, wording
from repository.printing import books as printed
from repository.web import desk, faults, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas.accessions import Standing
from schemas.answers import Answers
from schemas.roles import Role

blueprint = Blueprint("books", __name__, url_prefix="/staff/books")
MINE = (Role.ACQUISITIONS,)
LOOKING = (Role.ACQUISITIONS, Role.DIRECTOR)
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The ways in from the desk."""
    says = _("Inventory book and summary book for any period, to print or as a spreadsheet.")
    desk.offer(state, "books.index", _("Books of the library"), says)
    says = _("Who accessions come from: shops, publishers, libraries, people.")
    desk.offer(state, "books.sources", _("Sources"), says)
    says = _("Copies that leave the fund, under an act.")
    desk.offer(state, "books.removals_list", _("Removals"), says)


def _today() -> date:
    return wording.here(now(), archive().settings)


# --- the books ------------------------------------------------------------------------------------
@blueprint.get("")
@role(*LOOKING)
def index() -> ResponseReturnValue:
    """Which book, of which time, in which language."""
    return _index({})


def _index(errors: faults.Messages) -> ResponseReturnValue:
    year = _today().year
    return render_template(
        "accessions/books.html",
        typed=request.args,
        errors=errors,
        languages=[(one, words.language_name(one)) for one in ("ky", "ru", "en")],
        language=words.language(),
        since=f"{year}-01-01",
        until=_today().isoformat(),
        sources=forms.sources(reading()),
        ways=forms.options(terms.WAYS),
        last=series.last(reading(), series.INVENTORY),
        mine=viewer().may(Role.ACQUISITIONS),
    ), 422 if errors else 200


@blueprint.get("/inventory")
@role(*LOOKING)
def inventory_book() -> ResponseReturnValue:
    """The inventory book."""
    asked = Answers(request.args)
    wanted = Wanted(
        asked.whole("first", least=1, most=2**31 - 1, needed=False),
        asked.whole("last", least=1, most=2**31 - 1, needed=False),
        asked.day("since"),
        asked.day("until"),
    )
    if asked.errors:
        return _index(_said(asked))
    rows = inventory.rows(reading(), wanted)
    settings = archive().settings
    return _printed(
        "inventory",
        lambda language: printed.inventory_pdf(rows, wanted, settings=settings, language=language),
        lambda: printed.inventory_xlsx(rows, wanted, settings=settings),
    )


@blueprint.get("/summary")
@role(*LOOKING)
def summary_book() -> ResponseReturnValue:
    """The summary book of a period, perhaps of one source or one way only."""
    asked = Answers(request.args)
    since, until = asked.day("since", needed=True), asked.day("until", needed=True)
    supplier = asked.whole("supplier", least=1, most=2**31 - 1, needed=False)
    way = asked.choice("way", terms.WAYS, needed=False)
    if since and until and since > until:
        asked.wrong("until", _("The end is before the beginning."))
    if asked.errors or since is None or until is None:
        return _index(_said(asked))
    source = suppliers.get(reading(), supplier).name if supplier else ""
    book = summary.book(reading(), since, until, supplier=supplier, way=way)
    about: dict[str, Any] = {"source": source, "way": way, "settings": archive().settings}
    return _printed(
        "summary",
        lambda language: printed.summary_pdf(book, **about, language=language),
        lambda: printed.summary_xlsx(book, **about),
    )


def _said(asked: Answers) -> faults.Messages:
    return {name: [words.say(one) for one in found] for name, found in asked.errors.items()}


def _printed(
    name: str, pdf: Callable[[str], bytes], xlsx: Callable[[], bytes] | None = None
) -> ResponseReturnValue:
    """A paper in the language that is asked for."""
    asked = request.args.get("language", "")
    language = asked if asked in ("ky", "ru", "en") else words.language()
    as_table = xlsx is not None and request.args.get("form") == "xlsx"
    with force_locale(language):
        data = xlsx() if as_table and xlsx else pdf(language)
    answer = Response(data, content_type=XLSX if as_table else PDF)
    ending = "xlsx" if as_table else "pdf"
    shown = "attachment" if as_table else "inline"
    answer.headers["Content-Disposition"] = f'{shown}; filename="{name}-{language}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/acts/<int:number>")
@role(*LOOKING)
def accession_act(number: int) -> ResponseReturnValue:
    """The transfer act of an accession."""
    found = accessions.get(reading(), number)
    if found.standing != Standing.BOOKED:
        raise Invalid("Book the accession first: the act bears its number.")
    settings = archive().settings
    return _printed(
        f"act-{found.number}-{found.year}",
        lambda language: act.pdf(act.of_accession(found), settings=settings, language=language),
    )


@blueprint.get("/works/<int:number>/act")
@role(*LOOKING)
def work_act(number: int) -> ResponseReturnValue:
    """The transfer act of a work that its author deposited."""
    work = permits.work(reading(), number, Action.SEE)
    made = act.of_work(
        work,
        giver=request.args.get("giver", "")[:200],
        receiver=viewer().name,
        day=wording.here(work.submitted or now(), archive().settings),
    )
    settings = archive().settings
    return _printed(
        f"act-work-{number}",
        lambda language: act.pdf(made, settings=settings, language=language),
    )


@blueprint.post("/inventory/begin")
@role(*MINE)
def begin_inventory() -> ResponseReturnValue:
    """Says which number was the last before this archive gave any."""
    answers = Answers(request.form)
    number = answers.whole("last_number", least=0, most=10**9)
    if answers.errors or number is None:
        return _index(_said(answers))
    try:
        with archive().writing() as session:
            series.begin_inventory(session, number, actor=viewer())
    except ArchiveError as error:
        return _index({"last_number": [words.explain(error)]})
    flash(gettext("The next inventory number is %(number)s.", number=number + 1), "good")
    return redirect(url_for(".index"), 303)


# --- sources --------------------------------------------------------------------------------------
@blueprint.get("/sources")
@role(*LOOKING)
def sources() -> ResponseReturnValue:
    """All sources."""
    return render_template(
        "accessions/sources.html",
        rows=[
            (one, gettext(terms.SUPPLIER_KINDS[terms.SupplierKind(one.kind)]))
            for one in suppliers.everything(reading())
        ],
        mine=viewer().may(Role.ACQUISITIONS),
    )


@blueprint.route("/sources/new", methods=["GET", "POST"])
@role(*MINE)
def new_source() -> ResponseReturnValue:
    """A new source."""
    return _source(None)


@blueprint.route("/sources/<int:number>", methods=["GET", "POST"])
@role(*MINE)
def source(number: int) -> ResponseReturnValue:
    """A source, to be changed."""
    return _source(number)


def _source(number: int | None) -> ResponseReturnValue:
    fields = forms.supplier()
    heading = gettext("Change the source") if number else gettext("New source")
    if request.method == "GET":
        typed = forms.typed_of(suppliers.get(reading(), number), fields) if number else {}
        return _form(heading, fields, typed, back=url_for(".sources"))
    answers = Answers(request.form)
    values = suppliers.read(answers)
    errors = _said(answers)
    if not errors:
        try:
            with archive().writing() as session:
                if number:
                    found = suppliers.get(session, number)
                    suppliers.change(session, found, values, actor=viewer())
                else:
                    suppliers.add(session, values, actor=viewer())
            return redirect(url_for(".sources"), 303)
        except Invalid as error:
            errors = faults.of_error(error)
    return _form(heading, fields, request.form, errors, back=url_for(".sources"))


def _form(
    heading: str,
    fields: list[forms.Field],
    typed: Any,
    errors: faults.Messages | None = None,
    *,
    back: str,
) -> ResponseReturnValue:
    return render_template(
        "accessions/form.html",
        heading=heading,
        fields=fields,
        typed=typed,
        errors=errors or {},
        labels=forms.labels(fields),
        reason=False,
        revision=None,
        back=back,
    ), 422 if errors else 200


# --- removals -------------------------------------------------------------------------------------
@blueprint.get("/removals")
@role(*LOOKING)
def removals_list() -> ResponseReturnValue:
    """All removals, the last first."""
    before = Answers(request.args).whole("before", least=1, most=2**31 - 1, needed=False)
    found = removals.everything(reading(), before)
    return render_template(
        "accessions/removals.html",
        rows=[_removal_row(one) for one in found[:50]],
        older=url_for(".removals_list", before=found[49].id) if len(found) > 50 else None,
        mine=viewer().may(Role.ACQUISITIONS),
    )


def _removal_row(one: Removal) -> dict[str, Any]:
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


@blueprint.route("/removals/new", methods=["GET", "POST"])
@role(*MINE)
def new_removal() -> ResponseReturnValue:
    """A new removal."""
    fields, heading, back = forms.removal(), gettext("New removal"), url_for(".removals_list")
    if request.method == "GET":
        return _form(heading, fields, {"day": _today().isoformat()}, back=back)
    answers = Answers(request.form)
    values = removals.read(answers, _today())
    if answers.errors:
        return _form(heading, fields, request.form, _said(answers), back=back)
    with archive().writing() as session:
        made = removals.begin(session, values, actor=viewer())
    return redirect(url_for(".removal", number=made.id), 303)


@blueprint.get("/removals/<int:number>")
@role(*LOOKING)
def removal(number: int) -> ResponseReturnValue:
    """A removal with the copies that it takes."""
    return _removal(number)


def _removal(number: int, errors: faults.Messages | None = None) -> ResponseReturnValue:
    found = removals.get(reading(), number)
    loose = removals.unnumbered(reading()) if found.standing == Standing.OPEN else []
    return render_template(
        "accessions/removal.html",
        removal=found,
        row=_removal_row(found),
        parts=[
            (part, part.item.title, wording.money(part.item.price), part.item.accession.currency)
            for part in found.parts
        ],
        loose=[(str(one.id), one.title) for one in loose],
        typed=request.form,
        errors=errors or {},
        mine=viewer().may(Role.ACQUISITIONS),
    ), 422 if errors else 200


@blueprint.post("/removals/<int:number>")
@role(*MINE)
def change_removal(number: int) -> ResponseReturnValue:
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
        return _removal(number, faults.of_error(error))
    if act_name == "discard":
        return redirect(url_for(".removals_list"), 303)
    return redirect(url_for(".removal", number=number), 303)


def _numbered(session: Any, found: Removal) -> None:
    first, _dash, last = request.form.get("numbers", "").replace("–", "-").partition("-")
    low, high = first.strip(), (last or first).strip()
    if not (low.isascii() and low.isdigit() and high.isascii() and high.isdigit()):
        said = _("Write a number, or two with a dash between: 120-125.")
        raise Invalid(said, {"numbers": []})
    removals.add_numbers(session, found, int(low[:9]), int(high[:9]), actor=viewer())


def _loose(session: Any, found: Removal) -> None:
    answers = Answers(request.form)
    item = answers.whole("item", least=1, most=2**31 - 1)
    count = answers.whole("copies", least=1, most=10_000)
    if answers.errors or item is None or count is None:
        raise Invalid("Some answers are still missing or not right.", answers.errors)
    removals.add_copies(session, found, item, count, actor=viewer())
