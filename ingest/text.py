"""The text of a file, page by page, to search in and to show around what was found."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest import pdf, prose

MOST = 4 * 2**20  # bytes of a plain file that are read
PAGE = 4000  # characters; a plain file has no pages, but a hit should be near its snippet
# The encodings in which Russian and Kyrgyz texts of the last forty years are kept.
OLD = ("cp1251", "koi8-r", "cp866")
_FREQUENT = frozenset("оеаинтсрвлк")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def text_of(path: Path, media_type: str) -> list[str]:
    """One string a page; none for kinds of files that we do not read. Raises a `pdf.PdfError`."""
    return READERS.get(media_type, _none)(path)


def _none(path: Path) -> list[str]:
    return []


def _plain(path: Path) -> list[str]:
    with path.open("rb") as file:
        text = decode(file.read(MOST))
    return [page for part in text.split("\f") for page in _pages(prose.tidy(part))]


def _pages(text: str) -> list[str]:
    pages: list[list[str]] = [[]]
    size = 0
    for line in text.splitlines(keepends=True):
        if size > PAGE:
            pages.append([])
            size = 0
        pages[-1].append(line)
        size += len(line)
    return ["".join(page) for page in pages]


def decode(data: bytes) -> str:
    """The text of the bytes, in the encoding that its letters make likely."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two at the end is no reason to think of another encoding.
        if error.start > len(data) - 4 and error.start > 0:
            return data[: error.start].decode("utf-8")
    return data.decode(max(OLD, key=lambda name: _likeness(data, name)), errors="replace")


def _likeness(data: bytes, encoding: str) -> int:
    """How often the letters stand there that are frequent in Russian and in Kyrgyz."""
    sample = data[:20_000].decode(encoding, errors="replace")
    counts = Counter(re.findall("[а-я]", sample))
    return sum(counts[letter] for letter in _FREQUENT)


READERS: Mapping[str, Callable[[Path], list[str]]] = {
    "application/pdf": pdf.text,
    "text/plain": _plain,
    "text/csv": _plain,
    "text/markdown": _plain,
    "text/tab-separated-values": _plain,
}
