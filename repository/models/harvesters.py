"""The harvest log: who harvests us, which lists they took, how much on which day, what failed.

Written by `oai.visits` alone, out of what `oai.guestbook` gathers.
"""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.database import Base


class Harvester(Base):
    """A program that harvests. `key` tells it from others (`oai.harvesters`).

    `name` is what it is known as or calls itself, `label` the name that the library's staff gave
    it. `agent` is its User-Agent and `network` where it came from, as of its last visit; whoever
    looks with a browser has neither.
    """

    __tablename__ = "harvesters"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    agent: Mapped[str]
    network: Mapped[str]
    first: Mapped[datetime]
    last: Mapped[datetime] = mapped_column(index=True)


class HarvesterList(Base):
    """One harvest: a list that was asked for, with all the pages of it that were taken.

    The list is told from others by `key`. `lower`, `upper` and `asof` are seconds since 1970 as in
    resumption tokens; `ranges` are the places [from, to) of the records that were taken, `size` is
    how many the list had when it began; `ended` says that its last page was taken.
    """

    __tablename__ = "harvester_lists"
    __table_args__ = (Index(None, "harvester_id", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    harvester_id: Mapped[int] = mapped_column(ForeignKey("harvesters.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(unique=True)
    verb: Mapped[str]
    prefix: Mapped[str]
    spec: Mapped[str | None]
    lower: Mapped[int | None] = mapped_column(BigInteger)
    upper: Mapped[int | None] = mapped_column(BigInteger)
    asof: Mapped[int] = mapped_column(BigInteger)
    began: Mapped[datetime]
    last: Mapped[datetime]
    requests: Mapped[int]
    records: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int]
    ranges: Mapped[list[list[int]]] = mapped_column(JSON)
    ended: Mapped[bool]


class HarvesterDay(Base):
    """How much a harvester took on one day (UTC)."""

    __tablename__ = "harvester_days"

    harvester_id: Mapped[int] = mapped_column(
        ForeignKey("harvesters.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    requests: Mapped[int]
    records: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    errors: Mapped[int]


class HarvesterError(Base):
    """What a harvester was told when it got no result: the protocol's code, or "busy" (503)."""

    __tablename__ = "harvester_errors"

    harvester_id: Mapped[int] = mapped_column(
        ForeignKey("harvesters.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last: Mapped[datetime]
    asked: Mapped[str]
