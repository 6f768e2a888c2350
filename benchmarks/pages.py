"""(d) work and search pages: requests a second and p95, against nginx with the same page as a file;
(e) memory of the idle server with its worker."""

import http.client
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import processes, works


def run(folder: Path, count: int, requests: int = 400) -> dict[str, dict[str, float]]:
    """Measures over the archive in `folder`/instance, which holds `count` works."""
    chance = random.Random(3)
    numbers = [chance.randint(1, count) for _ in range(requests)]
    words = [word for one in works.WORDS.values() for word in one.split()]
    queries = [" ".join(chance.sample(words, chance.randint(1, 2))) for _ in range(requests)]
    found = {}
    with processes.server(folder / "instance") as (url, process):
        found["settling after the import"] = {"s": settle(folder / "instance" / "archive.sqlite")}
        found["idle server and worker"] = {"MB": processes.memory(process.pid)}
        found["work page"] = load(url, [f"/works/{number}" for number in numbers])
        found["search page"] = load(url, [f"/search?q={quote(query)}" for query in queries])
        page = fetch(http.client.HTTPConnection(urlsplit(url).netloc), "/works/1")
    root = folder / "static"
    root.mkdir(exist_ok=True)
    (root / "probe.html").write_bytes(page)
    with processes.nginx(root, folder) as url:
        found["nginx, the work page as a file"] = load(url, ["/probe.html"] * requests)
    return found


def settle(database: Path) -> float:
    """Waits until the worker has indexed and stamped all works; how many seconds."""
    started = time.perf_counter()
    with closing(sqlite3.connect(database)) as connection:
        while connection.execute("SELECT count(*) FROM changes").fetchone()[0]:
            time.sleep(1)
    return time.perf_counter() - started


def fetch(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of one page; anything but 200 ends the benchmark."""
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return body


def load(url: str, paths: list[str]) -> dict[str, float]:
    """Requests one after the other over one connection, after a few to warm up."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for path in paths[:20]:
        fetch(connection, path)
    times = []
    for path in paths:
        started = time.perf_counter()
        fetch(connection, path)
        times.append(time.perf_counter() - started)
    connection.close()
    times.sort()
    return {
        "requests/s": len(times) / sum(times),
        "p50 ms": times[len(times) // 2] * 1000,
        "p95 ms": times[int(len(times) * 0.95)] * 1000,
    }
