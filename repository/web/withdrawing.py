"""Taking a published work down, with what its tombstone is to say; and putting it back."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import letters, merging, publishing
from repository.access import Action
from repository.errors import Conflict, Invalid, NotAllowed
from repository.models.works import Work
from repository.web import current, faults, lists, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import reviewer
from schemas import vocabulary
from schemas.vocabulary import State

withdrawing = Blueprint("withdrawing", __name__, url_prefix="/staff/works/<int:number>/withdrawal")


@withdrawing.get("")
@reviewer
def show(number: int) -> ResponseReturnValue:
    """The form: why a work is taken down, or why it is put back."""
    return _page(permits.work(reading(), number, Action.WITHDRAW))


@withdrawing.post("")
@reviewer
def withdraw(number: int) -> ResponseReturnValue:
    """Takes the work down."""
    work = permits.work(reading(), number, Action.WITHDRAW)
    kind, asked_by = request.form.get("kind", ""), request.form.get("asked_by", "")
    reason = request.form.get("reason", "").strip()
    wrong: faults.Messages = {}
    if kind not in vocabulary.WITHDRAWALS:
        wrong["kind"] = [gettext("Choose one of these.")]
    if asked_by not in vocabulary.ASKERS:
        wrong["asked_by"] = [gettext("Choose one of these.")]
    if not reason:
        wrong["reason"] = [gettext("Please fill this in.")]
    if wrong:
        return _page(work, wrong)
    try:
        publishing.withdraw(
            archive(),
            number,
            actor=viewer(),
            kind=kind,
            reason=reason,
            asked_by=asked_by,
            also=partial(_tell, reason),
        )
    except (Conflict, Invalid, NotAllowed) as error:
        return _page(_afresh(number), {"": [words.explain(error)]}, error.status)
    flash(gettext("Withdrawn. Harvesters are told that it was deleted."), "good")
    return redirect(url_for("works.show", number=number), 303)


def _tell(reason: str, session: Session, work: Work) -> None:
    letters.to_depositor(
        session, work, "withdrawn", settings=archive().settings, actor=viewer(), comment=reason
    )


@withdrawing.post("/end")
@reviewer
def restore(number: int) -> ResponseReturnValue:
    """Puts the work back; a duplicate is taken out of the work that it was merged into."""
    work = permits.work(reading(), number, Action.WITHDRAW)
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page(work, {"reason": [gettext("Please fill this in.")]})
    try:
        if merging.other(reading(), work) is None:
            publishing.restore(archive(), number, actor=viewer(), reason=reason)
        elif not merging.undo(archive(), number, actor=viewer(), reason=reason):
            said = gettext("The kept work was changed after the merge, and so stays as it is.")
            flash(said, "warn")
    except (Conflict, Invalid, NotAllowed) as error:
        return _page(_afresh(number), {"": [words.explain(error)]}, error.status)
    flash(gettext("The work is back."), "good")
    return redirect(url_for("works.show", number=number), 303)


def _options(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(key), gettext(label)) for key, label in labels.items()]


def _afresh(number: int) -> Work:
    current.end(None)
    return permits.work(reading(), number, Action.WITHDRAW)


def _page(
    work: Work, errors: faults.Messages | None = None, status: int = 422
) -> ResponseReturnValue:
    into = merging.other(reading(), work)
    return render_template(
        "staff/withdrawal.html",
        work=work,
        row=lists.row(work),
        down=work.state == State.WITHDRAWN,
        into=lists.row(into) if into else None,
        kinds=_options(vocabulary.WITHDRAWALS),
        askers=_options(vocabulary.ASKERS),
        typed=request.form,
        errors=errors or {},
        labels={"kind": gettext("Why"), "asked_by": gettext("Who asked for it")},
    ), status if errors else 200
