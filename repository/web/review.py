"""The review: a queue to claim from, and a work's file beside its description."""

from collections.abc import Callable, Mapping
from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import (
    accounts,
    appointments,
    catalogue,
    checklist,
    continuing,
    hiding,
    letters,
    notices,
    publishing,
    review_steps,
)
from repository.access import Action
from repository.errors import Conflict, Invalid, NotAllowed
from repository.models.works import Work
from repository.web import current, faults, permits, reviewing, terms, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import reviewer
from schemas.vocabulary import State

review = Blueprint("review", __name__, url_prefix="/review")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@review.get("")
@reviewer
def queue() -> ResponseReturnValue:
    """All that waits for the library, oldest first."""
    return reviewing.queue(request.args.get("type", ""), request.args.get("collection", type=int))


@review.post("/<int:number>/claim")
@reviewer
def claim(number: int) -> ResponseReturnValue:
    """Takes a work out of the queue."""
    with archive().writing() as session:
        catalogue.claim(session, permits.work(session, number, Action.REVIEW), actor=viewer())
    return redirect(url_for("review.show", number=number), 303)


@review.post("/<int:number>/release")
@reviewer
def release(number: int) -> ResponseReturnValue:
    """Puts a work back into the queue, whoever has it."""
    with archive().writing() as session:
        catalogue.release(session, permits.work(session, number, Action.REVIEW), actor=viewer())
    flash(gettext("It waits in the queue again."), "good")
    return redirect(url_for("review.queue"), 303)


@review.post("/<int:number>/assign")
@reviewer
def assign(number: int) -> ResponseReturnValue:
    """Gives a work into a colleague's hands, who is told."""
    chosen = request.form.get("reviewer", 0, type=int)
    with archive().writing() as session:
        work = permits.work(session, number, Action.REVIEW)
        found = {one.id: one for one in appointments.staff(session, work)}.get(chosen)
        if found is None:
            raise Invalid("Choose a colleague who reviews this work.", {"reviewer": []})
        catalogue.assign(session, work, accounts.viewer(found), actor=viewer())
        notices.tell(
            session,
            found,
            "review_assigned",
            settings=archive().settings,
            path=f"/review/{number}",
            work_id=number,
            title=work.title,
            actor=viewer().name,
        )
    flash(gettext("It is in the hands of %(name)s now.", name=found.name), "good")
    return redirect(url_for("review.queue"), 303)


@review.get("/<int:number>")
@reviewer
def show(number: int) -> ResponseReturnValue:
    """The file and its description side by side, what was said, and what can be decided."""
    work = permits.work(reading(), number, Action.REVIEW)
    if work.state != State.SUBMITTED:
        return redirect(url_for("deposit.show", number=number))
    return reviewing.show(work, added=request.args.get("add", ""))


@review.post("/<int:number>")
@reviewer
def decide(number: int) -> ResponseReturnValue:
    """Keeps the corrections, then does what the button says."""
    do = request.form.get("do", "save")
    try:
        done = DECISIONS.get(do, _save)(number) or do
    except Invalid as error:
        return reviewing.refused(_afresh(number), error.errors, words.explain(error))
    except (Conflict, NotAllowed) as error:
        return reviewing.conflict(_afresh(number), error)
    if done in DONE:
        said = DONE[done]
        flash(gettext(said), "good")
        return redirect(url_for("review.queue"), 303)
    if "add" in request.form:
        return redirect(url_for("review.show", number=number, add=request.form["add"]), 303)
    return redirect(url_for("review.show", number=number), 303)


@review.post("/<int:number>/unveil")
@reviewer
def unveil(number: int) -> ResponseReturnValue:
    """Publishes an accepted work before its day."""
    permits.work(reading(), number, Action.REVIEW)
    current.end(None)
    hiding.unveil(archive(), number, actor=viewer())
    said = DONE["accept"]
    flash(gettext(said), "good")
    return redirect(url_for("works.show", number=number), 303)


@review.post("/<int:number>/reopen")
@reviewer
def reopen(number: int) -> ResponseReturnValue:
    """Takes an accepted work that waits for its day back into the review."""
    with archive().writing() as session:
        hiding.reopen(session, permits.work(session, number, Action.REVIEW), actor=viewer())
    return redirect(url_for("review.show", number=number), 303)


