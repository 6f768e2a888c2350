"""Failed attempts make the next one wait, longer each time; nobody is locked out for good."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from repository.clock import now
from repository.errors import ArchiveError
from repository.models.accounts import Attempt
from repository.tokens import digest

LONGEST = timedelta(minutes=15)
FORGET = timedelta(hours=1)


class TooManyAttempts(ArchiveError):
    """The next attempt is not due yet; `retry_after` says in how many seconds it is."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Too many failed attempts. Please try again in %(seconds)s seconds.", seconds=seconds
        )
        self.retry_after = seconds


def key(kind: str, value: str) -> str:
    """A key that says nothing to who reads the table."""
    return digest(f"{kind} {value.casefold()}")


def check(session: Session, keys: dict[str, int]) -> None:
    """Raises TooManyAttempts when one of the keys has to wait. Values: attempts that are free."""
    waits = [
        (found.until - now()).total_seconds()
        for one in keys
        if (found := session.get(Attempt, one)) and found.count >= keys[one]
    ]
    longest = max(waits, default=0.0)
    if longest > 0:
        raise TooManyAttempts(int(longest) + 1)


def failed(session: Session, keys: dict[str, int]) -> None:
    """Counts a failure under each key."""
    for one, free in keys.items():
        found = session.get(Attempt, one)
        if found is None:
            found = Attempt(key=one, count=0, until=now())
            session.add(found)
        elif now() - found.until > FORGET:
            found.count = 0
        found.count += 1
        over = max(0, found.count - free)
        found.until = now() + min(timedelta(seconds=2 ** min(over, 12)), LONGEST)
    session.flush()


def forget(session: Session, keys: dict[str, int]) -> None:
    """Clears the counts after a success."""
    session.execute(delete(Attempt).where(Attempt.key.in_(keys)))
