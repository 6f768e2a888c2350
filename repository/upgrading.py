"""Bringing the tables up to date: Alembic, without a file of its own."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def config(engine: Engine) -> Config:
    """Alembic's configuration for our migrations over this engine."""
    made = Config()
    made.set_main_option("script_location", "repository:migrations")
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Applies the migrations that are missing."""
    command.upgrade(config(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Takes migrations back."""
    command.downgrade(config(engine), revision)


def behind(engine: Engine) -> bool:
    """Whether migrations wait to be applied."""
    head = ScriptDirectory.from_config(config(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head
