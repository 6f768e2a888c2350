"""Works, their versions, their files, and the columns that browsing and checking need."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base
from repository.models.collections import Collection, work_collections
from schemas.vocabulary import Access, Copying, CopyrightBasis, EmbargoReason, Scan, State

# Keys of `alphabet` are made to be compared code point by code point, as SQLite always does.
SORTED = String().with_variant(String(collation="C"), "postgresql")


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(choice)) for choice in choices)})"


class Work(Base):
    """What a scholar made. `id` is the number in its address; `uuid` names its OCFL object.

    `document` is the application profile's JSON. The columns after it repeat parts of it for
    lists, and are written by `catalogue` alone. `rights_note` is for the library's staff only.
    """

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint(_one_of("copyright_basis", CopyrightBasis), name="copyright_basis"),
        Index(None, "state", "year"),
        Index(None, "state", "published"),
        Index(None, "state", "changed", "id"),
        Index(None, "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(unique=True, default=lambda: str(uuid4()))
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now)
    submitted: Mapped[datetime | None]
    published: Mapped[datetime | None]
    withdrawn: Mapped[datetime | None]
    withdrawal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    review_step: Mapped[int] = mapped_column(default=0, server_default="0")
    agreement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The last day on which even the description is hidden; it counts until the work is published.
    hidden_until: Mapped[date | None]
    copyright_basis: Mapped[str] = mapped_column(
        default=CopyrightBasis.UNKNOWN, server_default=CopyrightBasis.UNKNOWN
    )
    rights_note: Mapped[str] = mapped_column(default="", server_default="")
    title: Mapped[str] = mapped_column(default="")
    title_key: Mapped[str] = mapped_column(SORTED, default="", index=True)
    type: Mapped[str] = mapped_column(default="other", index=True)
    year: Mapped[int | None]
    # When it was last compared with all others (`comparing`); None: it is to be.
    compared: Mapped[datetime | None] = mapped_column(index=True)

    files: Mapped[list["File"]] = relationship(
        back_populates="work", order_by="File.position, File.id", cascade="all, delete-orphan"
    )
    versions: Mapped[list["Version"]] = relationship(
        order_by="Version.number", cascade="all, delete-orphan"
    )
    agents: Mapped[list["WorkAgent"]] = relationship(
        order_by="WorkAgent.position", cascade="all, delete-orphan"
    )
    subjects: Mapped[list["WorkSubject"]] = relationship(cascade="all, delete-orphan")
    identifiers: Mapped[list["WorkIdentifier"]] = relationship(cascade="all, delete-orphan")
    collections: Mapped[list[Collection]] = relationship(
        secondary=work_collections, order_by=Collection.slug
    )

    # Of two editors one wins: an UPDATE names the revision that it read.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own idiom

    @property
    def collection_ids(self) -> frozenset[int]:
        """The ids of the collections that it is in."""
        return frozenset(one.id for one in self.collections)

    @property
    def current_files(self) -> list["File"]:
        """The files of the newest version, or of the draft, in order."""
        return [file for file in self.files if file.removed is None]


class Version(Base):
    """One published state of a work, as the store keeps it.

    `public` is the version that readers count and cite: a correction keeps the number of what it
    corrects.
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("work_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    number: Mapped[int]
    public: Mapped[int] = mapped_column(default=1, server_default="1")
    created: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class File(Base):
    """A bitstream. `stored` is its path inside the OCFL object once it has been published.

    Before that its bytes wait in the staging folder under `staged`. `access` holds after
    `embargo_until` and up to `lease_until`, both the last days of their time; before and after
    the file is closed. `added` and `removed` are the versions in which it first and no longer
    occurs.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint(_one_of("access", Access), name="access"),
        CheckConstraint(_one_of("copying", Copying), name="copying"),
        CheckConstraint(_one_of("embargo_reason", EmbargoReason), name="embargo_reason"),
        CheckConstraint(_one_of("scan", Scan), name="scan"),
        CheckConstraint("size >= 0", name="size"),
        Index(None, "work_id"),
        Index(None, "sha512"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha512: Mapped[str]
    media_type: Mapped[str]
    pages: Mapped[int | None]
    access: Mapped[str] = mapped_column(default=Access.OPEN)
    copying: Mapped[str] = mapped_column(default=Copying.ALLOWED, server_default=Copying.ALLOWED)
    embargo_until: Mapped[date | None]
    embargo_reason: Mapped[str | None]
    lease_until: Mapped[date | None]
    scan: Mapped[str] = mapped_column(default=Scan.UNSCANNED, server_default=Scan.UNSCANNED)
    created: Mapped[datetime] = mapped_column(default=now)
    staged: Mapped[str | None]
    stored: Mapped[str | None]
    added: Mapped[int | None]
    removed: Mapped[int | None]

    work: Mapped[Work] = relationship(back_populates="files")


class WorkAgent(Base):
    """A creator or contributor, for browsing by people; `key` puts names in order."""

    __tablename__ = "work_agents"
    __table_args__ = (Index(None, "work_id"), Index(None, "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    position: Mapped[int]
    role: Mapped[str]
    creator: Mapped[bool]
    name: Mapped[str]
    key: Mapped[str] = mapped_column(SORTED)
    orcid: Mapped[str | None]


class WorkSubject(Base):
    """A keyword or classification code, for browsing by subject."""

    __tablename__ = "work_subjects"
    __table_args__ = (Index(None, "work_id"), Index(None, "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(SORTED)


class WorkIdentifier(Base):
    """An identifier in normal form, for finding duplicates."""

    __tablename__ = "work_identifiers"
    __table_args__ = (Index(None, "work_id"), Index(None, "scheme", "value"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    scheme: Mapped[str]
    value: Mapped[str]


class Origin(Base):
    """Where an imported work came from, so that a second import adds nothing.

    `record` is the source's record whole, in `format`; `elements` has a digest of each element of
    the description that it gave last, which tells what has changed here and what there.
    """

    __tablename__ = "origins"
    __table_args__ = (UniqueConstraint("source", "key"), Index(None, "work_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    source: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str] = mapped_column(default="")
    format: Mapped[str] = mapped_column(default="")
    record: Mapped[str] = mapped_column(default="", deferred=True)
    elements: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Event(Base):
    """Something that happened to a work: who did what, when and why. Never changed, only added."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "work_id", "moment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    moment: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    version: Mapped[int | None]


class Change(Base):
    """That a work has changed, and that one follower has yet to hear of it."""

    __tablename__ = "changes"
    __table_args__ = (Index(None, "follower", "due"), Index(None, "work_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    follower: Mapped[str]
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    moment: Mapped[datetime] = mapped_column(default=now)
    due: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
