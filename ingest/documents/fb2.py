"""FictionBook, in which many books of the region go from hand to hand."""

from collections.abc import Iterator
from pathlib import Path

from ingest.documents import flow, plain
from repository import xml

LINES = frozenset({"p", "v", "title", "subtitle", "text-author", "tr", "book-title", "section"})


def pages(path: Path) -> Iterator[str]:
    """Its text, cut into pages."""
    root = xml.parse(path)
    texts = flow.pages(
        root,
        lines=LINES,
        breaks=lambda element: False,
        skip={"binary", "stylesheet", "document-info", "publish-info"},
        spaces=lambda element: "",
    )
    yield from plain.cut("".join(texts))
