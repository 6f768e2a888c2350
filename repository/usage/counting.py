"""The rules of COUNTER 5.1: what of all that came in is use, and how much (sections 7.2, 7.3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

DOUBLE_CLICK = timedelta(seconds=30)


class Kind(StrEnum):
    """What somebody asked for."""

    VIEW = "view"  # the page of a work
    FILE = "file"  # a file, whole
    PAGE = "page"  # one page of a file in the reader


class Event(NamedTuple):
    """Something that came in. `visitor` and `part` as in `models.usage.UsageEvent`."""

    id: int
    moment: datetime
    visitor: str
    work_id: int
    kind: str
    part: int = 0
    free: bool = True
    country: str = ""


class Place(NamedTuple):
    """What is counted apart: a work in a day, from a country, while open to all or not."""

    work_id: int
    day: date
    free: bool
    country: str


@dataclass
class Counts:
    """COUNTER's four measures of items. Each request is an investigation as well."""

    investigations: int = 0
    unique_investigations: int = 0
    requests: int = 0
    unique_requests: int = 0


def clicks(events: Iterable[Event]) -> list[Event]:
    """The events without those that the same reader followed with the same within 30 seconds.

    Of such a chain the last one stays.
    """
    following: dict[tuple[str, int, str, int], datetime] = {}
    kept = []
    for one in sorted(events, key=lambda event: (event.moment, event.id), reverse=True):
        key = (one.visitor, one.work_id, one.kind, one.part)
        after = following.get(key)
        following[key] = one.moment
        if after is None or after - one.moment > DOUBLE_CLICK:
            kept.append(one)
    return kept[::-1]


def tally(
    events: Sequence[Event], *, zone: tzinfo, before: Iterable[Event] = ()
) -> dict[Place, Counts]:
    """What these clicks add to the days, after others that are counted already.

    A session is a reader in one hour of the clock. Somebody who turns the pages of a file has
    asked for it once in that hour.
    """
    seen = {mark for one in before for mark in _marks(one, zone)}
    counts: dict[Place, Counts] = defaultdict(Counts)
    for one in events:
        looked, asked, turned = ({mark} - seen for mark in _all_marks(one, zone))
        requested = one.kind != Kind.VIEW
        if one.kind != Kind.PAGE or turned:
            place = Place(one.work_id, one.moment.astimezone(zone).date(), one.free, one.country)
            sums = counts[place]
            sums.investigations += 1
            sums.unique_investigations += bool(looked)
            sums.requests += requested
            sums.unique_requests += requested and bool(asked)
        seen.update(_marks(one, zone))
    return dict(counts)


Mark = tuple[str, str, date, int, int]


def _all_marks(one: Event, zone: tzinfo) -> tuple[Mark, Mark, Mark]:
    """What of a session is remembered: that it saw the work, had it, turned its pages."""
    local = one.moment.astimezone(zone)
    session = (one.visitor, local.date(), local.hour, one.work_id)
    return ("saw", *session), ("had", *session), ("turned", *session)


def _marks(one: Event, zone: tzinfo) -> list[Mark]:
    saw, had, turned = _all_marks(one, zone)
    made = {Kind.VIEW: [saw], Kind.FILE: [saw, had], Kind.PAGE: [saw, had, turned]}
    return made[Kind(one.kind)]
