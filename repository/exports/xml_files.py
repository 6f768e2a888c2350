"""Works in one XML file: the records of a format for harvesters, in the element that holds many."""

from collections.abc import Iterable, Iterator

from lxml import etree

from repository import plugins
from repository.records import Record

MEDIA_TYPE = "application/xml"
EXTENSION = "xml"
DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def render(format: str, root: str, namespace: str, records: Iterable[Record]) -> Iterator[bytes]:
    """The file piece by piece: `root` is opened, each record follows, `root` is closed."""
    plugin = plugins.named("open_archive.formats", format, ("render",))
    yield DECLARATION + f'<{root} xmlns="{namespace}">\n'.encode()
    for record in records:
        element = plugin.render(record)
        if element is not None:
            yield etree.tostring(element, encoding="UTF-8") + b"\n"
    yield f"</{root}>\n".encode()
