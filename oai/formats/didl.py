"""didl: MPEG-21 DIDL, a work and its files in one package (ISO/IEC 21000-2).

One Item: its identifier, its description in oai_dc, and a Component for every file that everybody
may open.
"""

from lxml import etree

from oai.elements import XSI, Names, located
from oai.formats import oai_dc
from repository.records import Record

NAMESPACE = "urn:mpeg:mpeg21:2002:02-DIDL-NS"
SCHEMA = (
    "http://standards.iso.org/ittf/PubliclyAvailableStandards/MPEG-21_schema_files/did/didl.xsd"
)
VERSION = 1

_DII = "urn:mpeg:mpeg21:2002:01-DII-NS"
_didl = Names(NAMESPACE, {"didl": NAMESPACE, "xsi": XSI})
_dii = Names(_DII, {"dii": _DII})


def render(record: Record) -> etree._Element:
    """The package."""
    item = _didl(
        "Item",
        _statement(_dii.root("Identifier", record.url)),
        _statement(oai_dc.render(record)),
        *(
            _didl("Component", _didl("Resource", ref=file.url, mimeType=file.media_type))
            for file in record.files
            if file.free
        ),
    )
    return located(_didl.root("DIDL", item), SCHEMA)


def _statement(content: etree._Element) -> etree._Element:
    return _didl(
        "Descriptor", _didl("Statement", content, mimeType="application/xml; charset=utf-8")
    )
