"""Harvesting a source, one request a step.

A step takes the source in hand, makes its request outside of any transaction, and writes what it
brought together with the way to the next page. So a harvest that is cut off anywhere goes on where
it was; a source is never harvested twice at once; and the worker stops within one request.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.harvest import keeping, walking
from ingest.harvest.faults import Fault, Faults
from ingest.harvest.protocol import Send
from ingest.harvest.trouble import Trouble
from ingest.harvest.walking import Step, Walk
from repository import clock, fetching
from repository.addresses import Refused
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.fetching import Limits
from repository.models.harvest import ForeignRecord, Source

log = structlog.get_logger()

HOLD = timedelta(minutes=20)  # longer than any step may take
WHOLE_EVERY = timedelta(days=30)  # for repositories that do not say what they have deleted
LONGEST_WAIT = timedelta(hours=1)
IN_HAND = 0.1  # seconds until we look again at a source that another is harvesting


@dataclass(frozen=True)
class Pace:
    """How patient we are: seconds before a failed request is repeated (twice as many each time),
    and how often in a row before the harvest is put off to its next time."""

    backoff: float = 15.0
    tries: int = 6


PACE = Pace()


def sender(base_url: str, limits: Limits) -> Send:
    """What sends requests to a repository."""
    mark = "&" if "?" in base_url else "?"
    return lambda arguments: fetching.get(f"{base_url}{mark}{urlencode(arguments)}", limits)


def home(base_url: str) -> str:
    """The site of a repository, where readers are sent when a record names no address."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}/"


def step(archive: Archive, source_id: int, pace: Pace = PACE) -> bool:
    """Makes the next request of a source and writes down what came; False when it is in hand."""
    source = _take(archive, source_id)
    if source is None:
        return False
    faults = Faults(source.faults)
    send = sender(source.base_url, fetching.limits(archive.settings))
    try:
        made = _walked(source, send, faults)
        place = home(source.base_url)
        found = keeping.described(made.page, place, faults) if made.page else []
        _advance(archive, source, made, found, faults)
    except ArchiveError as error:
        _halt(archive, source, error, faults, pace)
    return True


def through(
    archive: Archive, source_id: int, shown: Callable[[Source], None], pace: Pace = PACE
) -> Source:
    """Harvests a source until it is done or given up, perhaps by the worker meanwhile; `shown` is
    called after each request."""
    asked = clock.now()
    while True:
        made = step(archive, source_id, pace)
        with archive.reading() as session:
            source = session.get_one(Source, source_id)
        shown(source)
        over = not source.running or (source.finished and source.finished >= asked)
        if over and source.held is None:
            return source
        wait = (source.due or clock.now()) - clock.now()
        time.sleep(max(0.0, wait.total_seconds()) if made else IN_HAND)


def _walked(source: Source, send: Send, faults: Faults) -> Step:
    walk = Walk(
        prefix=source.prefix,
        spec=source.spec,
        since="" if source.whole else source.since,
        token=source.token,
        asks=source.asks,
        said=source.said,
        opened=source.opened,
        size=source.size,
        stale=source.stale,
        restarts=source.restarts,
    )
    if walk.token:
        return walking.go_on(walk, send, faults, clock.now())
    rest: Callable[[], None] = lambda: time.sleep(source.pause)  # noqa: E731 - needs no name
    return walking.begin(walk, send, faults, clock.now(), rest)


def _take(archive: Archive, source_id: int) -> Source | None:
    """The source, held for this step; a new harvest is begun when none is under way."""
    now = clock.now()
    with archive.writing() as session:
        source = session.get(Source, source_id, with_for_update=True)
        if source is None or source.leaving or (source.held and source.held > now):
            return None
        source.held = now + HOLD
        if not source.running:
            _begin(source, now)
        session.flush()
        session.expunge(source)
    return source


