"""OpenDocument texts."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ingest.documents import flow, packed, plain

SKIP = frozenset({"tracked-changes", "annotation", "scripts", "automatic-styles", "meta"})
MOST_SPACES = 100


def pages(path: Path) -> Iterator[str]:
    """Its pages, as the program broke them the last time, else cut."""
    with packed.opened(path) as pack:
        _check(pack)
        texts = list(_text(pack.parse("content.xml")))
    yield from texts if len(texts) > 1 else plain.cut(texts[0])


def _check(pack: packed.Pack) -> None:
    # Parts that are encrypted are plain members of the ZIP; only the manifest tells.
    if "META-INF/manifest.xml" in pack.names and b"encryption-data" in pack.read(
        "META-INF/manifest.xml"
    ):
        raise packed.Locked


def _text(root: etree._Element) -> Iterator[str]:
    return flow.pages(root, lines={"p", "h"}, breaks=_breaks, skip=SKIP, spaces=_spaces)


def _breaks(element: etree._Element) -> bool:
    return flow.local(element) == "soft-page-break"


def _spaces(element: etree._Element) -> str:
    name = flow.local(element)
    if name == "s":
        said = next((value for key, value in element.attrib.items() if str(key).endswith("}c")), "")
        return " " * min(int(said) if str(said).isdigit() else 1, MOST_SPACES)
    return {"tab": "\t", "line-break": "\n"}.get(name, "")
