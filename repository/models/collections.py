"""Collections: where works are gathered (faculty, chair, journal, kind). They nest."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repository.database import Base

work_collections = Table(
    "work_collections",
    Base.metadata,
    Column("work_id", ForeignKey("works.id", ondelete="CASCADE"), primary_key=True),
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "collection_id"),
)


class Collection(Base):
    """A collection. `names` and `descriptions` are by language; `slug` is its word in addresses."""

    __tablename__ = "collections"
    __table_args__ = (CheckConstraint("parent_id <> id", name="parent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id"), index=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    descriptions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Collection | None"] = relationship(
        remote_side="Collection.id", back_populates="children"
    )
    children: Mapped[list["Collection"]] = relationship(
        back_populates="parent", order_by="Collection.position, Collection.slug"
    )

    @property
    def spec(self) -> str:
        """The OAI setSpec: the slugs from the root down, joined by colons."""
        return f"{self.parent.spec}:{self.slug}" if self.parent else self.slug

    def name(self, language: str) -> str:
        """The name in `language`, else in the first language that has one."""
        return self.names.get(language) or next(iter(self.names.values()), self.slug)
