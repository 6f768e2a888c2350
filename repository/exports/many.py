"""Several works in one file: those that a search has found, taken away.

MARCXML comes from the plug-in of harvesters' formats, when there is one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from repository import plugins
from repository.exports import bibtex, csl, csv, ris
from repository.records import Record

MARC = "http://www.loc.gov/MARC21/slim"


class Kind(NamedTuple):
    """A kind of file: what it is called, its media type, how works are written into it."""

    label: str
    media_type: str
    write: Callable[[Sequence[Record]], bytes]


def _bibtex(records: Sequence[Record]) -> bytes:
    return b"".join(bibtex.render_many(records))


def _ris(records: Sequence[Record]) -> bytes:
    return b"".join(ris.render_many(records))


def _csl(records: Sequence[Record]) -> bytes:
    return b"".join(csl.render_many(records))


def _marcxml(records: Sequence[Record]) -> bytes:
    format = plugins.named("open_archive.formats", "marcxml")
    whole = etree.Element(f"{{{MARC}}}collection", nsmap={None: MARC})
    whole.extend(one for one in map(format.render, records) if one is not None)
    return etree.tostring(whole, encoding="UTF-8", xml_declaration=True)


KINDS: Mapping[str, Kind] = {
    "csv": Kind("CSV", csv.MEDIA_TYPE, csv.dumps_all),
    "bib": Kind("BibTeX", bibtex.MEDIA_TYPE, _bibtex),
    "ris": Kind("RIS", ris.MEDIA_TYPE, _ris),
    "csl.json": Kind("CSL-JSON", csl.MEDIA_TYPE, _csl),
    "xml": Kind("MARCXML", "application/marcxml+xml", _marcxml),
}
