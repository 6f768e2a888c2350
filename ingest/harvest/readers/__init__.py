"""Readers of metadata formats: each a module with NAMESPACES and `read(element) -> Description`.

A reader takes what it understands; what of it makes sense is judged by `describing`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from ingest.harvest.protocol import Kind
from ingest.harvest.readers import datacite, marcxml, mods, oai_dc
from ingest.harvest.readers.elements import Description


class Reader(NamedTuple):
    """The beginnings of the namespaces that it reads, and how."""

    namespaces: tuple[str, ...]
    read: Callable[[etree._Element], Description]


# The richest first: they keep names, dates and kinds apart, where Dublin Core has texts.
READERS: Mapping[str, Reader] = {
    "mods": Reader(mods.NAMESPACES, mods.read),
    "marcxml": Reader(marcxml.NAMESPACES, marcxml.read),
    "oai_datacite": Reader(datacite.NAMESPACES, datacite.read),
    "oai_dc": Reader(oai_dc.NAMESPACES, oai_dc.read),
}


def naming(element: etree._Element) -> str | None:
    """The name of who reads an element, by its namespace."""
    namespace = etree.QName(element).namespace or ""
    found = READERS.items()
    return next((name for name, one in found if namespace.startswith(one.namespaces)), None)


def reader(element: etree._Element) -> Reader | None:
    """Who reads an element, by its namespace."""
    name = naming(element)
    return READERS[name] if name else None


def best(kinds: Sequence[Kind]) -> Kind | None:
    """The best of a repository's formats that we read."""
    for name, one in READERS.items():
        for kind in sorted(kinds, key=lambda kind: kind.prefix != name):
            if kind.namespace.startswith(one.namespaces):
                return kind
    return next((kind for name in READERS for kind in kinds if kind.prefix == name), None)
