"""Alembic's entry: runs migrations over the engine that `upgrading.config` carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from repository.models import Base

config = context.config


@contextmanager
def _tables_may_be_replaced(connection: Connection) -> Iterator[None]:
    """On SQLite a table is altered by making it anew; with foreign keys in force, dropping the old
    one would empty all tables that point to it. They are checked at the end instead."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Applies migrations inside one transaction each; batch mode for SQLite's ALTER TABLE."""
    engine = config.attributes["engine"].execution_options(writing=True)
    with engine.connect() as connection, _tables_may_be_replaced(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
