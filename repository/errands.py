"""What pages are asked for that must not show whether an account exists.

A page only writes an errand, which takes equally long for everyone; the worker does the rest, and
only the owner of the address learns from a letter what came of it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import accounts, appearance, links, mail
from repository.archive import Archive
from repository.links import Purpose
from repository.models.accounts import Account, AccountState, Errand
from repository.settings import Settings

BATCH = 20
Details = dict[str, Any]


def register(
    session: Session,
    *,
    email: str,
    name: str,
    hashed: str,
    language: str,
    browser: str = "",
    next: str = "",
) -> None:
    """Asks for an account; `browser` is the digest of what only this browser knows."""
    details = {"name": name, "hashed": hashed, "browser": browser, "next": next}
    _ask(session, "register", email, {**details, "language": language})


def remind(session: Session, *, email: str, language: str) -> None:
    """Asks for a link to set another password."""
    _ask(session, "remind", email, {"language": language})


def confirm_again(session: Session, *, email: str, language: str) -> None:
    """Asks for the letter that confirms an address once more."""
    _ask(session, "confirm", email, {"language": language})


def _ask(session: Session, kind: str, email: str, details: Details) -> None:
    session.add(Errand(kind=kind, email=email, details=details))
    session.flush()


def follow(archive: Archive) -> int:
    """Does what waits; how many errands were done. Each is done and forgotten in one go."""
    with archive.reading() as session:
        waiting = session.scalars(select(Errand.id).order_by(Errand.id).limit(BATCH)).all()
    for number in waiting:
        with archive.writing() as session:
            query = select(Errand).where(Errand.id == number)
            errand = session.scalar(query.with_for_update(skip_locked=True))
            if errand is not None:
                DEEDS[errand.kind](session, errand, archive.settings)
                session.delete(errand)
    return len(waiting)


def _register(session: Session, errand: Errand, settings: Settings) -> None:
    """A new account, or a newer wish for one that was never confirmed; else a word about it."""
    accounts.forget_unconfirmed(session)
    given = errand.details
    account = accounts.find(session, errand.email)
    if account is not None and account.state != AccountState.UNCONFIRMED:
        _letter(session, account, settings, STANDING[AccountState(account.state)])
        return
    if account is None:
        account = accounts.add(
            session,
            email=errand.email,
            name=given["name"],
            hashed=given["hashed"],
            language=given["language"],
        )
    account.name, account.password_hash = given["name"], given["hashed"]
    account.language = given["language"]
    _confirm_letter(session, account, settings, browser=given["browser"], next=given["next"])


def _remind(session: Session, errand: Errand, settings: Settings) -> None:
    account = accounts.find(session, errand.email)
    if account is None:
        return
    if account.state == AccountState.DISABLED:
        _letter(session, account, settings, "account_closed")
        return
    token = links.make(session, account, Purpose.RESET)
    url = f"{settings.base_url}/account/reset?token={token}"
    _letter(session, account, settings, "account_reset", url=url)


def _confirm(session: Session, errand: Errand, settings: Settings) -> None:
    account = accounts.find(session, errand.email)
    if account is None:
        return
    if account.state == AccountState.UNCONFIRMED:
        _confirm_letter(session, account, settings)
    else:
        _letter(session, account, settings, STANDING[AccountState(account.state)])


def _confirm_letter(
    session: Session, account: Account, settings: Settings, *, browser: str = "", next: str = ""
) -> None:
    token = links.make(session, account, Purpose.CONFIRM, browser=browser, next=next)
    url = f"{settings.base_url}/account/confirm?token={token}"
    _letter(session, account, settings, "account_confirm", url=url)


def _letter(
    session: Session, account: Account, settings: Settings, template: str, **more: str
) -> None:
    mail.write(
        session,
        to=account.email,
        language=account.language,
        template=template,
        name=account.name,
        archive_name=appearance.name(settings, account.language),
        base_url=settings.base_url,
        contact=settings.admin_email,
        **more,
    )


STANDING = {AccountState.ACTIVE: "account_exists", AccountState.DISABLED: "account_closed"}
DEEDS: dict[str, Callable[[Session, Errand, Settings], None]] = {
    "register": _register,
    "remind": _remind,
    "confirm": _confirm,
}
