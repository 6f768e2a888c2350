"""Works in other libraries: what readers find of the union catalogue, beside our own works.

In the index a foreign record has its number below zero, so that it is never taken for a work.
Nothing but the search shows foreign records: they are not browsed, listed, counted or exported.
Harvesters get them only where staff share a source, in a set of its own (`oai.lending`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository import alphabet, indexing
from repository.archive import Archive
from repository.index.documents import Document
from repository.models.harvest import ForeignRecord, Source
from schemas import work as profile

BATCH = 500


def document(record: ForeignRecord, slug: str) -> Document:
    """The record as the index wants it."""
    title = profile.main_title(record.document)["text"]
    return Document(
        number=-record.id,
        type=profile.work_type(record.document).key,
        year=profile.year(record.document),
        sort_title=alphabet.key(title),
        where=slug,
        **indexing.description(record.document),
    )


def follow(archive: Archive, limit: int = BATCH) -> int:
    """Brings the index in step with what was harvested; how many records were acted on."""
    query = (
        select(ForeignRecord, Source.slug)
        .join(Source, Source.id == ForeignRecord.source_id)
        .where(ForeignRecord.waiting)
        .order_by(ForeignRecord.id)
        .limit(limit)
    )
    with archive.reading() as session:
        taken = [(row[0], row[1]) for row in session.execute(query)]
    if not taken:
        return 0
    archive.index.delete([-one.id for one, _slug in taken if one.deleted])
    archive.index.put([document(one, slug) for one, slug in taken if not one.deleted])
    with archive.writing() as session:
        for one, _slug in taken:
            session.execute(_known(one))
    return len(taken)


def _known(record: ForeignRecord) -> Any:
    """That the index knows a record as it was; what has changed since goes on waiting."""
    as_it_was = (ForeignRecord.id == record.id, ForeignRecord.changed == record.changed)
    return update(ForeignRecord).where(*as_it_was).values(waiting=False)


def found(session: Session, numbers: Iterable[int]) -> Mapping[int, tuple[ForeignRecord, Source]]:
    """The records that these numbers of the index stand for, with their sources."""
    query = (
        select(ForeignRecord, Source)
        .join(Source, Source.id == ForeignRecord.source_id)
        .where(
            ForeignRecord.id.in_([-one for one in numbers if one < 0]),
            ForeignRecord.deleted.is_(False),
            Source.leaving.is_(False),
        )
    )
    return {-record.id: (record, source) for record, source in session.execute(query)}


def names(session: Session) -> Mapping[str, str]:
    """The names of the sources by their slugs."""
    return {row[0]: row[1] for row in session.execute(select(Source.slug, Source.name))}


def shared(session: Session) -> Sequence[Source]:
    """The sources whose records harvesters of ours get, by name."""
    query = select(Source).where(Source.shared, Source.leaving.is_(False)).order_by(Source.name)
    return session.scalars(query).all()
