"""MARCXML: MARC 21 in XML, as most library systems take it."""

from collections.abc import Iterable, Iterator

from repository.exports import xml_files
from repository.records import Record

MEDIA_TYPE = "application/marcxml+xml"
EXTENSION = "xml"
NAMESPACE = "http://www.loc.gov/MARC21/slim"


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """A collection of the records."""
    return xml_files.render("marcxml", "collection", NAMESPACE, records)
