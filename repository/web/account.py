"""A person's own page: name, language, password, the browsers that are signed in."""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import accounts, passwords, sessions, throttle
from repository.models.accounts import Account
from repository.throttle import TooSoon
from repository.tokens import digest
from repository.web import agents, entrance, joining, signing, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import signed_in
from schemas import account as border
from schemas.work import Unfit

account = Blueprint("account", __name__, url_prefix="/account")
entrance.add_to(account)
joining.add_to(account)


@account.after_request
def private(response: Response) -> Response:
    """Links and addresses are on these pages: no browser and no proxy keeps them."""
    response.headers["Cache-Control"] = "no-store"
    return response


@account.get("")
@signed_in
def show() -> ResponseReturnValue:
    """A person's own page."""
    return _own()


def _own(
    status: int = 200, errors: dict[str, list[str]] | None = None, refusal: str = ""
) -> tuple[str, int]:
    found = accounts.get(reading(), viewer().email)
    values = {"name": found.name, "language": found.language, **request.form.to_dict()}
    return (
        render_template(
            "account/show.html",
            account=found,
            values=values,
            errors=errors or {},
            refusal=refusal,
            browsers=_browsers(found),
        ),
        status,
    )


def _browsers(found: Account) -> list[dict[str, object]]:
    mine = digest(signing.token())
    return [
        {
            "token": one.token,
            "agent": agents.name(one.agent),
            "network": one.network,
            "seen": one.seen,
            "here": one.token == mine,
        }
        for one in sessions.of(reading(), found.id)
    ]


@account.post("")
@signed_in
def save() -> ResponseReturnValue:
    """Keeps name and language."""
    try:
        given = border.profile(request.form)
    except Unfit as error:
        return _own(422, entrance.unfit(error))
    with archive().writing() as writing:
        found = accounts.get(writing, viewer().email)
        accounts.change(writing, found, name=given["name"], language=given["language"])
    session[words.COOKIE] = given["language"]  # and not what was chosen here earlier
    flash(gettext("Saved."), "good")
    return redirect(url_for("account.show"), 303)


@account.post("/password")
@signed_in
def password() -> ResponseReturnValue:
    """Changes the password; all other browsers are signed out."""
    me, address = viewer(), entrance.address()
    try:
        with archive().writing() as writing:
            throttle.take(writing, "sign-in", email=me.email, address=address)
    except TooSoon as error:
        return _wait(error)
    found = accounts.get(reading(), me.email)
    if not passwords.fits(found.password_hash, request.form.get("current", "")):
        return _own(403, {"current": [gettext("That is not your present password.")]})
    try:
        hashed = accounts.check_new_password(found, request.form.get("password", ""))
    except Unfit as error:
        return _own(422, entrance.unfit(error))
    with archive().writing() as writing:
        mine = accounts.get(writing, me.email)
        accounts.change_password(writing, mine, hashed=hashed)
        throttle.succeeded(writing, "sign-in", email=me.email, address=address)
        signing.sign_in(writing, mine)
    flash(gettext("Your password is changed. All other browsers are signed out."), "good")
    return redirect(url_for("account.show"), 303)


def _wait(error: TooSoon) -> ResponseReturnValue:
    body, status = _own(429, refusal=entrance.wait_words(error))
    return body, status, {"Retry-After": str(error.retry_after)}


@account.post("/sessions")
@signed_in
def sign_out_there() -> ResponseReturnValue:
    """Signs one other browser out."""
    with archive().writing() as writing:
        sessions.end_named(writing, viewer().id or 0, request.form.getlist("session"))
    flash(gettext("That browser is signed out."), "good")
    return redirect(url_for("account.show"), 303)


@account.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Ends all sessions of the account, this one too."""
    with archive().writing() as writing:
        sessions.end_all(writing, viewer().id or 0)
    signing.sign_out()
    flash(gettext("You are signed out everywhere."), "good")
    return redirect(url_for("account.sign_in"), 303)
