"""What every page needs to know: who is looking, in which language, at whose archive."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Flask, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from repository import appearance, notices
from repository.errors import ArchiveError
from repository.web import dressing, words
from repository.web.current import archive, reading, viewer
from schemas import vocabulary


def init_app(app: Flask) -> None:
    """Gives templates their common context."""
    app.context_processor(context)
    app.jinja_options = {"autoescape": True}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def context() -> dict[str, Any]:
    """Names that every template may use."""
    settings = archive().settings
    look = appearance.look(settings)
    return {
        "viewer": viewer(),
        "language": words.language(),
        "languages": list(vocabulary.INTERFACE.items()),
        "archive_name": appearance.name(settings, words.language()),
        "archive_short": appearance.said(look.short, words.language()),
        "look": look,
        "look_sheet": dressing.address(look),
        "in_words": in_words,
        "base_url": settings.base_url,
        "request_id": g.get("request_id", ""),
        "here": here,
        "unread_notices": unread,
    }


def in_words(texts: Mapping[str, str]) -> str:
    """A text that staff gave in several languages, in that of the page."""
    return appearance.said(texts, words.language())


def unread() -> int:
    """How many notices the viewer has not read; a page is shown even where that cannot be told."""
    with suppress(ArchiveError, SQLAlchemyError):
        return notices.unread(reading(), viewer().id or 0)
    return 0


def here(language: str) -> str:
    """The address of this page in another language."""
    if not request.endpoint or request.method not in ("GET", "HEAD"):
        return url_for("pages.home", lang=language)
    arguments = {**request.args.to_dict(flat=False), "lang": language}
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments})
