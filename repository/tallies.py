"""Counts over the whole archive, made once for each state of it and remembered by the process.

Whatever changes them leaves an entry in the audit log: while the newest entry is the same, so are
the counts. Where counting takes long, a count that is a little old will do: at most a fiftieth of
the time is spent on counting, however much goes on.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from repository.models.trust import Entry

Counted = TypeVar("Counted")

LONG = 0.05  # seconds that counting may take without being put off
SHARE = 50
MOST = 2000  # counts that are remembered of one archive


class _Tally(NamedTuple):
    newest: int | None
    value: Any
    took: float
    made: float


_KEPT: WeakKeyDictionary[Pool, dict[str, _Tally]] = WeakKeyDictionary()


def remembered(count: Callable[..., Counted]) -> Callable[..., Counted]:
    """A count that is given a session and words, such as the name of an axis, and remembered."""

    @wraps(count)
    def tallied(session: Session, *about: str) -> Counted:
        name = " ".join((count.__name__, *about))
        return of(session, name, lambda: count(session, *about))

    return tallied


def of(session: Session, name: str, count: Callable[[], Counted]) -> Counted:
    """What `count` gives, or has given under that name."""
    kept = _KEPT.setdefault(session.get_bind().engine.pool, {})
    newest = session.scalar(select(func.max(Entry.id)))
    known = kept.get(name)
    if known and (known.newest == newest or _will_do(known)):
        return known.value
    started = time.monotonic()
    value = count()
    ended = time.monotonic()
    kept[name] = _Tally(newest, value, ended - started, ended)
    while len(kept) > MOST:
        kept.pop(next(iter(kept)), None)
    return value


def _will_do(known: _Tally) -> bool:
    return known.took > LONG and time.monotonic() - known.made < known.took * SHARE
