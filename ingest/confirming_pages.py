"""/deposit/<number>/authors and /confirm/<token>: authors are asked by letter, and answer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import agreement, confirming, deposit_pages
from repository import appearance, catalogue, throttle
from repository.access import Action
from repository.errors import ArchiveError, Conflict
from repository.models.confirmations import Confirmation, Purpose, Reply
from repository.models.works import Work
from repository.throttle import TooSoon
from repository.web import entrance, faults, lists, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role
from schemas import vocabulary
from schemas.roles import Role

blueprint = Blueprint("confirming", __name__)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


REPLIES = {
    Reply.ASKED: _("No answer yet"),
    Reply.CONFIRMED: _("Confirmed"),
    Reply.DECLINED: _("Not confirmed"),
}
PURPOSES = {
    Purpose.AUTHORSHIP: _("that they are an author"),
    Purpose.DEPOSIT: _("that the work may be deposited"),
}


@blueprint.get("/deposit/<int:number>/authors")
@role(Role.DEPOSITOR)
def show(number: int) -> ResponseReturnValue:
    """Who was asked, what they said, and the form that asks somebody."""
    return _page(permits.work(reading(), number, Action.COMMENT))


@blueprint.post("/deposit/<int:number>/authors")
@role(Role.DEPOSITOR)
def ask(number: int) -> ResponseReturnValue:
    """Writes to an author."""
    form = request.form
    wanted = form.get("purpose", Purpose.AUTHORSHIP)
    purpose = Purpose(wanted) if wanted in set(Purpose) else Purpose.AUTHORSHIP
    language = form.get("language", "")
    try:
        with archive().writing() as session:
            work = permits.work(session, number, Action.COMMENT)
            confirming.ask(
                session,
                work,
                name=form.get("name", ""),
                email=form.get("email", ""),
                purpose=purpose,
                language=language if language in vocabulary.INTERFACE else words.language(),
                settings=archive().settings,
                actor=viewer(),
            )
    except ArchiveError as error:
        return _page(permits.work(reading(), number, Action.COMMENT), faults.of_error(error))
    flash(gettext("The letter is on its way."), "good")
    return redirect(url_for("confirming.show", number=number), 303)


def _page(work: Work, errors: faults.Messages | None = None) -> ResponseReturnValue:
    return render_template(
        "deposit/authors.html",
        work=work,
        row=deposit_pages.row(work),
        rows=[_row(one) for one in confirming.of(reading(), work.id)],
        people=[(one, one) for one in confirming.people(work)],
        languages=[(code, words.language_name(code)) for code in vocabulary.INTERFACE],
        purposes=[
            (Purpose.AUTHORSHIP, gettext("Ask whether they are an author of this work")),
            (
                Purpose.DEPOSIT,
                gettext("Ask them to agree to the terms; that sends the work to the library"),
            ),
        ],
        prepared=work.state in confirming.PREPARED,
        language=words.language(),
        typed=request.form,
        errors=errors or {},
    ), 422 if errors else 200


def _row(one: Confirmation) -> dict[str, Any]:
    return {
        "name": one.name,
        "email": one.email,
        "purpose": gettext(PURPOSES[Purpose(one.purpose)]),
        "reply": one.reply,
        "label": gettext(REPLIES[Reply(one.reply)]),
        "comment": one.comment,
        "asked": one.asked,
        "answered": one.answered,
    }


@blueprint.get("/confirm/<token>")
@public
def question(token: str) -> ResponseReturnValue:
    """What is asked, and two buttons; looking changes nothing."""
    return _question(_known(token))


def _known(token: str) -> Confirmation:
    """The question of a link; who tries links out has to wait."""
    here = entrance.address()
    with archive().writing() as session:
        throttle.take(session, "link", email=here, address=here)
    found = confirming.find(reading(), token)
    with archive().writing() as session:
        throttle.succeeded(session, "link", email=here, address=here)
    return found


def _question(
    found: Confirmation, errors: faults.Messages | None = None, status: int = 200
) -> ResponseReturnValue:
    work = catalogue.get(reading(), found.work_id)
    text = agreement.current(
        words.language(), archive_name=appearance.name(archive().settings, words.language())
    )
    return render_template(
        "deposit/confirm.html",
        found=found,
        row=lists.row(work),
        summary=deposit_pages.summary(work.document),
        files=[file.name for file in work.current_files],
        agreement=text if found.purpose == Purpose.DEPOSIT else None,
        typed=request.form,
        errors=errors or {},
    ), status


@blueprint.post("/confirm/<token>")
@public
def reply(token: str) -> ResponseReturnValue:
    """Keeps the answer."""
    try:
        found = _known(token)
    except TooSoon as error:
        return words.explain(error), 429, {"Retry-After": str(error.retry_after)}
    agrees = request.form.get("answer") == "yes"
    deposit = found.purpose == Purpose.DEPOSIT
    if agrees and deposit and request.form.get("agreement") != agreement.VERSION:
        wrong = {"agreement": [gettext("Please agree to the terms of deposit.")]}
        return _question(found, wrong, 422)
    settings = archive().settings
    language = request.form.get("agreement_language", "")
    text = agreement.current(language, archive_name=appearance.name(settings, language))
    try:
        with archive().writing() as session:
            confirming.answer(
                session,
                confirming.find(session, token),
                agrees=agrees,
                comment=request.form.get("comment", ""),
                signed=text if deposit else None,
                settings=settings,
            )
    except Conflict:
        pass  # the button was pressed twice; the page says what was answered
    except ArchiveError as error:
        return _question(found, faults.of_error(error), 422)
    return redirect(url_for("confirming.question", token=token), 303)
