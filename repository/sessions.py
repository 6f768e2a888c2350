"""Sessions: browsers that are signed in. Kept here, so that they can be ended from here."""

import ipaddress
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.clock import now
from repository.models.accounts import Account, SignIn
from repository.tokens import digest, fresh
from schemas.roles import Role

LIFETIME = timedelta(days=14)
IDLE = timedelta(hours=24)
STAFF_IDLE = timedelta(hours=4)
SEEN_EVERY = timedelta(minutes=5)  # a write each time a page is read would be too many


def start(session: Session, account: Account, *, agent: str, address: str) -> str:
    """Signs a browser in: the token for its cookie."""
    session.execute(delete(SignIn).where(SignIn.expires < now()))
    token = fresh()
    session.add(
        SignIn(
            token=digest(token),
            account_id=account.id,
            expires=now() + LIFETIME,
            agent=agent[:200],
            network=network(address),
        )
    )
    account.last_seen = now()
    session.flush()
    return token


def find(session: Session, token: str) -> SignIn | None:
    """The session of a token while it is good: not ended, not expired, not idle for too long."""
    found = session.get(SignIn, digest(token))
    if found is None or found.account.state != "active":
        return None
    staff = any(one.role in (Role.CATALOGUER, Role.ADMINISTRATOR) for one in found.account.roles)
    idle = STAFF_IDLE if staff else IDLE
    return found if now() < min(found.expires, found.seen + idle) else None


def is_stale(found: SignIn) -> bool:
    """Whether it is time to note that the session is in use."""
    return now() - found.seen > SEEN_EVERY


def touch(session: Session, token: str) -> None:
    """Notes that the session is in use."""
    found = session.get(SignIn, digest(token))
    if found is not None:
        found.seen = now()


def end(session: Session, token: str) -> None:
    """Signs the browser out."""
    session.execute(delete(SignIn).where(SignIn.token == digest(token)))


def of(session: Session, account_id: int) -> Sequence[SignIn]:
    """The account's sessions, the latest first."""
    query = select(SignIn).where(SignIn.account_id == account_id).order_by(SignIn.seen.desc())
    return session.scalars(query).all()


def network(address: str) -> str:
    """The network of an address, which says enough and identifies nobody: /24 or /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
