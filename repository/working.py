"""The worker: follows changes in threads of its own, and runs the queue's jobs."""

import threading
import time
from collections.abc import Callable, Mapping

import structlog

from repository.archive import Archive

log = structlog.get_logger()

PAUSE = 0.25  # seconds between two looks at the changes
AFTER_TROUBLE = 5.0
# Set when the worker ends; whoever is at something long gives it up and takes it up later.
stopping = threading.Event()


def run(archive: Archive, followers: Mapping[str, Callable[[], int]]) -> None:
    """Works until told to stop by SIGTERM or SIGINT.

    Each follower is called again and again; it says how much it has done, and when that is
    nothing it is left alone for PAUSE seconds.
    """
    threads = [
        threading.Thread(target=follow, args=(name, job, stopping), name=name)
        for name, job in followers.items()
    ]
    for thread in threads:
        thread.start()
    consumer = archive.queue.create_consumer(
        workers=1, periodic=False, max_delay=1.0, worker_type="thread"
    )
    try:
        consumer.run()
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
        stopping.clear()


def seldom(job: Callable[[], int], *, every: float) -> Callable[[], int]:
    """The job as a follower that looks only once in `every` seconds."""
    due = 0.0

    def look() -> int:
        nonlocal due
        if time.monotonic() < due:
            return 0
        due = time.monotonic() + every
        return job()

    return look


def follow(name: str, job: Callable[[], int], stop: threading.Event) -> None:
    """Calls one follower until `stop`."""
    while not stop.is_set():
        try:
            done = job()
        # Whatever goes wrong with one change, the others must still be followed.
        except Exception as error:
            log.error("follower failed", follower=name, exc_info=error)
            stop.wait(AFTER_TROUBLE)
            continue
        if not done:
            stop.wait(PAUSE)
