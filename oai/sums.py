"""Requests of harvesters, summed up: by harvester, by day, by list, by error.

All pages of a list make one harvest, in whatever order and by however many server processes they
were sent. Which pages belong together is told by what the resumption token holds.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from oai import harvesters
from oai.harvesters import Identity
from oai.tokens import Query, Resumption
from schemas import oai as border
from schemas import text

# More harvesters than that in a few seconds are somebody's game: they are summed up as others.
MOST = 200
# Lists of one harvester in a few seconds; the rest is counted, but not told apart.
MOST_LISTS = 500
LONGEST_QUESTION = 300

Ranges = list[list[int]]


class Request(NamedTuple):
    """What is noted of one request, as it came. `error` is the protocol's code, or "busy"."""

    moment: float
    agent: str
    address: str
    pairs: list[tuple[str, str]]
    listed: Resumption | None
    records: int
    more: bool
    bytes: int
    error: str


@dataclass
class Day:
    """How much was taken on a day."""

    requests: int = 0
    records: int = 0
    bytes: int = 0
    errors: int = 0


@dataclass
class Taken:
    """What was taken of one list; as in `HarvesterList`."""

    began: datetime
    last: datetime
    requests: int = 0
    records: int = 0
    bytes: int = 0
    size: int = 0
    ranges: Ranges = field(default_factory=list)
    ended: bool = False


@dataclass
class Failed:
    """How often a harvester was told an error, and what it had asked last."""

    last: datetime
    asked: str
    count: int = 0


@dataclass
class Visit:
    """What one harvester did."""

    who: Identity
    first: datetime
    last: datetime
    days: dict[date, Day] = field(default_factory=dict)
    lists: dict[Query, Taken] = field(default_factory=dict)
    errors: dict[str, Failed] = field(default_factory=dict)


class Sums:
    """What has been asked, by harvester."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.visits

    def add(self, request: Request) -> None:
        """Adds one request."""
        who = harvesters.recognise(request.agent, request.address)
        if who.key not in self.visits and len(self.visits) >= MOST:
            who = harvesters.Identity(harvesters.OTHERS, "", "", "")
        moment = _moment(int(request.moment))
        visit = self.visits.get(who.key)
        if visit is None:
            visit = self.visits[who.key] = Visit(who, moment, moment)
        visit.who, visit.last = who, moment
        found = _found(request)
        day = visit.days.setdefault(moment.date(), Day())
        day.requests += 1
        day.records += found
        day.bytes += request.bytes
        # That nothing matches is the good end of most harvests.
        if request.error and request.error != "noRecordsMatch":
            day.errors += 1
            _add_error(visit, request, moment)
        query = _query(request)
        if query is not None:
            _add_page(visit, query, request, moment)


def _found(request: Request) -> int:
    """How many records an answer held."""
    one = not request.error and ("verb", "GetRecord") in request.pairs
    return request.records or int(one)


def _add_error(visit: Visit, request: Request, moment: datetime) -> None:
    asked = "&".join(f"{name}={value}" for name, value in request.pairs)
    failed = visit.errors.setdefault(request.error, Failed(moment, ""))
    failed.last, failed.asked = moment, text.clean(asked)[:LONGEST_QUESTION]
    failed.count += 1


def _query(request: Request) -> Query | None:
    """The list that a request belongs to; None when it is no part of a list."""
    if request.listed is not None:
        return request.listed.query
    if request.error != "noRecordsMatch":
        return None
    asked = border.check(request.pairs)
    if asked.prefix is None:
        return None
    second = int(request.moment)
    return Query(asked.verb, asked.prefix, asked.spec, asked.lower, asked.upper, second)


def _add_page(visit: Visit, query: Query, request: Request, moment: datetime) -> None:
    taken = visit.lists.get(query)
    if taken is None:
        if len(visit.lists) >= MOST_LISTS:
            return
        taken = visit.lists[query] = Taken(moment, moment)
    start = request.listed.cursor if request.listed else 0
    size = request.listed.size if request.listed else 0
    taken.last = moment
    taken.requests += 1
    taken.records += request.records
    taken.bytes += request.bytes
    taken.size = max(taken.size, size, request.records)
    taken.ended = taken.ended or not request.more
    end = start + request.records
    if taken.ranges and taken.ranges[-1][1] == start:  # as nearly always
        taken.ranges[-1][1] = end
    else:
        taken.ranges = merged(taken.ranges, [[start, end]])


def key(who: Identity, query: Query) -> str:
    """What tells a list of one harvester from all others."""
    return hashlib.blake2b(repr((who.key, *query)).encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=64)
def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def merged(one: Ranges, other: Ranges) -> Ranges:
    """Both together, in order, with those that touch made one."""
    found: Ranges = []
    for first, end in sorted(one + other):
        if first == end:
            continue
        if found and first <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([first, end])
    return found


def covered(ranges: Ranges) -> int:
    """How many places are in ranges that do not overlap."""
    return sum(end - first for first, end in ranges)
