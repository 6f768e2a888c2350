"""Signing in and out, registering, and a person's own page."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import accounts, mail, passwords, sessions, throttle
from repository.errors import ArchiveError, Conflict, Forbidden, Invalid
from repository.models.accounts import Account
from repository.throttle import TooManyAttempts
from repository.web import signing, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, signed_in
from repository.web.lists import safe_next
from schemas import text, vocabulary

account = Blueprint("account", __name__, url_prefix="/account")

FREE_BY_ACCOUNT, FREE_BY_NETWORK = 4, 20


def _keys(email: str) -> dict[str, int]:
    """What failed attempts are counted under."""
    network = sessions.network(request.remote_addr or "")
    return {
        throttle.key("account", text.line(email)): FREE_BY_ACCOUNT,
        throttle.key("network", network): FREE_BY_NETWORK,
    }


def _form(template: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    values = {"email": "", "name": "", **request.values.to_dict(), "password": ""}
    return render_template(template, **{"values": values, "errors": {}, **context}), status


@account.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form."""
    if viewer().signed_in:
        return redirect(safe_next(request.args.get("next")) or url_for("account.show"))
    return _form("account/sign_in.html")


@account.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Signs in; the answer is the same for a wrong password and for an unknown address."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    keys = _keys(email)
    with archive().reading() as session:
        try:
            throttle.check(session, keys)
        except TooManyAttempts as error:
            return _refused(words.explain(error), 429, {"Retry-After": str(error.retry_after)})
        found = accounts.find(session, email)
        fits = accounts.check_password(found, password)
    with archive().writing() as session:
        if not fits:
            throttle.failed(session, keys)
            said = gettext("The address or the password is not right, or not confirmed yet.")
            return _refused(said, 403, {})
        throttle.forget(session, {throttle.key("account", text.line(email)): 0})
        _start(session, accounts.get(session, email), password)
    return redirect(safe_next(request.form.get("next")) or url_for("pages.home"), 303)


def _refused(said: str, status: int, headers: dict[str, str]) -> ResponseReturnValue:
    answer = make_response(_form("account/sign_in.html", status=status, errors={"email": [said]}))
    answer.headers.update(headers)
    return answer


def _start(session: Session, found: Account, password: str) -> None:
    if passwords.outdated(found.password_hash):
        found.password_hash = passwords.keep(password)
    if old := signing.token():
        sessions.end(session, old)
    signing.sign_in(
        sessions.start(
            session,
            found,
            agent=request.user_agent.string,
            address=request.remote_addr or "",
        )
    )


@account.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Ends this browser's session."""
    with archive().writing() as session:
        sessions.end(session, signing.token())
    signing.sign_out()
    return redirect(url_for("pages.home"), 303)


@account.get("/register")
@public
def register() -> ResponseReturnValue:
    """The form."""
    _check_open()
    return _form("account/register.html", domains=archive().settings.registration_domains)


def _check_open() -> None:
    if archive().settings.registration != "open":
        raise Forbidden("The library makes the accounts here. Please write to it.")


@account.post("/register")
@public
def enrol() -> ResponseReturnValue:
    """Makes an account that waits for its confirmation; the answer never tells who has one."""
    _check_open()
    domains = archive().settings.registration_domains
    email, name = request.form.get("email", ""), request.form.get("name", "")
    password = request.form.get("password", "")
    try:
        address = accounts.normal_email(email)
        if domains and address.rpartition("@")[2] not in domains:
            raise Invalid(
                "Please use an address of: %(domains)s.",
                {"email": []},
                domains=", ".join(domains),
            )
        if not text.line(name):
            raise Invalid("Please write your name.", {"name": []})
        passwords.check(password, email=address)
        _enrol(address, name, password)
    except Invalid as error:
        errors = {field: [words.explain(error)] for field in error.errors or ("email",)}
        return _form("account/register.html", status=422, errors=errors, domains=domains)
    return render_template("account/posted.html", email=address)


def _enrol(address: str, name: str, password: str) -> None:
    with archive().writing() as session:
        try:
            accounts.create(
                session, email=address, name=name, password=password, language=words.language()
            )
        except Conflict:
            passwords.fits(None, password)  # as much work as making an account
            _letter(session, accounts.get(session, address), "account_known", "account.forgot")
            return
        _link(session, accounts.get(session, address), accounts.CONFIRM, "account_confirm")


