"""How far the feed may be read: a logical clock shared by the stamper and all readers.

A harvester that was told "responseDate R" comes back with `from=R`. So no record may ever get a
datestamp below an R that was said before the record could be seen. One row (`FeedClock`) holds:

- `promised`: the largest second that readers may say. To say more, they raise it first.
- `last`: the largest datestamp given. A new one is larger than `promised`, read under the row's
  lock; the transaction that gives it raises `promised` above it.

A reader fixes R <= `promised` before its snapshot opens, and lists only datestamps <= R - 1. A
record it does not see either was stamped with `promised` at least R, hence later than R, or has
yet to be stamped, and will get a later second still. Nothing here depends on how long a
transaction takes or on what the wall clock does; see docs/decisions.md.

The wall clock only sets the pace: the logical clock follows it, and when it jumps back goes on at
half its speed until the wall clock has caught up.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from repository import database
from repository.errors import Busy
from repository.models.feed import FeedClock

# Readers promise this many seconds at once, so that a busy harvest writes seldom.
LEASE = 1
# How long a reader waits for the database to raise the promise; else it says what it may.
PATIENCE = 500  # milliseconds

Clock = Callable[[], float]


class Horizon(NamedTuple):
    """What a reader may say: `now` is R, the answer's responseDate; `last` as in FeedClock."""

    now: int
    last: int

    @property
    def asof(self) -> int:
        """The last second that a list may take in."""
        return self.now - 1


class _Row(NamedTuple):
    last: int
    promised: int
    logical: float
    wall: float


_UNSEEN = _Row(0, 0, 0.0, 0.0)
# As text, for it is asked so often.
_ROW = str(select(FeedClock.last, FeedClock.promised, FeedClock.logical, FeedClock.wall))


def look(engine: Engine, clock: Clock = time.time) -> Horizon:
    """The present horizon. Call it before the snapshot opens that the records are read from."""
    return _look(engine, clock)[1]


def _look(engine: Engine, clock: Clock) -> tuple[_Row, Horizon]:
    row = _glance(engine)
    wall = clock()
    if math.floor(_logical(row, wall)) > row.promised:
        row = _promise(engine, wall) or row
    return row, Horizon(min(math.floor(_logical(row, wall)), row.promised), row.last)


# What each engine was last seen to hold, and until when (by the monotonic clock) that is good.
_seen: WeakKeyDictionary[Engine, tuple[_Row, float]] = WeakKeyDictionary()


def recent(engine: Engine, clock: Clock = time.time) -> Horizon:
    """A horizon that is as good as the present one, mostly without a look at the database.

    Whatever is stamped after a look is dated later than the second that was promised then. Until
    that second has passed nobody can see a difference; so long, but not after the clock was put
    back, the look need not be repeated.
    """
    row, until = _seen.get(engine, (_UNSEEN, 0.0))
    second = math.floor(_logical(row, clock()))
    if second <= row.promised and time.monotonic() < until:
        return Horizon(second, row.last)
    until = time.monotonic() + LEASE
    row, found = _look(engine, clock)
    _seen[engine] = row, until
    return found


def forget(engine: Engine) -> None:
    """Lets the next `recent` look again: for who puts the clock forward and wants that seen."""
    for one in list(_seen):
        if one.url == engine.url:
            _seen.pop(one, None)


def _glance(engine: Engine) -> _Row:
    """The clock's row, by the driver alone: it is asked for so often."""
    try:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(_ROW)
            found = cursor.fetchone()
    except engine.dialect.loaded_dbapi.Error as error:
        raise OperationalError(_ROW, None, error) from error
    return _Row(*found) if found else _UNSEEN


def _logical(row: _Row | FeedClock, wall: float) -> float:
    return max(wall, row.logical + max(0.0, wall - row.wall) / 2)


def _promise(engine: Engine, wall: float) -> _Row | None:
    """Raises the promise to the present second; None when others keep the database too busy."""
    try:
        with database.explain_locks(), _impatient(engine) as session:
            row = locked(session)
            if math.floor(_logical(row, wall)) > row.promised:
                advance(row, wall)
                row.promised = math.floor(row.logical) + LEASE
            return _Row(row.last, row.promised, row.logical, row.wall)
    except Busy:
        return None


@contextmanager
def _impatient(engine: Engine) -> Iterator[Session]:
    """A writing session that gives up after PATIENCE."""
    with (
        engine.execution_options(writing=True).connect() as connection,
        _PATIENCE[connection.dialect.name](connection),
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def _sqlite_patience(connection: Connection) -> Iterator[None]:
    # SQLite keeps it for the connection, outside of transactions; so the driver is told.
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {database.BUSY_TIMEOUT * 1000}")


@contextmanager
def _postgresql_patience(connection: Connection) -> Iterator[None]:
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
    yield


_PATIENCE = {"sqlite": _sqlite_patience, "postgresql": _postgresql_patience}


def locked(session: Session) -> FeedClock:
    """The clock's row, locked until the transaction ends; made when it is not there yet."""
    query = select(FeedClock).where(FeedClock.id == 1).with_for_update()
    row = session.scalar(query)
    if row is None:
        try:
            with session.begin_nested():
                session.add(FeedClock(id=1))
        except IntegrityError:
            pass  # another was quicker
        row = session.scalars(query).one()
    return row


def advance(row: FeedClock, wall: float) -> None:
    """Lets the logical clock follow the wall clock."""
    row.logical, row.wall = _logical(row, wall), wall


def datestamp(row: FeedClock, wall: float) -> int:
    """The next datestamp: later than all that was ever said or promised, and promised itself."""
    advance(row, wall)
    row.last = max(row.promised, math.floor(row.logical)) + 1
    row.promised = row.last + 1
    return row.last


def ahead(engine: Engine, clock: Clock = time.time) -> float:
    """How many seconds the promise lies before the clock."""
    row = _glance(engine)
    return row.promised - _logical(row, clock())


def hasten(row: FeedClock, wall: float) -> None:
    """Puts the logical clock forward until all that was stamped is listed."""
    advance(row, wall)
    row.logical = max(row.logical, row.last + 1)
    row.promised = max(row.promised, row.last + 1)
