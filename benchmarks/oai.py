"""ListRecords against nginx with the same pages as files, and against other people's servers.

Ours and nginx take turns, and medians are compared. Each page was asked for before in that form
("warm"); "cold" is the first time that a server that has just started is asked for each page, and
"best" compares the fastest rounds, which other work on the machine disturbs least. "End to end" is
a harvester that reads all records with lxml; Sickle takes the first of them.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import feeds, others, processes, wires
from oai import blocks, feed

ROUNDS = 5
SIZES = (100, 250, 500)
HARVESTERS = (1, 4)
ENCODINGS = {"plain": "identity", "gzip": "gzip"}
# So many records Sickle takes: it is forty times slower than whatever it harvests.
BY_SICKLE = 5_000


class Cell(NamedTuple):
    """What two servers took for the same pages: seconds of each round."""

    size: int
    harvesters: int
    what: str
    encoding: str
    cold: float | None
    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """How near we come to the other's speed."""
        return statistics.median(self.theirs) / statistics.median(self.ours)

    def __str__(self) -> str:
        best = min(self.theirs) / min(self.ours)
        cold = f"{statistics.median(self.theirs) / self.cold:5.2f}" if self.cold else "    -"
        return (
            f"  {self.what:11} {self.size:5} {self.harvesters:10} {self.encoding:>8}"
            f" {self.ratio:6.2f} {best:5.2f} {cold} {statistics.median(self.ours):8.2f}"
            f" {statistics.median(self.theirs):7.2f}"
        )


HEAD = "  what         page harvesters encoding median  best  cold   our s  nginx s"


def run(folder: Path, kept: Path, count: int) -> None:
    """Prints the table over `count` records."""
    started = time.perf_counter()
    instance = feeds.made(kept, "described", count)
    print(f"  {count:,} records, made or found in {time.perf_counter() - started:.0f} s\n{HEAD}")
    for size in SIZES:
        for cell in _cells(folder / str(size), instance, size):
            print(cell, flush=True)
    _compare(instance)


def _cells(folder: Path, instance: Path, size: int) -> Iterator[Cell]:
    files = wires.Files(folder / "pages")
    serve = partial(processes.server, instance, "--no-worker", **_named(size))
    with serve() as (url, _):
        files.fetch(url)
    cold = {}
    for name, encoding in ENCODINGS.items():
        with serve() as (url, _):
            cold[name] = wires.timed(partial(wires.replay, url, files.ours, encoding))
    with serve() as (url, process), wires.nginx(files.root, folder) as plain:
        watch = processes.Watch(process.pid)
        for harvesters in HARVESTERS:
            for name, encoding in ENCODINGS.items():
                ours = partial(wires.replay, url, files.ours, encoding)
                theirs = partial(wires.replay, plain, files.theirs, encoding)
                rounds = _rounds(ours, theirs, harvesters)
                first = cold[name] if harvesters == 1 else None
                yield Cell(size, harvesters, "replay", name, first, *rounds)
        for name, encoding in ENCODINGS.items():
            rounds = _rounds(
                partial(wires.parse, url, encoding), partial(wires.parse, plain, encoding), 1, 3
            )
            yield Cell(size, 1, "end to end", name, None, *rounds)
            rounds = _rounds(
                partial(wires.sickle, url, encoding, BY_SICKLE),
                partial(wires.sickle, plain, encoding, BY_SICKLE),
                1,
                3,
            )
            yield Cell(size, 1, "Sickle", name, None, *rounds)
        samples = watch.end()
        wire = _on_the_wire(url, files)
    print(
        f"    {len(files.queries)} pages, {files.plain / 2**20:.0f} MB; gzip on the wire"
        f" {wire / files.packed:.2f} of gzip -6; server {samples[0]:.0f} MB at first,"
        f" {max(samples):.0f} at most, {samples[-1]:.0f} at last"
    )


def _named(size: int) -> dict[str, str]:
    return {
        "ARCHIVE_OAI_PAGE": str(size),
        "ARCHIVE_SECRET_KEY": feeds.SECRET,
        "ARCHIVE_OAI_IDENTIFIER": feeds.HOST,
    }


