"""Tokens by which programs act for people: made on the account's page, shown once, ended there."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import audit
from repository.clock import now
from repository.errors import Invalid, NotFound
from repository.models.accounts import Account, AccountState
from repository.models.programs import ApiToken
from repository.tokens import digest, fresh
from repository.viewers import Viewer

MOST = 20  # of one account
SEEN_EVERY = timedelta(minutes=5)
# So that whoever finds one knows what it is, and scanners for leaked secrets too.
PREFIX = "archive_"


def make(
    session: Session, *, actor: Viewer, name: str, scopes: Collection[str], lasts: timedelta
) -> str:
    """A new token for the account of `actor`. It is not kept: nobody can be told it again."""
    if len(of(session, actor.id or 0)) >= MOST:
        raise Invalid("You have %(most)s tokens. End one that is not used any more.", most=MOST)
    token = PREFIX + fresh()
    made = ApiToken(
        token=digest(token),
        account_id=actor.id,
        name=name,
        scopes=sorted(scopes),
        expires=now() + lasts,
    )
    session.add(made)
    session.flush()
    details = {"name": name, "scopes": made.scopes, "expires": made.expires.isoformat()}
    audit.write(session, "token.made", actor=actor, about=("token", made.id), details=details)
    return token


def find(session: Session, token: str) -> ApiToken | None:
    """The token while it is good: not ended, not expired, its account active."""
    found = session.scalar(select(ApiToken).where(ApiToken.token == digest(token)))
    if found is None or found.account.state != AccountState.ACTIVE or now() >= found.expires:
        return None
    return found


def stale(found: ApiToken) -> bool:
    """Whether it is time to note that the token is in use."""
    return found.seen is None or now() - found.seen > SEEN_EVERY


def touch(session: Session, token_id: int) -> None:
    """Notes that the token, and so its account, is in use."""
    found = session.get(ApiToken, token_id)
    if found is not None:
        found.seen = found.account.last_seen = now()


def of(session: Session, account_id: int) -> Sequence[ApiToken]:
    """The account's tokens, the newest first."""
    query = select(ApiToken).where(ApiToken.account_id == account_id).order_by(ApiToken.id.desc())
    return session.scalars(query).all()


def end(session: Session, token_id: int, *, actor: Viewer) -> None:
    """Ends one of the actor's tokens; raises NotFound when it is not theirs."""
    found = session.get(ApiToken, token_id)
    if found is None or found.account_id != actor.id:
        raise NotFound("You have no such token.")
    audit.write(session, "token.ended", actor=actor, about=("token", found.id))
    session.delete(found)
    session.flush()


def end_all(session: Session, account: Account) -> None:
    """Ends all tokens of an account: its password was changed, or it was closed."""
    for one in of(session, account.id):
        session.delete(one)
    session.flush()
