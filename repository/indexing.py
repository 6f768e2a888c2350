"""What the search index holds of a work, and the follower that keeps it in step."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from repository import access, alphabet, changes, collections, derived, transliteration
from repository.archive import Archive
from repository.index.documents import Document, Page, Tagged
from repository.models.harvest import ForeignRecord
from repository.models.works import Change, Work
from schemas import work as profile
from schemas.vocabulary import Access, State

BATCH = 200
MANY = 2 * BATCH  # changes that wait, where an index is being filled
TWICE = 1.0  # seconds between two looks at an index that is not well

log = structlog.get_logger()


def document(archive: Archive, work: Work) -> Document:
    """The work as the index wants it: only what everybody may read."""
    return Document(
        number=work.id,
        type=work.type,
        year=work.year,
        collections=collections.slugs(work.collections),
        pages=tuple(_pages(archive, work)),
        sort_title=alphabet.key(work.title),
        access=access.right(work.current_files, work.document.get("access")),
        published=int(work.published.timestamp()) if work.published else 0,
        **description(work.document),
    )


def description(described: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a `Document` that a work's description fills."""
    agents = [*described.get("creators", ()), *described.get("contributors", ())]
    host = described.get("host") or {}
    return {
        "titles": _tagged(described, "titles"),
        "creators": tuple(name for agent in agents for name in _names(agent)),
        "authors": tuple(profile.agent_name(agent) for agent in described.get("creators", ())),
        "abstracts": _tagged(described, "abstracts"),
        "subjects": _tagged(described, "keywords")
        + tuple((one["code"], "") for one in described.get("classification", ())),
        "keywords": tuple(one["text"] for one in described.get("keywords", ())),
        "identifiers": tuple(one["value"] for one in described.get("identifiers", ())),
        "source": " ".join(
            filter(
                None,
                [
                    host.get("title"),
                    *(one["title"] for one in described.get("series", ())),
                    *(one["name"] for one in described.get("publishers", ())),
                    (described.get("thesis") or {}).get("grantor"),
                ],
            )
        ),
        "notes": " ".join(described.get("notes", ())),
        "languages": tuple(described.get("languages", ())),
    }


def _tagged(described: Mapping[str, Any], element: str) -> tuple[Tagged, ...]:
    return tuple((one["text"], one.get("language", "")) for one in described.get(element, ()))


def _names(agent: dict) -> Iterator[str]:
    """Every form of a name, and each in the other script, so that it is found in either."""
    for form in (agent, *agent.get("forms", ())):
        name = profile.agent_reading(form)
        yield name
        if transliteration.is_cyrillic(name):
            yield transliteration.latin(name)
        else:
            yield transliteration.cyrillic(name)


def _pages(archive: Archive, work: Work) -> Iterator[Page]:
    for file in work.current_files:
        if access.level(file) is not Access.OPEN:
            continue
        texts = derived.pages(archive.settings.derived, file.sha512)
        for number, text in enumerate(texts, 1):
            if text:
                yield Page(file.name, number, text)


def follow(archive: Archive, limit: int = BATCH) -> int:
    """Brings the index in step with committed changes; how many changes were acted on."""
    with archive.reading() as session:
        taken = changes.take(session, "index", limit)
        ids = {change.work_id for change in taken}
        works = [work for one in sorted(ids) if (work := session.get(Work, one))]
        public = [document(archive, work) for work in works if work.state == State.PUBLISHED]
    if not taken:
        return 0
    archive.index.delete(sorted(ids - {one.number for one in public}))
    archive.index.put(public)
    with archive.writing() as session:
        changes.done(session, [change.id for change in taken])
    return len(taken)


def heal(archive: Archive) -> int:
    """Makes the index anew where it is lost, damaged or made with older rules; how many works are
    to come. The site stays up: pages say that the search is not complete yet."""
    if archive.index.status()[0]:
        return 0
    time.sleep(TWICE)  # a writer may have been at it
    well, says = archive.index.status()
    if well:
        return 0
    log.error("index made anew", why=says)
    return rebuild(archive)


def filling(session: Session) -> bool:
    """Whether so much is yet to be indexed that a search may miss it."""
    query = select(Change.id).where(Change.follower == "index").offset(MANY).limit(1)
    return session.scalar(query) is not None


def rebuild(archive: Archive) -> int:
    """Empties the index and lets every public work be indexed anew, and what was harvested; how
    many works."""
    archive.index.clear()
    with archive.writing() as session:
        foreign = update(ForeignRecord).where(ForeignRecord.deleted.is_(False))
        session.execute(foreign.values(waiting=True))
        return changes.again(session, "index")
