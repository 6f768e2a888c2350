"""(c) works imported a second, against the same lines put one a transaction into bare SQLite;
(e) memory of the importer: the last fifth of the run against the first."""

import sqlite3
import subprocess
import time
from itertools import islice
from pathlib import Path

from benchmarks import processes, works


def run(folder: Path, count: int) -> dict[str, float]:
    """Imports `count` works into a new archive in `folder`/instance; figures by name."""
    source = folder / "works.jsonl"
    works.write(source, count)
    instance = folder / "instance"
    quiet = {"cwd": processes.ROOT, "env": processes.environment(instance)}
    subprocess.run([*processes.COMMAND, "init"], check=True, stdout=subprocess.DEVNULL, **quiet)
    started = time.perf_counter()
    process = subprocess.Popen(
        [*processes.COMMAND, "import", "jsonl", str(source), "--publish"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **quiet,
    )
    watch = processes.Watch(process.pid)
    code = process.wait()
    took = time.perf_counter() - started
    samples = watch.end()
    if code:
        raise SystemExit(f"The import failed with exit code {code}.")
    fifth = max(1, len(samples) // 5)
    return {
        "works/s": count / took,
        "bare SQLite works/s": bare(folder, source),
        "MB in the first fifth": max(samples[fifth : 2 * fifth]),
        "MB in the last fifth": max(samples[-fifth:]),
    }


def bare(folder: Path, source: Path, most: int = 2000) -> float:
    """Lines a second when each is inserted in a synced transaction of its own."""
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE works (id INTEGER PRIMARY KEY, line TEXT)")
    started, count = time.perf_counter(), 0
    with source.open(encoding="utf-8") as lines:
        for line in islice(lines, most):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO works (line) VALUES (?)", (line,))
            connection.execute("COMMIT")
            count += 1
    connection.close()
    return count / (time.perf_counter() - started)
