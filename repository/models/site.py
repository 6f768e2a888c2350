"""What staff say of the archive on its own site: pages, how it looks, rules that readers accept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from repository.clock import now
from repository.database import Base


class Place(StrEnum):
    """From where every page leads to a page that staff wrote."""

    MENU = "menu"
    FOOTER = "footer"
    NOWHERE = "nowhere"


class Page(Base):
    """A page that staff wrote; `titles` and `texts` (Markdown) are by language.

    `edition` goes up when readers have to accept the text anew, `revision` with each change.
    """

    __tablename__ = "pages"
    __table_args__ = (
        CheckConstraint(f"place IN ({', '.join(repr(str(one)) for one in Place)})", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(default=Place.NOWHERE)
    position: Mapped[int] = mapped_column(default=0)
    edition: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    author: Mapped[str]
    changed: Mapped[datetime] = mapped_column(default=now)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own idiom


class Acceptance(Base):
    """An account has accepted the rules of the reading room, in an edition and a language."""

    __tablename__ = "rule_acceptances"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    edition: Mapped[int]
    language: Mapped[str]
    moment: Mapped[datetime] = mapped_column(default=now)


class Appearance(Base):
    """The name, the colours and the contacts: one row. `said` is read by `repository.appearance`;
    `logo` is a WebP picture, whose hash stands in its address."""

    __tablename__ = "appearance"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_hash: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    author: Mapped[str]
    changed: Mapped[datetime] = mapped_column(default=now)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own idiom
