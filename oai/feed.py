"""The stamper: gives every committed change its place and its second in the OAI feed.

A change is rendered outside of any transaction, then written in a short one together with its
datestamp, which `oai.horizon` gives. It is written only when harvesters would see a difference.

One stamper is at work at a time. Each round it writes its name into the clock's row; who finds
another name there before writing leaves the work to that one, whose view of the works is younger,
and rests a while.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.orm import Session

from oai import formats, generations, horizon, identifiers, lending, rendering
from oai.formats import Format
from oai.generations import Generation, Newest
from oai.horizon import Clock
from oai.lending import Lent
from oai.rendering import Rendering
from repository import changes, records
from repository.archive import Archive
from repository.models.feed import FeedClock, FeedFailure, FeedItem
from repository.records import Record

FOLLOWER = "oai"
BATCH = 500
# How far the feed may run ahead of the clock before the stamper waits for it, in seconds.
AHEAD = 2.0
# How long a stamper rests that has found another at work, in seconds.
REST = 3.0
# How long harvests that have begun go on seeing works as they were, in seconds.
KEEP = 24 * 3600


class Taken(NamedTuple):
    """What one round works on, by the numbers of the works.

    `changes` are the ids of the changes; a work that is in `changes` alone is not public any more.
    `lent` are foreign records.
    """

    changes: dict[int, list[int]]
    records: dict[int, Record]
    newest: dict[int, Newest]
    unreadable: dict[int, str]
    lent: Lent


def stamp(archive: Archive, clock: Clock = time.time) -> int:
    """Brings the feed in step with committed changes; how many changes were acted on.

    Waits a moment when the last round was a moment ago, so that datestamps stay near the clock.
    """
    if not _waiting(archive):
        return 0
    ahead = horizon.ahead(archive.engine, clock) - AHEAD
    if ahead > 0:
        time.sleep(min(ahead, AHEAD))
    return _round(archive, clock)


def settle(archive: Archive, clock: Clock = time.time) -> int:
    """Stamps all that waits and lets harvesters see it now; how many changes were acted on.

    Instead of waiting for the seconds to pass it puts the feed's clock forward.
    """
    total = 0
    while _waiting(archive):
        total += _round(archive, clock)
    with archive.writing() as session:
        horizon.hasten(horizon.locked(session), clock())
    horizon.forget(archive.engine)
    return total


def rebuild(archive: Archive) -> int:
    """Has every record rendered anew by the stamper; how many works.

    Only those whose bytes differ get a new datestamp.
    """
    with archive.writing() as session:
        lending.again(session)
        return changes.again(session, FOLLOWER)


class Counts(NamedTuple):
    """What the feed holds. `outdated` works were rendered by other versions of the formats."""

    works: int
    deleted: int
    outdated: int
    failures: int
    last: int


def counts(session: Session) -> Counts:
    """What the feed holds."""
    newest = and_(FeedItem.superseded.is_(None), FeedItem.work_id > 0)
    deleted = dict.fromkeys((False, True), 0)
    query = select(FeedItem.deleted, func.count()).where(newest).group_by(FeedItem.deleted)
    deleted.update((row[0], row[1]) for row in session.execute(query))
    old = FeedItem.rendered != formats.signature(formats.known())
    outdated = select(func.count()).select_from(FeedItem).where(newest, ~FeedItem.deleted, old)
    return Counts(
        works=deleted[False],
        deleted=deleted[True],
        outdated=session.scalar(outdated) or 0,
        failures=session.scalar(select(func.count()).select_from(FeedFailure)) or 0,
        last=session.scalar(select(FeedClock.last)) or 0,
    )


def failures(session: Session) -> Sequence[FeedFailure]:
    """The bad records, by work."""
    order = (FeedFailure.work_id, FeedFailure.prefix)
    return session.scalars(select(FeedFailure).order_by(*order)).all()


def _waiting(archive: Archive) -> bool:
    with archive.reading() as session:
        return bool(changes.take(session, FOLLOWER, 1)) or lending.waiting(session)


def _round(archive: Archive, clock: Clock) -> int:
    name = token_hex(8)
    with archive.writing() as session:
        horizon.locked(session).stamper = name
    # Only now may the works be read: a stamper that took the name earlier has seen them earlier.
    taken = _take(archive)
    known, licence = formats.known(), archive.settings.metadata_licence
    made = {
        number: rendering.render(one, known, licence=licence)
        for number, one in taken.records.items()
    }
    host = archive.settings.oai_host
    pairs = list(_generations(host, taken, made, known))
    pairs += lending.generations(host, taken.lent, taken.newest)
    fresh = [(after, before) for after, before in pairs if not (before and before.shows(after))]
    same = [before.id for after, before in pairs if before and before.shows(after)]
    rendered = formats.signature(known)
    with archive.writing() as session:
        row = horizon.locked(session)
        ours = row.stamper == name
        if ours and fresh:
            generations.write(session, fresh, horizon.datestamp(row, clock()), rendered)
        if ours:
            generations.refresh(session, same, rendered)
            generations.forget(session, row.last - KEEP)
            _finish(session, taken)
            lending.done(session, taken.lent)
            _note_failures(session, taken, made)
    if not ours:
        time.sleep(REST)
        return 0
    return sum(map(len, taken.changes.values())) + len(taken.lent.pairs)


def _take(archive: Archive) -> Taken:
    waiting = defaultdict(list)
    with archive.reading() as session:
        for change in changes.take(session, FOLLOWER, BATCH):
            waiting[change.work_id].append(change.id)
        works = sorted(waiting)
        found, unreadable = _read(session, works, archive.settings.base_url)
        lent = lending.take(session, BATCH)
        newest = generations.newest(session, [*works, *lent.numbers()])
        return Taken(waiting, found, newest, unreadable, lent)


def _read(
    session: Session, works: list[int], base_url: str
) -> tuple[dict[int, Record], dict[int, str]]:
    """The records of works, and for those that cannot be read the reason."""
    try:
        found = records.load(session, works, base_url=base_url)
    # Whatever is wrong with one work, the others must not wait for it.
    except Exception as error:
        if len(works) == 1:
            return {}, {works[0]: rendering.reason(error)}
        halves = (works[: len(works) // 2], works[len(works) // 2 :])
        (first, bad), (second, worse) = (_read(session, half, base_url) for half in halves)
        return {**first, **second}, {**bad, **worse}
    return {one.number: one for one in found}, {}


def _generations(
    host: str, taken: Taken, rendered: Mapping[int, Rendering], known: Mapping[str, Format]
) -> Iterator[tuple[Generation, Newest | None]]:
    """What the feed is to show of each work, with what it shows until now."""
    for work in taken.changes.keys() - taken.unreadable.keys():
        record, before = taken.records.get(work), taken.newest.get(work)
        identifier = identifiers.make(host, work)
        if record and not record.deleted:
            after = generations.live(record, rendered[work].bodies, before, identifier)
        elif record or before:
            after = generations.tombstone(work, record, before, identifier, known)
        else:
            continue
        yield after, before


def _finish(session: Session, taken: Taken) -> None:
    for work, reason in taken.unreadable.items():
        changes.failed(session, taken.changes[work], reason)
    done = taken.changes.keys() - taken.unreadable.keys()
    changes.done(session, [one for work in done for one in taken.changes[work]])


def _note_failures(session: Session, taken: Taken, rendered: Mapping[int, Rendering]) -> None:
    session.execute(delete(FeedFailure).where(FeedFailure.work_id.in_(taken.changes)))
    rows = [
        {"work_id": work, "prefix": prefix, "reason": reason}
        for work, one in rendered.items()
        for prefix, reason in one.failures.items()
    ]
    rows += [
        {"work_id": work, "prefix": "", "reason": reason}
        for work, reason in taken.unreadable.items()
    ]
    if rows:
        session.execute(insert(FeedFailure), rows)
