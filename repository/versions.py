"""What a version of a work is, and the JSON in the store that keeps it.

`metadata/work.json` holds all of a version but its rights, `metadata/rights.json` those. Reading
them back fails closed: a file whose rights are missing or unreadable is closed.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from repository.archive import Archive
from repository.errors import ArchiveError
from repository.models.works import Work
from schemas.vocabulary import Access, Scan, State

WORK = "metadata/work.json"
RIGHTS = "metadata/rights.json"


@dataclass(frozen=True)
class Part:
    """A file as it will be in a version: `id` when the database knows it, `stored` when the
    store holds it, `staged` while its bytes wait in staging."""

    name: str
    size: int
    sha512: str
    media_type: str
    pages: int | None = None
    access: str = Access.OPEN
    embargo_until: date | None = None
    scan: str = Scan.UNSCANNED
    id: int | None = None
    staged: str | None = None
    stored: str | None = None


@dataclass(frozen=True)
class Future:
    """What a work will be when the step is done. `revision` is the one that was read;
    `highest` the highest number that a file of any version has in the store."""

    uuid: str
    number: int
    revision: int
    state: State
    document: dict[str, Any]
    agreement: dict[str, Any] | None
    collections: tuple[str, ...]
    parts: tuple[Part, ...]
    withdrawal: dict[str, Any] | None
    published: datetime
    moment: datetime
    highest: int = 0


def object_id(uuid: str) -> str:
    """The identifier of a work's OCFL object; numbers are local, this is not."""
    return f"urn:uuid:{uuid}"


def parts_of(work: Work) -> tuple[Part, ...]:
    """The files of the newest version, or of the draft."""
    return tuple(
        Part(
            name=file.name,
            size=file.size,
            sha512=file.sha512,
            media_type=file.media_type,
            pages=file.pages,
            access=file.access,
            embargo_until=file.embargo_until,
            scan=file.scan,
            id=file.id,
            staged=file.staged,
            stored=file.stored,
        )
        for file in work.current_files
    )


def describe(future: Future, version: int, places: dict[str, str]) -> dict[str, Any]:
    """All of a version but its rights: what the archive can be rebuilt from."""
    return {
        "schema": 1,
        "uuid": future.uuid,
        "number": future.number,
        "version": version,
        "state": future.state,
        "published": future.published.isoformat(),
        "modified": future.moment.isoformat(),
        "withdrawal": future.withdrawal,
        "collections": list(future.collections),
        "document": future.document,
        "agreement": future.agreement,
        "files": [
            {
                "path": places[part.name],
                "name": part.name,
                "size": part.size,
                "sha512": part.sha512,
                "media_type": part.media_type,
                "pages": part.pages,
            }
            for part in future.parts
        ],
    }


def rights(future: Future, places: dict[str, str]) -> dict[str, Any]:
    """Who may open which part. Rebuilding treats a file that is not named here as closed."""
    return {
        "schema": 1,
        "licence": future.document.get("licence"),
        "rights_holders": future.document.get("rights_holders", []),
        "files": [
            {
                "path": places[part.name],
                "access": part.access,
                "embargo_until": part.embargo_until.isoformat() if part.embargo_until else None,
            }
            for part in future.parts
        ],
    }


def to_json(value: Any) -> bytes:
    """Canonical JSON: the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def read_rights(archive: Archive, oid: str) -> dict[str, dict[str, Any]]:
    """The rights of an object's files by path; empty, which closes them all, when unreadable."""
    try:
        listed = json.loads(archive.store.read(oid, RIGHTS))["files"]
        return {one["path"]: one for one in listed}
    except (ArchiveError, OSError, ValueError, KeyError, TypeError):
        return {}


def future_of(described: dict[str, Any], granted: dict[str, dict[str, Any]]) -> Future:
    """What a version in the store says that its work is. What has no rights is closed."""
    return Future(
        uuid=described["uuid"],
        number=described["number"],
        revision=0,
        state=State(described["state"]),
        document=described["document"],
        agreement=described["agreement"],
        collections=tuple(described["collections"]),
        parts=tuple(_stored_part(one, granted.get(one["path"])) for one in described["files"]),
        withdrawal=described["withdrawal"],
        published=datetime.fromisoformat(described["published"]),
        moment=datetime.fromisoformat(described["modified"]),
    )


def _stored_part(one: dict[str, Any], granted: dict[str, Any] | None) -> Part:
    until = (granted or {}).get("embargo_until")
    return Part(
        name=one["name"],
        size=one["size"],
        sha512=one["sha512"],
        media_type=one["media_type"],
        pages=one["pages"],
        access=granted["access"] if granted else Access.CLOSED,
        embargo_until=date.fromisoformat(until) if until else None,
        stored=one["path"],
    )
