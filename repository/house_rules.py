"""The rules of the reading room, which a reader accepts once before the first page.

They are the page `reading-room-rules`; until staff have written it, there are words ready. Who has
an account accepts for good, others for as long as their browser, or the seat, stays open.
"""

from importlib import resources
from typing import NamedTuple

from sqlalchemy.orm import Session

from repository import site_pages
from repository.clock import now
from repository.models.site import Acceptance
from repository.site_pages import Shown
from repository.viewers import Viewer
from schemas import vocabulary


class Rules(NamedTuple):
    """The rules in one language, and their edition: a new one has to be accepted anew."""

    shown: Shown
    edition: int


def current(session: Session, language: str) -> Rules:
    """The rules that are in force."""
    page = site_pages.find(session, site_pages.RULES)
    if page is None:
        return Rules(ready(language), 1)
    return Rules(site_pages.shown(page, language), page.edition)


def ready(language: str) -> Shown:
    """The words that stand until the staff have written others."""
    known = language if language in vocabulary.INTERFACE else "en"
    source = resources.files("templates") / "pages" / "rules" / f"{known}.txt"
    title, _, text = source.read_text("utf-8").strip().partition("\n")
    return Shown(title, text.strip(), known)


def edition(session: Session) -> int:
    """The edition of the rules that are in force."""
    page = site_pages.find(session, site_pages.RULES)
    return page.edition if page else 1


def accepted(session: Session, viewer: Viewer) -> bool:
    """Whether the account has accepted the rules that are in force."""
    found = session.get(Acceptance, viewer.id) if viewer.id else None
    return found is not None and found.edition >= edition(session)


def accept(session: Session, viewer: Viewer, *, edition: int, language: str) -> None:
    """Remembers that the account has accepted this edition."""
    found = session.get(Acceptance, viewer.id)
    if found is None:
        found = Acceptance(account_id=viewer.id)
        session.add(found)
    found.edition, found.language, found.moment = edition, language, now()
    session.flush()
