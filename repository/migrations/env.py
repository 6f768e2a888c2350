"""Alembic's entry: runs migrations over the engine that `upgrading.config` carries."""

from alembic import context

from repository.models import Base

config = context.config


def run() -> None:
    """Applies migrations inside one transaction each; batch mode for SQLite's ALTER TABLE."""
    engine = config.attributes["engine"].execution_options(writing=True)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
