"""ResourceSync (ANSI/NISO Z39.99): lists of what can be fetched here, and of what changed.

Resources are the metadata of works and the files that everybody may be handed; of other files
nothing is said, not even that they are gone. Changes are dated by the feed's clock (`horizon`), so
that nobody who asks again from where a list ended misses one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from repository import access, records, sitemaps, xml
from repository.models.feed import FeedItem
from repository.models.works import Work
from repository.records import Record
from schemas.vocabulary import State

NS = sitemaps.NS
RS = "http://www.openarchives.org/rs/terms/"
DOOR = "/.well-known/resourcesync"
ROOM = "/resourcesync"
FORM, FORM_TYPE = "dc.xml", "application/xml"  # of the metadata
PART = 2_500  # numbers of works in one part of the resource list
DAY = 86_400
DAYS = 30  # that the change list goes back
CROWD = 5_000  # works that changed, in one part of the change list
MOST = 4 * CROWD


class Resource(NamedTuple):
    """An address with what is said of it; `rel` and `work` say how it belongs to a work's page."""

    address: str
    moment: datetime
    media_type: str
    rel: str
    work: str
    length: int | None = None
    change: str = ""


class Span(NamedTuple):
    """A part of the change list: after the second `begin`, up to and with `end`."""

    begin: int
    end: int


def resources(
    record: Record, *, change: str = "", moment: datetime | None = None
) -> Iterator[Resource]:
    """What can be fetched of a work."""
    own = (record.url, None, change)
    address = f"{record.url}.{FORM}"
    yield Resource(address, moment or record.changed, FORM_TYPE, "describes", *own)
    for file in record.files:
        if file.free:
            put = moment or file.deposited or record.published
            yield Resource(
                file.url, put, file.media_type, "collection", record.url, file.size, change
            )


def part(session: Session, number: int, *, base_url: str) -> list[Resource]:
    """One part of the resource list."""
    first = number * PART + 1
    within = Work.id.between(first, first + PART - 1)
    ids = session.scalars(select(Work.id).where(within, Work.state == State.PUBLISHED))
    found = records.load(session, sorted(ids), base_url=base_url)
    return [resource for record in found for resource in resources(record)]


def since(asof: int) -> int:
    """The second after which the change list begins: a midnight."""
    return asof - asof % DAY - DAYS * DAY - 1


def _newest(begin: int, end: int) -> ColumnElement[bool]:
    return (
        FeedItem.superseded.is_(None)
        & (FeedItem.work_id > 0)
        & FeedItem.datestamp.between(begin + 1, end)
    )


def spans(session: Session, asof: int) -> list[Span]:
    """The parts of the change list; mostly one. They are cut where very much has changed."""
    query = (
        select(FeedItem.datestamp, func.count())
        .where(_newest(since(asof), asof))
        .group_by(FeedItem.datestamp)
        .order_by(FeedItem.datestamp)
    )
    found, crowd = [Span(since(asof), asof - asof % DAY + DAY - 1)], 0
    for second, count in session.execute(query):
        if crowd and crowd + count > CROWD:
            last, crowd = found[-1], 0
            found[-1:] = [Span(last.begin, second - 1), Span(second - 1, last.end)]
        crowd += count
    return found


def changes(session: Session, span: Span, asof: int, *, base_url: str) -> list[Resource] | None:
    """What changed in a part, oldest first; None when nobody could have been told of that part."""
    query = select(FeedItem).where(_newest(span.begin, min(span.end, asof)))
    query = query.order_by(FeedItem.datestamp, FeedItem.id).limit(MOST + 1)
    items = session.scalars(query).all()
    if len(items) > MOST:
        return None
    numbers = [one.work_id for one in items]
    public = {one.id: one for one in records.load(session, numbers, base_url=base_url)}
    begun = datetime.fromtimestamp(since(asof), UTC)
    works = _works(session, numbers)
    found: list[Resource] = []
    for item in items:
        moment = datetime.fromtimestamp(item.datestamp, UTC)
        record = public.get(item.work_id)
        if record is None or record.deleted or item.deleted:
            url = f"{base_url}/works/{item.work_id}"
            own = (url, None, "deleted")
            found.append(Resource(f"{url}.{FORM}", moment, FORM_TYPE, "describes", *own))
        else:
            change = "created" if record.published > begun else "updated"
            found += resources(record, change=change, moment=moment)
        found += _gone(works.get(item.work_id), item.deleted, moment, base_url)
    return found


def _works(session: Session, numbers: Sequence[int]) -> dict[int, Work]:
    found: dict[int, Work] = {}
    for start in range(0, len(numbers), 500):
        some = Work.id.in_(numbers[start : start + 500])
        query = select(Work).where(some).options(selectinload(Work.files))
        found |= {one.id: one for one in session.scalars(query)}
    return found


def _gone(work: Work | None, deleted: bool, moment: datetime, base_url: str) -> Iterator[Resource]:
    """The files that everybody could have and that are there no more. Others stay unnamed."""
    if work is None:
        return
    gone = deleted or work.state != State.PUBLISHED
    here = set() if gone else {one.name for one in work.current_files}
    url = f"{base_url}/works/{work.id}"
    for file in work.files:
        if file.added is not None and file.name not in here and access.free(file):
            here.add(file.name)
            address = f"{url}/{quote(file.name)}"
            yield Resource(address, moment, file.media_type, "collection", url, None, "deleted")


def moment_of(second: int) -> str:
    """A second as the documents write it."""
    return sitemaps.stamp(datetime.fromtimestamp(max(second, 0), UTC))


def document(
    capability: str,
    up: str,
    said: dict[str, str] | None = None,
    *,
    listed: bool = False,
    rel: str = "up",
) -> etree._Element:
    """The root of a list, or of an index of lists, with what it says of itself."""
    name = "sitemapindex" if listed else "urlset"
    root = etree.Element(f"{{{NS}}}{name}", nsmap={None: NS, "rs": RS})
    etree.SubElement(root, f"{{{RS}}}ln", rel=rel, href=up)
    told = {"capability": capability, **(said or {})}
    etree.SubElement(root, f"{{{RS}}}md", told)
    return root


def enter(root: etree._Element, address: str, **said: str) -> None:
    """Adds a further list; what is said of it are the attributes of its rs:md."""
    kind = "sitemap" if str(root.tag).endswith("index") else "url"
    entry = etree.SubElement(root, f"{{{NS}}}{kind}")
    etree.SubElement(entry, f"{{{NS}}}loc").text = address
    if said:
        etree.SubElement(entry, f"{{{RS}}}md", said)


def fill(root: etree._Element, found: Iterable[Resource]) -> bytes:
    """The list with its resources, written out."""
    for one in found:
        entry = etree.SubElement(root, f"{{{NS}}}url")
        etree.SubElement(entry, f"{{{NS}}}loc").text = one.address
        moment = sitemaps.stamp(one.moment)
        etree.SubElement(entry, f"{{{NS}}}lastmod").text = moment
        said = {"type": one.media_type}
        if one.length is not None and not one.change:
            said["length"] = str(one.length)
        if one.change:
            said |= {"change": one.change, "datetime": moment}
        etree.SubElement(entry, f"{{{RS}}}md", said)
        about = {"rel": one.rel, "href": one.work, "type": "text/html"}
        if one.change != "deleted":
            etree.SubElement(entry, f"{{{RS}}}ln", about)
    return xml.serialise(root)
