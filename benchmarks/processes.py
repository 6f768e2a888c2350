"""Real processes: the archive's commands, the server, nginx, and how much memory they take."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "wsgi"]
ROOT = Path(__file__).parents[1]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(instance: Path, **more: str) -> dict[str, str]:
    """The environment of a command over `instance`."""
    # Of ours only what a service has too: servers copy all of it for each request.
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    return {**kept, "ARCHIVE_INSTANCE": str(instance), "ARCHIVE_LOG_LEVEL": "warning", **more}


def wait_for(url: str, patience: float = 60) -> None:
    """Returns when the address answers."""
    deadline = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextmanager
def server(
    instance: Path, *options: str, **more: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`open-archive serve` over `instance`, with `more` settings; its address and process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), *options],
        cwd=ROOT,
        env=environment(instance, ARCHIVE_BASE_URL=url, **more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(url + "/about")
        yield url, process
    finally:
        process.terminate()
        process.wait(20)


NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; charset utf-8; sendfile on; tcp_nopush on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[str]:
    """nginx serving the files of `root`; its address."""
    port = free_port()
    configuration = folder / "nginx.conf"
    user = "" if os.getuid() else "user root;"  # or it could not read a temporary folder
    configuration.write_text(NGINX.format(folder=folder, port=port, root=root, user=user))
    process = subprocess.Popen(
        ["nginx", "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/probe.html")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def children(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in listed for below in children(int(child)))]


def memory(pid: int) -> float:
    """The proportional memory (PSS) of a process and all below it, in MB."""
    total = 0
    for one in children(pid):
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


class Watch:
    """Samples a process's memory while it runs."""

    def __init__(self, pid: int, pause: float = 0.5) -> None:
        self.pid, self.pause = pid, pause
        self.samples: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self.pause):
            if now := memory(self.pid):
                self.samples.append(now)

    def end(self) -> list[float]:
        """All samples, in MB."""
        self._stop.set()
        self._thread.join()
        return self.samples
