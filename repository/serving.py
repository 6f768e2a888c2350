"""The server process: Granian, and the worker beside it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from repository.settings import Settings

WORKER = [sys.executable, "-m", "wsgi", "worker"]


def serve(
    settings: Settings, *, host: str, port: int, processes: int, threads: int, worker: bool
) -> None:
    """Serves until told to stop."""
    os.environ["ARCHIVE_INSTANCE"] = str(settings.instance)
    server = Granian(
        "wsgi:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=processes,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    if not worker:
        server.serve()
        return
    with beside():
        server.serve()


@contextmanager
def beside() -> Iterator[None]:
    """Keeps one worker running while the block runs; one that dies is started again."""
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not stopping.is_set():
            running[:] = [subprocess.Popen(WORKER)]
            running[0].wait()
            stopping.wait(1)

    keeper = threading.Thread(target=keep, name="worker")
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for process in running:
            process.terminate()
        keeper.join()
