"""MODS: the Library of Congress's richer description in XML."""

from collections.abc import Iterable, Iterator

from repository.exports import xml_files
from repository.records import Record

MEDIA_TYPE = "application/mods+xml"
EXTENSION = "xml"
NAMESPACE = "http://www.loc.gov/mods/v3"


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """A collection of the records."""
    return xml_files.render("mods", "modsCollection", NAMESPACE, records)
