"""Links in letters: each good for one use, for one purpose, for some hours."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from repository.clock import now
from repository.errors import NotFound
from repository.models.accounts import Account, Link
from repository.tokens import digest, fresh


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"  # that the address is theirs
    RESET = "reset"  # another password


LIFETIMES = {Purpose.CONFIRM: timedelta(hours=48), Purpose.RESET: timedelta(hours=1)}


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


USED = _("This link has been used or has expired. Ask for a new one.")


def make(
    session: Session, account: Account, purpose: Purpose, *, browser: str = "", next: str = ""
) -> str:
    """The token of a new link; earlier ones for the same purpose end with it."""
    session.execute(delete(Link).where(Link.expires < now()))
    drop(session, account, purpose)
    token = fresh()
    link = Link(
        token=digest(token),
        purpose=purpose,
        account_id=account.id,
        expires=now() + LIFETIMES[purpose],
        browser=browser,
        next=next,
    )
    session.add(link)
    session.flush()
    return token


def find(session: Session, token: str, purpose: Purpose) -> Link:
    """The link of a token, without using it up; raises NotFound."""
    link = session.get(Link, digest(token))
    if link is None or link.purpose != purpose or link.expires < now():
        raise NotFound(USED)
    return link


def use(session: Session, token: str, purpose: Purpose) -> None:
    """Uses the link up; raises NotFound when somebody has been faster."""
    used = session.execute(
        delete(Link)
        .where(Link.token == digest(token), Link.purpose == purpose, Link.expires >= now())
        .returning(Link.token)
    )
    if used.first() is None:
        raise NotFound(USED)


def drop(session: Session, account: Account, *purposes: Purpose) -> None:
    """Ends the account's links for these purposes."""
    session.execute(delete(Link).where(Link.account_id == account.id, Link.purpose.in_(purposes)))