def _rounds(
    ours: Callable[[], None], theirs: Callable[[], None], harvesters: int, rounds: int = ROUNDS
) -> tuple[list[float], list[float]]:
    wires.timed(ours, harvesters)
    wires.timed(theirs, harvesters)
    found = [
        (wires.timed(ours, harvesters), wires.timed(theirs, harvesters)) for _ in range(rounds)
    ]
    return [one for one, _ in found], [other for _, other in found]


def _on_the_wire(url: str, files: wires.Files) -> int:
    with wires.Line(url) as line:
        return sum(len(line.get(path, "gzip")) for path in files.ours)


def _compare(instance: Path) -> None:
    """The first page again and again, beside the servers of others."""
    print("  the first page, plain, pages a second:       ours  theirs  times")
    path = [f"/oai?{wires.LIST}"]
    for size in SIZES:
        for name in others.MAKERS:
            with (
                processes.server(instance, "--no-worker", **_named(size)) as (url, _),
                others.serving(name, instance, size) as other,
            ):
                many, few = 400, 20
                ours, theirs = _rounds(
                    partial(wires.replay, url, path * many, "identity"),
                    partial(wires.replay, other, path * few, "identity"),
                    1,
                    3,
                )
            fast, slow = many / statistics.median(ours), few / statistics.median(theirs)
            print(f"    {name:12} {size:5} {fast:24.0f} {slow:7.1f} {fast / slow:6.0f}", flush=True)


def grow(folder: Path, kept: Path, count: int) -> None:
    """Prints whether the last pages of a very long list are as fast as its first."""
    started = time.perf_counter()
    instance = feeds.made(kept, "small", count)
    print(f"  {count:,} records, made or found in {time.perf_counter() - started:.0f} s")
    files = wires.Files(folder / "pages")
    serve = partial(processes.server, instance, "--no-worker", **_named(SIZES[0]))
    with serve() as (url, process):
        peaks = []
        for harvest in (files.fetch, *[partial(wires.replay, paths=files.ours)] * 2):
            watch = processes.Watch(process.pid)
            harvest(url)
            peaks.append(f"{max(watch.end()):.0f}")
    print(
        f"  {len(files.queries)} pages of {SIZES[0]}; server at most {', '.join(peaks)} MB in the"
        " first, second and third harvest"
    )
    few = 500
    for name, encoding in ENCODINGS.items():
        with serve() as (url, _):
            wires.timed(partial(wires.replay, url, files.ours[few : 2 * few], encoding))
            ends = [files.ours[1 : few + 1], files.ours[-few - 1 : -1]]
            first, last = (
                wires.timed(partial(wires.replay, url, one, encoding)) / few for one in ends
            )
            print(
                f"    {name}, pages nobody asked for yet: first {first * 1e6:.0f} us,"
                f" last {last * 1e6:.0f} us, {first / last:.2f}"
            )


def change(folder: Path, kept: Path, count: int) -> None:
    """Prints what an edit costs, and publishing a thousand works, in a feed of `count` records."""
    instance = feeds.copied(feeds.made(kept, "described", count), folder / "changed")
    with feeds.reopened(instance) as archive:
        started = time.perf_counter()
        numbers = feeds.publish(archive, 1000, above=count)
        written = time.perf_counter() - started
        started = time.perf_counter()
        feed.settle(archive)
        stamped = time.perf_counter() - started
        edits = []
        for number in numbers[:50]:
            feeds.edit(archive, number, f"Another title {number}")
            started = time.perf_counter()
            feed.settle(archive)
            edits.append(time.perf_counter() - started)
        packing = time.perf_counter()
        while blocks.pack(archive):
            pass
        packing = time.perf_counter() - packing
    print(
        f"  1,000 works: written in {written:.2f} s, stamped in all formats in {stamped:.2f} s;"
        f" an edit stamped in {statistics.median(edits) * 1e3:.0f} ms (median of {len(edits)});"
        f" their blocks in {packing:.2f} s"
    )
