"""The one way in which this project reads XML: strictly, and with nothing from outside.

No entity is expanded, no DTD loaded, no network asked. A DOCTYPE is refused before the parser
sees it: what we read never needs one, and entity bombs and stolen files begin with one.
"""

import re
from pathlib import Path

from lxml import etree

from repository.errors import Invalid, TooLarge

LIMIT = 64 * 2**20
# Encodings in which the letters of "<!DOCTYPE" are what they seem, whatever else they may be.
ENCODINGS = frozenset(
    "utf-8 utf8 us-ascii ascii utf-16 utf-16le utf-16be iso-8859-1 iso-8859-5 windows-1251 "
    "windows-1252 koi8-r".split()
)
_DECLARATION = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_PROLOGUE = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def parse(source: bytes | Path, *, limit: int = LIMIT) -> etree._Element:
    """The root element. Raises TooLarge, or Invalid with the line of what is wrong."""
    data = source if isinstance(source, bytes) else _read(source, limit)
    if len(data) > limit:
        raise TooLarge(
            "The XML is larger than %(limit)s MB. Split it into several files.", limit=limit >> 20
        )
    check_prologue(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid(
            "The XML is broken: %(problem)s. Correct it, or ask for the file again.",
            problem=_problem(error),
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _refusal()
    return root


def serialise(root: etree._Element) -> bytes:
    """The element as a UTF-8 document."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        # Asked for all that might come, Python would set aside room for all of it.
        return file.read(min(limit, path.stat().st_size) + 1)


def check_prologue(data: bytes) -> None:
    # Without its NULs UTF-16 reads like ASCII, which is all that a prologue's markup is made of.
    start = data[: 2**16].replace(b"\0", b"")
    for mark in _MARKS:
        start = start.removeprefix(mark)
    declared = _DECLARATION.match(start)
    if declared and declared[1].decode("latin-1").lower() not in ENCODINGS:
        raise Invalid(
            "The XML says that its encoding is “%(encoding)s”. Save it as UTF-8.",
            encoding=declared[1].decode("latin-1")[:40],
        )
    found = _PROLOGUE.match(start)
    if found and start[found.end() :][:9].upper() == b"<!DOCTYPE":
        raise _refusal()


def _refusal() -> Invalid:
    return Invalid("The XML has a DOCTYPE, which is not accepted. Remove it with all its entities.")


def _problem(error: etree.XMLSyntaxError) -> str:
    # libxml2 ends its message with the place; we begin with it.
    message = re.sub(r", line \d+, column \d+.*", "", error.msg or "it ends too early")
    return f"line {error.lineno}: {message}"
