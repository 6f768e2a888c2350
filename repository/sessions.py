"""Sessions: browsers that are signed in. Kept here, so that they can be ended from here."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository import networks
from repository.clock import now
from repository.models.accounts import Account, AccountState, SignIn
from repository.tokens import digest, fresh
from schemas.roles import STAFF


class Lifetime(NamedTuple):
    """How long a session lasts without being used, and at most."""

    idle: timedelta
    whole: timedelta


READERS = Lifetime(idle=timedelta(hours=12), whole=timedelta(days=14))
# Whoever can see and change more is asked again sooner: a break, a working day.
STAFFS = Lifetime(idle=timedelta(hours=2), whole=timedelta(hours=12))
SEEN_EVERY = timedelta(minutes=5)  # a write each time a page is read would be too many


def start(session: Session, account: Account, *, agent: str = "", address: str = "") -> str:
    """Signs a browser in: the token for its cookie."""
    session.execute(delete(SignIn).where(SignIn.expires < now()))
    token = fresh()
    session.add(
        SignIn(
            token=digest(token),
            account_id=account.id,
            expires=now() + lifetime(account).whole,
            agent=agent[:200],
            network=networks.shorten(address),
        )
    )
    account.last_seen = now()
    session.flush()
    return token


def lifetime(account: Account) -> Lifetime:
    """How long sessions of this account last."""
    return STAFFS if any(one.role in STAFF for one in account.roles) else READERS


def find(session: Session, token: str) -> SignIn | None:
    """The session of a token while it is good: not ended, not expired, not idle for too long."""
    found = session.get(SignIn, digest(token))
    if found is None or found.account.state != AccountState.ACTIVE:
        return None
    ends = min(found.expires, found.seen + lifetime(found.account).idle)
    return found if now() < ends else None


def stale(found: SignIn) -> bool:
    """Whether it is time to note that the session is in use."""
    return now() - found.seen > SEEN_EVERY


def touch(session: Session, token: str) -> None:
    """Notes that the session, and so its account, is in use."""
    found = session.get(SignIn, digest(token))
    if found is not None:
        found.seen = found.account.last_seen = now()


def end(session: Session, token: str) -> None:
    """Signs the browser out."""
    session.execute(delete(SignIn).where(SignIn.token == digest(token)))


def end_named(session: Session, account_id: int, names: Iterable[str]) -> None:
    """Ends those sessions of the account, named by what is stored of their tokens."""
    session.execute(
        delete(SignIn).where(SignIn.account_id == account_id, SignIn.token.in_(list(names)))
    )


def end_all(session: Session, account_id: int) -> None:
    """Ends all sessions of the account."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))


def of(session: Session, account_id: int) -> Sequence[SignIn]:
    """The account's sessions that have not expired, the latest first."""
    query = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.expires > now())
        .order_by(SignIn.seen.desc())
    )
    return session.scalars(query).all()
