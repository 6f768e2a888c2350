"""Registering, confirming an address, a forgotten password: what goes by letter.

No answer tells whether an address has an account: what depends on it is an errand for the worker,
and reaches only the owner of the address.
"""

from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import accounts, errands, links, passwords, throttle
from repository.errors import Forbidden, NotFound
from repository.links import Purpose
from repository.models.accounts import AccountState, Link
from repository.throttle import TooSoon
from repository.tokens import digest, fresh
from repository.web import words
from repository.web.current import archive, reading
from repository.web.entrance import address, is_open, page, too_soon, unfit
from repository.web.guard import public
from repository.web.lists import safe_next
from schemas import account as border
from schemas.work import Unfit

BROWSER = "browser"  # in the page cookie: what only this browser knows


@public
def register() -> ResponseReturnValue:
    """The form."""
    _check_open()
    return page("register", domains=archive().settings.registration_domains)


def _check_open() -> None:
    if not is_open():
        raise Forbidden("The library makes the accounts here. Please write to it.")


@public
def enrol() -> ResponseReturnValue:
    """Asks for an account, which waits for the link in a letter."""
    _check_open()
    domains = archive().settings.registration_domains
    try:
        given = border.registration(request.form, domains=domains)
        _enrol(given)
    except Unfit as error:
        return page("register", status=422, errors=unfit(error), domains=domains)
    except TooSoon as error:
        return too_soon("register", error, domains=domains)
    return page("posted", email=given["email"], sent="confirm")


def _enrol(given: dict[str, str]) -> None:
    _take_letter(given["email"])
    hashed = passwords.keep(given["password"])
    session.setdefault(BROWSER, fresh())
    with archive().writing() as writing:
        errands.register(
            writing,
            email=given["email"],
            name=given["name"],
            hashed=hashed,
            language=words.language(),
            browser=digest(session[BROWSER]),
            next=safe_next(request.form.get("next")) or "",
        )


def _take_letter(email: str) -> None:
    with archive().writing() as writing:
        throttle.take(writing, "letter", email=email, address=address())


@public
def confirm() -> ResponseReturnValue:
    """A page with a button: programs that look into letters follow links, but press nothing."""
    link = _link(Purpose.CONFIRM)
    return page("confirm", token=_token(), account=link.account, known=_same_browser(link))


def _token() -> str:
    return request.values.get("token", "")


def _link(purpose: Purpose) -> Link:
    link = links.find(reading(), _token(), purpose)
    if link.account.state == AccountState.DISABLED:
        raise NotFound(links.USED)
    return link


def _same_browser(link: Link) -> bool:
    """Whether this browser asked for the link, so that the password is its reader's own.

    Otherwise somebody may have registered another's address, in the hope that the owner confirms
    it: then a new password is asked for, and the first one is worth nothing.
    """
    return bool(link.browser) and link.browser == digest(session.get(BROWSER, ""))


@public
def confirmed() -> ResponseReturnValue:
    """Confirms the address."""
    link = _link(Purpose.CONFIRM)
    known, hashed = _same_browser(link), None
    if not known:
        try:
            hashed = accounts.check_new_password(link.account, request.form.get("password", ""))
        except Unfit as error:
            context = {"token": _token(), "account": link.account, "known": known}
            return page("confirm", status=422, errors=unfit(error), **context)
    with archive().writing() as writing:
        links.use(writing, _token(), Purpose.CONFIRM)
        account = accounts.get(writing, link.account.email)
        if hashed:
            accounts.change_password(writing, account, hashed=hashed)
        accounts.confirm(writing, account)
    flash(gettext("Your address is confirmed. Please sign in."), "good")
    return redirect(url_for("account.sign_in", next=safe_next(link.next)), 303)


@public
def forgot() -> ResponseReturnValue:
    """The form."""
    return page("forgot")


@public
def send_reset() -> ResponseReturnValue:
    """Asks for a link to choose another password."""
    return _send("forgot", "reset", errands.remind)


@public
def resend() -> ResponseReturnValue:
    """The form for another letter of confirmation."""
    return page("resend")


@public
def send_again() -> ResponseReturnValue:
    """Asks for another letter of confirmation."""
    return _send("resend", "confirm", errands.confirm_again)


def _send(template: str, sent: str, ask: Any) -> ResponseReturnValue:
    try:
        email = border.email(request.form.get("email", ""))
        _take_letter(email)
    except Unfit as error:
        return page(template, status=422, errors=unfit(error))
    except TooSoon as error:
        return too_soon(template, error)
    with archive().writing() as writing:
        ask(writing, email=email, language=words.language())
    return page("posted", email=email, sent=sent)


@public
def reset() -> ResponseReturnValue:
    """The form for a new password."""
    link = _link(Purpose.RESET)
    return page("reset", token=_token(), account=link.account)


@public
def new_password() -> ResponseReturnValue:
    """Sets the new password; every session of the account ends."""
    link = _link(Purpose.RESET)
    try:
        hashed = accounts.check_new_password(link.account, request.form.get("password", ""))
    except Unfit as error:
        context = {"token": _token(), "account": link.account}
        return page("reset", status=422, errors=unfit(error), **context)
    with archive().writing() as writing:
        links.use(writing, _token(), Purpose.RESET)
        account = accounts.get(writing, link.account.email)
        accounts.change_password(writing, account, hashed=hashed)
        accounts.confirm(writing, account)  # whoever has the letter has the address
        # Strangers who guess must not keep the owner waiting.
        throttle.succeeded(writing, "sign-in", email=account.email, address=address())
    flash(gettext("Your password is changed. Please sign in."), "good")
    return redirect(url_for("account.sign_in"), 303)


ROUTES = (
    ("GET", "/register", register),
    ("POST", "/register", enrol),
    ("GET", "/confirm", confirm),
    ("POST", "/confirm", confirmed),
    ("GET", "/resend", resend),
    ("POST", "/resend", send_again),
    ("GET", "/forgot", forgot),
    ("POST", "/forgot", send_reset),
    ("GET", "/reset", reset),
    ("POST", "/reset", new_password),
)


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages under the blueprint's address."""
    for method, path, view in ROUTES:
        blueprint.add_url_rule(path, view_func=view, methods=[method])
