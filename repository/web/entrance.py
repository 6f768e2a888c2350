"""Signing in and out; what all pages with a form at the door share."""

from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import accounts, passwords, sessions, throttle
from repository.models.accounts import Account, AccountState
from repository.throttle import TooSoon
from repository.web import signing, words
from repository.web.current import archive, viewer
from repository.web.guard import public
from repository.web.lists import safe_next
from schemas.work import Unfit


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


WRONG = _("The address or the password is not right.")
NOT_YET = {
    AccountState.UNCONFIRMED: _(
        "Your address is not confirmed yet. Open the link in the letter that we sent you, or let "
        "us send another one."
    ),
    AccountState.DISABLED: _("This account was closed. Please write to the library."),
}


def page(template: str, *, status: int = 200, **context: Any) -> tuple[str, int]:
    """A page with a form; what was typed is in it again, apart from passwords."""
    values = {name: request.values.get(name, "") for name in ("email", "name", "next")}
    wanted = safe_next(values["next"]) or ""
    known = {"values": values, "errors": {}, "refusal": "", "next": wanted, "open": is_open()}
    return render_template(f"account/{template}.html", **{**known, **context}), status


def is_open() -> bool:
    """Whether people may register themselves."""
    return archive().settings.registration == "open"


def unfit(error: Unfit) -> dict[str, list[str]]:
    """The border's messages in the language of the page."""
    return {field: [words.say(one) for one in said] for field, said in error.errors.items()}


def too_soon(template: str, error: TooSoon, **context: Any) -> tuple[str, int, dict[str, str]]:
    """The form once more, saying when to try again."""
    body, status = page(template, status=429, refusal=wait_words(error), **context)
    return body, status, {"Retry-After": str(error.retry_after)}


def wait_words(error: TooSoon) -> str:
    """When to try again."""
    wait = format_timedelta(error.retry_after, threshold=1.5, locale=words.locale())
    return gettext("There were too many attempts. Please try again after: %(wait)s.", wait=wait)


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


@public
def sign_in() -> ResponseReturnValue:
    """The form; whoever is signed in is sent on."""
    if viewer().signed_in:
        return redirect(safe_next(request.args.get("next")) or url_for("account.show"))
    return page("sign_in")


@public
def enter() -> ResponseReturnValue:
    """Signs in; for a wrong password and an unknown address the answer and its time are equal."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        with archive().writing() as writing:
            throttle.take(writing, "sign-in", email=email, address=address())
    except TooSoon as error:
        return too_soon("sign_in", error)
    with archive().reading() as looking:
        account = accounts.find(looking, email)
    if not passwords.fits(account.password_hash if account else None, password) or not account:
        return page("sign_in", status=403, refusal=gettext(WRONG))
    if account.state != AccountState.ACTIVE:
        # Whoever knows the password may know this too.
        said = gettext(NOT_YET[AccountState(account.state)])
        return page("sign_in", status=403, refusal=said, state=account.state)
    return _let_in(account, password)


def _let_in(known: Account, password: str) -> ResponseReturnValue:
    renewed = passwords.keep(password) if passwords.outdated(known.password_hash) else None
    with archive().writing() as writing:
        account = accounts.get(writing, known.email)
        if account.password_hash != known.password_hash or account.state != AccountState.ACTIVE:
            return page("sign_in", status=403, refusal=gettext(WRONG))  # changed in between
        throttle.succeeded(writing, "sign-in", email=account.email, address=address())
        account.password_hash = renewed or account.password_hash
        signing.sign_in(writing, account)
    return redirect(safe_next(request.form.get("next")) or url_for("pages.home"), 303)


@public
def sign_out() -> ResponseReturnValue:
    """Ends this browser's session."""
    with archive().writing() as writing:
        sessions.end(writing, signing.token())
    signing.sign_out()
    return redirect(url_for("pages.home"), 303)


ROUTES = (
    ("GET", "/sign-in", sign_in),
    ("POST", "/sign-in", enter),
    ("POST", "/sign-out", sign_out),
)


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages under the blueprint's address."""
    for method, path, view in ROUTES:
        blueprint.add_url_rule(path, view_func=view, methods=[method])
