"""How the archive presents itself: its name, colours, contacts and the pages that staff wrote.

Whoever needs the name has the settings at hand, and seldom a session: so what staff said is kept
for each open archive and read again every second or so, whichever process changed it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from repository import database
from repository.errors import ArchiveError
from repository.models.site import Appearance, Page, Place
from repository.settings import Settings
from schemas import vocabulary

log = structlog.get_logger()

AGE = 1.0  # seconds that what is known is good for
ROW = 1  # the one row of the table


@dataclass(frozen=True)
class Logo:
    """A picture beside the name: the hash in its address, and its size in points."""

    hash: str
    width: int
    height: int


@dataclass(frozen=True)
class Way:
    """A way to a page that staff wrote, from every page."""

    slug: str
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """What staff said; all of it may be empty. Mappings are by language."""

    names: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    light: str = ""
    dark: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    email: str = ""
    footer: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Mapping[str, Any], ...] = ()
    logo: Logo | None = None
    menu: tuple[Way, ...] = ()
    foot: tuple[Way, ...] = ()


@dataclass
class _Known:
    """What is known of one open archive."""

    engine: Engine
    look: Look = Look()
    read: float | None = None


_open: dict[str, _Known] = {}
_lock = Lock()


def attach(settings: Settings, engine: Engine) -> None:
    """From now on what staff said is read from there."""
    with _lock:
        _open[settings.database_url] = _Known(engine)


def detach(settings: Settings, engine: Engine) -> None:
    """The archive is closed; nothing is read from there any more."""
    with _lock:
        if settings.database_url in _open and _open[settings.database_url].engine is engine:
            del _open[settings.database_url]


def forget(settings: Settings) -> None:
    """Lets it be read anew: something was changed here."""
    with _lock:
        if settings.database_url in _open:
            _open[settings.database_url].read = None


def look(settings: Settings) -> Look:
    """What staff said, a second old at most; the last that is known where it cannot be read."""
    known = _open.get(settings.database_url)
    if known is None:
        return Look()
    moment = time.monotonic()
    if known.read is None or moment - known.read > AGE:
        known.read = moment  # so that others do not ask meanwhile
        try:
            with database.reading(known.engine) as session:
                known.look = _read(session)
        except (ArchiveError, SQLAlchemyError) as error:  # a page is worth more than its logo
            log.warning("appearance not read", reason=type(error).__name__)
    return known.look


def name(settings: Settings, language: str = "") -> str:
    """The archive's name in a language; without one, in that of the settings."""
    return said(look(settings).names, language or settings.language) or settings.name


def short(settings: Settings, language: str = "") -> str:
    """A short name for narrow places; the whole one where there is no other."""
    return said(look(settings).short, language or settings.language) or name(settings, language)


def said(texts: Mapping[str, str], language: str) -> str:
    """A text in a language, else in the first of the interface's that has it; else empty."""
    return next((texts[one] for one in (language, *vocabulary.INTERFACE) if texts.get(one)), "")


def row(session: Session) -> Appearance | None:
    """What is kept; None while nobody has said anything."""
    return session.get(Appearance, ROW)


def of(kept: Appearance | None) -> Look:
    """What a row says."""
    if kept is None:
        return Look()
    given = dict(kept.said)
    size = given.pop("logo", None)
    logo = Logo(kept.logo_hash, *size) if kept.logo_hash and size else None
    return Look(**{**given, "links": tuple(given.get("links", ())), "logo": logo})


def _read(session: Session) -> Look:
    query = select(Page.slug, Page.titles, Page.place).order_by(Page.position, Page.slug)
    ways = [(one.place, Way(one.slug, one.titles)) for one in session.execute(query)]
    return Look(
        **{
            **vars(of(row(session))),
            "menu": tuple(way for place, way in ways if place == Place.MENU),
            "foot": tuple(way for place, way in ways if place == Place.FOOTER),
        }
    )
