"""(f) `make run` from a fresh clone to the first page, against making an empty virtualenv."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks import processes


def run(folder: Path) -> dict[str, float]:
    """Clones what is committed and runs it; seconds by name."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", str(processes.ROOT), str(clone)], check=True)
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/"
    inherited = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    started = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        env={**inherited, "ARCHIVE_BASE_URL": url.rstrip("/"), "ARCHIVE_INSTANCE": "instance"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        processes.wait_for(url, patience=600)
        with urllib.request.urlopen(url) as answer:
            answer.read()
        took = time.perf_counter() - started
    finally:
        for pid in reversed(processes.children(process.pid)):
            os.kill(pid, 15)
        process.wait(20)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    return {"seconds": took, "an empty virtualenv, seconds": time.perf_counter() - started}
