"""The OAI feed: records serialised once, ready to be sent, and the clock that dates them.

Written by `oai.feed` alone. Datestamps are whole seconds since 1970 in UTC.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class FeedItem(Base):
    """One generation of a work in the feed: what harvesters see of it from `datestamp` on.

    `superseded` is the datestamp of the generation after it. Until that second has come this one
    is still served, so that no full list ever lacks a work, and a harvest that began earlier goes
    on seeing it. When the work is withdrawn such harvests must not: from the second `hidden` on
    they skip it. There is no foreign key to the work: what was ever exposed stays, as deleted,
    even if the work should be lost. `rendered` names the formats' versions that made it.
    """

    __tablename__ = "feed_items"
    __table_args__ = (Index(None, "datestamp", "id"), Index(None, "work_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int]
    datestamp: Mapped[int] = mapped_column(BigInteger)
    superseded: Mapped[int | None] = mapped_column(BigInteger, index=True)
    hidden: Mapped[int | None] = mapped_column(BigInteger)
    deleted: Mapped[bool]
    rendered: Mapped[str] = mapped_column(default="", server_default="")


class FeedRecord(Base):
    """A generation in one metadata format, as bytes; without `metadata` it is deleted there."""

    __tablename__ = "feed_records"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("feed_items.id", ondelete="CASCADE"), primary_key=True
    )
    prefix: Mapped[str] = mapped_column(primary_key=True)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    metadata_: Mapped[bytes | None] = mapped_column("metadata", LargeBinary)


class FeedSet(Base):
    """That a generation is in a set; or, when `departed` holds a header, that it has left it.

    Who harvests that set alone is told with that header that the record is deleted there.
    """

    __tablename__ = "feed_sets"
    __table_args__ = (Index(None, "spec", "item_id"),)

    item_id: Mapped[int] = mapped_column(
        ForeignKey("feed_items.id", ondelete="CASCADE"), primary_key=True
    )
    spec: Mapped[str] = mapped_column(primary_key=True)
    departed: Mapped[bytes | None] = mapped_column(LargeBinary)


class FeedBlock(Base):
    """Records that follow each other in lists of one format, compressed; `oai.blocks` explains it.

    `last` is the datestamp of the last record. `length`, `crc` and `power` are those of the plain
    records (`oai.streams.Part`).
    """

    __tablename__ = "feed_blocks"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    deflated: Mapped[bytes] = mapped_column(LargeBinary)
    length: Mapped[int]
    crc: Mapped[int] = mapped_column(BigInteger)
    power: Mapped[int] = mapped_column(BigInteger)


class FeedClock(Base):
    """The one row that the stamper and all readers agree on; `oai.horizon` explains it.

    `last` is the largest datestamp given so far, `promised` the largest second that a harvester
    may have been told. `logical` is what the logical clock showed when the wall clock showed
    `wall`. `stamper` names the process that is at work. Up to the datestamp `packed` blocks were
    looked after.
    """

    __tablename__ = "feed_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)
    promised: Mapped[int] = mapped_column(BigInteger, default=0)
    logical: Mapped[float] = mapped_column(default=0.0)
    wall: Mapped[float] = mapped_column(default=0.0)
    stamper: Mapped[str] = mapped_column(default="")
    packed: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class FeedFailure(Base):
    """A work that a format could not render, for the list of bad records that staff see."""

    __tablename__ = "feed_failures"

    work_id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    moment: Mapped[datetime] = mapped_column(default=now)
