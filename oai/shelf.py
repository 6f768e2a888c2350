"""Reading the feed: records in the order of (datestamp, id), as bytes.

What a harvest sees is the feed as of one second. A generation is in sight when it was given by
then and is superseded later, unless the work was taken down meanwhile (`FeedItem.hidden`). Lists
that name no set hold works only, never what was harvested elsewhere (`oai.lending`).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Select, and_, bindparam, case, func, or_, select
from sqlalchemy import tuple_ as pair
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from oai.tokens import Mark, Query
from repository.models.feed import FeedItem, FeedRecord, FeedSet

# Outside of all datestamps that can be asked for.
BEGINNING = -(2**40)
END = 2**40


# A record in a list: datestamp and id, which are its place, then its header and metadata.
Found = Sequence[Any]


def _second(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger)


_KEY = pair(FeedItem.datestamp, FeedItem.id)
_MARK = pair(_second("datestamp"), _second("id"))
_IN_FORMAT = and_(FeedRecord.item_id == FeedItem.id, FeedRecord.prefix == bindparam("prefix"))
_IN_SET = and_(FeedSet.item_id == FeedItem.id, FeedSet.spec == bindparam("spec"))
_SIGHT = (
    FeedItem.datestamp <= _second("upper"),
    or_(FeedItem.superseded.is_(None), FeedItem.superseded > _second("asof")),
    or_(FeedItem.hidden.is_(None), FeedItem.hidden > _second("today")),
)


def _everywhere(*columns: Any) -> Select:
    return select(*columns).select_from(FeedItem).join(FeedRecord, _IN_FORMAT).where(*_SIGHT)


def _ours(*columns: Any) -> Select:
    return _everywhere(*columns).where(FeedItem.work_id > 0)


def _in_set(*columns: Any) -> Select:
    return _everywhere(*columns).join(FeedSet, _IN_SET)


# Each once for whole lists and once, under True, for those of a set. They are made here, for making
# them takes longer than running them.
_ROWS = {
    False: _ours(*_KEY, FeedRecord.header, FeedRecord.metadata_),
    True: _in_set(
        *_KEY,
        func.coalesce(FeedSet.departed, FeedRecord.header),
        case((FeedSet.departed.is_(None), FeedRecord.metadata_)),
    ),
}
_PAGE = {
    of_set: rows.where(_KEY > _MARK)
    .order_by(FeedItem.datestamp, FeedItem.id)
    .limit(bindparam("limit"))
    for of_set, rows in _ROWS.items()
}
_LAST = {
    of_set: rows.where(_KEY <= _MARK)
    .order_by(FeedItem.datestamp.desc(), FeedItem.id.desc())
    .limit(1)
    for of_set, rows in _ROWS.items()
}
_SIZE = {
    False: _ours(func.count()).where(_KEY > _MARK),
    True: _in_set(func.count()).where(_KEY > _MARK),
}
_ONE = _everywhere(*_KEY, FeedRecord.header, FeedRecord.metadata_).where(
    FeedItem.work_id == bindparam("work")
)


def beginning(query: Query) -> Mark:
    """The mark before the first record of a list."""
    return Mark(BEGINNING if query.lower is None else query.lower, 0)


def page(session: Session, query: Query, mark: Mark, *, today: int, limit: int) -> Sequence[Found]:
    """At most `limit` records behind `mark`. `today` is the last second in sight now."""
    given = _parameters(query, mark, today)
    return run(session, _PAGE[query.spec is not None], {**given, "limit": limit})


def last(session: Session, query: Query, mark: Mark, *, today: int) -> Sequence[Found]:
    """The last record at or before `mark`, if there is any."""
    return run(session, _LAST[query.spec is not None], _parameters(query, mark, today))


def size(session: Session, query: Query, *, today: int) -> int:
    """How many records the whole list has."""
    given = _parameters(query, beginning(query), today)
    return session.scalar(_SIZE[query.spec is not None], given) or 0


def record(session: Session, prefix: str, work: int, *, today: int) -> Found | None:
    """The record of a work in one format."""
    query = Query("", prefix, None, None, None, today)
    given = _parameters(query, beginning(query), today)
    found = run(session, _ONE, {**given, "work": work})
    return found[0] if found else None


def run(session: Session, statement: Select, given: dict[str, Any]) -> Sequence[Found]:
    """The driver's own rows: making SQLAlchemy's of them takes as long as reading them."""
    connection = session.connection()
    compiled = _compiled(statement, connection.dialect)
    named = compiled.construct_params(given)
    ordered = compiled.positiontup
    parameters = tuple(named[one] for one in ordered) if ordered else named
    with connection.exec_driver_sql(compiled.string, parameters) as result:
        return result.cursor.fetchall()


@lru_cache(maxsize=64)
def _compiled(statement: Select, dialect: Dialect) -> SQLCompiler:
    return statement.compile(dialect=dialect)


def _parameters(query: Query, mark: Mark, today: int) -> dict[str, Any]:
    return {
        "prefix": query.prefix,
        "spec": query.spec,
        "datestamp": mark.datestamp,
        "id": mark.id,
        "upper": min(query.asof, END if query.upper is None else query.upper),
        "asof": query.asof,
        "today": today,
    }


def formats(session: Session, work: int, *, today: int) -> dict[str, bool]:
    """The formats in which a work was ever sent, and whether it still has metadata there."""
    query = (
        select(FeedRecord.prefix, FeedRecord.metadata_.is_not(None))
        .join(FeedItem, FeedItem.id == FeedRecord.item_id)
        .where(*_SIGHT, FeedItem.work_id == work)
    )
    given = {"upper": today, "asof": today, "today": today}
    return {prefix: bool(alive) for prefix, alive in session.execute(query, given)}


def earliest(session: Session) -> int | None:
    """The smallest datestamp of all, tombstones' included; None while there is none."""
    return session.scalar(select(func.min(FeedItem.datestamp)))
