"""Lists of all public pages for search engines (sitemaps.org), cut into parts that stay.

A work is in the part that its number says, so that a part changes only when one of its works does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from repository import collections, site_pages, xml
from repository.models import site
from repository.models.people import Author, Credit, Standing
from repository.models.works import Work, WorkAgent
from schemas.vocabulary import State

NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
PART = 10_000  # numbers of works, or of people's records, in one part
MOST = 50_000  # addresses that one sitemap may have
# What stands as it is in paths that the application makes.
UNQUOTED = "!$&'()*+,/:;=@"
KINDS = ("works", "people", "names", "collections", "pages")
# Where pages of the staff's are that have an address of their own.
ELSEWHERE = {site_pages.ABOUT: "/about", site_pages.HELP: "/help"}

_PUBLIC = Work.state == State.PUBLISHED
_SURE = Credit.standing == Standing.CONFIRMED


class Place(NamedTuple):
    """An address below the archive's own, and when what is there last changed, where that is
    known."""

    path: str
    changed: datetime | None


class Part(NamedTuple):
    """One sitemap of a kind."""

    kind: str
    number: int
    changed: datetime | None


def parts(session: Session) -> list[Part]:
    """All sitemaps that have something in them."""
    works = [Part("works", *one) for one in slices(session, PART)]
    last = session.scalar(select(func.max(Author.id))) or 0
    written = _written(session)
    return [
        *works,
        *(Part("names", one.number, None) for one in works),
        *(Part("people", one, None) for one in range(-(-last // PART))),
        Part("collections", 0, None),
        *(Part("pages", 0, one.changed) for one in written[:1]),
    ]


def slices(session: Session, size: int) -> list[tuple[int, datetime]]:
    """Which slices of so many numbers have public works, and when one of these changed last."""
    number = (Work.id - 1) // size
    query = select(number, func.max(Work.changed)).where(_PUBLIC).group_by(number)
    return [(int(row[0]), row[1]) for row in session.execute(query.order_by(number))]


def places(session: Session, kind: str, number: int) -> Sequence[Place]:
    """What one sitemap lists."""
    first = number * PART + 1
    within = (first, first + PART - 1)
    if kind == "works":
        query = select(Work.id, Work.changed).where(_PUBLIC, Work.id.between(*within))
        rows = session.execute(query.order_by(Work.id))
        return [Place(f"/works/{row[0]}", row[1]) for row in rows]
    if kind == "people":
        return [Place(f"/people/{one}", None) for one in _people(session, within)]
    if kind == "names":
        return [
            Place(f"/people/{quote(one, safe=UNQUOTED)}", None) for one in _names(session, within)
        ]
    if number:
        return []
    if kind == "pages":
        return _written(session)
    return [Place(f"/collections/{one.slug}", None) for one in collections.everything(session)]


def _written(session: Session) -> Sequence[Place]:
    """Pages that staff wrote, the newest first, but for those that are told of to nobody."""
    return [
        Place(ELSEWHERE.get(one.slug, f"/pages/{one.slug}"), one.changed)
        for one in sorted(site_pages.everything(session), key=_when, reverse=True)
        if one.place != site.Place.NOWHERE or one.slug in site_pages.READY
    ]


def _when(page: site.Page) -> datetime:
    return page.changed


def _people(session: Session, within: tuple[int, int]) -> Iterable[int]:
    """Records of people with a public work that is surely theirs."""
    surely = exists().where(Credit.author_id == Author.id, _SURE, Credit.work_id == Work.id)
    query = select(Author.id).where(
        Author.id.between(*within), Author.merged_into_id.is_(None), surely.where(_PUBLIC)
    )
    return session.scalars(query.order_by(Author.id))


def _names(session: Session, within: tuple[int, int]) -> Iterable[str]:
    """Creators of whom there is no record, as the works spell them."""
    # The page of a name that a record has leads to the record.
    spelt = aliased(WorkAgent)
    known = exists().where(
        spelt.key == WorkAgent.key,
        Credit.work_id == spelt.work_id,
        Credit.position == spelt.position,
        _SURE,
    )
    query = (
        select(func.min(WorkAgent.name))
        .join(Work, Work.id == WorkAgent.work_id)
        .where(_PUBLIC, WorkAgent.creator, WorkAgent.work_id.between(*within), ~known)
        .group_by(WorkAgent.key)
        .order_by(WorkAgent.key)
        .limit(MOST)
    )
    return session.scalars(query)


def index(base_url: str, found: Iterable[Part]) -> bytes:
    """The sitemap index that names all parts."""
    root = etree.Element(f"{{{NS}}}sitemapindex", nsmap={None: NS})
    for part in found:
        path = f"/sitemaps/{part.kind}-{part.number}.xml"
        _entry(root, "sitemap", base_url, Place(path, part.changed))
    return xml.serialise(root)


def sitemap(base_url: str, found: Iterable[Place]) -> bytes:
    """One sitemap."""
    root = etree.Element(f"{{{NS}}}urlset", nsmap={None: NS})
    for place in found:
        _entry(root, "url", base_url, place)
    return xml.serialise(root)


def _entry(root: etree._Element, kind: str, base_url: str, place: Place) -> None:
    entry = etree.SubElement(root, f"{{{NS}}}{kind}")
    etree.SubElement(entry, f"{{{NS}}}loc").text = base_url + place.path
    if place.changed:
        etree.SubElement(entry, f"{{{NS}}}lastmod").text = stamp(place.changed)


def stamp(moment: datetime) -> str:
    """A moment as W3C writes it, in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
