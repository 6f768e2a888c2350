"""Records of people who make works: their names, places of work and identifiers; who made what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base
from repository.models.works import SORTED
from schemas import work as profile


class Author(Base):
    """A person who makes works. `name` is the first form as catalogues file it, `key` its order.

    A record that was merged stays, with all it had except its ORCID, so that it can be taken out
    again; `merged_into_id` says into which.
    """

    __tablename__ = "authors"
    __table_args__ = (Index(None, "account_id"), Index(None, "merged_into_id"), Index(None, "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(SORTED, default="")
    orcid: Mapped[str | None] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("authors.id", ondelete="SET NULL")
    )
    notes: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now)

    forms: Mapped[list["AuthorForm"]] = relationship(
        order_by="AuthorForm.position", cascade="all, delete-orphan"
    )
    identifiers: Mapped[list["AuthorIdentifier"]] = relationship(
        order_by="AuthorIdentifier.id", cascade="all, delete-orphan"
    )
    affiliations: Mapped[list["AuthorPlace"]] = relationship(
        order_by="AuthorPlace.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own idiom


class AuthorForm(Base):
    """A way in which the name is written; the first one is preferred. `sound` is for finding."""

    __tablename__ = "author_forms"
    __table_args__ = (Index(None, "author_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    family: Mapped[str] = mapped_column(default="")
    given: Mapped[str] = mapped_column(default="")
    patronymic: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    sound: Mapped[str] = mapped_column(default="")

    @property
    def filed(self) -> str:
        """The name as catalogues file it."""
        parts = {"family": self.family, "given": self.given, "patronymic": self.patronymic}
        return profile.agent_name(parts)


class AuthorKey(Base):
    """A family name, as it sounds, under which a record is looked for."""

    __tablename__ = "author_keys"
    __table_args__ = (Index(None, "key"),)

    author_id: Mapped[int] = mapped_column(
        ForeignKey("authors.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)


class AuthorIdentifier(Base):
    """What else the person is known by: Scopus, SPIN, VIAF and so on."""

    __tablename__ = "author_identifiers"
    __table_args__ = (Index(None, "author_id"), Index(None, "scheme", "value"))

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
    scheme: Mapped[str]
    value: Mapped[str]


class AuthorPlace(Base):
    """Where the person worked or studied; `since` and `until` are years or months, or empty."""

    __tablename__ = "author_places"
    __table_args__ = (Index(None, "author_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    ror: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    until: Mapped[str] = mapped_column(default="")


class Standing(StrEnum):
    """How sure it is whose name a work has."""

    OPEN = "open"
    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"


class Credit(Base):
    """A person whom a work names, and whose record that is.

    A row beside the document, which stays the truth: `position` is the agent's place in it, as in
    `WorkAgent`. `sound` is the name as it sounds, its parts between bars; `family` the part under
    which records are looked for. `refused` are records that are somebody else's.
    """

    __tablename__ = "credits"
    __table_args__ = (
        UniqueConstraint("work_id", "position"),
        CheckConstraint(
            f"standing IN ({', '.join(repr(str(one)) for one in Standing)})", name="standing"
        ),
        CheckConstraint("(author_id IS NULL) = (standing = 'open')", name="linked"),
        Index(None, "author_id", "standing"),
        Index(None, "family"),
        Index(None, "standing", "sound"),
        Index(None, "orcid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    position: Mapped[int]
    sound: Mapped[str]
    family: Mapped[str]
    orcid: Mapped[str | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("authors.id"))
    standing: Mapped[str] = mapped_column(default=Standing.OPEN)
    score: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    refused: Mapped[list[int]] = mapped_column(JSON, default=list)
    decided: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")


class AuthorMerge(Base):
    """That one record was merged into another. `taken` is what it brought, to be taken back."""

    __tablename__ = "author_merges"
    __table_args__ = (Index(None, "kept_id"), Index(None, "lost_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
    lost_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
    moment: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(default="")
    taken: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone: Mapped[datetime | None]
