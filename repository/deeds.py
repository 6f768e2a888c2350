"""What is done only once, however often a program asks for it: requests with an Idempotency-Key.

The answer is kept in the transaction of the deed itself; so either both are there or neither is.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from repository.archive import Archive
from repository.clock import now
from repository.errors import Invalid
from repository.models.programs import Deed

KEPT = timedelta(days=30)
_KEY = re.compile(r"[!-~]{8,128}")


class Done(NamedTuple):
    """A deed's answer; `again` says that it was done by an earlier request."""

    status: int
    answer: dict[str, Any]
    again: bool = False


def check(key: str) -> None:
    """Raises Invalid when a key is not one."""
    if not _KEY.fullmatch(key):
        raise Invalid("An Idempotency-Key has 8 to 128 letters, digits or signs of ASCII.")


def fingerprint(*parts: str) -> str:
    """The digest by which the same request is known again."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def once(
    archive: Archive,
    account_id: int,
    key: str,
    request: str,
    do: Callable[[Session], tuple[int, dict[str, Any]]],
) -> Done:
    """Does it in one transaction, unless it was done under that key; without a key, always.

    Raises Invalid when another request bore the same key.
    """
    try:
        with archive.writing() as session:
            found = session.get(Deed, (account_id, key)) if key else None
            if found is not None:
                return _again(found, request)
            status, answer = do(session)
            if key:
                session.add(
                    Deed(
                        account_id=account_id,
                        key=key,
                        request=request,
                        status=status,
                        answer=answer,
                    )
                )
                session.flush()
            return Done(status, answer)
    except IntegrityError:
        # On PostgreSQL two may be at it at once; of these one is rolled back whole.
        with archive.reading() as session:
            found = session.get(Deed, (account_id, key)) if key else None
            if found is None:
                raise
            return _again(found, request)


def _again(found: Deed, request: str) -> Done:
    if found.request != request:
        raise Invalid("This Idempotency-Key was used for another request. Make a new one.")
    return Done(found.status, found.answer, again=True)


def sweep(archive: Archive) -> int:
    """Forgets keys that are older than KEPT; how many."""
    with archive.writing() as session:
        done = session.execute(delete(Deed).where(Deed.moment < now() - KEPT))
    return int(getattr(done, "rowcount", 0))
