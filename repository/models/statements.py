"""What the archive says of its policies, as the staff wrote it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from repository.clock import now
from repository.database import Base


class Statement(Base):
    """A policy in one language. Where there is none, `repository.statements` has words ready."""

    __tablename__ = "statements"

    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    author: Mapped[str]
    moment: Mapped[datetime] = mapped_column(default=now)
