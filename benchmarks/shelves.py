"""(f) The first byte of pages in a large archive, without waiting for an import of an hour: works
are put straight into the tables that these pages read."""

import http.client
import random
import subprocess
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import processes, works
from repository import archive as opening
from repository import collections, projections, settings
from repository.clock import now
from repository.models.collections import Collection
from repository.models.works import Version, Work
from schemas.vocabulary import State

BATCH = 1000
REQUESTS = 500
WORKERLESS = ("--no-worker",)


def run(folder: Path, count: int) -> dict[str, dict[str, float]]:
    """Time to the first byte of pages with `count` works, in milliseconds."""
    instance = folder / "instance"
    if not instance.exists():
        fill(instance, count)
    chance = random.Random(5)
    some = [chance.randint(1, count) for _ in range(REQUESTS)]
    people = [quote(f"{one}, {initial}.") for one in works.FAMILIES for initial in "АБЖКН"]
    with processes.server(instance, *WORKERLESS) as (url, _process):
        return {
            "work page": first_bytes(url, [f"/works/{number}" for number in some]),
            "home": first_bytes(url, ["/"] * 50),
            "browsing": first_bytes(url, ["/browse"] * 20),
            "a year": first_bytes(
                url, [f"/browse/year?value={year}" for year in range(1960, 2020)]
            ),
            "a person": first_bytes(url, [f"/people/{name}" for name in people]),
            "a collection": first_bytes(
                url, [f"/collections/chair-{one % 10}" for one in some[:60]]
            ),
        }


def fill(instance: Path, count: int) -> None:
    """Makes an archive of so many published works without files."""
    quiet = {"cwd": processes.ROOT, "env": processes.environment(instance)}
    subprocess.run([*processes.COMMAND, "init"], check=True, stdout=subprocess.DEVNULL, **quiet)
    with opening.opened(settings.load({}, instance=str(instance))) as archive:
        with archive.writing() as session:
            for one in range(10):
                collections.add(session, f"chair-{one}")
        for start in range(1, count + 1, BATCH):
            with archive.writing() as session:
                chairs = [collections.find(session, f"chair-{one}") for one in range(10)]
                numbers = range(start, min(start + BATCH, count + 1))
                session.add_all(_work(number, chairs[number % 10]) for number in numbers)


def _work(number: int, chair: Collection) -> Work:
    moment, document = now(), works.document(number)
    work = Work(
        id=number,
        document=document,
        state=State.PUBLISHED,
        version=1,
        published=moment,
        collections=[chair],
        versions=[Version(number=1, created=moment, state=State.PUBLISHED, document=document)],
    )
    projections.fill(work)
    return work


def first_bytes(url: str, paths: list[str]) -> dict[str, float]:
    """From the request to the first byte of the answer, over one connection, after a few others."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    times = []
    for path in [*paths[:20], *paths]:
        started = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        times.append((time.perf_counter() - started) * 1000)
        answer.read()
        if answer.status not in (200, 302):
            raise SystemExit(f"{path} answered {answer.status}.")
    connection.close()
    times = sorted(times[20:])
    return {"p50 ms": times[len(times) // 2], "p95 ms": times[int(len(times) * 0.95)]}