def _link(session: Session, found: Account, purpose: str, template: str) -> None:
    token = accounts.link(session, found, purpose)
    endpoint = {accounts.CONFIRM: "account.confirm", accounts.RESET: "account.reset"}[purpose]
    _letter(session, found, template, endpoint, token=token)


def _letter(session: Session, found: Account, template: str, endpoint: str, **values: Any) -> None:
    mail.write(
        session,
        to=found.email,
        language=found.language,
        template=template,
        name=found.name,
        url=archive().settings.base_url + url_for(endpoint, **values),
        archive_name=archive().settings.name,
    )


@account.get("/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """A page with a button: programs that look into letters follow links, but press nothing."""
    accounts.linked(reading(), token, accounts.CONFIRM)
    return render_template("account/confirm.html", token=token)


@account.post("/confirm/<token>")
@public
def confirmed(token: str) -> ResponseReturnValue:
    """Confirms the address."""
    with archive().writing() as session:
        accounts.use(session, token, accounts.CONFIRM)
    flash(gettext("Your address is confirmed. Please sign in."), "good")
    return redirect(url_for("account.sign_in"), 303)


@account.get("/forgot")
@public
def forgot() -> ResponseReturnValue:
    """The form."""
    return _form("account/forgot.html")


@account.post("/forgot")
@public
def send_reset() -> ResponseReturnValue:
    """Sends a link if there is such an account; the answer never tells."""
    email = text.line(request.form.get("email", ""))
    keys = {throttle.key("forgot", email): 3}
    with archive().writing() as session:
        throttle.check(session, keys)
        throttle.failed(session, keys)
        found = accounts.find(session, email)
        if found is not None and found.state == "active":
            _link(session, found, accounts.RESET, "account_reset")
        elif found is not None and found.state == "unconfirmed":
            _link(session, found, accounts.CONFIRM, "account_confirm")
    return render_template("account/posted.html", email=email)


@account.get("/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """The form for a new password."""
    accounts.linked(reading(), token, accounts.RESET)
    return _form("account/reset.html", token=token)


@account.post("/reset/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """Sets the new password; every session of the account ends."""
    try:
        with archive().writing() as session:
            found = accounts.use(session, token, accounts.RESET)
            accounts.change_password(session, found, request.form.get("password", ""))
    except Invalid as error:
        errors = {"password": [words.explain(error)]}
        return _form("account/reset.html", status=422, token=token, errors=errors)
    flash(gettext("Your password is changed. Please sign in."), "good")
    return redirect(url_for("account.sign_in"), 303)


@account.get("")
@signed_in
def show() -> ResponseReturnValue:
    """A person's own page."""
    return _own()


def _own(status: int = 200, **errors: list[str]) -> ResponseReturnValue:
    found = accounts.get(reading(), viewer().email)
    values = {"name": found.name, "language": found.language, **request.form.to_dict()}
    return (
        render_template(
            "account/show.html",
            account=found,
            values=values,
            errors=errors,
            sessions=sessions.of(reading(), found.id),
        ),
        status,
    )


@account.post("")
@signed_in
def save() -> ResponseReturnValue:
    """Keeps name and language."""
    name = text.line(request.form.get("name", ""))[:200]
    if not name:
        return _own(422, name=[gettext("Please write your name.")])
    with archive().writing() as session:
        found = accounts.get(session, viewer().email)
        found.name = name
        if request.form.get("language") in vocabulary.INTERFACE:
            found.language = request.form["language"]
    flash(gettext("Saved."), "good")
    return redirect(url_for("account.show"), 303)


@account.post("/password")
@signed_in
def password() -> ResponseReturnValue:
    """Changes the password; all other browsers are signed out."""
    keys = _keys(viewer().email)
    try:
        with archive().writing() as session:
            throttle.check(session, keys)
            found = accounts.get(session, viewer().email)
            if not accounts.check_password(found, request.form.get("current", "")):
                raise Forbidden("That is not your present password.")
            accounts.change_password(session, found, request.form.get("password", ""))
            _start(session, found, request.form.get("password", ""))
    except Forbidden as error:
        with archive().writing() as session:
            throttle.failed(session, keys)
        return _own(403, current=[words.explain(error)])
    except ArchiveError as error:
        return _own(error.status, password=[words.explain(error)])
    flash(gettext("Your password is changed."), "good")
    return redirect(url_for("account.show"), 303)


@account.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Ends all sessions of the account, this one too."""
    with archive().writing() as session:
        accounts.sign_out_everywhere(session, accounts.get(session, viewer().email))
    signing.sign_out()
    return redirect(url_for("account.sign_in"), 303)
