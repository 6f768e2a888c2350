"""The union catalogue: other libraries' repositories, and what was harvested from them.

Written by `ingest.harvest` alone, except for `ForeignRecord.waiting` and `feeding`, which
`repository.elsewhere` and `oai.lending` take back once the index and the feed know.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Source(Base):
    """A repository that is harvested, how, and how far the harvest is.

    What staff say of it: `prefix` is the format ("" means the best that it has), `spec` the set,
    `every` the hours between two harvests (0: only when asked), `pause` the seconds between two
    requests, `shared` whether harvesters of ours get its records in a set of their own.

    What a harvest keeps: `said` is what the repository says of itself; `since` is from when the
    next harvest asks, `opened` from when the one after it will; `token` is where the one under way
    goes on. `round` counts harvests; in one that is `whole` what is not seen any more is gone.
    `stale` counts pages in a row that brought nothing new. `due` is when the next request may be
    made (None: not before somebody says so), `held` until when somebody is making one. `trial` is
    the report of a dry run, which the worker makes when it finds `trying`.
    """

    __tablename__ = "sources"
    __table_args__ = (Index(None, "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    base_url: Mapped[str]
    prefix: Mapped[str] = mapped_column(default="")
    spec: Mapped[str] = mapped_column(default="")
    every: Mapped[int] = mapped_column(default=24)
    pause: Mapped[float] = mapped_column(default=1.0)
    active: Mapped[bool] = mapped_column(default=True)
    shared: Mapped[bool] = mapped_column(default=False)
    leaving: Mapped[bool] = mapped_column(default=False)
    added: Mapped[datetime] = mapped_column(default=now)

    running: Mapped[bool] = mapped_column(default=False)
    due: Mapped[datetime | None]
    held: Mapped[datetime | None]
    asks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    token: Mapped[str] = mapped_column(default="")
    round: Mapped[int] = mapped_column(default=0)
    whole: Mapped[bool] = mapped_column(default=True)
    begun: Mapped[datetime | None]
    opened: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    finished: Mapped[datetime | None]
    made_whole: Mapped[datetime | None]
    said: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    size: Mapped[int] = mapped_column(default=0)
    stale: Mapped[int] = mapped_column(default=0)
    restarts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    faults: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    trying: Mapped[bool] = mapped_column(default=False)
    trial: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ForeignRecord(Base):
    """A record of a source, as a description in the shape of `schemas.work`.

    `url` is where readers find the work; `digest` tells whether anything has changed; `seen` is
    the round in which it came last; `waiting` says that the index has yet to hear of it, `feeding`
    that the OAI feed has.
    """

    __tablename__ = "foreign_records"
    __table_args__ = (
        UniqueConstraint("source_id", "identifier"),
        Index(None, "waiting", "id"),
        Index(None, "feeding", "id"),
        {"sqlite_autoincrement": True},  # the feed remembers numbers: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    identifier: Mapped[str]
    datestamp: Mapped[str] = mapped_column(default="")
    prefix: Mapped[str] = mapped_column(default="")
    namespace: Mapped[str] = mapped_column(default="")
    deleted: Mapped[bool] = mapped_column(default=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    url: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    seen: Mapped[int] = mapped_column(default=0)
    changed: Mapped[datetime] = mapped_column(default=now)
    waiting: Mapped[bool] = mapped_column(default=True)
    feeding: Mapped[bool] = mapped_column(default=False, server_default=false())
