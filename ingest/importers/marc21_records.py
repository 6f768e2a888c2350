"""A record of MARC 21 in ISO 2709 as MARCXML: its bytes taken apart and made letters.

Files lie about both. Lengths that do not fit are made good by the marks at the ends of fields, and
an encoding that is not the one that the leader says is told by the bytes.
"""

import re
from typing import NamedTuple

from lxml import etree
from pymarc import marc8

from ingest.irbis import encodings
from ingest.irbis.iso2709 import ENTRY, FIELD_END, LEADER, MARK
from schemas import text

NAMESPACE = "http://www.loc.gov/MARC21/slim"
MOST_FIELDS = 8_400  # more entries than a directory has room for
MARC8 = "MARC-8"
_BETWEEN = b"\r\n\t \0\x1a"  # what programs put between records
_TAG = re.compile(rb"[0-9A-Za-z]{3}")
# Three letters on end that are no ASCII: Cyrillic of one byte a letter, which ANSEL never has.
_CYRILLIC = re.compile(rb"[\x80-\xff]{3}")
LENGTHS = "The lengths in its directory are wrong: its fields were told by the marks at their ends."
GUESSED = "It does not say in which encoding it is, and was read as %s: look at its letters."
CLEANED = "Characters that no text has were left out of it."
UNIMARC = "It has field 200 and no 245, as RUSMARC has it. Choose the format irbis."


class Odd(ValueError):
    """What is wrong with a record, and what can be done."""


class Read(NamedTuple):
    """A record as MARCXML, and what was guessed."""

    element: etree._Element
    remarks: tuple[str, ...]


def read(raw: bytes) -> Read:
    """The record in these bytes. Raises Odd where it is none."""
    raw = raw.lstrip(_BETWEEN)
    if len(raw) < LEADER + 1:
        raise Odd("It is shorter than a leader of 24 characters. Ask for the file again.")
    encoding, remarks = _encoding(raw)
    fields, fit = _fields(raw)
    if not fit:
        remarks = [*remarks, LENGTHS]
    made = etree.Element(f"{{{NAMESPACE}}}record", nsmap={None: NAMESPACE})
    leader = text.clean(raw[:LEADER].decode("latin-1"))
    etree.SubElement(made, f"{{{NAMESPACE}}}leader").text = leader
    tags = {tag for tag, _ in fields}
    if "200" in tags and "245" not in tags:
        raise Odd(UNIMARC)
    removed = [_add(made, tag, data, encoding) for tag, data in fields]
    return Read(made, tuple([*remarks, CLEANED] if any(removed) else remarks))


def _encoding(raw: bytes) -> tuple[str, list[str]]:
    """What the bytes are written in, and a remark where that was guessed."""
    if b"\x1b" in raw:
        return MARC8, []
    if raw.isascii():
        return "ascii", []
    try:
        raw.decode("utf-8")
        return "utf-8", []
    except UnicodeDecodeError as error:
        if _CYRILLIC.search(raw):
            found = encodings.of(raw[LEADER:])
            found = "cp1251" if found == "utf-8" else found
            return found, [GUESSED % found]
        if raw[9:10] == b"a":
            raise Odd(
                f"It says that it is UTF-8, and byte {error.start + 1} is not. Save it as UTF-8."
            ) from error
        return MARC8, []


def _fields(raw: bytes) -> tuple[list[tuple[str, bytes]], bool]:
    """The tags and the bytes of the fields, and whether the lengths were right."""
    end = raw.find(FIELD_END)
    directory = raw[LEADER:end]
    if end < 0 or len(directory) % ENTRY or len(directory) > MOST_FIELDS * ENTRY:
        raise Odd("Its directory is broken: it has no entries of 12 characters. Export it again.")
    entries = [directory[at : at + ENTRY] for at in range(0, len(directory), ENTRY)]
    wrong = next((entry for entry in entries if not _TAG.match(entry)), None)
    if wrong is not None:
        raise Odd(
            f"“{text.line(wrong[:3].decode('latin-1'))}” is no tag. Correct it, or export again."
        )
    found = _by_lengths(raw, end + 1, entries)
    if found is not None:
        return found, True
    bodies = raw[end + 1 :].split(FIELD_END)
    if len(bodies) - 1 != len(entries):
        raise Odd(
            f"Its directory has {len(entries)} entries, and {len(bodies) - 1} fields follow. "
            "Export it again."
        )
    places = [entry[7:] for entry in entries]
    if places != sorted(places):
        raise Odd("The lengths in its directory are wrong, and its order is lost. Export it again.")
    return [
        (entry[:3].decode("ascii"), body) for entry, body in zip(entries, bodies, strict=False)
    ], False


def _by_lengths(raw: bytes, base: int, entries: list[bytes]) -> list[tuple[str, bytes]] | None:
    """The fields where the directory says that they are; None where one is not there."""
    found = []
    for entry in entries:
        if not entry[3:].isdigit():
            return None
        start, length = base + int(entry[7:]), int(entry[3:7])
        data = raw[start : start + length]
        if len(data) < length or not data.endswith(FIELD_END) or FIELD_END in data[:-1]:
            return None
        found.append((entry[:3].decode("ascii"), data[:-1]))
    return found


def _add(record: etree._Element, tag: str, data: bytes, encoding: str) -> bool:
    """Adds a field; gives whether something of it could not be kept."""
    if tag.startswith("00"):
        made = etree.SubElement(record, f"{{{NAMESPACE}}}controlfield", tag=tag)
        made.text, removed = _clean(data, encoding, tag)
        return removed
    marks, *parts = data.split(MARK)
    if not parts:  # a field without subfields, as some programs write it
        marks, parts = b"  ", [b"a" + data]
    signs = [text.line(one) or " " for one in marks.decode("latin-1").ljust(2)[:2]]
    made = etree.SubElement(
        record, f"{{{NAMESPACE}}}datafield", tag=tag, ind1=signs[0], ind2=signs[1]
    )
    some = False
    for part in filter(None, parts):
        code = text.line(part[:1].decode("latin-1")) or "-"
        under = etree.SubElement(made, f"{{{NAMESPACE}}}subfield", code=code)
        under.text, removed = _clean(part[1:], encoding, tag)
        some = some or removed
    return some


def _clean(data: bytes, encoding: str, tag: str) -> tuple[str, bool]:
    try:
        plain = data.isascii() and b"\x1b" not in data
        if encoding == MARC8 and not plain:
            said = marc8.marc8_to_unicode(data, hide_utf8_warnings=True)
        else:
            said = data.decode("ascii" if plain else encoding)
    # pymarc's tables raise what they please for bytes that MARC-8 does not know.
    except (ValueError, LookupError, TypeError) as error:
        raise Odd(f"Field {tag} is not {encoding}. Save the file as UTF-8.") from error
    return text.clean(said), text.has_forbidden(said)
