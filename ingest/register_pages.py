"""/staff/accessions: the register of what came, narrowed, added up, page by page."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from ingest import accession_forms as forms
from ingest import accession_pages as pages
from repository import accessions, register
from repository.printing import wording
from repository.web import desk
from repository.web.current import reading, viewer
from repository.web.guard import role
from schemas import accessions as terms
from schemas.answers import Answers
from schemas.roles import Role

blueprint = Blueprint("register", __name__, url_prefix="/staff/accessions")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Purchases, subscriptions, exchange and gifts: their titles, papers and numbers.")
    desk.offer(state, "register.index", _("Accessions"), says)


@blueprint.get("")
@role(*pages.LOOKING)
def index() -> ResponseReturnValue:
    """The register, narrowed by period, way, source, standing and words, and what it comes to."""
    asked = Answers(request.args)
    before = asked.whole("before", least=1, most=2**31 - 1, needed=False)
    wanted = _wanted(asked)
    found = accessions.page(reading(), before=before, **wanted)
    shown = found[: accessions.PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    return render_template(
        "accessions/index.html",
        rows=[pages.row(one) for one in shown],
        totals=_totals(register.totals(reading(), register.Wanted(**wanted))),
        chosen=request.args,
        narrowed=bool(wanted),
        errors=forms.said(asked.errors),
        sources=forms.sources(reading()),
        ways=forms.options(terms.WAYS),
        standings=forms.options(terms.STANDINGS),
        older=url_for(".index", before=more, **wanted) if more else None,
        mine=viewer().may(Role.ACQUISITIONS),
    ), 422 if asked.errors else 200


def _wanted(asked: Answers) -> dict[str, Any]:
    """What was asked for, as far as it is right."""
    since, until = asked.day("since"), asked.day("until")
    if since and until and since > until:
        asked.wrong("until", _("The end is before the beginning."))
    found: dict[str, Any] = {
        "since": since,
        "until": until,
        "supplier": asked.whole("supplier", least=1, most=2**31 - 1, needed=False),
        "way": asked.choice("way", terms.WAYS, needed=False),
        "standing": asked.choice("standing", terms.STANDINGS, needed=False),
        "text": asked.text("text", limit=200),
    }
    return {name: one for name, one in found.items() if one and name not in asked.errors}


def _totals(found: register.Totals) -> list[str]:
    return [
        ngettext("%(num)s accession", "%(num)s accessions", found.accessions),
        ngettext("%(num)s title", "%(num)s titles", found.titles),
        ngettext("%(num)s copy", "%(num)s copies", found.copies),
        wording.sums(found.sums),
    ]
