"""What a PDF says of itself, asked of a process that may crash, hang or eat memory in our stead."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import structlog

from ingest import layout, media, prose
from ingest.layout import Page
from repository.errors import ArchiveError

log = structlog.get_logger()

READ_SECONDS = 20
TEXT_SECONDS = 120
OUTPUT = 64 * 2**20
# A whole PDF ends with "startxref", a number and "%%EOF"; readers look this far back.
TAIL = 2048
# Some programs of the net fill what they save with zeros.
PADDING = 2**20
HEAD = 1024
FIELD = 2000


class PdfError(ArchiveError):
    """A PDF that we cannot read; the sentence says why, and what to do."""

    status = 422


class Locked(PdfError):
    """It opens only with a password."""


class NotPdf(PdfError):
    """It is something else."""


class Truncated(PdfError):
    """Its end is missing."""


class Empty(PdfError):
    """It has no bytes, or no pages."""


class Broken(PdfError):
    """It has the marks of a PDF, but nothing inside can be found."""


class TooHard(PdfError):
    """It asked for more time or memory than we give to one file."""


@dataclass(frozen=True)
class Reading:
    """What a PDF says of itself: `info` by Title, Author, Subject, Keywords, CreationDate, ...

    `packet` is its XMP packet: Dublin Core elements, and "doi". `first` are its first pages.
    """

    pages: int
    info: Mapping[str, str]
    packet: Mapping[str, tuple[str, ...]]
    outline: tuple[str, ...]
    tagged: bool
    language: str
    first: tuple[Page, ...]


def check(path: Path) -> None:
    """Nothing, where the file looks like a whole PDF; raises what is wrong with it otherwise."""
    size = path.stat().st_size
    if size == 0:
        raise Empty("This file is empty: it has 0 bytes. Choose the file once more.")
    found = media.identify(path, "")
    if found.media_type in ("text/html", "application/xhtml+xml"):
        raise NotPdf(
            "This file is named .pdf but is an HTML page, perhaps a page where one signs in. "
            "Download the PDF itself and upload that."
        )
    if found.media_type != "application/pdf":
        raise NotPdf("This file is named .pdf but is not a PDF. Save it as PDF and upload that.")
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - PADDING))
        tail = file.read().rstrip(b"\0\r\n\t ")[-TAIL:]
    if b"startxref" not in tail or size < _promised(head):
        raise Truncated(
            "This PDF is cut off: its end is missing. Download or save it again, and upload it "
            "once more."
        )


def _promised(head: bytes) -> int:
    # A linearised PDF says at its beginning how long it is.
    said = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d{1,15})\b", head, re.DOTALL)
    return int(said[1]) if said else 0


def read(path: Path, *, seconds: int = READ_SECONDS) -> Reading:
    """What the PDF says of itself and shows on its first pages. Raises a PdfError."""
    check(path)
    found = _ask("read", path, seconds)
    said = found[0] | (found[1] if len(found) > 1 else {})
    if "damage" in said:
        log.info("pdf.structure_unreadable", reason=said["damage"])
    info = {**found[0]["info"], **said["info"]}
    return Reading(
        pages=said["pages"],
        info=MappingProxyType({key: _field(value) for key, value in info.items()}),
        packet=MappingProxyType(
            {key: tuple(map(_field, values)) for key, values in said.get("packet", {}).items()}
        ),
        outline=tuple(filter(None, map(_field, said.get("outline", [])))),
        tagged=said.get("tagged", False),
        language=_field(said.get("language", "")),
        first=tuple(layout.page(one) for one in said["first"]),
    )


def text(path: Path, *, seconds: int = TEXT_SECONDS) -> list[str]:
    """The text of each page, in order. Raises a PdfError when there is not one page to be had."""
    pages = [prose.tidy(found["text"]) for found in _ask("text", path, seconds)]
    known = prose.words(pages)
    return [prose.mend(page, known).strip() for page in pages]


def _field(value: str) -> str:
    return _recoded(prose.line(value[:FIELD]))


def _recoded(value: str) -> str:
    # Russian programs of old wrote cp1251 where Latin letters were due: "Ñòàòüÿ" is "Статья".
    letters = [one for one in value if one.isalpha()]
    foreign = sum("\u00c0" <= one <= "\u00ff" for one in letters)
    if len(letters) < 4 or foreign < 0.7 * len(letters):
        return value
    try:
        return value.encode("latin-1").decode("cp1251")
    except UnicodeError:
        return value


def _ask(task: str, path: Path, seconds: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryFile() as output:
        ended = _run(task, path, seconds, output)
        output.seek(0)
        lines = output.read(OUTPUT).split(b"\n")[:-1]
    found = [json.loads(one) for one in lines]
    if not found:
        raise _unanswered(ended)
    if "error" in found[0]:
        raise _refusal(found[0]["error"])
    if ended != 0:
        log.warning("pdf.stopped_early", task=task, answers=len(found), status=ended)
    return found


def _run(task: str, path: Path, seconds: int, output: IO[bytes]) -> int | None:
    """The exit status, or None when the time was up."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "ingest.pdf_child", task, str(path), str(seconds)],
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


def _unanswered(ended: int | None) -> PdfError:
    if ended == 0:
        return Broken("This PDF is damaged and cannot be read. Save it again as PDF.")
    return TooHard(
        "This PDF could not be read with the time and memory that one file may take. "
        "You can keep it and fill in the form yourself."
    )


def _refusal(error: str) -> PdfError:
    if error == "locked":
        return Locked(
            "This PDF is protected by a password. Save it without the password and upload that."
        )
    if error == "no pages":
        return Empty("This PDF has no pages. Save it again as PDF.")
    return Broken("This PDF is damaged and cannot be read. Save it again as PDF.")
