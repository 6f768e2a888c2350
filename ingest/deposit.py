"""The deposit: upload first, then a form in short steps, then "Send to the library"."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import agreement, deposit_pages, drafts, steps, tour, uploads
from repository import appearance, catalogue, clearance, letters
from repository.access import Action
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed, NotFound
from repository.models.works import Work
from repository.web import current, lists, permits, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

deposit = Blueprint("deposit", __name__, url_prefix="/deposit")


@deposit.get("")
@role(Role.DEPOSITOR)
def index() -> ResponseReturnValue:
    """My works, and the way to begin a new one."""
    return deposit_pages.index()


@deposit.post("/tour")
@role(Role.DEPOSITOR)
def guide() -> ResponseReturnValue:
    """Switches the guided tour on or off, and goes back to where one was."""
    if request.form.get("do") == "end":
        tour.end()
    else:
        tour.begin()
    return redirect(lists.safe_next(request.form.get("next")) or url_for("deposit.index"), 303)


@deposit.post("/start")
@role(Role.DEPOSITOR)
def start() -> ResponseReturnValue:
    """A new draft, with the file that was sent or with none."""
    try:
        arrivals = uploads.receive()
    except ArchiveError as error:
        return _refused(error) or deposit_pages.index(
            {"file": [words.explain(error)]}, error.status
        )
    read = uploads.look(arrivals)
    with archive().writing() as session:
        work = catalogue.draft(session, {}, actor=viewer())
        uploads.attach(session, work, read)
    return _go(url_for("deposit.step", number=work.id, step="about"))


def _refused(error: ArchiveError) -> ResponseReturnValue | None:
    """The answer to the page's script when a file is refused; None for a plain form."""
    return ({"error": words.explain(error)}, error.status) if uploads.by_script() else None


def _go(address: str) -> ResponseReturnValue:
    """Sends a browser, or the page's script, on to `address`."""
    return {"next": address} if uploads.by_script() else redirect(address, 303)


@deposit.get("/<int:number>")
@role(Role.DEPOSITOR)
def show(number: int) -> ResponseReturnValue:
    """Where a deposit stands, what was said about it, what can be done."""
    return deposit_pages.show(permits.work(reading(), number, Action.COMMENT))


@deposit.get("/<int:number>/<step>")
@role(Role.DEPOSITOR)
def step(number: int, step: str) -> ResponseReturnValue:
    """One step of the form."""
    work = permits.work(reading(), number, Action.COMMENT)
    if not drafts.editable(work, viewer()):
        return redirect(url_for("deposit.show", number=number))
    return deposit_pages.step(
        work,
        steps.get(step),
        added=request.args.get("add", ""),
        checked="check" in request.args,
    )


@deposit.post("/<int:number>/files")
@role(Role.DEPOSITOR)
def keep_files(number: int) -> ResponseReturnValue:
    """Adds the files that were sent, takes away the one whose button was pressed, or goes on."""
    permits.work(reading(), number, Action.EDIT)
    try:
        arrivals = uploads.required() if _wants_upload() else []
        _change_files(number, uploads.look(arrivals))
    except ArchiveError as error:
        return _refused(error) or _files_again(number, error)
    if arrivals or "remove" in request.form:
        return _go(url_for("deposit.step", number=number, step="files"))
    return _onward(number, steps.STEPS["files"])


def _wants_upload() -> bool:
    return (
        uploads.by_script()
        or "add" in request.form
        or any(part.filename for part in request.files.getlist("file"))
    )


def _change_files(number: int, read: list[uploads.Read]) -> None:
    with archive().writing() as session:
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_step(work, "edit")
        uploads.attach(session, work, read)
        for file in work.current_files:
            if str(file.id) == request.form.get("remove"):
                catalogue.detach(session, work, file)


def _files_again(number: int, error: ArchiveError) -> ResponseReturnValue:
    work = permits.work(reading(), number, Action.COMMENT)
    found = {"file": [words.explain(error)]}
    return deposit_pages.step(work, steps.STEPS["files"], errors=found, status=error.status)


@deposit.post("/<int:number>/<step>")
@role(Role.DEPOSITOR)
def keep(number: int, step: str) -> ResponseReturnValue:
    """Keeps what was typed and goes on: to the next step, or where the button says."""
    this = steps.get(step)
    try:
        kept, _ = _keep(number, this)
    except (Conflict, NotAllowed) as error:
        return deposit_pages.conflict(_afresh(number), this, error)
    if kept.removed:
        flash(gettext("Control characters were removed from the text."), "note")
    return _onward(number, this)


