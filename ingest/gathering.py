"""The collections that an import fills: found, described as the source says, or made."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.rows import Gathering
from repository import collections
from repository.archive import Archive
from repository.errors import Invalid
from repository.models.collections import Collection


class Shelves:
    """Remembers for one run which collections are there; `made` counts those that it made."""

    def __init__(self, archive: Archive) -> None:
        self.made = 0
        self._archive = archive
        self._there: set[str] = set()
        self._bare: set[str] = set()  # made by this run for their slug alone

    def need(self, slugs: Iterable[str]) -> None:
        """Makes the collections that are not there."""
        missing = set(slugs) - self._there
        if not missing:
            return
        with self._archive.writing() as session:
            for slug in sorted(missing):
                self._make(session, slug)
        self._there |= missing

    def describe(self, row: Gathering) -> None:
        """Makes a collection as the source describes it. One that was there is left as it is."""
        with self._archive.writing() as session:
            parent = self._make(session, row.parent) if row.parent else None
            known = _find(session, row.slug)
            made = known or self._make(session, row.slug)
            if known is None or row.slug in self._bare:
                if parent and made in collections.lineage(parent):
                    raise Invalid("A collection cannot lie in itself: %(slug)s.", slug=row.slug)
                made.parent, made.position = parent, row.position
                made.names = row.names or {"en": row.slug}
                made.descriptions = row.descriptions
        self._there.add(row.slug)
        self._bare.discard(row.slug)

    def _make(self, session: Session, slug: str) -> Collection:
        known = _find(session, slug)
        if known is None:
            known = collections.add(session, slug)
            self.made += 1
            self._bare.add(slug)
        return known


def _find(session: Session, slug: str) -> Collection | None:
    return session.scalar(select(Collection).where(Collection.slug == slug))


def find_all(session: Session, slugs: Iterable[str]) -> list[Collection]:
    """The collections of these slugs."""
    return list(session.scalars(select(Collection).where(Collection.slug.in_(slugs))))
