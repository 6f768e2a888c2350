"""The queue of background work: huey, over SQLite, Redis or PostgreSQL as its URL says.

A job is a plain function `job(archive, *arguments)`. `declare` gives what puts it into the queue;
server and worker declare the same jobs, the worker runs them.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import Serializer, SignedSerializer

from repository.errors import ConfigurationError

NAME = "open-archive"


def _sqlite(url: str, serializer: Serializer) -> Huey:
    path = Path(urlsplit(url).path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(path), fsync=True, serializer=serializer)


def _redis(url: str, serializer: Serializer) -> Huey:
    return RedisHuey(NAME, url=url, serializer=serializer)


def _postgres(url: str, serializer: Serializer) -> Huey:
    return PostgresHuey(NAME, dsn=url, serializer=serializer)


QUEUES: dict[str, Callable[[str, Serializer], Huey]] = {
    "sqlite": _sqlite,
    "redis": _redis,
    "postgresql": _postgres,
}


def open_queue(url: str, secret: str) -> Huey:
    """The queue that the URL names. Jobs are signed, for huey pickles them."""
    scheme = urlsplit(url).scheme
    if scheme not in QUEUES:
        known = ", ".join(QUEUES)
        raise ConfigurationError(f"ARCHIVE_QUEUE_URL must begin with one of: {known}.")
    return QUEUES[scheme](url, SignedSerializer(secret=secret))


def declare(queue: Huey, job: Callable[..., Any], archive: Any) -> Callable[..., Any]:
    """Makes `job` known to the queue; calling the result with its arguments enqueues it.

    A job that fails is tried again twice, after a minute each.
    """
    bound = partial(job, archive)
    return queue.task(retries=2, retry_delay=60, name=job.__name__)(bound)
