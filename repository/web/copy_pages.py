"""Copies of files that are not open: the form, the answers, and the copy itself."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import copies, throttle
from repository.errors import ArchiveError, Conflict, Invalid, NotFound
from repository.models.copies import CopyRequest, Request
from repository.models.works import File, Work
from repository.throttle import TooSoon
from repository.viewers import Viewer
from repository.web import desk, entrance, faults, lists, words, works
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role, signed_in
from schemas.roles import Role

blueprint = Blueprint("copies", __name__)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


STATES = {
    Request.ASKED: _("Waits for an answer"),
    Request.SENT: _("Given"),
    Request.DECLINED: _("Not given"),
}


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Readers ask for files that are not open: what was asked, answered, taken.")
    desk.offer(state, "copies.listed", _("Requests for copies"), says)


@blueprint.get("/works/<int:number>/ask/<int:file>")
@public
def ask(number: int, file: int) -> ResponseReturnValue:
    """The form that asks for a copy."""
    return _form(copies.file_of(reading(), viewer(), number, file), {})


def _form(file: File, errors: faults.Messages, status: int = 200) -> tuple[str, int]:
    me = viewer()
    return render_template(
        "copies/ask.html",
        row=lists.row(file.work),
        file=file,
        typed=request.form or {"name": me.name, "email": me.email},
        errors=errors,
        labels={
            "name": gettext("Your name"),
            "email": gettext("E-mail address"),
            "purpose": gettext("What you need it for"),
        },
    ), status


@blueprint.post("/works/<int:number>/ask/<int:file>")
@public
def send(number: int, file: int) -> ResponseReturnValue:
    """Keeps the request."""
    found = copies.file_of(reading(), viewer(), number, file)
    form, here = request.form, entrance.address()
    try:
        with archive().writing() as session:
            throttle.take(session, "letter", email=form.get("email", ""), address=here)
        with archive().writing() as session:
            made = copies.ask(
                session,
                copies.file_of(session, viewer(), number, file),
                name=form.get("name", ""),
                email=form.get("email", ""),
                purpose=form.get("purpose", ""),
                language=words.language(),
                viewer=viewer(),
                settings=archive().settings,
            )
    except Invalid as error:
        return _form(found, faults.of_error(error), 422)
    except TooSoon as error:
        page, _status = _form(found, {"": [words.explain(error)]}, 429)
        return page, 429, {"Retry-After": str(error.retry_after)}
    if made.state == Request.UNCONFIRMED:
        said = gettext("A letter is on its way to you. Open its link to prove your address.")
    else:
        said = gettext("Your request is on its way. The answer comes by letter.")
    flash(said, "good")
    return redirect(url_for("works.show", number=number), 303)


def _tried() -> None:
    """Who tries links out has to wait."""
    here = entrance.address()
    with archive().writing() as session:
        throttle.take(session, "link", email=here, address=here)


def _right() -> None:
    here = entrance.address()
    with archive().writing() as session:
        throttle.succeeded(session, "link", email=here, address=here)


@blueprint.get("/copies/confirm/<token>")
@public
def proving(token: str) -> ResponseReturnValue:
    """The button that proves an address; looking proves nothing, for mail programs look too."""
    _tried()
    found = copies.by_proof(reading(), token)
    _right()
    return render_template("copies/prove.html", found=found, row=_row(found))


@blueprint.post("/copies/confirm/<token>")
@public
def prove(token: str) -> ResponseReturnValue:
    """The request goes on to the author or the staff."""
    _tried()
    with archive().writing() as session:
        copies.confirm(session, token, settings=archive().settings)
    _right()
    return redirect(url_for("copies.proving", token=token), 303)


def _row(found: CopyRequest) -> dict[str, Any]:
    work, file = reading().get_one(Work, found.work_id), reading().get_one(File, found.file_id)
    state = Request(found.state)
    return {
        **lists.row(work),
        "href": url_for("works.show", number=work.id),
        "file": file.name,
        "size": file.size,
        "label": gettext(STATES[state]) if state in STATES else "",
    }


@blueprint.get("/copies/answer/<token>")
@public
def question(token: str) -> ResponseReturnValue:
    """Who asks for what, and two buttons."""
    _tried()
    found = copies.by_reply(reading(), token)
    _right()
    return _question(found)


@blueprint.post("/copies/answer/<token>")
@public
def reply(token: str) -> ResponseReturnValue:
    """The answer of whoever has the letter."""
    _tried()
    found = copies.by_reply(reading(), token)
    _right()
    actor = viewer() if viewer().signed_in else Viewer(name=gettext("The author"))
    return _answered(found, actor, url_for("copies.question", token=token))


def _question(
    found: CopyRequest, errors: faults.Messages | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "copies/answer.html",
        found=found,
        row=_row(found),
        days=archive().settings.copy_days,
        typed=request.form,
        errors=errors or {},
    ), status


def _answered(found: CopyRequest, actor: Viewer, back: str) -> ResponseReturnValue:
    try:
        with archive().writing() as session:
            copies.answer(
                session,
                session.get_one(CopyRequest, found.id),
                gives=request.form.get("answer") == "yes",
                words=request.form.get("words", ""),
                actor=actor,
                settings=archive().settings,
            )
    except Conflict:
        pass  # pressed twice: the page says what was answered
    except ArchiveError as error:
        return _question(found, faults.of_error(error), 422)
    return redirect(back, 303)


@blueprint.get("/copies/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """The copy that was given, and how long it can be taken."""
    _tried()
    found, _file = copies.held(reading(), token)
    _right()
    return render_template("copies/copy.html", found=found, row=_row(found), token=token)


@blueprint.post("/copies/<token>")
@public
def take(token: str) -> ResponseReturnValue:
    """The file itself; each time is counted and noted."""
    _tried()
    with archive().writing() as session:
        found, _file = copies.held(session, token)
        copies.taken(session, found)
    _right()
    file = reading().get_one(File, found.file_id)
    answer = works.send(file.work, file, everybody=False)
    answer.headers["Content-Disposition"] = answer.headers["Content-Disposition"].replace(
        "inline", "attachment", 1
    )
    return answer


@blueprint.get("/account/copies")
@signed_in
def mine() -> ResponseReturnValue:
    """What an author is asked for."""
    rows = [(one, _row(one)) for one in copies.of_holder(reading(), viewer().id or 0)]
    return render_template("copies/mine.html", rows=rows)


@blueprint.get("/staff/copies")
@role(Role.CATALOGUER)
def listed() -> ResponseReturnValue:
    """All requests, by where they stand."""
    asked = request.args.get("state", "")
    state = asked if asked in {str(one) for one in STATES} else str(Request.ASKED)
    found = copies.listed(reading(), state, before=request.args.get("before", type=int))
    return render_template(
        "copies/listed.html",
        rows=[(one, _row(one)) for one in found[:50]],
        state=state,
        states={str(key): gettext(label) for key, label in STATES.items()},
        counts=copies.counts(reading()),
        older=url_for(".listed", state=state, before=found[49].id) if len(found) > 50 else None,
    )


@blueprint.get("/account/copies/<int:number>")
@signed_in
def one(number: int) -> ResponseReturnValue:
    """A request, for the author who is asked and for the staff."""
    return _question(_known(reading(), number))


@blueprint.post("/account/copies/<int:number>")
@signed_in
def decide(number: int) -> ResponseReturnValue:
    """The answer from the site; or the end of a copy that was given."""
    found = _known(reading(), number)
    back = url_for("copies.one", number=number)
    if "revoke" in request.form:
        with archive().writing() as session:
            copies.revoke(session, session.get_one(CopyRequest, number), actor=viewer())
        return redirect(back, 303)
    return _answered(found, viewer(), back)


def _known(session: Session, number: int) -> CopyRequest:
    found = session.get(CopyRequest, number)
    if found is None or not copies.may_answer(viewer(), found):
        raise NotFound("There is no such request.")
    return found