def _keep(number: int, this: steps.Step) -> tuple[drafts.Kept, int]:
    """What keeping the form did, and the work's revision after it."""
    with archive().writing() as session:
        work = permits.work(session, number, Action.COMMENT)
        kept = drafts.keep(session, work, this, request.form, actor=viewer())
        return kept, work.revision


def _afresh(number: int) -> Work:
    """The work as it is after this request's own writing."""
    current.end(None)
    return permits.work(reading(), number, Action.COMMENT)


def _onward(number: int, this: steps.Step) -> ResponseReturnValue:
    work = _afresh(number)
    where = drafts.onward(work, this, request.form)
    if where is None:
        return deposit_pages.step(work, this, form=request.form, checked=True)
    return redirect(where, 303)


@deposit.post("/<int:number>/<step>/save")
@role(Role.DEPOSITOR)
def autosave(number: int, step: str) -> ResponseReturnValue:
    """Keeps what has been typed so far, for the page's script: the new revision, and warnings."""
    try:
        kept, revision = _keep(number, steps.get(step))
    except (Conflict, NotAllowed) as error:
        return {"error": words.explain(error)}, error.status
    work = _afresh(number)
    notice = render_template("deposit/_duplicates.html", duplicates=deposit_pages.likely(work))
    return {
        "revision": revision,
        "changed": kept.changed,
        "duplicates": notice,
        "note": gettext("Control characters were removed from the text.") if kept.removed else "",
    }


@deposit.post("/<int:number>/check")
@role(Role.DEPOSITOR)
def send(number: int) -> ResponseReturnValue:
    """Sends the work to the library, with the agreement that was read on this page."""
    try:
        _send(number)
    except Invalid as error:
        work = _afresh(number)
        found = {"agreement": [words.say(one) for one in error.errors.get("agreement", ())]}
        checked = {path: said for path, said in found.items() if said}
        return deposit_pages.step(work, steps.STEPS["check"], errors=checked, status=422)
    except NotAllowed as error:
        flash(words.explain(error), "bad")
        return redirect(url_for("deposit.show", number=number), 303)
    flash(gettext("Sent to the library. You will get a letter about it."), "good")
    return redirect(url_for("deposit.show", number=number), 303)


def _send(number: int) -> None:
    language = request.form.get("agreement_language", "")
    name = appearance.name(archive().settings, language)
    text = agreement.current(language, archive_name=name)
    with archive().writing() as session:
        work = permits.work(session, number, Action.EDIT)
        catalogue.check_revision(work, request.form.get("revision", 0, type=int))
        clearance.refuse_infected(work.current_files)
        kept = work.agreement if agreement.holds(work.agreement) else None
        read = request.form.get("agreement") == text.version
        signed = agreement.signed(text) if read else kept
        catalogue.submit(session, work, actor=viewer(), agreement=signed)
        if request.form.get("comment", "").strip():
            catalogue.comment(session, work, actor=viewer(), text=request.form["comment"])
        letters.to_depositor(session, work, "submitted", settings=archive().settings)
    tour.end()


@deposit.post("/<int:number>/comment")
@role(Role.DEPOSITOR)
def comment(number: int) -> ResponseReturnValue:
    """Writes into the thread; whoever reviews the work gets a letter."""
    try:
        with archive().writing() as session:
            work = permits.work(session, number, Action.COMMENT)
            said = request.form.get("comment", "")
            catalogue.comment(session, work, actor=viewer(), text=said)
            letters.to_reviewer(
                session, work, settings=archive().settings, actor=viewer(), comment=said
            )
    except Invalid as error:
        return deposit_pages.show(_afresh(number), {"comment": [words.explain(error)]})
    return redirect(url_for("deposit.show", number=number, _anchor="thread"), 303)


@deposit.post("/<int:number>/recall")
@role(Role.DEPOSITOR)
def recall(number: int) -> ResponseReturnValue:
    """Takes a work back that waits for the library."""
    with archive().writing() as session:
        work = permits.work(session, number, Action.COMMENT)
        if work.owner_id != viewer().id:
            raise NotFound("There is no work %(number)s.", number=number)
        catalogue.recall(session, work, actor=viewer())
    flash(gettext("Taken back. You can change it and send it again."), "good")
    return redirect(url_for("deposit.show", number=number), 303)


@deposit.post("/<int:number>/discard")
@role(Role.DEPOSITOR)
def discard(number: int) -> ResponseReturnValue:
    """Deletes a draft and its files."""
    with archive().writing() as session:
        work = permits.work(session, number, Action.EDIT)
        staged = [file.staged for file in work.files if file.staged]
        catalogue.discard(session, work, actor=viewer())
    for name in staged:
        (archive().settings.staging / name).unlink(missing_ok=True)
    flash(gettext("The draft was deleted."), "good")
    return redirect(url_for("deposit.index"), 303)
