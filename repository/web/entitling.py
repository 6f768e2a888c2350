"""The rights of a published work: who may open its files, when, and on what ground it is kept."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import publishing
from repository.access import Action
from repository.catalogue import check_step
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed
from repository.models.works import Work
from repository.web import choices, current, faults, lists, permits, terms, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import reviewer

entitling = Blueprint("entitling", __name__, url_prefix="/staff/works")


@entitling.get("/<int:number>/rights")
@reviewer
def show(number: int) -> ResponseReturnValue:
    """The rights of a published work as a form."""
    return _page(_work(number))


@entitling.post("/<int:number>/rights")
@reviewer
def change(number: int) -> ResponseReturnValue:
    """A new version with these rights; readers, harvesters and the search hear of it."""
    work = _work(number)
    reason = request.form.get("reason", "").strip()
    wrong = terms.errors(work, request.form, full=True)
    if not reason:
        wrong["reason"] = [gettext("Please fill this in.")]
    if wrong:
        return _page(work, errors=wrong, status=422)
    title = terms.titled(work, request.form)
    if title is None and not any(terms.grants(work, request.form, full=True)):
        flash(gettext("Nothing was changed."), "note")
        return redirect(url_for("entitling.show", number=number), 303)
    try:
        _grant(work, reason, title)
    except (Conflict, NotAllowed) as error:
        current.end(None)
        work = permits.work(reading(), number, Action.REVIEW)
        return _page(work, sentence=words.explain(error), status=409)
    except Invalid as error:
        return _page(work, errors={"": [_unfit(error)]}, status=422)
    flash(gettext("The rights are changed. Pages, search and harvesters hear of it."), "good")
    return redirect(url_for("works.show", number=number), 303)


def _grant(work: Work, reason: str, title: terms.Title | None) -> None:
    publishing.grant(
        archive(),
        work.id,
        actor=viewer(),
        reason=reason,
        # A form without a revision is of none that we know.
        revision=request.form.get("revision", 0, type=int),
        parts=terms.parts(work, request.form),
        **(title._asdict() if title else {}),
    )


def _unfit(error: ArchiveError) -> str:
    first = gettext("The description needs a correction first: the library's rules have changed.")
    return f"{words.explain(error)} {first}"


def _work(number: int) -> Work:
    work = permits.work(reading(), number, Action.REVIEW)
    check_step(work, "grant")
    return work


def _page(
    work: Work,
    *,
    errors: faults.Messages | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "entitling/show.html",
        work=work,
        row=lists.row(work),
        revision=work.revision if status == 409 else request.form.get("revision", work.revision),
        typed=request.form.get("reason", ""),
        errors=errors or {},
        sentence=sentence,
        choices=choices,
        **terms.context(reading(), work, request.form, full=True),
    ), status
