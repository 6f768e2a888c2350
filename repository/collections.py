"""The tree of collections; OAI sets are made from it.

Where a collection stands is part of what its works say: whoever moves one changes its works too.
"""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import alphabet, audit, changes
from repository.errors import Conflict, Invalid, NotFound
from repository.models.collections import Collection, work_collections
from repository.viewers import SYSTEM

# Also what OAI-PMH allows in a setSpec (section 2.6): unreserved characters, colons between.
_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
# Names of sets that are not collections (oai.sets).
RESERVED = frozenset({"openaire", "driver", "open_access", "type", "year", "harvested"})


def find(session: Session, slug: str) -> Collection:
    """The collection of that slug; raises NotFound."""
    found = session.scalar(select(Collection).where(Collection.slug == slug))
    if found is None:
        raise NotFound("There is no collection “%(slug)s”.", slug=slug)
    return found


def add(
    session: Session,
    slug: str,
    *,
    names: dict[str, str] | None = None,
    descriptions: dict[str, str] | None = None,
    parent: Collection | None = None,
) -> Collection:
    """A new collection, or the one of that slug which is already there."""
    _check(slug)
    known = session.scalar(select(Collection).where(Collection.slug == slug))
    if known is not None:
        return known
    made = Collection(
        slug=slug, names=names or {"en": slug}, descriptions=descriptions or {}, parent=parent
    )
    session.add(made)
    session.flush()
    _log(session, made, "collection.created", under=parent.slug if parent else None)
    return made


def _log(session: Session, one: Collection, kind: str, **details: object) -> None:
    audit.write(session, kind, actor=SYSTEM, about=("collection", one.slug), details=details)


def _check(slug: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "“%(slug)s” cannot name a collection: use small Latin letters, digits, - and _.",
            slug=slug,
        )
    if slug in RESERVED:
        raise Invalid("“%(slug)s” is a set of its own; choose another name.", slug=slug)


def move(session: Session, slug: str, parent: str | None) -> int:
    """Puts a collection under another, or under none; how many works it takes along."""
    _lock(session)
    moved = find(session, slug)
    above = None if parent is None else find(session, parent)
    if above is not None and moved in lineage(above):
        raise Conflict(
            "“%(slug)s” cannot stand under “%(parent)s”, which stands under it.",
            slug=slug,
            parent=parent,
        )
    moved.parent = above
    _log(session, moved, "collection.moved", under=parent)
    return _changed(session, moved)


def rename(session: Session, slug: str, new: str) -> int:
    """Gives a collection another word in addresses and sets; how many works are in it."""
    _check(new)
    _lock(session)
    renamed = find(session, slug)
    if new != slug and session.scalar(select(Collection).where(Collection.slug == new)):
        raise Conflict("There is a collection “%(slug)s” already.", slug=new)
    _log(session, renamed, "collection.renamed", name=new)
    renamed.slug = new
    return _changed(session, renamed)


def _lock(session: Session) -> None:
    # On PostgreSQL a work that is being put into a collection holds that collection's row. Who has
    # got all rows knows of every such work, and that nobody else is moving collections.
    session.scalars(select(Collection).order_by(Collection.id).with_for_update()).all()


def _changed(session: Session, top: Collection) -> int:
    """Tells the followers of all works in `top` and below it that they changed."""
    session.flush()
    inside = [one.id for one in session.scalars(select(Collection)) if top in lineage(one)]
    gathered = work_collections.c
    query = select(gathered.work_id).where(gathered.collection_id.in_(inside)).distinct()
    works = session.scalars(query).all()
    changes.record_all(session, works)
    return len(works)


def everything(session: Session) -> Sequence[Collection]:
    """All collections, parents before children, in the order of their position and slug."""
    rows = session.scalars(select(Collection).order_by(Collection.position, Collection.slug)).all()
    return sorted(rows, key=lambda one: [(each.position, each.slug) for each in lineage(one)])


def lineage(collection: Collection) -> list[Collection]:
    """The collection with its ancestors, from the root down."""
    return [*lineage(collection.parent), collection] if collection.parent else [collection]


def specs(chosen: Iterable[Collection]) -> tuple[str, ...]:
    """The setSpecs of collections and of all their ancestors, sorted."""
    return tuple(sorted({one.spec for each in chosen for one in lineage(each)}))


def slugs(chosen: Iterable[Collection]) -> tuple[str, ...]:
    """The slugs of collections and of all their ancestors, sorted."""
    return tuple(sorted({one.slug for each in chosen for one in lineage(each)}))


def by_name(chosen: Iterable[Collection], language: str) -> list[Collection]:
    """Collections in alphabetical order of their names in `language`."""
    return sorted(chosen, key=lambda one: alphabet.key(one.name(language)))
