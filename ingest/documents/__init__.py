"""The text of documents that are no PDFs: one module a format, read by a process with limits."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from ingest import limited, prose
from repository.errors import ArchiveError, Invalid

log = structlog.get_logger()

SECONDS = 60
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The module of this package that reads a format; each has `pages(path)`.
READERS = {
    _OFFICE: "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/epub+zip": "epub",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/rtf": "rtf",
    "application/x-fictionbook+xml": "fb2",
}


def _broken() -> ArchiveError:
    return Invalid("This document is damaged and cannot be read. Save it again.")


def _locked() -> ArchiveError:
    return Invalid("This document is protected by a password. Save it without the password.")


def _large() -> ArchiveError:
    return Invalid("This document could not be read with the time and memory that it may take.")


WHY = {"broken": _broken, "locked": _locked, "large": _large}


def pages(path: Path, media_type: str, *, seconds: int = SECONDS) -> Sequence[str]:
    """The text of the document, cut into pages. Raises Invalid where there is none to be had."""
    with tempfile.TemporaryFile() as output:
        ended = limited.run(
            "ingest.documents.child",
            READERS[media_type],
            str(path),
            str(seconds),
            seconds=seconds,
            output=output,
        )
        output.seek(0)
        found = [json.loads(one) for one in output.read(limited.OUTPUT).split(b"\n")[:-1]]
    texts = [prose.mend(prose.tidy(one["text"])).strip() for one in found if "text" in one]
    error = next((one["error"] for one in found if "error" in one), "" if ended == 0 else "large")
    if error:
        log.warning("document.stopped_early", pages=len(texts), status=ended, error=error)
    if error and not texts:
        raise WHY[error]()
    return texts
