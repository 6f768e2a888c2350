"""/staff/authors: records of people, the names without one, and what may be one person's."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from repository import author_merging, linking, people, people_lists
from repository.errors import Invalid, NotFound
from repository.models.accounts import Account
from repository.models.people import Author, Standing
from repository.people_lists import Named
from repository.web import author_forms, desk, faults, lists, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import text
from schemas.roles import Role

authors = Blueprint("authors", __name__, url_prefix="/staff/authors")
SHOWN = 200  # works in one list


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


REASONS = {
    "orcid": _("the same ORCID"),
    "family": _("the same family name"),
    "given": _("the same given name"),
    "given-initial": _("the same initial"),
    "patronymic": _("the same patronymic"),
    "patronymic-initial": _("the same initial of the patronymic"),
    "several": _("several records fit"),
}


@authors.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who made what: the names of each person in all scripts, ORCID, places of work.")
    desk.offer(state, "authors.index", _("Authors"), says)


def reasons(known: Any) -> str:
    """What speaks for a guess, in words."""
    return ", ".join(gettext(REASONS[one]) for one in known if one in REASONS)


@authors.get("")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """Records and names without one, found by a name in any script."""
    asked = request.args.get("q", "").strip()[:200]
    kind = "records" if request.args.get("kind") == "records" else "names"
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    known, more_known = people_lists.search(reading(), asked, page if kind == "records" else 1)
    names, more_names = people_lists.unlinked(reading(), asked, page if kind == "names" else 1)
    more = more_known if kind == "records" else more_names
    return render_template(
        "authors/index.html",
        asked=asked,
        kind=kind,
        known=known if kind == "records" or asked else [],
        names=names if kind == "names" else [],
        previous=url_for(".index", q=asked, kind=kind, page=page - 1) if page > 1 else None,
        next=url_for(".index", q=asked, kind=kind, page=page + 1) if more else None,
    )


@authors.get("/name")
@role(Role.CATALOGUER)
def name() -> ResponseReturnValue:
    """The works that have a name, and the records that it may be."""
    return _name_page()


def _name_page(errors: faults.Messages | None = None) -> ResponseReturnValue:
    heard, found = _of_sound()
    near = people_lists.guesses(reading(), heard)
    options = [
        (str(one.id), one.name, ", ".join(filter(None, (one.orcid, reasons(guess.reasons)))))
        for one, guess in near
    ]
    return render_template(
        "authors/name.html",
        heard=heard,
        names=list(dict.fromkeys(one.name for one in found)),
        rows=_rows(found),
        options=[*options, ("new", gettext("A new record"), "")],
        chosen=request.form.get("author") or (options[0][0] if options else "new"),
        ticked=request.form.getlist("credits") or [str(one.credit.id) for one in found],
        errors=errors or {},
    ), 422 if errors else 200


def _of_sound() -> tuple[str, list[Named]]:
    """The name that is asked for, and its works; raises NotFound."""
    heard = request.values.get("of", "")[:700]
    known = heard.count("|") == 2 and not text.has_forbidden(heard)
    found = people_lists.of_sound(reading(), heard, SHOWN) if known else []
    if not found:
        raise NotFound("There is no such name without a record any more.")
    return heard, found


def _rows(found: list[Named]) -> list[dict[str, Any]]:
    return [
        {
            **lists.row(one.work),
            "credit": one.credit.id,
            "named": one.name,
            "score": one.credit.score,
            "reasons": reasons(one.credit.reasons),
            "sure": one.credit.decided_by == "ORCID",
        }
        for one in found
    ]


@authors.post("/name")
@role(Role.CATALOGUER)
def link() -> ResponseReturnValue:
    """Says whose the ticked works are: somebody's with a record, or somebody new."""
    numbers = _ticked("credits") & {one.credit.id for one in _of_sound()[1]}
    chosen = request.form.get("author", "")
    if not numbers:
        return _name_page({"credits": [gettext("Tick at least one work.")]})
    with archive().writing() as session:
        if chosen == "new":
            names = linking.spellings_of(session, numbers)
            author = people.create(session, {"forms": names}, actor=viewer())
        else:
            author = people.living(session, int(chosen) if chosen.isdecimal() else 0)
        count = linking.confirm(session, author, numbers, actor=viewer())
        number = author.id
    flash(ngettext("%(num)s work was linked.", "%(num)s works were linked.", count), "good")
    return redirect(url_for("authors.show", number=number), 303)


def _ticked(field: str) -> set[int]:
    return {int(one) for one in request.form.getlist(field) if one.isdecimal() and len(one) < 10}


@authors.get("/<int:number>")
@role(Role.CATALOGUER)
def show(number: int) -> ResponseReturnValue:
    """One record, its works, and those that may be this person's."""
    author = people.get(reading(), number)
    return _show(author)


def _show(author: Author, errors: faults.Messages | None = None) -> ResponseReturnValue:
    merges = [
        (one, people.get(reading(), one.lost_id), author_merging.undoable(one))
        for one in author_merging.of(reading(), author)
        if one.kept_id == author.id and one.undone is None
    ]
    into = people.living(reading(), author.id)
    sure = people_lists.credited(reading(), author, Standing.CONFIRMED, SHOWN)
    return render_template(
        "authors/show.html",
        author=author,
        into=into if into is not author else None,
        account=reading().get(Account, author.account_id or 0),
        works=_rows(sure),
        perhaps=_rows(people_lists.credited(reading(), author, Standing.SUGGESTED, SHOWN)),
        merges=merges,
        schemes=dict(author_forms.schemes()),
        errors=errors or {},
    ), 422 if errors else 200


@authors.post("/<int:number>/works")
@role(Role.CATALOGUER)
def works(number: int) -> ResponseReturnValue:
    """Confirms or refuses works, or makes a record of its own for them."""
    try:
        goal, said = _decide(number, request.form.get("do", ""))
    except Invalid as error:
        return _show(people.get(reading(), number), {"": [words.explain(error)]})
    flash(f"{gettext('Noted.')} {said}", "good")
    return redirect(url_for("authors.show", number=goal), 303)


def _decide(number: int, what: str) -> tuple[int, str]:
    """Does what was asked with the works that are ticked; where to go on, and what to say."""
    numbers = _ticked("credits")
    with archive().writing() as session:
        author = people.get(session, number)
        people.check_revision(author, None)
        if what == "split":
            made = linking.split(session, author, numbers, _ticked("forms"), actor=viewer())
            return made.id, gettext("There are two records now.")
        act = linking.confirm if what == "confirm" else linking.refuse
        count = act(session, author, linking.offered(session, author, numbers), actor=viewer())
    return number, ngettext("%(num)s work.", "%(num)s works.", count)
