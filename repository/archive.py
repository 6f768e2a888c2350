"""An open archive: its settings, and everything that is held open while it runs."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from huey import Huey
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from repository import appearance, database
from repository.index import Index, open_index
from repository.queue import open_queue
from repository.settings import Settings
from repository.store import Store, open_store
from repository.usage.recording import Recorder


@dataclass(frozen=True)
class Archive:
    """Everything that a request, a command or the worker needs."""

    settings: Settings
    engine: Engine
    store: Store
    index: Index
    queue: Huey
    usage: Recorder

    def reading(self) -> AbstractContextManager[Session]:
        """A session over one snapshot."""
        return database.reading(self.engine)

    def writing(self) -> AbstractContextManager[Session]:
        """A session that commits at its end."""
        return database.writing(self.engine)


def open_archive(settings: Settings) -> Archive:
    """Opens what the settings name; `close` it in the end."""
    for folder in (settings.instance, settings.staging, settings.uploads, settings.derived):
        folder.mkdir(parents=True, exist_ok=True)
    engine = database.connect(settings.database_url)
    appearance.attach(settings, engine)
    return Archive(
        settings=settings,
        engine=engine,
        store=open_store(settings.store_url, staging=settings.staging),
        index=open_index(settings.index_url),
        queue=open_queue(settings.queue_url, settings.secret_key),
        usage=Recorder(settings, engine),
    )


def close(archive: Archive) -> None:
    """Lets go of the database, the index and the queue; what was noted of readers is written."""
    archive.usage.close()
    appearance.detach(archive.settings, archive.engine)
    archive.index.close()
    archive.queue.storage.close()
    archive.engine.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[Archive]:
    """An open archive that is closed at the end of the block."""
    archive = open_archive(settings)
    try:
        yield archive
    finally:
        close(archive)
