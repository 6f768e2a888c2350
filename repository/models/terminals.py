"""Seats of the reading rooms: computers at which a reader counts as being in the library."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Terminal(Base):
    """A seat. Its code, and the token of the browser in which it is open, are kept as SHA-256.

    `network`, where it has one, is where the browser must be; `seen` is when it last asked for a
    page.
    """

    __tablename__ = "terminals"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    network: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(default=now)
    token: Mapped[str | None] = mapped_column(unique=True)
    opened: Mapped[datetime | None]
    seen: Mapped[datetime | None]
