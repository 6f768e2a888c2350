"""Where works stand when people browse: languages, classes, and periodicals or series."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.database import Base
from repository.models.works import SORTED


class WorkLanguage(Base):
    """A language in which a work is written."""

    __tablename__ = "work_languages"
    __table_args__ = (Index(None, "code"),)

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)


class WorkClass(Base):
    """A class of a library classification in which a work is, or a class above that."""

    __tablename__ = "work_classes"
    __table_args__ = (Index(None, "scheme", "node", "work_id"),)

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    scheme: Mapped[str] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(primary_key=True)


class WorkHost(Base):
    """That a work stands in a periodical or series, or is one: `kind` says which.

    `key` is the periodical's word in addresses: its ISSN, else `slug`, made of the title. `part`
    is the word of the issue; `part_key` puts issues in order, `first_page` what stands in one.
    """

    __tablename__ = "work_hosts"
    __table_args__ = (
        Index(None, "work_id"),
        Index(None, "key", "part_key"),
        Index(None, "slug"),
        Index(None, "title_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    kind: Mapped[str]
    key: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    title_key: Mapped[str] = mapped_column(SORTED)
    issn: Mapped[str]
    year: Mapped[str]
    volume: Mapped[str]
    issue: Mapped[str]
    part: Mapped[str]
    part_key: Mapped[str] = mapped_column(SORTED)
    first_page: Mapped[int]
