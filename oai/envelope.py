"""What surrounds every answer of the protocol; the one place where OAI-PMH is serialised.

Lists are put together from bytes: the envelope is made of elements with a mark in the place of the
records, serialised, and cut at the mark.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from oai.elements import XSI, Names

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"

oai = Names(NAMESPACE)


def stamp(seconds: int) -> str:
    """YYYY-MM-DDThh:mm:ssZ of seconds since 1970."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _mark() -> etree._Element:
    return etree.ProcessingInstruction("records")


_MARK = etree.tostring(_mark())


def _root() -> etree._Element:
    made = etree.Element(f"{{{NAMESPACE}}}OAI-PMH", nsmap={None: NAMESPACE, "xsi": XSI})
    made.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    return made


def fragment(element: etree._Element) -> bytes:
    """An element as it is inside an answer, where its namespace is declared already."""
    root = _root()
    root.append(element)
    return etree.tostring(root, encoding="UTF-8")[len(_OPEN) : -len(_CLOSE)]


def _ends(element: etree._Element) -> list[bytes]:
    return etree.tostring(element, encoding="UTF-8").split(_MARK)


def _marked_root() -> etree._Element:
    root = _root()
    root.append(_mark())
    return root


_OPEN, _CLOSE = _ends(_marked_root())
_RECORD_OPEN, _RECORD_CLOSE = fragment(oai("record", _mark())).split(_MARK)
_METADATA_OPEN, _METADATA_CLOSE = fragment(oai("metadata", _mark())).split(_MARK)
_ABOUT_OPEN, _ABOUT_CLOSE = fragment(oai("about", _mark())).split(_MARK)


def header(
    identifier: str, seconds: int, specs: Iterable[str], *, status: str | None = None
) -> bytes:
    """The header of a record; `status` is "deleted" or None."""
    return fragment(
        oai(
            "header",
            oai("identifier", identifier),
            oai("datestamp", stamp(seconds)),
            *(oai("setSpec", spec) for spec in specs),
            status=status,
        )
    )


def metadata(payload: etree._Element) -> bytes:
    """A record's metadata part. The payload declares all of its namespaces itself."""
    return _METADATA_OPEN + etree.tostring(payload, encoding="UTF-8") + _METADATA_CLOSE


def about(payload: etree._Element) -> bytes:
    """A record's about part. The payload declares all of its namespaces itself."""
    return _ABOUT_OPEN + etree.tostring(payload, encoding="UTF-8") + _ABOUT_CLOSE


def records(rows: Iterable[Sequence[bytes | None]]) -> bytes:
    """Records side by side, of their headers and bodies; without a body they are deleted."""
    return b"".join(
        [
            part
            for header, metadata in rows
            for part in (_RECORD_OPEN, header or b"", metadata or b"", _RECORD_CLOSE)
        ]
    )


def headers(rows: Iterable[Sequence[bytes | None]]) -> bytes:
    """The headers alone, side by side."""
    return b"".join([header or b"" for header, _ in rows])


# Without an address of ours: in some languages a domain name has two hyphens side by side.
_FOR_PEOPLE = " To read this as a page, put /oai/browse in the place of /oai in the address. "


class Frame(NamedTuple):
    """What an answer says of its request. `echo` is empty when the arguments were not legal."""

    base_url: str
    stylesheet: str | None
    echo: Mapping[str, str]
    seconds: int


def answer(frame: Frame, *body: etree._Element) -> bytes:
    """An answer made of elements."""
    root = _root()
    root.append(oai("responseDate", stamp(frame.seconds)))
    request = oai("request", frame.base_url)
    for name, value in frame.echo.items():
        request.set(name, value)
    root.append(request)
    root.extend(body)
    if frame.stylesheet:
        root.addprevious(etree.Comment(_FOR_PEOPLE))
        said = f'type="text/xsl" href="{frame.stylesheet}"'
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", said))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def listing(
    frame: Frame, verb: str, resumption: etree._Element | None = None
) -> tuple[bytes, bytes]:
    """What comes before and after the records of an answer that are bytes already."""
    opening, closing = answer(frame, oai(verb, _mark(), resumption)).split(_MARK)
    return opening, closing
