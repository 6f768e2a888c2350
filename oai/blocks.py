"""Blocks: records that follow each other in lists, compressed once and kept in the database.

To compress the records of a page takes fifty times as long as to read them. So the worker does it
beforehand for each SIZE generations whose ids follow each other, in each format, and pages of whole
lists are made of such blocks. Ids rise with datestamps, for one stamper gives both under one lock;
so what a block holds stands together in every list.

A block holds those of its generations that are not superseded. Whatever supersedes one drops the
block in the same transaction; so a block that is there is right for every list as of the second
`since` or later, when the last of its generations had come and the last other one had gone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import count as counting
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from oai import envelope, horizon, shelf, streams
from oai.pages import Page
from oai.shelf import Found
from oai.streams import Part
from oai.tokens import Mark, Query
from repository.archive import Archive
from repository.models.feed import FeedBlock, FeedClock, FeedItem, FeedRecord

SIZE = 50
# Blocks are made seldom and sent often.
LEVEL = 9
# How many stretches of SIZE generations are packed at once.
AT_ONCE = 20


def pack(archive: Archive) -> int:
    """Makes some of the blocks that are missing; how many stretches it looked at."""
    with archive.reading() as session:
        row = session.get(FeedClock, 1)
        if row is None or row.packed == row.last:
            return 0
        missing = _missing(session)[:AT_ONCE]
        read = [(number, _since(session, number), _records(session, number)) for number in missing]
    made = [(number, since, _packed(found)) for number, since, found in read]
    with archive.writing() as session:
        clock = horizon.locked(session)
        for number, since, parts in made:
            # Whatever was written meanwhile has a datestamp of its own.
            if _since(session, number) == since:
                _write(session, number, since, parts)
        if not missing:
            clock.packed = row.last
    return len(missing)


def drop(session: Session, items: Collection[int]) -> None:
    """Removes the blocks that hold these generations."""
    numbers = {item // SIZE for item in items}
    if numbers:
        session.execute(delete(FeedBlock).where(FeedBlock.number.in_(numbers)))


def _missing(session: Session) -> list[int]:
    """The numbers of full stretches without blocks."""
    newest = session.scalar(select(func.max(FeedItem.id))) or 0
    there = set(session.scalars(select(FeedBlock.number).distinct()))
    return [number for number in range((newest + 1) // SIZE) if number not in there]


def _within(number: int) -> Any:
    return FeedItem.id.between(number * SIZE, _end(number))


def _end(number: int) -> int:
    return number * SIZE + SIZE - 1


def _since(session: Session, number: int) -> int:
    ends = select(func.max(FeedItem.datestamp), func.max(FeedItem.superseded))
    return max(one or 0 for one in session.execute(ends.where(_within(number))).one())


class _Records(NamedTuple):
    """The records of a stretch in one format, and the datestamp of the last one."""

    last: int
    rows: list[tuple[bytes, bytes | None]]


def _records(session: Session, number: int) -> dict[str, _Records]:
    """The records that belong into the blocks of a stretch, by format."""
    query = (
        select(FeedRecord.prefix, FeedItem.datestamp, FeedRecord.header, FeedRecord.metadata_)
        .join(FeedItem, FeedItem.id == FeedRecord.item_id)
        .where(_within(number), FeedItem.superseded.is_(None), FeedItem.work_id > 0)
        .order_by(FeedItem.id)
    )
    rows: dict[str, list[tuple[bytes, bytes | None]]] = defaultdict(list)
    last: dict[str, int] = {}
    for prefix, datestamp, header, metadata in session.execute(query):
        rows[prefix].append((header, metadata))
        last[prefix] = datestamp
    return {prefix: _Records(last[prefix], rows[prefix]) for prefix in rows}


class _Packed(NamedTuple):
    last: int
    size: int
    part: Part


def _packed(found: dict[str, _Records]) -> dict[str, _Packed]:
    return {
        prefix: _Packed(one.last, len(one.rows), streams.part(envelope.records(one.rows), LEVEL))
        for prefix, one in found.items()
    }


# Says that a stretch without any record was looked at.
_NOTHING = {"": _Packed(0, 0, streams.part(b""))}


def _write(session: Session, number: int, since: int, found: dict[str, _Packed]) -> None:
    rows = [
        {
            "number": number,
            "prefix": prefix,
            "since": since,
            "last": one.last,
            "count": one.size,
            **one.part._asdict(),
        }
        for prefix, one in (found or _NOTHING).items()
    ]
    session.execute(delete(FeedBlock).where(FeedBlock.number == number))
    session.execute(insert(FeedBlock), rows)


_BLOCKS = (
    select(
        FeedBlock.number,
        FeedBlock.last,
        FeedBlock.count,
        FeedBlock.deflated,
        FeedBlock.length,
        FeedBlock.crc,
        FeedBlock.power,
    )
    .where(
        FeedBlock.number.between(bindparam("first"), bindparam("until")),
        FeedBlock.prefix == bindparam("prefix"),
        FeedBlock.since <= bindparam("asof", type_=BigInteger),
        FeedBlock.last <= bindparam("upper", type_=BigInteger),
    )
    .order_by(FeedBlock.number)
)


def suit(query: Query) -> bool:
    """Whether lists of that kind are made of blocks."""
    return query.verb == "ListRecords" and query.spec is None


def page(
    session: Session, query: Query, mark: Mark, *, today: int, limit: int, packed: bool
) -> Page | None:
    """The page of at most `limit` records behind `mark`, if it can be made of blocks."""
    most = limit // SIZE
    if not (most and suit(query) and _begins(mark)):
        return None
    first = (mark.id + 1) // SIZE
    given = {
        "first": first,
        "until": first + most,
        "prefix": query.prefix,
        "asof": query.asof,
        "upper": shelf.END if query.upper is None else query.upper,
    }
    rows = list(_unbroken(shelf.run(session, _BLOCKS, given), first))
    if not rows:
        return None
    chosen = rows[:most]
    number, last = chosen[-1][:2]
    end = Mark(last, _end(number))
    parts = [Part(*row[3:]) for row in chosen]
    return Page(
        streams.joined(parts) if packed else b"".join([one.plain for one in parts]),
        last=end,
        count=sum(row[2] for row in chosen),
        more=len(rows) > most or bool(shelf.page(session, query, end, today=today, limit=1)),
    )


def _begins(mark: Mark) -> bool:
    """Whether a block begins behind that mark."""
    return mark == Mark(shelf.BEGINNING, 0) or mark.id % SIZE == SIZE - 1


def _unbroken(rows: Sequence[Any], first: int) -> Iterator[Any]:
    """The blocks that follow each other without a gap."""
    for row, number in zip(rows, counting(first), strict=False):
        if row[0] != number:
            return
        yield row


def ended(found: Sequence[Found], query: Query, limit: int) -> tuple[Sequence[Found], Mark]:
    """Which of more than `limit` records make a page, and behind which mark the next one begins.

    A page that is long enough ends with a block, so that the next one can be made of blocks.
    """
    if suit(query) and limit >= 2 * SIZE:
        for at in range(limit, 0, -1):
            last = found[at - 1]
            number = last[1] // SIZE
            if number != found[at][1] // SIZE:
                return found[:at], Mark(last[0], _end(number))
    return found[:limit], Mark(*found[limit - 1][:2])
