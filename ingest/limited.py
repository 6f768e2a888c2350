"""Processes of our own that may crash, hang or eat memory in our stead, and what they may take."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import IO

MEMORY = 512 * 2**20
OUTPUT = 64 * 2**20


def run(module: str, *arguments: str, seconds: int, output: IO[bytes]) -> int | None:
    """Runs a module of ours until it ends; its exit status, or None when the time was up."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            # Nothing of our environment, which may hold secrets.
            env={"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONWARNINGS": "ignore"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def limit(seconds: int, *, memory: int = MEMORY, output: int = OUTPUT) -> None:
    """Gives up, for good, the right to more memory, time and output than an honest file needs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
