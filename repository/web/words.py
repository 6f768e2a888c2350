"""How pages say things: dates, sizes, names and vocabulary in the reader's language."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates
from flask import Flask, g, request, session
from flask_babel import Babel, get_locale, gettext

from repository import speaking
from repository.errors import ArchiveError
from repository.web.current import archive, viewer
from schemas import roles, vocabulary, work
from schemas.messages import Message

COOKIE = "language"


def choose_language() -> str:
    """The reader's language: of the address, of the choice kept, of the account, of the browser."""
    known = vocabulary.INTERFACE
    for chosen in (
        request.args.get("lang"),
        session.get(COOKIE),
        viewer().language if viewer().signed_in else None,
        request.accept_languages.best_match(known),
    ):
        if chosen in known:
            return chosen
    return archive().settings.language


def init_app(app: Flask) -> None:
    """Teaches the app to speak: Babel, and the filters that templates use."""
    Babel(app, locale_selector=choose_language)
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(edtf)
    app.add_template_filter(size)
    app.add_template_filter(number)
    app.add_template_filter(reading, "reading_name")
    app.add_template_filter(work.agent_name, "filed_name")
    app.add_template_filter(language_name)
    app.add_template_filter(label, "label")
    app.add_template_filter(role_name)
    app.before_request(_keep_choice)


def _keep_choice() -> None:
    chosen = request.args.get("lang")
    if chosen in vocabulary.INTERFACE and session.get(COOKIE) != chosen:
        session[COOKIE] = chosen
        session.permanent = True


def locale() -> Locale:
    """Babel's locale of the page being made."""
    return get_locale() or Locale.parse("en")


def language() -> str:
    """The language of the page being made: ky, ru or en."""
    if "language" not in g:
        g.language = str(locale().language)
    return g.language


def day(value: date | datetime) -> str:
    """A day as people write it here."""
    here = value.astimezone(_zone()).date() if isinstance(value, datetime) else value
    return speaking.day(here, locale())


def moment(value: datetime) -> str:
    """A day and an hour, in the library's time zone."""
    time = dates.format_time(value, "short", tzinfo=_zone(), locale=locale())
    return f"{day(value)}, {time}"


def _zone() -> ZoneInfo:
    return ZoneInfo(archive().settings.time_zone)


def edtf(value: str) -> str:
    """An EDTF date in words."""
    return speaking.edtf(value, locale(), gettext)


def size(value: int) -> str:
    """A number of bytes as a reader grasps it."""
    return speaking.size(value, locale())


def number(value: int) -> str:
    """A grouped number."""
    return speaking.number(value, locale())


def reading(agent: dict[str, Any]) -> str:
    """A person's name in reading order."""
    return work.agent_reading(agent)


def language_name(code: str) -> str:
    """The name of a language in the language of the page; the code when Babel has none."""
    return speaking.language_name(code, locale())


def label(term: str) -> str:
    """A label of a vocabulary in the language of the page."""
    return gettext(term)


def role_name(role: str) -> str:
    """The name of a role in the language of the page."""
    return gettext(roles.LABELS[roles.Role(role)])


def explain(error: ArchiveError) -> str:
    """The sentence of an error in the language of the page."""
    said = gettext(error.sentence)
    return said % error.parameters if error.parameters else said


def say(message: str) -> str:
    """A message of the border in the language of the page."""
    if isinstance(message, Message):
        said = gettext(message.sentence)
        return said % message.parameters if message.parameters else said
    return gettext(message)
