"""How works are used: what came in lately, and what is counted of it for good."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from repository.database import Base


class UsageEvent(Base):
    """Somebody looked at a work, or read a file of it; kept for some hours after it is counted.

    `visitor` tells within one day whether it was the same reader, and nothing else. `part` tells
    addresses of one work apart. `counted` says that the rules of COUNTER have been applied.
    """

    __tablename__ = "usage_events"
    __table_args__ = (Index(None, "counted", "moment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    moment: Mapped[datetime]
    visitor: Mapped[str]
    work_id: Mapped[int]
    kind: Mapped[str]
    part: Mapped[int] = mapped_column(BigInteger)
    free: Mapped[bool]
    country: Mapped[str] = mapped_column(default="")
    counted: Mapped[bool] = mapped_column(default=False)


class UsageSalt(Base):
    """What makes the names of a day's visitors unlike those of any other day; one row."""

    __tablename__ = "usage_salts"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[str]


class UsageDay(Base):
    """How a work was used in a day, by COUNTER's four measures, from one country.

    `free` says whether everybody could have its files then; `country` is empty where it is not
    known.
    """

    __tablename__ = "usage_days"
    __table_args__ = (Index(None, "day"),)

    work_id: Mapped[int] = mapped_column(
        ForeignKey("works.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    free: Mapped[bool] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True, default="")
    investigations: Mapped[int] = mapped_column(default=0)
    unique_investigations: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    unique_requests: Mapped[int] = mapped_column(default=0)
