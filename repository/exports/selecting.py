"""Which works go out: all that are public, or those of a collection, a kind, some years."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import collections, records
from repository.archive import Archive
from repository.models.collections import Collection, work_collections
from repository.models.works import Work
from repository.records import Record
from schemas.vocabulary import State

PAGE = 200  # works that are read at a time


@dataclass(frozen=True)
class Selection:
    """What is asked for; nothing asked for is everything that is public."""

    collection: str = ""  # slug; with all that lies below
    type: str = ""  # key of the kind of work
    since: int | None = None
    until: int | None = None
    numbers: frozenset[int] | None = None


EVERYTHING = Selection()


def chosen(session: Session, wanted: Selection = EVERYTHING) -> list[int]:
    """The numbers of the public works that are meant, in their order. Raises NotFound for a
    collection that is not there."""
    query = select(Work.id).where(Work.state == State.PUBLISHED).order_by(Work.id)
    if wanted.type:
        query = query.where(Work.type == wanted.type)
    if wanted.since is not None:
        query = query.where(Work.year >= wanted.since)
    if wanted.until is not None:
        query = query.where(Work.year <= wanted.until)
    if wanted.collection:
        top = collections.find(session, wanted.collection)
        below = [
            one.id for one in session.scalars(select(Collection)) if top in collections.lineage(one)
        ]
        inside = select(work_collections.c.work_id)
        query = query.where(Work.id.in_(inside.where(work_collections.c.collection_id.in_(below))))
    found = session.scalars(query).all()
    if wanted.numbers is not None:
        return [one for one in found if one in wanted.numbers]
    return list(found)


def each(archive: Archive, numbers: list[int]) -> Iterator[Record]:
    """The records of these works, a page at a time, so that no snapshot is held for long."""
    for start in range(0, len(numbers), PAGE):
        with archive.reading() as session:
            page = records.load(
                session, numbers[start : start + PAGE], base_url=archive.settings.base_url
            )
        yield from (one for one in page if one.state == State.PUBLISHED)
