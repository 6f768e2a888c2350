"""Feeds of works: Atom (RFC 4287) and RSS 2.0, with OpenSearch's counts where they are a search's.

An entry offers the file that everybody may be handed, and no other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from repository import xml
from repository.records import Record, RecordFile
from schemas import vocabulary
from schemas import work as profile

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PEOPLE = 50  # that an entry names


@dataclass(frozen=True)
class Found:
    """What a feed is a page of: a search's words, how much it finds, where the page stands."""

    words: str
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class Feed:
    """A feed. `id` stays while addresses change; `links` are further ones, by their rel."""

    title: str
    id: str
    page: str
    address: str
    language: str
    records: Sequence[Record]
    found: Found | None = None
    links: tuple[tuple[str, str], ...] = ()

    @property
    def updated(self) -> datetime:
        """When the youngest change of what is in it was."""
        return max((one.changed for one in self.records), default=NEVER)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> None:
    etree.SubElement(parent, name, attributes).text = text


def _enclosure(record: Record) -> RecordFile | None:
    free = [one for one in record.files if one.free]
    pdfs = [one for one in free if one.media_type == "application/pdf"]
    return next(iter(pdfs or free), None)


def _abstract(record: Record) -> str:
    return next((one["text"] for one in record.document.get("abstracts", ())), "")


def _creators(record: Record) -> Iterable[dict[str, Any]]:
    return record.document.get("creators", ())[:PEOPLE]


def _title(record: Record) -> str:
    return profile.main_title(record.document)["text"]


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "opensearch": OPENSEARCH})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _add(root, f"{{{ATOM}}}id", feed.id)
    _add(root, f"{{{ATOM}}}title", feed.title)
    _add(root, f"{{{ATOM}}}updated", _atom_moment(feed.updated))
    _add(root, f"{{{ATOM}}}link", rel="self", type=MEDIA_TYPES["atom"], href=feed.address)
    _add(root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=feed.page)
    for rel, href in feed.links:
        _add(root, f"{{{ATOM}}}link", rel=rel, type=MEDIA_TYPES["atom"], href=href)
    _counts(root, feed.found)
    for record in feed.records:
        _entry(etree.SubElement(root, f"{{{ATOM}}}entry"), record)
    return xml.serialise(root)


def _atom_moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _counts(parent: etree._Element, found: Found | None) -> None:
    if found:
        first = (found.page - 1) * found.size + 1
        _add(parent, f"{{{OPENSEARCH}}}totalResults", str(found.total))
        _add(parent, f"{{{OPENSEARCH}}}startIndex", str(first))
        _add(parent, f"{{{OPENSEARCH}}}itemsPerPage", str(found.size))
        query = {"searchTerms": found.words, "startPage": str(found.page)}
        _add(parent, f"{{{OPENSEARCH}}}Query", role="request", **query)


def _entry(entry: etree._Element, record: Record) -> None:
    _add(entry, f"{{{ATOM}}}id", f"urn:uuid:{record.uuid}")
    _add(entry, f"{{{ATOM}}}title", _title(record))
    _add(entry, f"{{{ATOM}}}published", _atom_moment(record.published))
    _add(entry, f"{{{ATOM}}}updated", _atom_moment(record.changed))
    creators = [profile.agent_reading(one) for one in _creators(record)]
    for name in creators or [""]:  # an entry without any author would not be valid
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        _add(author, f"{{{ATOM}}}name", name or "–")
    _add(entry, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=record.url)
    file = _enclosure(record)
    if file:
        about = {"type": file.media_type, "length": str(file.size), "title": file.name}
        _add(entry, f"{{{ATOM}}}link", rel="enclosure", href=file.url, **about)
    licence = vocabulary.LICENCES.get(record.document.get("licence", ""))
    if licence and licence.url:
        _add(entry, f"{{{ATOM}}}link", rel="license", href=licence.url)
    for keyword in record.document.get("keywords", ()):
        _add(entry, f"{{{ATOM}}}category", term=keyword["text"])
    if _abstract(record):
        _add(entry, f"{{{ATOM}}}summary", _abstract(record), type="text")


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = etree.Element(
        "rss", nsmap={"atom": ATOM, "dc": DC, "opensearch": OPENSEARCH}, version="2.0"
    )
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.title)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    _add(channel, f"{{{ATOM}}}link", rel="self", type=MEDIA_TYPES["rss"], href=feed.address)
    for rel, href in feed.links:
        _add(channel, f"{{{ATOM}}}link", rel=rel, type=MEDIA_TYPES["rss"], href=href)
    _counts(channel, feed.found)
    for record in feed.records:
        _item(etree.SubElement(channel, "item"), record)
    return xml.serialise(root)


def _item(item: etree._Element, record: Record) -> None:
    _add(item, "title", _title(record))
    _add(item, "link", record.url)
    _add(item, "guid", f"urn:uuid:{record.uuid}", isPermaLink="false")
    _add(item, "pubDate", format_datetime(record.published, usegmt=True))
    for one in _creators(record):
        _add(item, f"{{{DC}}}creator", profile.agent_reading(one))
    # Readers of RSS take a description for HTML: a "<" of the abstract must not begin a tag there.
    abstract = _abstract(record).replace("&", "&amp;").replace("<", "&lt;")
    if abstract:
        _add(item, "description", abstract)
    for keyword in record.document.get("keywords", ()):
        _add(item, "category", keyword["text"])
    file = _enclosure(record)
    if file:
        _add(item, "enclosure", url=file.url, length=str(file.size), type=file.media_type)


MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
WRITERS: dict[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss}
