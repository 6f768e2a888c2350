"""The process that takes the text out of PDFs, with little memory, little time, nothing to lose.

`python -m ingest.pdf_text_child FILE SECONDS` writes one JSON object a line, each a page. It knows
pdfium only and so starts quickly; what pdfium does not read is asked of `ingest.pdf_child`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from ingest import limited

PAGES = 20_000
# A page with fewer letters may be a picture of one; its pictures are looked for, so many.
FEW = 200
PICTURES = 200


def text(path: Path) -> Iterator[dict[str, Any]]:
    """The text of one page after the other."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        yield {"error": "locked" if locked else "broken"}
        return
    try:
        yield from _page_texts(document)
    finally:
        document.close()


def _page_texts(document: pypdfium2.PdfDocument) -> Iterator[dict[str, Any]]:
    count = min(len(document), PAGES)
    for index in range(count):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            yield {"text": "", "failed": True, "of": count}
            continue
        words = page.get_textpage()
        text = words.get_text_range()
        words.close()
        yield {"text": text, "of": count} | ({"image": _pictured(page)} if _few(text) else {})
        page.close()


def _few(text: str) -> bool:
    return len("".join(text[: 4 * FEW].split())) < FEW


def _pictured(page: pypdfium2.PdfPage) -> float:
    """How much of the page is pictures: 1 where they cover all of it."""
    width, height = page.get_size()
    covered = 0.0
    found = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    for _, one in zip(range(PICTURES), found, strict=False):
        left, bottom, right, top = one.get_bounds()
        across = min(right, width) - max(left, 0)
        covered += max(0.0, across) * max(0.0, min(top, height) - max(bottom, 0))
    return round(min(1.0, covered / (width * height or 1)), 3)


def main(path: str, seconds: str) -> None:
    """Reads one file; what it finds goes to standard output."""
    limited.limit(int(seconds))
    for found in text(Path(path)):
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
