"""Dublin Core as XML: oai_dc, qualified, or RDF; a file with one record or many, or a folder."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ingest.harvest import readers
from ingest.harvest.readers.elements import local
from ingest.importers import described, heads, xml_records
from ingest.importers.xml_records import Piece
from ingest.rows import Row

# What holds a record, in the order of how surely it does.
NAMES = ("dc", "qualifieddc", "Description", "Work", "record", "metadata")
NAMESPACE = "http://purl.org/dc/elements/1.1/"


def read(source: Path) -> Iterator[Row]:
    """The records, known again by a DOI, a handle or an address, else by what they say."""
    for path in xml_records.files(source, ".xml", ".rdf", ".dc"):
        for piece in xml_records.read(path, *NAMES, nested=""):
            yield described.of_piece(_own(piece))


def count(source: Path) -> int:
    """How many records begin."""
    found = xml_records.files(source, ".xml", ".rdf", ".dc")
    return sum(xml_records.count(path, *NAMES) for path in found)


def _own(piece: Piece) -> Piece:
    """A record whose wrapping is nobody's, or RDF's, in the wrapping of Dublin Core."""
    element = piece.element
    if element is None or readers.naming(element) is not None:
        return piece
    if not any(readers.naming(one) == "oai_dc" for one in element.iter("{*}*")):
        return piece
    made = etree.Element(f"{{{NAMESPACE}}}dc", nsmap={"dc": NAMESPACE})
    about = next((value for name, value in element.items() if name.endswith("}about")), "")
    if about:
        etree.SubElement(made, f"{{{NAMESPACE}}}identifier").text = about
    made.extend(one for one in element if local(one))
    return Piece(piece.place, piece.number, made)


def recognises(source: Path) -> bool:
    """Whether it looks like such a file."""
    return heads.speaks(source, b"purl.org/dc/", b"oai_dc")