def _begin(source: Source, now: datetime) -> None:
    source.running, source.failures, source.restarts, source.stale = True, 0, 0, 0
    source.due = now
    if source.token:  # what was given up goes on where it was
        return
    source.begun, source.error, source.counts, source.faults = now, None, {}, {}
    source.round += 1
    source.opened, source.size = "", 0
    tells = source.said.get("deleting") == "persistent"
    recent = source.made_whole is not None and now - source.made_whole < WHOLE_EVERY
    source.whole = not (source.since and (tells or recent))


def _advance(
    archive: Archive, taken: Source, made: Step, found: list[keeping.Found], faults: Faults
) -> None:
    with archive.writing() as session:
        source = _ours(session, taken)
        if source is None:
            return  # it was taken out or changed meanwhile; what came is of no use any more
        source.said = made.walk.said
        counts = keeping.keep(session, source, found, faults)
        fresh = counts.pop("fresh", 0)
        empty = made.page is None or not made.page.records
        walk = made.walk if made.again else walking.judged(made.walk, fresh=fresh, empty=empty)
        source.counts = dict(Counter(source.counts) + counts)
        source.asks, source.token, source.opened = walk.asks, walk.token, walk.opened
        source.size, source.stale, source.restarts = walk.size, walk.stale, walk.restarts
        source.failures, source.error, source.held = 0, None, None
        source.due = clock.now() + timedelta(seconds=source.pause)
        if made.again:  # all of it comes again, and must not look like a circle
            source.round, source.opened, source.size, source.stale = source.round + 1, "", 0, 0
        if made.ended:
            _finish(session, source, faults)
        source.faults = faults.kept()


def _ours(session: Session, taken: Source) -> Source | None:
    """The source, unless somebody has changed or taken it meanwhile."""
    source = session.get(Source, taken.id, with_for_update=True)
    same = source is not None and (source.round, source.held) == (taken.round, taken.held)
    return source if same and source is not None and not source.leaving else None


def _finish(session: Session, source: Source, faults: Faults) -> None:
    now = clock.now()
    mine = (ForeignRecord.source_id == source.id, ForeignRecord.seen == source.round)
    seen = session.scalar(select(func.count()).select_from(ForeignRecord).where(*mine)) or 0
    if source.size and seen != source.size:
        faults.add(Fault.SIZE, f"{seen} / {source.size}")
    if source.whole:
        gone = keeping.missed(session, source, faults)
        source.counts = dict(Counter(source.counts) + Counter(deleted=gone))
        source.made_whole = now
    source.since, source.finished, source.running, source.token = source.opened, now, False, ""
    source.due = _next(source, now)
    log.info("harvested", source=source.slug, **source.counts)


def _next(source: Source, now: datetime) -> datetime | None:
    return now + timedelta(hours=source.every) if source.every else None


def _halt(archive: Archive, taken: Source, error: ArchiveError, faults: Faults, pace: Pace) -> None:
    """Waits and tries again later; after several times, or where that is of no use, gives up."""
    log.warning("harvest halted", source=taken.slug, reason=str(error))
    with archive.writing() as session:
        source = _ours(session, taken)
        if source is None:
            return
        now = clock.now()
        again = error.again if isinstance(error, Trouble) else not isinstance(error, Refused)
        source.failures += 1
        source.held = None
        parameters = {name: str(value) for name, value in error.parameters.items()}
        source.error = {"sentence": error.sentence, "parameters": parameters}
        if again and source.failures < pace.tries:
            faults.add(Fault.RETRIED, error)
            source.due = now + _wait(error, source.failures, pace)
        else:
            source.running = False
            source.token = source.token if again else ""
            source.due = _next(source, now)
        source.faults = faults.kept()


def _wait(error: ArchiveError, failures: int, pace: Pace) -> timedelta:
    said = error.wait if isinstance(error, Trouble) else None
    return said or min(timedelta(seconds=pace.backoff * 2 ** (failures - 1)), LONGEST_WAIT)
