"""What a PDF says of itself, asked of a process that may crash, hang or eat memory in our stead."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog

from ingest import layout, limited, media, prose, quality
from ingest.layout import Page
from repository.errors import ArchiveError

log = structlog.get_logger()

READ_SECONDS = 20
TEXT_SECONDS = 120
# A whole PDF ends with "startxref", a number and "%%EOF"; readers look this far back.
TAIL = 2048
# Some programs of the net fill what they save with zeros.
PADDING = 2**20
HEAD = 1024
FIELD = 2000
# The process that does a task, and how the task is called there.
TASKS = {
    "read": ("ingest.pdf_child", "read"),
    "text": ("ingest.pdf_text_child",),
    "slow": ("ingest.pdf_child", "slow"),
}
PDFIUM = f"pypdfium2 {version('pypdfium2')}"
PYPDF = f"pypdf {version('pypdf')}"


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


class Sheet(NamedTuple):
    """A page's text. `image` is how much of it is pictures; `score` how much of the text is text
    and no rubbish, both from 0 to 1."""

    text: str
    image: float
    score: float


class Sheets(NamedTuple):
    """All pages, and the library that read them."""

    pages: Sequence[Sheet]
    tool: str


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
    return [one.text for one in sheets(path, seconds=seconds).pages]


def sheets(path: Path, *, seconds: int = TEXT_SECONDS) -> Sheets:
    """The pages in order, by pdfium, by pypdf where that fails. Raises a PdfError when there is
    not one page to be had."""
    tool = PDFIUM
    try:
        found = _ask("text", path, seconds)
    except (Broken, TooHard) as error:
        found, tool = _second(path, seconds, error), PYPDF
    count = found[0].get("of", 0)
    if len(found) < count:
        found += _rest(path, seconds, len(found))
        found += [{"text": ""}] * (count - len(found))
    if any(one.get("failed") for one in found):
        _mend(found, _rest(path, seconds, 0))
    return Sheets(_sheets(found), tool)


def _second(path: Path, seconds: int, error: PdfError) -> list[dict[str, Any]]:
    """All pages by pypdf; where there is no text either, the first opinion stands."""
    found = _rest(path, seconds, 0)
    if not any(one["text"].strip() for one in found):
        raise error
    return found


def _rest(path: Path, seconds: int, first: int) -> list[dict[str, Any]]:
    try:
        return _ask("slow", path, seconds, str(first))
    except Empty:
        raise
    except PdfError as error:
        log.info("pdf.second_reader_failed", reason=str(error))
        return []


def _mend(found: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    for at, other in enumerate(others[: len(found)]):
        if found[at].get("failed"):
            found[at] = other


def _sheets(found: list[dict[str, Any]]) -> list[Sheet]:
    pages = [prose.tidy(one["text"]) for one in found]
    # Words are needed to join the halves of those that were cut; most files have none.
    known = prose.words(pages) if any(map(prose.is_cut, pages)) else frozenset()
    return [
        Sheet(
            prose.mend(page, known).strip(),
            one.get("image", 0.0),
            quality.score(one["text"]),
        )
        for page, one in zip(pages, found, strict=True)
    ]


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


def _ask(task: str, path: Path, seconds: int, *more: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryFile() as output:
        arguments = (str(path), str(seconds), *more)
        ended = limited.run(*TASKS[task], *arguments, seconds=seconds, output=output)
        output.seek(0)
        # At most limited.OUTPUT; asked for by that number it would take as much memory each time.
        lines = output.read().split(b"\n")[:-1]
    found = [json.loads(one) for one in lines]
    if not found:
        raise _unanswered(ended)
    if "error" in found[0]:
        raise _refusal(found[0]["error"])
    if ended != 0:
        log.warning("pdf.stopped_early", task=task, answers=len(found), status=ended)
    return found


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
