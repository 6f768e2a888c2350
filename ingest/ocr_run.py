"""One run of OCRmyPDF over a file, in a process with limits: how it is asked, watched and ended."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("kir", "rus", "eng")  # always together: Russian alone loses the letters of Kyrgyz
PACKAGES = {one: f"tesseract-ocr-{one}" for one in LANGUAGES}
START_SECONDS, PAGE_SECONDS, TESSERACT_SECONDS = 180, 90, 120
PIXELS = "300"  # millions in one picture; more is a bomb
OCR_PIXELS = "40"
LOOK = 0.5  # seconds between two looks at the report
# What OCRmyPDF's exit codes mean to us; the others are worth another try.
REFUSALS = {2: "broken", 4: "broken", 8: "locked"}
KEPT = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")


class Task(NamedTuple):
    """What is to be read: `mode` is OCRmyPDF's (skip, redo, force), `pages` are counted from 1."""

    source: Path
    mode: str
    pages: Sequence[int]
    jobs: int


class Report(NamedTuple):
    """What came of a run. `problem` is "" where `result` was written."""

    problem: str
    says: str
    pages: int
    words: int
    sure: float  # of the words, from 0 to 1


@lru_cache(maxsize=1)
def _known(minute: int) -> frozenset[str]:
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    said = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    return frozenset(said.stdout.split()[1:]) | {"tesseract"}


def missing() -> list[str]:
    """What has to be installed before scans can be read: Debian's packages, or Python's."""
    known = _known(int(time.monotonic() // 60))
    needs = [] if "tesseract" in known else ["tesseract-ocr"]
    needs += [package for one, package in PACKAGES.items() if one not in known]
    return needs if find_spec("ocrmypdf") else [*needs, "ocrmypdf (pip)"]


def tool() -> str:
    """The name and version of what reads."""
    try:
        return f"OCRmyPDF {version('ocrmypdf')}"
    except PackageNotFoundError:
        return "OCRmyPDF"


def arguments(task: Task, result: Path) -> list[str]:
    """How OCRmyPDF is asked."""
    turn = ["--rotate-pages"] if task.mode != "redo" else []
    return [
        *("--language", "+".join(LANGUAGES), "--output-type", "pdf", "--mode", task.mode),
        *("--pages", _ranges(task.pages), "--jobs", str(task.jobs), "--optimize", "0", "--quiet"),
        *("--rasterizer", "pypdfium", "--tesseract-timeout", str(TESSERACT_SECONDS)),
        *("--max-image-mpixels", PIXELS, "--max-ocr-image-mpixels", OCR_PIXELS, *turn),
        # The signed original stays as it is; of the copy nobody says that it was signed.
        *("--invalidate-digital-signatures", "--tagged-pdf-mode", "ignore"),
        *("--plugin", "ingest.ocr_plugin", str(task.source), str(result)),
    ]


def _ranges(pages: Sequence[int]) -> str:
    """[1, 2, 3, 7] as "1-3,7"."""
    said: list[list[int]] = []
    for one in pages:
        if said and one == said[-1][-1] + 1:
            said[-1][1:] = [one]
        else:
            said.append([one])
    return ",".join("-".join(map(str, one)) for one in said)


def run(task: Task, folder: Path, go_on: Callable[[int], bool]) -> Report:
    """Reads the pages; the result is `folder / "result.pdf"`.

    `go_on` is told again and again how many pages are done; when it says no, the run ends.
    """
    seconds = START_SECONDS + PAGE_SECONDS * len(task.pages)
    report = folder / "report"
    report.touch()
    with (folder / "says").open("wb") as says:
        process = _start(arguments(task, folder / "result.pdf"), folder, seconds, says.fileno())
        problem = _watch(process, report, seconds, go_on)
    lines = [json.loads(one) for one in _lines(report)]
    words = sum(one["words"] for one in lines)
    sure = sum(one["sure"] for one in lines) / (100 * words) if words else 0.0
    said = (folder / "says").read_bytes()[-400:].decode("utf-8", "replace").strip()
    return Report(problem, said, len(lines), words, round(sure, 3))


def _start(arguments: list[str], folder: Path, seconds: int, says: int) -> subprocess.Popen[bytes]:
    # Of our environment only where programs lie, nothing secret.
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.ocr_child", str(seconds), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=says,
        start_new_session=True,
        env={
            **kept,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PYTHONWARNINGS": "ignore",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "OMP_THREAD_LIMIT": "1",
            "ARCHIVE_OCR_REPORT": str(folder / "report"),
        },
    )


def _watch(
    process: subprocess.Popen[bytes], report: Path, seconds: int, go_on: Callable[[int], bool]
) -> str:
    """Waits for the end, or brings it about; what was wrong."""
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                ended = process.wait(LOOK)
                break
            except subprocess.TimeoutExpired:
                if time.monotonic() > until:
                    return "hard"
                if not go_on(len(_lines(report))):
                    return "stopped"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if ended == -signal.SIGXCPU:
        return "hard"
    return REFUSALS.get(ended, "failed") if ended else ""


def _lines(report: Path) -> list[bytes]:
    return report.read_bytes().split(b"\n")[:-1]
