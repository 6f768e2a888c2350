"""What a version of a work is, and the JSON in the store that keeps it.

`metadata/work.json` holds all of a version but its rights, `metadata/rights.json` those. Reading
them back fails closed: a file whose rights are missing or unreadable is closed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from repository import rights as granting
from repository.archive import Archive
from repository.errors import ArchiveError
from repository.models.works import File, Work
from repository.rights import Rights
from schemas.vocabulary import Access, Copying, CopyrightBasis, Scan, State

WORK = "metadata/work.json"
RIGHTS = "metadata/rights.json"


@dataclass(frozen=True)
class Part:
    """A file as it will be in a version: `id` when the database knows it, `stored` when the
    store holds it, `staged` while its bytes wait in staging, `lent` (the UUID of another work and
    a path in it) when they are to be copied from there."""

    name: str
    size: int
    sha512: str
    media_type: str
    pages: int | None = None
    access: str = Access.OPEN
    copying: str = Copying.ALLOWED
    embargo_until: date | None = None
    embargo_reason: str | None = None
    lease_until: date | None = None
    scan: str = Scan.UNSCANNED
    id: int | None = None
    staged: str | None = None
    stored: str | None = None
    lent: tuple[str, str] | None = None


@dataclass(frozen=True)
class Future:
    """What a work will be when the step is done. `revision` is the one that was read;
    `highest` the highest number that a file of any version has in the store; `public` the version
    that readers count; `earlier` the rights of files that only earlier versions have, by path."""

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
    copyright_basis: str = CopyrightBasis.UNKNOWN
    rights_note: str = ""
    public: int = 1
    earlier: Mapping[str, Rights] = field(default_factory=dict)


class Granted(NamedTuple):
    """The rights that the store keeps of a version: of each file by its path, and of the work."""

    files: Mapping[str, Rights]
    copyright_basis: str = CopyrightBasis.UNKNOWN
    note: str = ""
    earlier: Mapping[str, Rights] = {}


def object_id(uuid: str) -> str:
    """The identifier of a work's OCFL object; numbers are local, this is not."""
    return f"urn:uuid:{uuid}"


def parts_of(work: Work) -> tuple[Part, ...]:
    """The files of the newest version, or of the draft."""
    return tuple(map(part_of, work.current_files))


def part_of(file: File) -> Part:
    """A file as it will be in the next version if nothing is changed."""
    return Part(
        name=file.name,
        size=file.size,
        sha512=file.sha512,
        media_type=file.media_type,
        pages=file.pages,
        **asdict(granting.of(file)),
        scan=file.scan,
        id=file.id,
        staged=file.staged,
        stored=file.stored,
    )


def describe(future: Future, version: int, places: dict[str, str]) -> dict[str, Any]:
    """All of a version but its rights: what the archive can be rebuilt from."""
    return {
        "schema": 1,
        "uuid": future.uuid,
        "number": future.number,
        "version": version,
        "public": future.public,
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
        "schema": granting.SCHEMA,
        "copyright_basis": future.copyright_basis,
        "note": future.rights_note,
        "licence": future.document.get("licence"),
        "rights_holders": future.document.get("rights_holders", []),
        "files": [
            {"path": places[part.name], **granting.to_json(granting.of(part))}
            for part in future.parts
        ],
        "earlier": [
            {"path": path, **granting.to_json(one)} for path, one in sorted(future.earlier.items())
        ],
    }


def to_json(value: Any) -> bytes:
    """Canonical JSON: the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def read_rights(archive: Archive, oid: str, version: int | None = None) -> Granted:
    """The rights of an object; of no file, which closes them all, when unreadable."""
    try:
        kept = json.loads(archive.store.read(oid, RIGHTS, version))
        schema, note = kept.get("schema"), kept.get("note", "")
        return Granted(
            {one["path"]: granting.from_json(one, schema) for one in kept["files"]},
            granting.basis(kept.get("copyright_basis")),
            note if isinstance(note, str) else "",
            {one["path"]: granting.from_json(one, schema) for one in kept.get("earlier", ())},
        )
    except (ArchiveError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return Granted({})


def future_of(described: dict[str, Any], granted: Granted) -> Future:
    """What a version in the store says that its work is. What has no rights is closed."""
    return Future(
        uuid=described["uuid"],
        number=described["number"],
        revision=0,
        state=State(described["state"]),
        document=described["document"],
        agreement=described["agreement"],
        collections=tuple(described["collections"]),
        parts=tuple(_stored_part(one, granted.files) for one in described["files"]),
        withdrawal=described["withdrawal"],
        published=datetime.fromisoformat(described["published"]),
        moment=datetime.fromisoformat(described["modified"]),
        copyright_basis=granted.copyright_basis,
        rights_note=granted.note,
        public=described.get("public", 1),
        earlier=granted.earlier,
    )


def _stored_part(one: dict[str, Any], granted: Mapping[str, Rights]) -> Part:
    return Part(
        name=one["name"],
        size=one["size"],
        sha512=one["sha512"],
        media_type=one["media_type"],
        pages=one["pages"],
        **asdict(granted.get(one["path"], granting.SHUT)),
        stored=one["path"],
    )
