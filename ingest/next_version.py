"""Beginning the next version of a published work; and a new work from another's description."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import access, catalogue, continuing, letters
from repository.access import Action
from repository.errors import ArchiveError, Conflict, Forbidden, Invalid, NotAllowed, NotFound
from repository.models.life import NextVersion
from repository.models.works import Work
from repository.web import current, faults, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import work as profile
from schemas.roles import Role

next_version = Blueprint("next_version", __name__, url_prefix="/deposit")


@next_version.get("/version-of/<int:number>")
@role(Role.DEPOSITOR)
def start(number: int) -> ResponseReturnValue:
    """The form that begins a new version; or the draft of it that is there already."""
    work = _published(reading(), number)
    begun = continuing.under_way(reading(), work)
    if begun is not None:
        return _there(begun)
    return _page(work)


def _published(session: Session, number: int) -> Work:
    """A published work that the viewer has deposited, or keeps."""
    work = permits.work(session, number, Action.COMMENT)
    catalogue.check_step(work, "renew")
    return work


def _there(begun: Work) -> ResponseReturnValue:
    if not access.decide(viewer(), Action.SEE, begun):
        raise Conflict("The library has begun a new version of this work already.")
    flash(gettext("A new version of this work has been begun already. Here it is."), "note")
    return redirect(url_for("deposit.show", number=begun.id), 303)


@next_version.post("/version-of/<int:number>")
@role(Role.DEPOSITOR)
def begin(number: int) -> ResponseReturnValue:
    """Begins a new version; its form is that of every deposit."""
    try:
        with archive().writing() as session:
            made = continuing.begin(
                session, _published(session, number), actor=viewer(), **_answers()
            )
    except Invalid as error:
        return _page(_published(reading(), number), error=error)
    except Conflict:
        current.end(None)
        begun = continuing.under_way(reading(), _published(reading(), number))
        if begun is None:
            raise
        return _there(begun)
    return redirect(url_for("deposit.step", number=made.id, step="files"), 303)


def _answers() -> dict:
    stays = request.form.getlist("stays")
    shown = request.form.getlist("shown")
    return {
        "reason": request.form.get("reason", ""),
        "gone": {int(one) for one in shown if one.isdigit() and one not in stays},
        "shut": request.form.get("earlier") == "shut",
    }


@next_version.get("/<int:number>/version")
@role(Role.DEPOSITOR)
def show(number: int) -> ResponseReturnValue:
    """What the new version is for, and which of the published files stay."""
    made, found = _draft(reading(), number)
    return _page(catalogue.get(reading(), found.of_id), made=made, found=found)


def _draft(session: Session, number: int) -> tuple[Work, NextVersion]:
    made = permits.work(session, number, Action.EDIT)
    found = continuing.of(session, made)
    if found is None:
        raise NotFound("This is a new work, not a new version of one.")
    return made, found


@next_version.post("/<int:number>/version")
@role(Role.DEPOSITOR)
def keep(number: int) -> ResponseReturnValue:
    """Keeps other answers to the same questions."""
    try:
        with archive().writing() as session:
            made, _found = _draft(session, number)
            catalogue.check_step(made, "edit")
            continuing.change(session, made, **_answers())
    except Invalid as error:
        made, found = _draft(reading(), number)
        return _page(catalogue.get(reading(), found.of_id), made=made, found=found, error=error)
    return redirect(url_for("deposit.step", number=number, step="files"), 303)


@next_version.post("/<int:number>/version/publish")
@role(Role.CATALOGUER)
def publish(number: int) -> ResponseReturnValue:
    """Publishes a version that the library itself has prepared, without a review."""
    made, _found = _draft(reading(), number)
    wrong = faults.of(made.document)
    if wrong:
        flash(gettext("Some answers are still missing or not right."), "bad")
        return redirect(url_for("deposit.step", number=number, step="check", check=1), 303)
    current.end(None)
    revision = request.form.get("revision", 0, type=int)
    try:
        published = continuing.publish(
            archive(),
            number,
            actor=viewer(),
            step="publish",
            revision=revision,
            also=partial(_tell, viewer().id),
        )
    except (Conflict, Invalid, NotAllowed) as error:
        flash(words.explain(error), "bad")
        return redirect(url_for("deposit.show", number=number), 303)
    flash(gettext("The new version is published."), "good")
    return redirect(url_for("works.show", number=published), 303)


def _tell(me: int | None, session: Session, work: Work) -> None:
    if work.owner_id != me:
        letters.to_depositor(session, work, "accepted", settings=archive().settings)


def _page(
    work: Work,
    *,
    made: Work | None = None,
    found: NextVersion | None = None,
    error: ArchiveError | None = None,
) -> ResponseReturnValue:
    gone = set(found.gone) if found else set()
    if request.method == "POST":
        gone = _answers()["gone"]
    return render_template(
        "deposit/version.html",
        work=work,
        made=made,
        title=profile.main_title(work.document),
        files=[(str(file.id), file.name) for file in work.current_files],
        stays=[str(file.id) for file in work.current_files if file.id not in gone],
        reason=request.form.get("reason", found.reason if found else ""),
        earlier=request.form.get("earlier", "shut" if found and found.shut else "stay"),
        errors={"reason": [words.explain(error)]} if error else {},
    ), 422 if error else 200


@next_version.post("/copy/<int:number>")
@role(Role.DEPOSITOR)
def copy(number: int) -> ResponseReturnValue:
    """A new draft with the description of a work that the viewer may read."""
    with archive().writing() as session:
        work = permits.work(session, number, Action.SEE)
        if work.state == "withdrawn":
            raise Forbidden("The description of a withdrawn work is not copied.")
        made = catalogue.copy(session, work, actor=viewer())
    flash(
        gettext("A new draft with the same description, but without identifiers, dates and files."),
        "good",
    )
    return redirect(url_for("deposit.step", number=made.id, step="files"), 303)
