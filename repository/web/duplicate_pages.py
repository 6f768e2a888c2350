"""/staff/duplicates: pairs of works that may be the same, to be told apart or merged."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import comparing, merging, pairs
from repository.access import Action
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed
from repository.models.life import Verdict
from repository.models.works import Work
from repository.pairs import Beside
from repository.web import current, desk, faults, lists, permits, values, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import State

duplicates = Blueprint("duplicates", __name__, url_prefix="/staff/duplicates")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


REASONS = {
    "identifier": _("the same identifier"),
    "file": _("the same file"),
    "title": _("the same title"),
    "nearly": _("nearly the same title"),
    "author": _("an author in common"),
    "year": _("the same year"),
}
VERDICTS = {
    Verdict.OPEN: _("To decide"),
    Verdict.DIFFERENT: _("Not the same"),
    Verdict.MERGED: _("Merged"),
}
CHOICES = {
    merging.KEEP: _("That of the kept work"),
    merging.OTHER: _("That of the other"),
    merging.BOTH: _("Both"),
}


@duplicates.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Works that may be in the archive twice: tell them apart, or make one of two.")
    desk.offer(state, "duplicates.index", _("Duplicates"), says)


@duplicates.get("")
@role(Role.CATALOGUER)
def index() -> ResponseReturnValue:
    """Pairs, the likeliest first."""
    asked = request.args.get("verdict", "")
    verdict = Verdict(asked) if asked in set(Verdict) else Verdict.OPEN
    page = max(request.args.get("page", 1, type=int), 1)
    found, more = pairs.listed(reading(), verdict, page)
    return render_template(
        "staff/duplicates.html",
        rows=[_row(one) for one in found],
        verdict=verdict,
        verdicts={key: gettext(label) for key, label in VERDICTS.items()},
        counts=pairs.counts(reading()),
        left=comparing.left(reading()),
        previous=url_for(".index", verdict=verdict, page=page - 1) if page > 1 else None,
        next=url_for(".index", verdict=verdict, page=page + 1) if more else None,
    )


def _row(one: Beside) -> dict[str, Any]:
    return {
        "pair": one.pair,
        "reasons": [gettext(REASONS[each]) for each in one.pair.reasons if each in REASONS],
        "works": [_work(one.first), _work(one.second)],
        "public": one.first.state == one.second.state == State.PUBLISHED,
    }


def _work(work: Work) -> dict[str, Any]:
    review = work.state == State.SUBMITTED
    return {
        **lists.row(work),
        "files": len(work.current_files),
        "state": work.state,
        "state_label": words.label(vocabulary.STATES[State(work.state)]),
        "href": url_for("review.show" if review else "works.show", number=work.id),
    }


@duplicates.post("/<int:pair>")
@role(Role.CATALOGUER)
def decide(pair: int) -> ResponseReturnValue:
    """Keeps that two works are not the same, or that it is open again."""
    verdict = Verdict.OPEN if request.form.get("verdict") == Verdict.OPEN else Verdict.DIFFERENT
    with archive().writing() as session:
        found = pairs.get(session, pair)
        if found.verdict != Verdict.MERGED:
            pairs.decide(session, found, verdict, actor=viewer())
    flash(gettext("Noted."), "good")
    return redirect(url_for("duplicates.index"), 303)


@duplicates.post("/again")
@role(Role.CATALOGUER)
def again() -> ResponseReturnValue:
    """Has the whole catalogue compared anew."""
    with archive().writing() as session:
        count = comparing.again(session)
    flash(
        gettext("All works are compared anew: %(count)s. Come back in a few minutes.", count=count),
        "good",
    )
    return redirect(url_for("duplicates.index"), 303)


@duplicates.get("/merge")
@role(Role.CATALOGUER)
def beside() -> ResponseReturnValue:
    """Two works side by side, to choose what is kept of each."""
    try:
        return _page(*_both(request.args))
    except (Invalid, NotAllowed) as error:
        return _ask(error)


def _both(given: Mapping[str, str]) -> tuple[Work, Work]:
    numbers = [given.get(name, "").strip() for name in ("keep", "lose")]
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
        raise Invalid("Write the numbers of both works.")
    kept, lost = (permits.work(reading(), int(one), Action.WITHDRAW) for one in numbers)
    merging.check(kept, lost)
    return kept, lost


def _ask(error: ArchiveError) -> ResponseReturnValue:
    given = request.values
    asked = bool(given.get("keep") or given.get("lose"))
    return render_template(
        "staff/merge_which.html",
        typed=given,
        errors={"": [words.explain(error)]} if asked else {},
    ), error.status if asked else 200


@duplicates.post("/merge")
@role(Role.CATALOGUER)
def merge() -> ResponseReturnValue:
    """Makes one work of two."""
    try:
        kept, lost = _both(request.form)
    except (Invalid, NotAllowed) as error:
        return _ask(error)
    numbers = kept.id, lost.id
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page(kept, lost, {"reason": [gettext("Please fill this in.")]}, 422)
    current.end(None)
    try:
        merging.merge(
            archive(),
            *numbers,
            actor=viewer(),
            reason=reason,
            chosen={name: request.form.get(f"of.{name}", "") for name in merging.ELEMENTS},
            files=set(map(int, filter(str.isdigit, request.form.getlist("files")))),
            # A form without a revision is of none that we know.
            revisions=(
                request.form.get("kept_revision", 0, type=int) or -1,
                request.form.get("lost_revision", 0, type=int) or -1,
            ),
        )
    except Invalid as error:
        return _page(*_both(request.form), _unfit(error), 422)
    except (Conflict, NotAllowed) as error:
        return _page(*_both(request.form), {"": [words.explain(error)]}, 409)
    flash(gettext("Merged. The other number leads here now."), "good")
    return redirect(url_for("works.show", number=numbers[0]), 303)


def _unfit(error: Invalid) -> faults.Messages:
    said = [
        f"{faults.label(path)}: {' '.join(words.say(one) for one in found)}"
        for path, found in error.errors.items()
        if found
    ]
    return {"": [words.explain(error), *said]}


def _page(
    kept: Work, lost: Work, errors: faults.Messages | None = None, status: int = 200
) -> ResponseReturnValue:
    possible = merging.choices(kept.document, lost.document)
    differences = {
        one.path: one
        for one in values.differences(kept.document, lost.document, merging.ELEMENTS)
        if one.path in possible
    }
    missing = merging.missing(kept, lost)
    ticked = {str(file.id) for file in missing}
    if request.method == "POST":
        ticked = set(request.form.getlist("files"))
    return render_template(
        "staff/merge.html",
        kept=_work(kept),
        lost=_work(lost),
        revisions=(kept.revision, lost.revision),
        differences=differences,
        choices={
            name: [(one, gettext(CHOICES[one])) for one in some] for name, some in possible.items()
        },
        chosen={name: request.form.get(f"of.{name}", some[0]) for name, some in possible.items()},
        files=[(str(file.id), file.name) for file in missing],
        ticked=ticked,
        typed=request.form.get("reason", gettext("The same work was here twice.")),
        errors=errors or {},
    ), status
