"""Accessions: how works came to the library, with which papers, and which copies have gone."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.clock import now
from repository.database import Base
from repository.models.works import Work
from schemas.accessions import Carrier, Paper, Standing, SupplierKind, Way, Why
from schemas.vocabulary import Scan


class Money(TypeDecorator[Decimal]):
    """An exact sum, kept in hundredths, as SQLite has no decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value != round(value, 2):
            raise ValueError("A sum with parts of a hundredth cannot be stored.")
        return int(value.scaleb(2))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(choice)) for choice in choices)})"


class Series(Base):
    """A run of numbers without gaps, and the last one given. None is given twice."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Supplier(Base):
    """Who accessions come from: a shop, a publisher, a library, a person."""

    __tablename__ = "suppliers"
    __table_args__ = (CheckConstraint(_one_of("kind", SupplierKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)


class Accession(Base):
    """What came in one go, under one document: a record of the summary book.

    `year` and `number` are given when it is booked, and stay when it is cancelled.
    """

    __tablename__ = "accessions"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint(_one_of("standing", Standing), name="standing"),
        CheckConstraint(_one_of("way", Way), name="way"),
        CheckConstraint(_one_of("carrier", Carrier), name="carrier"),
        CheckConstraint("(standing = 'open') = (number IS NULL)", name="numbered"),
        Index(None, "standing", "day"),
        Index(None, "supplier_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    standing: Mapped[str] = mapped_column(default=Standing.OPEN)
    day: Mapped[date]
    way: Mapped[str]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    paper_number: Mapped[str] = mapped_column(default="")
    paper_day: Mapped[date | None]
    currency: Mapped[str] = mapped_column(default="KGS")
    carrier: Mapped[str]
    received_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # why it was cancelled
    revision: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(default=now)

    supplier: Mapped[Supplier] = relationship()
    items: Mapped[list["Item"]] = relationship(
        back_populates="accession",
        order_by="Item.position, Item.id",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own idiom

    @property
    def label(self) -> str:
        """Its number as the books write it: 12/2026; empty before it is booked."""
        return f"{self.number}/{self.year}" if self.number else ""


class Item(Base):
    """A title of an accession, in some copies, of which each may have an inventory number."""

    __tablename__ = "accession_items"
    __table_args__ = (
        CheckConstraint("copies > 0", name="copies"),
        CheckConstraint("price >= 0", name="price"),
        Index(None, "accession_id"),
        Index(None, "work_id"),
        Index(None, "first", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    accession_id: Mapped[int] = mapped_column(ForeignKey("accessions.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id", ondelete="SET NULL"))
    title: Mapped[str]
    issued: Mapped[str] = mapped_column(default="")
    type: Mapped[str] = mapped_column(default="other")
    language: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    copies: Mapped[int] = mapped_column(default=1)
    price: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    inventoried: Mapped[bool] = mapped_column(default=True)
    first: Mapped[int | None]  # the first of its inventory numbers, `copies` in a row

    accession: Mapped[Accession] = relationship(back_populates="items")
    work: Mapped[Work | None] = relationship()

    @property
    def last(self) -> int | None:
        """The last of its inventory numbers."""
        return None if self.first is None else self.first + self.copies - 1

    @property
    def sum(self) -> Decimal:
        """What all its copies cost."""
        return self.price * self.copies


class Removal(Base):
    """Copies that left the fund under one act: a record of the summary book's second part."""

    __tablename__ = "removals"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint(_one_of("standing", Standing), name="standing"),
        CheckConstraint(_one_of("why", Why), name="why"),
        CheckConstraint("(standing = 'open') = (number IS NULL)", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    standing: Mapped[str] = mapped_column(default=Standing.OPEN)
    day: Mapped[date]
    act: Mapped[str] = mapped_column(default="")
    act_day: Mapped[date | None]
    why: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # why it was cancelled
    created: Mapped[datetime] = mapped_column(default=now)

    parts: Mapped[list["RemovedPart"]] = relationship(
        back_populates="removal", order_by="RemovedPart.id", cascade="all, delete-orphan"
    )

    @property
    def label(self) -> str:
        """Its number as the books write it: 3/2026; empty before it is booked."""
        return f"{self.number}/{self.year}" if self.number else ""


class RemovedPart(Base):
    """Copies of one item that an act removes: those from inventory number `first` on, if any."""

    __tablename__ = "removed_parts"
    __table_args__ = (
        CheckConstraint("copies > 0", name="copies"),
        Index(None, "removal_id"),
        Index(None, "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    removal_id: Mapped[int] = mapped_column(ForeignKey("removals.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("accession_items.id"))
    copies: Mapped[int]
    first: Mapped[int | None]

    removal: Mapped[Removal] = relationship(back_populates="parts")
    item: Mapped[Item] = relationship()

    @property
    def last(self) -> int | None:
        """The last of the inventory numbers that go."""
        return None if self.first is None else self.first + self.copies - 1


class BookEvent(Base):
    """What was done in the books: by whom, when, why, and what stood there before. Only added."""

    __tablename__ = "book_events"
    __table_args__ = (Index(None, "about", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]  # "accession", "removal", "supplier", "document", "requirement", "series"
    about_id: Mapped[int]
    moment: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Document(Base):
    """A paper that came with a work or an accession; its scan is for staff only, for ever.

    Without a scan (`sha512` is None) the paper lies where `place` says. What was taken away keeps
    its row, with the reason.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Paper), name="kind"),
        CheckConstraint(_one_of("scan", Scan), name="scan"),
        CheckConstraint("(work_id IS NULL) <> (accession_id IS NULL)", name="owner"),
        Index(None, "work_id"),
        Index(None, "accession_id"),
        Index(None, "scan"),
        Index(None, "sha512"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    accession_id: Mapped[int | None] = mapped_column(
        ForeignKey("accessions.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha512: Mapped[str | None]
    media_type: Mapped[str] = mapped_column(default="")
    scan: Mapped[str] = mapped_column(default=Scan.UNSCANNED)
    added: Mapped[datetime] = mapped_column(default=now)
    added_by: Mapped[str] = mapped_column(default="")
    removed: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # why it was taken away

    accession: Mapped[Accession | None] = relationship()


class RequiredDocument(Base):
    """A document without which no work is accepted: in a collection, of a type, or any work.

    With a `way` it is wanted of accessions that came so, before they are booked, and of the works
    that came with them.
    """

    __tablename__ = "required_documents"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Paper), name="kind"),
        CheckConstraint(f"way = '' OR {_one_of('way', Way)}", name="way"),
        Index(None, "collection_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    collection_id: Mapped[int | None] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE")
    )
    type: Mapped[str] = mapped_column(default="")
    way: Mapped[str] = mapped_column(default="")
