"""The text of a file, page by page, to search in and to show around what was found."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ingest import documents, pdf, prose, quality
from ingest.documents import plain

PDF = "application/pdf"
MOST = 4 * 2**20  # bytes of a plain file that are read


class Text(NamedTuple):
    """One string a page, what is to be thought of them, and which library read them."""

    pages: list[str]
    verdict: quality.Verdict
    tool: str


def read(path: Path, media_type: str) -> Text:
    """The text of a file; no pages for kinds that we do not read. Raises an ArchiveError."""
    if media_type == PDF:
        sheets = pdf.sheets(path)
        found = [one.text for one in sheets.pages]
        images, scores = [one.image for one in sheets.pages], [one.score for one in sheets.pages]
        return Text(found, quality.judge(found, images, scores), sheets.tool)
    if media_type in documents.READERS:
        pages = list(documents.pages(path, media_type))
        return _judged(pages, f"open-archive ({documents.READERS[media_type]})")
    return _judged(PLAIN.get(media_type, _none)(path), "open-archive")


def text_of(path: Path, media_type: str) -> list[str]:
    """One string a page; none for kinds of files that we do not read. Raises an ArchiveError."""
    return read(path, media_type).pages


def _judged(pages: Sequence[str], tool: str) -> Text:
    # Nothing can be read anew here: no page of it is a picture.
    verdict = quality.judge(pages, [0.0] * len(pages), [quality.score(page) for page in pages])
    return Text(list(pages), verdict._replace(scans=(), rubbish=()), tool if pages else "")


def _none(path: Path) -> list[str]:
    return []


def _plain(path: Path) -> list[str]:
    with path.open("rb") as file:
        text = plain.decode(file.read(MOST))
    return [page for part in text.split("\f") for page in plain.cut(prose.tidy(part))]


PLAIN: Mapping[str, Callable[[Path], list[str]]] = {
    "text/plain": _plain,
    "text/csv": _plain,
    "text/markdown": _plain,
    "text/tab-separated-values": _plain,
    "text/x-tex": _plain,
}
