"""Answers of the protocol, read back for people: the same bytes that harvesters get, as values."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from lxml import etree
from markupsafe import Markup

from oai import markup
from oai.envelope import NAMESPACE
from repository import xml

_O = f"{{{NAMESPACE}}}"


class Header(NamedTuple):
    """The header of a record. `title` is what its metadata begin with, `language` its language."""

    identifier: str
    datestamp: datetime
    specs: list[str]
    deleted: bool
    title: str = ""
    language: str = ""
    metadata: Markup = Markup("")
    about: list[Markup] = []  # noqa: RUF012 - never changed


class Format(NamedTuple):
    """A metadata format."""

    prefix: str
    schema: str
    namespace: str


class Set(NamedTuple):
    """A set; `depth` is how many are above it."""

    spec: str
    name: str
    depth: int


class Shown(NamedTuple):
    """An answer. Of a list, `cursor` is the place of its first record and `size` how many there
    are in all; both are None where the list has one page. `token` leads to the next page."""

    moment: datetime
    error: str = ""
    says: str = ""
    facts: list[tuple[str, str]] = []  # noqa: RUF012 - never changed
    descriptions: list[Markup] = []  # noqa: RUF012
    formats: list[Format] = []  # noqa: RUF012
    sets: list[Set] = []  # noqa: RUF012
    records: list[Header] = []  # noqa: RUF012
    token: str = ""
    cursor: int | None = None
    size: int | None = None


def read(body: bytes) -> Shown:
    """The answer in these bytes."""
    root = xml.parse(body)
    shown = Shown(moment(root.findtext(f"{_O}responseDate", "")))
    error = root.find(f"{_O}error")
    if error is not None:
        return shown._replace(error=error.get("code", ""), says=error.text or "")
    token = root.find(f".//{_O}resumptionToken")
    if token is not None:
        shown = shown._replace(
            token=token.text or "",
            cursor=int(token.get("cursor", "0")),
            size=int(token.get("completeListSize", "0")),
        )
    return shown._replace(
        facts=list(_facts(root)),
        descriptions=[markup.shown(one[0]) for one in root.iterfind(f"*/{_O}description")],
        formats=[_format(one) for one in root.iter(f"{_O}metadataFormat")],
        sets=[_set(one) for one in root.iter(f"{_O}set")],
        records=[_record(one) for one in root.iter(f"{_O}header")],
    )


def moment(said: str) -> datetime:
    """The moment of a UTCdatetime."""
    return datetime.fromisoformat(said)


def _facts(root: etree._Element) -> Iterator[tuple[str, str]]:
    for one in root.iterfind(f"{_O}Identify/*"):
        if not len(one):
            yield etree.QName(one).localname, one.text or ""


def _format(element: etree._Element) -> Format:
    names = ("metadataPrefix", "schema", "metadataNamespace")
    return Format(*(element.findtext(f"{_O}{name}", "") for name in names))


def _set(element: etree._Element) -> Set:
    spec = element.findtext(f"{_O}setSpec", "")
    return Set(spec, element.findtext(f"{_O}setName", ""), spec.count(":"))


def _record(header: etree._Element) -> Header:
    found = Header(
        identifier=header.findtext(f"{_O}identifier", ""),
        datestamp=moment(header.findtext(f"{_O}datestamp", "")),
        specs=[one.text or "" for one in header.iterfind(f"{_O}setSpec")],
        deleted=header.get("status") == "deleted",
    )
    record = header.getparent()
    metadata = None if record is None else record.find(f"{_O}metadata")
    if record is None or metadata is None:
        return found
    title, language = _title(metadata)
    return found._replace(
        title=title,
        language=language,
        metadata=markup.shown(metadata[0]),
        about=[markup.shown(one[0]) for one in record.iterfind(f"{_O}about")],
    )


def _title(metadata: etree._Element) -> tuple[str, str]:
    """The first title that there is, in whatever format, and its language."""
    for one in metadata.iter("{*}title", "{*}subfield"):
        field = one.getparent()
        said = "".join(str(part) for part in one.itertext()).strip()
        is_title = etree.QName(one).localname == "title" or (
            one.get("code") == "a" and field is not None and field.get("tag") in ("245", "200")
        )
        if said and is_title:
            language = one.get("{http://www.w3.org/XML/1998/namespace}lang", "")
            return said, language
    return "", ""
