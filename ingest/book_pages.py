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
    register,
    series,
    summary,
    suppliers,
)
from repository.access import Action
from repository.clock import now
from repository.errors import ArchiveError, Invalid
from repository.inventory import Wanted
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
PAPER_LANGUAGES = ("ky", "ru", "en")
# Each form on the page of the books has its own, as labels need.
LANGUAGE_FIELDS = ("language", "inventory_language", "act_language")
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


BACKWARDS = _("The end is before the beginning.")


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Inventory book and summary book for any period, to print or as a spreadsheet.")
    desk.offer(state, "books.index", _("Books of the library"), says)


def _today() -> date:
    return wording.here(now(), archive().settings)


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
        languages=[(one, words.language_name(one)) for one in PAPER_LANGUAGES],
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
        asked.day("entered_since"),
        asked.day("entered_until"),
    )
    if wanted.since and wanted.until and wanted.since > wanted.until:
        asked.wrong("entered_until", BACKWARDS)
    if asked.errors:
        return _index(forms.said(asked.errors))
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
        asked.wrong("until", BACKWARDS)
    if asked.errors or since is None or until is None:
        return _index(forms.said(asked.errors))
    source = suppliers.get(reading(), supplier).name if supplier else ""
    book = summary.book(reading(), since, until, supplier=supplier, way=way)
    about: dict[str, Any] = {"source": source, "way": way, "settings": archive().settings}
    return _printed(
        "summary",
        lambda language: printed.summary_pdf(book, **about, language=language),
        lambda: printed.summary_xlsx(book, **about),
    )


def _printed(
    name: str, pdf: Callable[[str], bytes], xlsx: Callable[[], bytes] | None = None
) -> ResponseReturnValue:
    """A paper in the language that is asked for."""
    asked = (request.args.get(one, "") for one in LANGUAGE_FIELDS)
    language = next((one for one in asked if one in PAPER_LANGUAGES), words.language())
    as_table = xlsx is not None and request.args.get("form") == "xlsx"
    with force_locale(language):
        data = xlsx() if as_table and xlsx else pdf(language)
    answer = Response(data, content_type=XLSX if as_table else PDF)
    ending = "xlsx" if as_table else "pdf"
    shown = "attachment" if as_table else "inline"
    answer.headers["Content-Disposition"] = f'{shown}; filename="{name}-{language}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/acts")
@role(*LOOKING)
def act_by_number() -> ResponseReturnValue:
    """The transfer act of the accession that bears this number in the books."""
    typed = request.args.get("accession", "")
    found = register.numbered(reading(), typed)
    if found is None:
        said = gettext("There is no booked accession of this number.")
        return _index({"accession": [said]})
    return accession_act(found.id)


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
        lambda: act.xlsx(act.of_accession(found), settings=settings),
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
        return _index(forms.said(answers.errors))
    try:
        with archive().writing() as session:
            series.begin_inventory(session, number, actor=viewer())
    except ArchiveError as error:
        return _index({"last_number": [words.explain(error)]})
    flash(gettext("The next inventory number is %(number)s.", number=number + 1), "good")
    return redirect(url_for(".index"), 303)
