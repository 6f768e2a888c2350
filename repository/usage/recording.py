"""What the servers note of readers: kept in memory for seconds, then written all at once.

A request only puts a line into a list. Who is a robot, which country it is and what the visitor is
called is found out when the lines are written, after the readers have their pages. A crash loses
the lines of some seconds.
"""

import hashlib
import threading
from collections import deque
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, insert
from sqlalchemy.exc import SQLAlchemyError

from repository import database
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.usage import UsageEvent
from repository.settings import Settings
from repository.usage import countries, crawlers, salts

log = structlog.get_logger()

PAUSE = 5.0  # seconds that a line waits for others
MOST = 50_000  # lines that wait while the database cannot be written


class Line(NamedTuple):
    """Somebody who is signed in, or comes from an address with a browser, and what they had."""

    moment: datetime
    address: str
    agent: str
    account_id: int | None
    work_id: int
    kind: str
    part: int
    free: bool


class Recorder:
    """Takes lines from all threads of a server process."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._engine = engine
        self._zone = ZoneInfo(settings.time_zone)
        self._country = countries.opened(settings.country_database)
        self._lines: deque[Line] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._closed = False

    def add(self, line: Line) -> None:
        """Notes a line; it is written within some seconds."""
        with self._lock:
            self._lines.append(line)
            if self._timer is None and not self._closed:
                self._timer = threading.Timer(PAUSE, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> int:
        """Writes what has been noted; how many events of readers there were."""
        with self._writing:
            with self._lock:
                lines, self._timer = list(self._lines), None
                self._lines.clear()
            try:
                return self._write(lines)
            except (ArchiveError, SQLAlchemyError) as error:
                log.warning("use not written", lines=len(lines), error=str(error)[:200])
                self._again(lines)
                return 0

    def _again(self, lines: list[Line]) -> None:
        """Keeps lines for the next time; the oldest go when there are too many."""
        with self._lock:
            if not self._closed:
                self._lines.extendleft(reversed(lines[-(MOST - len(self._lines)) :]))

    def close(self) -> None:
        """Writes the last lines; nothing is taken any more."""
        with self._lock:
            self._closed, timer = True, self._timer
        if timer is not None:
            timer.cancel()
        self.flush()

    def _write(self, lines: list[Line]) -> int:
        readers = [one for one in lines if not crawlers.is_crawler(one.agent)]
        if not readers:
            return 0
        today = now().astimezone(self._zone).date()
        with database.writing(self._engine) as session:
            salt = salts.of(session, today)
            rows = [self._row(one, salt) for one in readers]
            session.execute(insert(UsageEvent), rows)
        return len(rows)

    def _row(self, line: Line, salt: str) -> dict[str, Any]:
        return {
            "moment": line.moment,
            "visitor": visitor(line, salt),
            "work_id": line.work_id,
            "kind": line.kind,
            "part": line.part,
            "free": line.free,
            "country": self._country(line.address),
            "counted": False,
        }


def visitor(line: Line, salt: str) -> str:
    """A name for whoever this was, that says nothing once the day's salt is gone."""
    who = str(line.account_id) if line.account_id else f"{line.address}\n{line.agent}"
    made = hashlib.blake2b(who.encode("utf-8", "replace"), key=salt.encode(), digest_size=12)
    return made.hexdigest()
