"""EPUB: chapters that are pages of the web, in a ZIP."""

from collections.abc import Iterator
from pathlib import Path

from ingest.documents import html, packed, plain
from repository.errors import Invalid

CONTAINER = "META-INF/container.xml"
LOCK = "META-INF/rights.xml"  # what shops put there that lock their books
CHAPTER = (".xhtml", ".html", ".htm")


def pages(path: Path) -> Iterator[str]:
    """Its chapters in the order of reading, each cut into pages."""
    with packed.opened(path) as pack:
        if LOCK in pack.names:
            raise packed.Locked
        for name in _chapters(pack):
            text = html.shown(pack.read(name))
            if text:
                yield from plain.cut(text)


def _chapters(pack: packed.Pack) -> list[str]:
    try:
        listed = list(_spine(pack))
    except (Invalid, KeyError):  # no order is said, or in a way that we do not read
        listed = []
    return listed or sorted(name for name in pack.names if name.lower().endswith(CHAPTER))


def _spine(pack: packed.Pack) -> Iterator[str]:
    container = pack.parse(CONTAINER)
    found = (one.get("full-path", "") for one in container.iter("{*}rootfile"))
    package = next(found, "")
    book = pack.parse(package)
    items = {one.get("id"): one for one in book.iter("{*}item")}
    for one in book.iter("{*}itemref"):
        item = items.get(one.get("idref"))
        name = packed.beside(package, item.get("href", "")) if item is not None else ""
        if name in pack.names:
            yield name
