"""The tree of collections; OAI sets are made from it."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import alphabet
from repository.errors import Invalid, NotFound
from repository.models.collections import Collection

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
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "“%(slug)s” cannot name a collection: use small Latin letters, digits, - and _.",
            slug=slug,
        )
    if slug in RESERVED:
        raise Invalid("“%(slug)s” is a set of its own; choose another name.", slug=slug)
    known = session.scalar(select(Collection).where(Collection.slug == slug))
    if known is not None:
        return known
    made = Collection(
        slug=slug, names=names or {"en": slug}, descriptions=descriptions or {}, parent=parent
    )
    session.add(made)
    session.flush()
    return made


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
