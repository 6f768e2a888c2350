"""The engine, its sessions, and the base of all tables."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError

from repository.errors import Busy, Conflict, StorageFull

# Names for every constraint, so that a migration can name what it drops on any database.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT = 10  # seconds that a writer waits for the one before it


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC. Naive values are refused on the way in and never come out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy's own idiom


def connect(url: str) -> Engine:
    """An engine for `url`; on SQLite with WAL, full syncs, foreign keys and a busy timeout."""
    options: dict = {"json_serializer": lambda value: json.dumps(value, ensure_ascii=False)}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": BUSY_TIMEOUT, "check_same_thread": False}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once with SQLITE_BUSY, whatever
    # the timeout; so those that mean to write say so at the start.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session over one consistent snapshot, never committed."""
    reader = engine
    if engine.dialect.name != "sqlite":  # whose every transaction is a snapshot already
        reader = engine.execution_options(isolation_level="REPEATABLE READ")
    with explain_locks(), Session(reader, expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that holds the write lock and commits at the end, or rolls back on an error.

    Raises Busy when another writer kept the lock for longer than BUSY_TIMEOUT seconds.
    """
    writer = engine.execution_options(writing=True)
    with explain_locks(), Session(writer, expire_on_commit=False) as session, session.begin():
        session.connection()  # take the lock now, before anything is read
        yield session


@contextmanager
def explain_locks() -> Iterator[None]:
    """Turns the drivers' "database is locked" into Busy, and "disk is full" into StorageFull."""
    try:
        yield
    except OperationalError as error:
        if is_lock(error):
            raise Busy("The archive is busy writing. Please try again in a moment.") from error
        if is_full(error):
            raise StorageFull("The archive's disk is full. Nothing of this was kept.") from error
        raise
    except StaleDataError as error:  # two writers at once, which only PostgreSQL lets happen
        raise Conflict(
            "Somebody else has changed this work in the meantime. What you typed is below; "
            "compare it with what is there now."
        ) from error


def is_full(error: OperationalError) -> bool:
    """Whether the disk under the database has no room left."""
    return "disk is full" in str(error.orig) or "No space left" in str(error.orig)


def is_lock(error: OperationalError) -> bool:
    """Whether the driver gave up because another transaction held a lock."""
    return "locked" in str(error.orig) or "lock timeout" in str(error.orig)
