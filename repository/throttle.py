"""Attempts that come too fast have to wait, longer each time; nobody is locked out for good.

Under each key (an address, a network) a level rises by one with each attempt and sinks with time.
Up to `free` an attempt costs nothing; above, the next one has to wait. An attempt is counted
before it is made, so that many at once are no way around; one that succeeds is taken back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repository import audit, networks
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.accounts import Account, Attempt
from repository.tokens import digest
from repository.viewers import ANONYMOUS


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Rule(NamedTuple):
    """How many attempts are free, how long one is remembered, how waiting begins and ends."""

    free: int
    sinks: timedelta
    first: timedelta
    most: timedelta


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A network may be a whole campus, so it is given much more room than one account.
RULES = {
    "sign-in": {
        "address": Rule(free=5, sinks=HOUR, first=MINUTE / 2, most=15 * MINUTE),
        "network": Rule(free=60, sinks=MINUTE / 2, first=MINUTE / 6, most=5 * MINUTE),
    },
    "letter": {
        "address": Rule(free=3, sinks=HOUR, first=5 * MINUTE, most=HOUR),
        "network": Rule(free=30, sinks=2 * MINUTE, first=MINUTE, most=15 * MINUTE),
    },
    # Links of letters: whoever tries them out.
    "link": {
        "address": Rule(free=20, sinks=MINUTE, first=MINUTE / 2, most=15 * MINUTE),
        "network": Rule(free=100, sinks=MINUTE / 6, first=MINUTE / 6, most=5 * MINUTE),
    },
    # Codes of seats are typed by staff, from one reading room.
    "seat": {
        "address": Rule(free=5, sinks=10 * MINUTE, first=MINUTE / 2, most=15 * MINUTE),
        "network": Rule(free=20, sinks=5 * MINUTE, first=MINUTE / 6, most=15 * MINUTE),
    },
}
KEPT = timedelta(days=2)


class TooSoon(ArchiveError):
    """The next attempt is not due yet; `retry_after` says in how many seconds it is."""

    status = 429
    retry_after: int

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("There were too many attempts. Please try again in %(seconds)s seconds."),
            seconds=seconds,
        )
        self.retry_after = seconds


def take(session: Session, act: str, *, email: str, address: str) -> None:
    """Counts an attempt at `act`, about to be made; raises TooSoon when it has to wait."""
    moment = now()
    session.execute(delete(Attempt).where(Attempt.moment < moment - KEPT))
    found = [(_attempt(session, key, moment), rule) for key, rule in _keys(act, email, address)]
    wait = max(attempt.until - moment for attempt, _ in found)
    if wait > timedelta(0):
        raise TooSoon(int(wait.total_seconds()) + 1)
    for place, (attempt, rule) in zip(("address", "network"), found, strict=True):
        if _raise(attempt, rule, moment):
            _note(session, act, place, email)
    session.flush()


def _note(session: Session, act: str, place: str, email: str) -> None:
    """Leaves a row in the audit log: one when waiting begins, not one for each attempt."""
    account = None
    if place == "address":
        account = session.scalar(select(Account.id).where(Account.email == email.strip().lower()))
    about = ("account", account) if account else ("", "")
    audit.write(session, f"{act}.slowed", actor=ANONYMOUS, about=about, details={"by": place})


def succeeded(session: Session, act: str, *, email: str, address: str) -> None:
    """Takes the attempt back, and those before it at the same address."""
    (mine, _), (network, rule) = _keys(act, email, address)
    session.execute(delete(Attempt).where(Attempt.key == mine))
    moment = now()
    attempt = _attempt(session, network, moment)
    attempt.level = max(0.0, _level(attempt, rule, moment) - 1)
    attempt.moment = attempt.until = moment
    session.flush()


def _keys(act: str, email: str, address: str) -> Iterator[tuple[str, Rule]]:
    # The table tells nobody which addresses were tried.
    yield digest(f"{act} address {email.strip().lower()}"), RULES[act]["address"]
    yield digest(f"{act} network {networks.shorten(address)}"), RULES[act]["network"]


def _attempt(session: Session, key: str, moment: datetime) -> Attempt:
    """The row of a key, locked; a new one where there is none."""
    query = select(Attempt).where(Attempt.key == key).with_for_update()
    found = session.scalar(query)
    if found is None:
        try:
            with session.begin_nested():
                session.add(Attempt(key=key, level=0.0, moment=moment, until=moment))
        except IntegrityError:  # another transaction was faster
            session.expire_all()
        found = session.scalars(query).one()
    return found


def _level(attempt: Attempt, rule: Rule, moment: datetime) -> float:
    return max(0.0, attempt.level - (moment - attempt.moment) / rule.sinks)


def _raise(attempt: Attempt, rule: Rule, moment: datetime) -> bool:
    """Raises the level; whether the next attempt has to wait, as this one had not."""
    attempt.level = _level(attempt, rule, moment) + 1
    attempt.moment = moment
    over = round(attempt.level) - rule.free
    wait = min(rule.first * 2 ** min(over, 20), rule.most) if over >= 0 else timedelta(0)
    attempt.until = moment + wait
    return over == 0
