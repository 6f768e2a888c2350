"""MARC 21 in ISO 2709 (*.mrc), in UTF-8, as library systems load it."""

import io
from collections.abc import Iterable, Iterator

import pymarc
from lxml import etree

from repository import plugins
from repository.records import Record

MEDIA_TYPE = "application/marc"
EXTENSION = "mrc"


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """The records, one after another."""
    plugin = plugins.named("open_archive.formats", "marcxml", ("render",))
    for record in records:
        element = plugin.render(record)
        if element is not None:
            for one in pymarc.parse_xml_to_array(io.BytesIO(etree.tostring(element))):
                yield one.as_marc()
