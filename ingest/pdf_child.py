"""The process that opens PDFs, with little memory, little time, and nothing to lose.

`python -m ingest.pdf_child read FILE SECONDS` (by pdfium and pypdf) and `... slow ... FIRST` (by
pypdf, from that page on) write one JSON object a line. Each line stands for itself, so that what
was found before a crash is not lost. `ingest.pdf` starts it.
"""

import ctypes
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import Destination
from pypdfium2 import raw

from ingest import layout, limited
from repository import xml
from repository.errors import ArchiveError

FIRST = 3
PAGES = 20_000
CHARS = 20_000
OUTLINE = 500
XMP = 2**20
BOLD = 700
FORCE_BOLD = 1 << 18
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
INFO = ("Title", "Author", "Subject", "Keywords", "CreationDate", "Creator", "Producer")


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The first pages, then the rest of what the PDF says of itself."""
    yield from _opened(path, _first_pages)
    yield from _structure(path)


def _opened(
    path: Path, work: Callable[[pypdfium2.PdfDocument], Iterator[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        yield {"error": _reason(error, path)}
        return
    try:
        yield from work(document)
    finally:
        document.close()


def _reason(error: pypdfium2.PdfiumError, path: Path) -> str:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return "locked"
    # To pdfium a document without pages is none; only a sound one is worth another answer.
    try:
        with path.open("rb") as file:
            return "broken" if pypdf.PdfReader(file, strict=True).pages else "no pages"
    except Exception:
        return "broken"


def _first_pages(document: pypdfium2.PdfDocument) -> Iterator[dict[str, Any]]:
    yield {
        "pages": len(document),
        "info": document.get_metadata_dict(skip_empty=True),
        "first": [_page(document, index) for index in range(min(FIRST, len(document)))],
    }


def _page(document: pypdfium2.PdfDocument, index: int) -> dict[str, Any]:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return layout.plain(layout.Page(0, 0, (), ""))
    width, height = page.get_size()
    words = page.get_textpage()
    lines = layout.lines(_chars(words), height)
    found = layout.plain(layout.Page(width, height, tuple(lines), words.get_text_range()[:CHARS]))
    words.close()
    page.close()
    return found


def _chars(words: pypdfium2.PdfTextPage) -> Iterator[layout.Char]:
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(min(words.count_chars(), CHARS)):
        code = raw.FPDFText_GetUnicode(words, index)
        if chr(code).isspace() or raw.FPDFText_IsGenerated(words, index) == 1:
            yield layout.Char(" ", 0, 0, 0, 0, False)
            continue
        # Text that runs up the margin belongs to no line.
        if abs(math.sin(raw.FPDFText_GetCharAngle(words, index))) > 0.1:
            continue
        raw.FPDFText_GetCharOrigin(words, index, x, y)
        raw.FPDFText_GetLooseCharBox(words, index, box)
        raw.FPDFText_GetMatrix(words, index, matrix)
        # Some producers write every font at size 1 and enlarge the page instead.
        size = raw.FPDFText_GetFontSize(words, index) * (math.hypot(matrix.c, matrix.d) or 1)
        yield layout.Char(
            _letter(words, index, code), size, x.value, box.right, y.value, _bold(words, index)
        )


def _letter(words: pypdfium2.PdfTextPage, index: int, code: int) -> str:
    return "\u00ad" if raw.FPDFText_IsHyphen(words, index) == 1 else chr(code)


def _bold(words: pypdfium2.PdfTextPage, index: int) -> bool:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(words, index, name, 128, flags)
    heavy = raw.FPDFText_GetFontWeight(words, index) >= BOLD or flags.value & FORCE_BOLD
    return bool(heavy) or b"bold" in name.value.lower()


def slow(path: Path, first: int = 0) -> Iterator[dict[str, Any]]:
    """The text of the pages from `first` on by pypdf, which is slower and reads what pdfium does
    not. Whatever goes wrong with a page is damage in the file, and the others stand without it."""
    with path.open("rb") as file:
        pages = pypdf.PdfReader(file, strict=False).pages
        count = min(len(pages), PAGES)
        if not count:
            yield {"error": "no pages"}
        for index in range(first, count):
            try:
                yield {"text": pages[index].extract_text(), "of": count}
            except Exception as error:
                yield {"text": "", "says": type(error).__name__, "of": count}


def _structure(path: Path) -> Iterator[dict[str, Any]]:
    # A second opinion on a file that pdfium could read. Whatever goes wrong here is damage in the
    # file, and what pdfium found stands without it.
    try:
        with path.open("rb") as file:
            yield _described(pypdf.PdfReader(file, strict=False))
    except Exception as error:
        yield {"damage": f"{type(error).__name__}: {error}"[:500]}


def _described(reader: pypdf.PdfReader) -> dict[str, Any]:
    root: Any = reader.trailer["/Root"]
    info: Any = reader.metadata or {}
    return {
        "info": {key: str(info[f"/{key}"]) for key in INFO if info.get(f"/{key}")},
        "language": str(root["/Lang"]) if "/Lang" in root else "",
        "tagged": "/StructTreeRoot" in root and _marked(root),
        "outline": list(_titles(reader.outline)),
        "packet": _packet(root),
    }


def _marked(root: Any) -> bool:
    return "/MarkInfo" in root and bool(root["/MarkInfo"].get("/Marked"))


def _titles(outline: list[Any]) -> Iterator[str]:
    waiting = list(reversed(outline))
    given = 0
    while waiting and given < OUTLINE:
        entry = waiting.pop()
        if isinstance(entry, Destination):
            given += 1
            yield str(entry.title)
        elif isinstance(entry, list):
            waiting.extend(reversed(entry))


def _packet(root: Any) -> dict[str, list[str]]:
    """What the XMP packet says: its Dublin Core, and a DOI in whatever vocabulary."""
    if "/Metadata" not in root:
        return {}
    try:
        packet = xml.parse(root["/Metadata"].get_object().get_data(), limit=XMP)
    except ArchiveError:
        return {}
    said: dict[str, list[str]] = {}
    for element in packet.iter("{*}*"):
        name = str(element.tag).partition("}")[2]
        if str(element.tag).startswith(DUBLIN_CORE):
            values = [str(one).strip() for one in element.itertext()]
            said.setdefault(name, []).extend(one for one in values if one)
        elif name.lower() == "doi" and element.text:
            said.setdefault("doi", []).append(element.text)
        said.setdefault("doi", []).extend(
            str(value) for key, value in element.attrib.items() if str(key).lower().endswith("}doi")
        )
    return said


TASKS: Mapping[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "read": read,
    "slow": slow,
}


def main(task: str, path: str, seconds: str, *more: str) -> None:
    """Does one task; what it finds goes to standard output."""
    limited.limit(int(seconds))
    for found in TASKS[task](Path(path), *map(int, more)):
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
