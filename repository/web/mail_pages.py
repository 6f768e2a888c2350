"""/staff/mail: which letters wait or were given up, and whether letters go out at all."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import mail, mail_queue, mail_trouble
from repository.errors import Invalid
from repository.models.accounts import Post
from repository.web import desk, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas.roles import Role

letters = Blueprint("letters", __name__, url_prefix="/staff/mail")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


STATES = {
    Post.WAITING: _("Waiting"),
    Post.FAILED: _("Given up"),
    Post.SENT: _("Sent"),
}


@letters.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Letters that wait or could not be sent; a test whether letters go out.")
    desk.offer(state, "letters.index", _("Letters"), says)


@letters.after_request
def private(response: Response) -> Response:
    """Addresses of people are on these pages: no browser and no proxy keeps them."""
    response.headers["Cache-Control"] = "no-store"
    return response


@letters.get("")
@role(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """The letters in one state, and the form for a test."""
    return _page()


def _page(
    outcome: mail.Outcome | None = None, status: int = 200, **more: object
) -> tuple[str, int]:
    asked = request.args.get("state", "")
    counts = mail_queue.counts(reading())
    given_up = Post.FAILED if counts.get(Post.FAILED) and not counts.get(Post.WAITING) else None
    state = Post(asked) if asked in list(Post) else given_up or Post.WAITING
    before = request.args.get("before", type=int)
    rows, rest = mail_queue.letters(reading(), state, before=before)
    page = render_template(
        "staff/mail.html",
        rows=rows,
        rest=rest,
        state=state,
        states=STATES,
        counts=counts,
        subject=lambda one: mail.title(one, words.language()),
        troubles=mail_trouble.SAYS,
        outcome=outcome,
        server=urlsplit(archive().settings.mail_url).hostname,
        sender=archive().settings.mail_from or archive().settings.admin_email,
        **{"address": viewer().email, "errors": {}, **more},
    )
    return page, status


@letters.post("/test")
@role(Role.ADMINISTRATOR)
def test() -> ResponseReturnValue:
    """Sends a letter at once, and shows what the mail server says."""
    address = request.form.get("address", "")
    settings = archive().settings
    try:
        outcome = mail.test(settings, to=address, language=words.language())
    except Invalid as error:
        return _page(status=422, address=address, errors={"address": [words.explain(error)]})
    return _page(outcome, address=address)


@letters.post("/<int:number>/again")
@role(Role.ADMINISTRATOR)
def again(number: int) -> ResponseReturnValue:
    """Has a letter sent anew."""
    with archive().writing() as session:
        mail_queue.again(session, number, actor=viewer())
    flash(gettext("The letter goes out within a second, if the mail server takes it."), "good")
    return redirect(url_for("letters.index"), 303)


@letters.post("/<int:number>/delete")
@role(Role.ADMINISTRATOR)
def delete(number: int) -> ResponseReturnValue:
    """Deletes a letter that was not sent."""
    with archive().writing() as session:
        mail_queue.drop(session, number, actor=viewer())
    flash(gettext("The letter was deleted. Its recipient will not get it."), "good")
    return redirect(url_for("letters.index"), 303)
