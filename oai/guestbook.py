"""The guestbook: notes who asked for what, beside the answering and never in its way.

A request leaves a few values in memory, no more. A thread of its own sums them up every few seconds
and writes the sums; when the database is busy, broken or full they wait for the next time. What
would not fit in memory is dropped: the log may have gaps, answers may not.
"""

import multiprocessing.util
import threading
import time
from collections import deque
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from oai import visits
from oai.pages import Answer
from oai.sums import Request, Sums
from repository.archive import Archive
from repository.errors import ArchiveError

log = structlog.get_logger()

PAUSE = 5.0  # seconds between two writings
SOON = 1000  # requests that are not left waiting for that
MOST = 20_000  # requests that wait at most


class Guestbook:
    """What was asked of one archive in this process, until it is written."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._waiting: deque[Request] = deque(maxlen=MOST)
        self._sums = Sums()
        self._writing, self._beginning = threading.Lock(), threading.Lock()
        self._wake = threading.Event()
        self._open = archive.settings.harvest_log_days > 0
        self._thread: threading.Thread | None = None
        # Whoever closes the archive must not find us opening it again.
        event.listen(archive.engine, "engine_disposed", self._forget)
        # The server's processes are multiprocessing's, whose end atexit does not see.
        multiprocessing.util.Finalize(None, self.write, exitpriority=1)

    def note(
        self,
        environ: dict[str, Any],
        pairs: list[tuple[str, str]],
        answer: Answer | None,
        size: int,
    ) -> None:
        """Notes a request and the bytes of its answer; without `answer` it was sent away."""
        if not self._open or environ["REQUEST_METHOD"] == "HEAD":
            return
        page = answer.page if answer else None
        self._waiting.append(
            Request(
                time.time(),
                environ.get("HTTP_USER_AGENT", ""),
                _address(environ, self.archive.settings.trusted_proxies),
                pairs,
                answer.listed if answer else None,
                page.count if page else 0,
                page.more if page else False,
                size,
                answer.error if answer else "busy",
            )
        )
        if self._thread is None:
            self._begin()
        if len(self._waiting) >= SOON:
            self._wake.set()

    def write(self) -> bool:
        """Writes what has been noted; False when that has to wait."""
        with self._writing:
            while self._waiting:
                self._sums.add(self._waiting.popleft())
            if self._sums.empty:
                return True
            try:
                with self.archive.writing() as session:
                    visits.write(session, self._sums)
            # A database that is busy, full or gone is for others to report, and to mend.
            except (SQLAlchemyError, ArchiveError) as error:
                log.warning("harvest log waits", reason=str(error))
                return False
            self._sums = Sums()
            return True

    def _begin(self) -> None:
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="guestbook", daemon=True)
                self._thread.start()

    def _keep(self) -> None:
        mine = threading.current_thread()
        while self._thread is mine:
            self._wake.wait(PAUSE)
            self._wake.clear()
            if self._thread is mine:
                self.write()

    def _forget(self, engine: Engine) -> None:
        """Ends the thread; another begins with the next request, if there is one."""
        self._thread, self._sums = None, Sums()
        self._waiting.clear()
        self._wake.set()


def _address(environ: dict[str, Any], hops: int) -> str:
    """Where a request came from; the proxies of ours that stand before the server say it."""
    # Where Flask answers, it has looked at that already.
    if hops and "werkzeug.proxy_fix.orig" not in environ:
        said = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(said) >= hops:
            return said[-hops].strip()
    return environ.get("REMOTE_ADDR", "")
