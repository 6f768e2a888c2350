"""The salt of a day: made by whoever needs it first, thrown away when the day is over."""

import secrets
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.models.usage import UsageSalt


def of(session: Session, day: date) -> str:
    """The salt of today, which all servers share; earlier ones are deleted."""
    found = session.get(UsageSalt, day)
    if found is None:
        forget(session, day)
        found = UsageSalt(day=day, salt=secrets.token_hex(16))
        session.add(found)
        session.flush()
    return found.salt


def old(session: Session, day: date) -> bool:
    """Whether there are salts of days before this one."""
    return session.scalar(select(UsageSalt.day).where(UsageSalt.day < day).limit(1)) is not None


def forget(session: Session, day: date) -> None:
    """Deletes the salts of days before this one."""
    session.execute(delete(UsageSalt).where(UsageSalt.day < day))
