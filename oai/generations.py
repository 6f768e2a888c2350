"""Generations of works in the feed: what harvesters saw of each so far, and what comes next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from oai import blocks, envelope, sets
from oai.rendering import Body
from repository.models.feed import FeedItem, FeedRecord, FeedSet
from repository.records import Record


@dataclass(frozen=True)
class Generation:
    """A work as the feed shows it. `departed` are the sets that it was in and is in no more."""

    work_id: int
    identifier: str
    deleted: bool
    specs: tuple[str, ...]
    departed: tuple[str, ...]
    bodies: Mapping[str, Body]

    def headers(self, datestamp: int) -> dict[str, bytes]:
        """Its headers by format, for a datestamp."""
        statuses = {
            prefix: "deleted" if body is None else None for prefix, body in self.bodies.items()
        }
        made = {
            status: envelope.header(self.identifier, datestamp, self.specs, status=status)
            for status in set(statuses.values())
        }
        return {prefix: made[status] for prefix, status in statuses.items()}


@dataclass(frozen=True)
class Newest:
    """The newest generation that the feed holds of a work, as it was written."""

    id: int
    datestamp: int
    deleted: bool
    specs: tuple[str, ...]
    departed: tuple[str, ...]
    bodies: Mapping[str, Body]
    headers: Mapping[str, bytes]

    def shows(self, generation: Generation) -> bool:
        """Whether harvesters would see no difference."""
        return (
            self.departed == generation.departed
            and self.headers == generation.headers(self.datestamp)
            and all(self.bodies[prefix] == body for prefix, body in generation.bodies.items())
        )


def newest(session: Session, works: Collection[int]) -> dict[int, Newest]:
    """The newest generations of works, by their numbers."""
    query = select(FeedItem).where(FeedItem.work_id.in_(works), FeedItem.superseded.is_(None))
    items = {item.id: item for item in session.scalars(query)}
    bodies: dict[int, dict[str, Body]] = defaultdict(dict)
    headers: dict[int, dict[str, bytes]] = defaultdict(dict)
    for record in session.scalars(select(FeedRecord).where(FeedRecord.item_id.in_(list(items)))):
        bodies[record.item_id][record.prefix] = record.metadata_
        headers[record.item_id][record.prefix] = record.header
    specs: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for one in session.scalars(select(FeedSet).where(FeedSet.item_id.in_(list(items)))):
        specs[one.item_id, one.departed is None].append(one.spec)
    return {
        item.work_id: Newest(
            id=item.id,
            datestamp=item.datestamp,
            deleted=item.deleted,
            specs=tuple(sorted(specs[item.id, True])),
            departed=tuple(sorted(specs[item.id, False])),
            bodies=bodies[item.id],
            headers=headers[item.id],
        )
        for item in items.values()
    }


def live(
    record: Record, bodies: Mapping[str, Body], before: Newest | None, identifier: str
) -> Generation:
    """The generation of a public work. In a format that it had and has no more, it is deleted."""
    specs = sets.of(record)
    had = before.bodies if before else {}
    gone: dict[str, Body] = dict.fromkeys(had)
    return Generation(
        work_id=record.number,
        identifier=identifier,
        deleted=False,
        specs=specs,
        departed=_departed(before, specs),
        bodies={**gone, **bodies},
    )


def tombstone(
    work_id: int,
    record: Record | None,
    before: Newest | None,
    identifier: str,
    known: Iterable[str],
) -> Generation:
    """The generation of a work that was taken down: in all its formats, in its last sets.

    Without a generation before it (after a rebuild from nothing) in all formats that there are.
    """
    specs = before.specs if before else sets.of(record) if record else ()
    return Generation(
        work_id=work_id,
        identifier=identifier,
        deleted=True,
        specs=specs,
        departed=_departed(before, specs),
        bodies=dict.fromkeys(before.bodies if before else known),
    )


def _departed(before: Newest | None, specs: Iterable[str]) -> tuple[str, ...]:
    known = {*before.specs, *before.departed} if before else set()
    return tuple(sorted(known.difference(specs)))


def write(
    session: Session,
    fresh: Iterable[tuple[Generation, Newest | None]],
    datestamp: int,
    rendered: str = "",
) -> None:
    """Writes new generations, all of one datestamp, and supersedes those before them.

    `rendered` names the versions of the formats that they were rendered by.
    """
    pairs = list(fresh)
    items = [
        {
            "work_id": one.work_id,
            "datestamp": datestamp,
            "deleted": one.deleted,
            "rendered": rendered,
        }
        for one, _ in pairs
    ]
    adding = insert(FeedItem).returning(FeedItem.id, sort_by_parameter_order=True)
    ids = session.scalars(adding, items).all()
    records: list[dict[str, Any]] = []
    sets: list[dict[str, Any]] = []
    for item_id, (one, _) in zip(ids, pairs, strict=True):
        records += _records(item_id, one, datestamp)
        sets += _sets(item_id, one, datestamp)
    session.execute(insert(FeedRecord), records)
    if sets:
        session.execute(insert(FeedSet), sets)
    _supersede(session, [before.id for _, before in pairs if before], datestamp)
    _hide(session, [one.work_id for one, _ in pairs if one.deleted], datestamp)


def _records(item_id: int, one: Generation, datestamp: int) -> list[dict[str, Any]]:
    headers = one.headers(datestamp)
    return [
        {
            "item_id": item_id,
            "prefix": prefix,
            "header": headers[prefix],
            "metadata_": body,
        }
        for prefix, body in one.bodies.items()
    ]


def _sets(item_id: int, one: Generation, datestamp: int) -> list[dict[str, Any]]:
    left = {
        spec: envelope.header(one.identifier, datestamp, [spec], status="deleted")
        for spec in one.departed
    }
    member = dict.fromkeys(one.specs)
    return [
        {"item_id": item_id, "spec": spec, "departed": header}
        for spec, header in {**left, **member}.items()
    ]


def _supersede(session: Session, items: Collection[int], datestamp: int) -> None:
    if items:
        statement = update(FeedItem).where(FeedItem.id.in_(items))
        session.execute(statement.values(superseded=datestamp))
        blocks.drop(session, items)


def _hide(session: Session, works: Collection[int], datestamp: int) -> None:
    """Keeps what was taken down from harvests that began before."""
    if works:
        statement = update(FeedItem).where(
            FeedItem.work_id.in_(works),
            FeedItem.superseded.is_not(None),
            or_(FeedItem.hidden.is_(None), FeedItem.hidden > datestamp),
        )
        session.execute(statement.values(hidden=datestamp))


def refresh(session: Session, items: Collection[int], rendered: str) -> None:
    """Notes that generations are what these versions of the formats give too."""
    if items:
        statement = update(FeedItem).where(FeedItem.id.in_(items), FeedItem.rendered != rendered)
        session.execute(statement.values(rendered=rendered))


def forget(session: Session, before: int) -> int:
    """Removes generations that were superseded until the second `before`; how many."""
    old = select(FeedItem.id).where(FeedItem.superseded <= before).limit(1000)
    ids = session.scalars(old).all()
    if ids:
        session.execute(delete(FeedItem).where(FeedItem.id.in_(ids)))
    return len(ids)
