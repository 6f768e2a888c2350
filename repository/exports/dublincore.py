"""Dublin Core in XML (oai_dc): the description that every system reads."""

from collections.abc import Iterable, Iterator

from repository.exports import xml_files
from repository.records import Record

MEDIA_TYPE = "application/xml"
EXTENSION = "xml"
NAMESPACE = "urn:open-archive:records"


def render_many(records: Iterable[Record]) -> Iterator[bytes]:
    """The records, one after another."""
    return xml_files.render("oai_dc", "records", NAMESPACE, records)
