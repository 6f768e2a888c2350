"""The process that becomes OCRmyPDF: it gives up what OCR does not need, and lets others go first.

`python -m ingest.ocr_child SECONDS ARGUMENTS...`
"""

import ctypes
import os
import signal
import sys

from ingest import limited

MEMORY = 4 * 2**30  # of addresses: the file itself is mapped
OUTPUT = 8 * 2**30
NICE = 10
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(seconds: str, *arguments: str) -> None:
    """Never comes back."""
    limited.limit(int(seconds), memory=MEMORY, output=OUTPUT)
    os.nice(NICE)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.execv(  # noqa: S606 - there is no shell, and every word is ours
        sys.executable, [sys.executable, "-P", "-m", "ocrmypdf", *arguments]
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