def _afresh(number: int) -> Work:
    """The work as it is after this request's own writing."""
    current.end(None)
    return permits.work(reading(), number, Action.REVIEW)


def _correct(session: Session, number: int) -> Work:
    """Keeps what was typed. Who decides has the work in hand; a colleague's is not touched."""
    work = permits.work(session, number, Action.REVIEW)
    catalogue.check_step(work, "correct")
    catalogue.check_revision(work, request.form.get("revision", 0, type=int))
    if work.reviewer_id != viewer().id:
        catalogue.claim(session, work, actor=viewer())
    document = reviewing.typed(work)
    if catalogue.save(session, work, document, actor=viewer(), step="correct"):
        flash(gettext("Control characters were removed from the text."), "note")
    wrong = terms.errors(work, request.form, full=True)
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    terms.keep(session, work, request.form, full=True)
    ticked = request.form.getlist("checks", type=int)
    checklist.tick(session, work, ticked, actor=viewer())
    session.flush()
    return work


def _comment() -> str:
    """What the cataloguer writes to the depositor: the ready sentence, if one was chosen, first."""
    chosen, typed = request.form.get("reason", ""), request.form.get("comment", "")
    return "\n\n".join(part.strip() for part in (chosen, typed) if part.strip())


def _save(number: int) -> None:
    with archive().writing() as session:
        _correct(session, number)


def _say(number: int) -> None:
    with archive().writing() as session:
        work = _correct(session, number)
        catalogue.comment(session, work, actor=viewer(), text=_comment())
        _tell(session, work, "commented")


def _return(number: int) -> None:
    with archive().writing() as session:
        work = _correct(session, number)
        catalogue.send_back(session, work, actor=viewer(), comment=_comment())
        _tell(session, work, "returned")


def _reject(number: int) -> None:
    with archive().writing() as session:
        work = _correct(session, number)
        catalogue.reject(session, work, actor=viewer(), comment=_comment())
        _tell(session, work, "rejected")


def _accept(number: int) -> str | None:
    said = _comment()
    with archive().writing() as session:
        work = _correct(session, number)
        wrong = faults.of(work.document)
        renews = continuing.of(session, work) is not None
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    with archive().reading() as session:
        checklist.insist(session, catalogue.get(session, number))
    if hiding.waits(work) and not renews:
        _hold(number, work.revision, said)
        return "hold"
    accept = continuing.publish if renews else publishing.accept
    revision = work.revision
    accept(archive(), number, actor=viewer(), revision=revision, also=partial(_congratulate, said))
    return None


def _hold(number: int, revision: int, said: str) -> None:
    with archive().writing() as session:
        work = permits.work(session, number, Action.REVIEW)
        catalogue.check_revision(work, revision)
        hiding.hold(session, work, actor=viewer(), settings=archive().settings, comment=said)


def _pass_on(number: int) -> None:
    with archive().writing() as session:
        work = _correct(session, number)
        said = _comment()
        if said:
            catalogue.comment(session, work, actor=viewer(), text=said)
        review_steps.pass_on(session, work, actor=viewer())


def _congratulate(said: str, session: Session, work: Work) -> None:
    if said:
        catalogue.comment(session, work, actor=viewer(), text=said)
    _tell(session, work, "accepted")


def _tell(session: Session, work: Work, kind: str) -> None:
    letters.to_depositor(
        session, work, kind, settings=archive().settings, actor=viewer(), comment=_comment()
    )


# What a button does; what was done when that is something else.
DECISIONS: Mapping[str, Callable[[int], str | None]] = {
    "save": _save,
    "comment": _say,
    "return": _return,
    "reject": _reject,
    "accept": _accept,
    "pass": _pass_on,
}
DONE = {
    "hold": _("Accepted. It is published when its day has passed; the depositor gets a letter."),
    "accept": _("Accepted and published. The depositor gets a letter."),
    "return": _("Returned for correction. The depositor gets a letter."),
    "reject": _("Not accepted. The depositor gets a letter."),
    "pass": _("Passed on: it waits for the next step."),
}
