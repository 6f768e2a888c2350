"""Who read which page of what is for reading only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class PageReading(Base):
    """A page that was shown to somebody: a row for each reader, page and hour.

    `reader` is a seal of an account, a seat or a browser, by which pages are counted. `page` 0 is a
    search in the file; what was searched for is not kept.
    """

    __tablename__ = "page_readings"
    __table_args__ = (
        Index(None, "reader", "moment"),
        Index(None, "network", "moment"),
        Index(None, "work_id"),
        Index(None, "moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    moment: Mapped[datetime] = mapped_column(default=now)
    reader: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    seat: Mapped[str] = mapped_column(default="")
    network: Mapped[str] = mapped_column(default="")
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    file_id: Mapped[int]
    page: Mapped[int]
