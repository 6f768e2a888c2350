"""(a) All pages of ListRecords replayed over a raw socket, against nginx with the same pages as
files, plain and packed beforehand (gzip_static); (b) the same through Sickle, end to end; and what
stamping costs.

Ours and nginx take turns, and medians are compared; then our pages are in memory. "First pass" is
the first time that a server that has just started is asked for each page in this form, against the
same median. "Best" compares the fastest rounds, which other work on the machine disturbs least.
"""

import gzip
import os
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sickle import Sickle

from benchmarks import processes, works
from oai import feed
from repository import archive as opening
from repository import changes, settings
from repository.archive import Archive
from repository.clock import now
from repository.models.works import Work
from schemas.vocabulary import State

ROUNDS = 5
LIST = "verb=ListRecords&metadataPrefix=oai_dc"
NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/xml; charset utf-8; charset_types text/xml;
  sendfile on; tcp_nopush on; gzip_static on; open_file_cache max=10000; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port}; root {root};
    location = /oai {{ try_files /$arg_resumptionToken.xml =404; }}
  }}
}}
"""


def run(folder: Path, count: int) -> dict[str, float | dict[str, float]]:
    """Measures over `count` works; figures by name."""
    instance = folder / "instance"
    with opened(instance) as archive:
        fill(archive, count)
        started = time.perf_counter()
        feed.settle(archive)
        stamping = time.perf_counter() - started
    root = folder / "pages"
    root.mkdir(parents=True)
    with processes.server(instance, "--no-worker") as (url, _):
        queries = fetch(url, root)
    with processes.server(instance, "--no-worker") as (url, process), nginx(root, folder) as plain:
        figures = measure(url, plain, queries)
        figures["server"] = {"MB": processes.memory(process.pid)}
    figures["stamping"] = {"works/s": count / stamping}
    return figures


@contextmanager
def opened(instance: Path) -> Iterator[Archive]:
    """A new archive."""
    quiet = {"cwd": processes.ROOT, "env": processes.environment(instance)}
    subprocess.run([*processes.COMMAND, "init"], check=True, stdout=subprocess.DEVNULL, **quiet)
    with opening.opened(settings.load({}, instance=str(instance))) as archive:
        yield archive


def fill(archive: Archive, count: int) -> None:
    """Public works, written as the catalogue leaves them but without a store."""
    for start in range(0, count, 1000):
        with archive.writing() as session:
            made = [
                Work(document=works.document(number), state=State.PUBLISHED, version=1)
                for number in range(start + 1, min(start + 1000, count) + 1)
            ]
            for work in made:
                work.published = now()
            session.add_all(made)
            session.flush()
            for work in made:
                changes.record(session, work.id, ["oai"])


def fetch(url: str, root: Path) -> list[str]:
    """Saves every page as a file, both numbered and by its token; the queries in order."""
    queries = [LIST]
    token = ""
    with Line(url) as line:
        while True:
            body = line.get(f"/oai?{queries[-1]}")
            for name in (len(queries), token):
                (root / f"{name}.xml").write_bytes(body)
                (root / f"{name}.xml.gz").write_bytes(gzip.compress(body, 6))
            found = re.search(rb"<resumptionToken [^>]*>([A-Za-z0-9_-]+)</resumptionToken>", body)
            if not found:
                return queries
            token = found.group(1).decode()
            queries.append(f"verb=ListRecords&resumptionToken={token}")


class Line:
    """A connection that is kept, without a client's own cost."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        address = urlsplit(url)
        self.socket = socket.create_connection((str(address.hostname), int(address.port or 80)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def get(self, path: str, encoding: str = "identity") -> bytes:
        """The body of an answer."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: {encoding}\r\n\r\n"
        self.socket.sendall(head.encode())
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.socket.recv(65536)
        headers = data[:end].lower()
        if not headers.startswith(b"http/1.1 200"):
            raise SystemExit(f"{path[:60]} answered {headers[:60]!r}.")
        length = int(re.findall(rb"content-length: (\d+)", headers)[0])
        body = bytearray(length)
        got = len(data) - end - 4
        body[:got] = data[end + 4 :]
        view = memoryview(body)
        while got < length:
            got += self.socket.recv_into(view[got:])
        return bytes(body)


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[str]:
    """nginx with the pages as files, also answering harvesters by their tokens."""
    port = processes.free_port()
    configuration = folder / "nginx.conf"
    # Started by root, its worker would be somebody who may not read the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(NGINX.format(user=user, folder=folder, port=port, root=root))
    process = subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(folder)])
    try:
        processes.wait_for(f"http://127.0.0.1:{port}/1.xml")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def measure(url: str, plain: str, queries: list[str]) -> dict[str, float | dict[str, float]]:
    """Interleaved medians, in seconds a pass and as ratios."""
    ours = [f"/oai?{query}" for query in queries]
    files = [f"/{number}.xml" for number in range(1, len(queries) + 1)]
    compared: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "replay": (lambda: replay(url, ours), lambda: replay(plain, files)),
        "replay of gzip": (
            lambda: replay(url, ours, "gzip"),
            lambda: replay(plain, files, "gzip"),
        ),
        "Sickle": (lambda: harvest(url, "identity"), lambda: harvest(plain, "identity")),
        "Sickle, gzip": (lambda: harvest(url, "gzip"), lambda: harvest(plain, "gzip")),
    }
    figures: dict[str, float | dict[str, float]] = {}
    for name, (one, other) in compared.items():
        first = timed(one)
        timed(other)
        rounds = [(timed(one), timed(other)) for _ in range(ROUNDS)]
        took, nginx_took = (statistics.median(column) for column in zip(*rounds, strict=True))
        figures[f"{name} / nginx"] = nginx_took / took
        figures[f"{name} / nginx, best"] = min(two for _, two in rounds) / min(
            one for one, _ in rounds
        )
        figures[f"{name} / nginx, first pass"] = nginx_took / first
        figures[f"{name}, pages"] = {
            "a second": len(queries) / took,
            "a second by nginx": len(queries) / nginx_took,
        }
    return figures


def timed(job: Callable[[], None]) -> float:
    """Seconds that a job takes."""
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def replay(url: str, paths: list[str], encoding: str = "identity") -> None:
    """Takes all pages, one after the other."""
    with Line(url) as line:
        for path in paths:
            line.get(path, encoding)


def harvest(url: str, encoding: str) -> None:
    """Takes all records as a harvester does."""
    sickle = Sickle(f"{url}/oai", headers={"Accept-Encoding": encoding})
    for _ in sickle.ListRecords(metadataPrefix="oai_dc"):
        pass
