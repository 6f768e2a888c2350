"""Word's documents (Office Open XML)."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ingest.documents import flow, packed, plain

MAIN = "word/document.xml"
NOTES = ("footnotes.xml", "endnotes.xml")
# A drawing says its text twice, the second time for old programs.
SKIP = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})


def pages(path: Path) -> Iterator[str]:
    """Its pages, as Word broke them the last time, else cut; the notes come last."""
    with packed.opened(path) as pack:
        main = _main(pack)
        texts = list(_text(pack.parse(main)))
        yield from texts if len(texts) > 1 else plain.cut(texts[0])
        for name in NOTES:
            part = packed.beside(main, name)
            if part in pack.names:
                notes = "".join(_text(pack.parse(part)))
                if notes.strip():
                    yield from plain.cut(notes)


def _main(pack: packed.Pack) -> str:
    if "_rels/.rels" not in pack.names:
        return MAIN
    for one in pack.parse("_rels/.rels"):
        if one.get("Type", "").endswith("/officeDocument"):
            return packed.beside("", one.get("Target", MAIN))
    return MAIN


def _text(root: etree._Element) -> Iterator[str]:
    return flow.pages(
        root, lines={"p"}, breaks=_breaks, skip=SKIP, spaces=_spaces, only=frozenset({"t"})
    )


def _breaks(element: etree._Element) -> bool:
    return flow.local(element) == "lastRenderedPageBreak"


def _spaces(element: etree._Element) -> str:
    names = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
    return names.get(flow.local(element), "")
