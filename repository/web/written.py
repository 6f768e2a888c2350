"""Pages that staff wrote, as readers see them."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from repository import house_rules, site_pages
from repository.errors import NotFound
from repository.site_pages import Shown
from repository.web import markdown, words
from repository.web.current import reading
from repository.web.guard import public

written = Blueprint("written", __name__)

# Where the pages are that have an address of their own.
ELSEWHERE = {site_pages.ABOUT: "pages.about", site_pages.HELP: "pages.help"}


@written.get("/pages/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One page."""
    if slug in ELSEWHERE:
        return redirect(url_for(ELSEWHERE[slug]), 301)
    if slug == site_pages.RULES:
        return made(house_rules.current(reading(), words.language()).shown)
    found = instead(slug)
    if found is None:
        raise NotFound("There is no such page, or no more.")
    return found


def instead(slug: str, **more: Any) -> str | None:
    """What staff wrote of that slug, as a page; None where they have not."""
    page = site_pages.find(reading(), slug)
    return made(site_pages.shown(page, words.language()), **more) if page else None


def made(shown: Shown, **more: Any) -> str:
    """A text as a page of the site."""
    text = markdown.html(shown.text)
    return render_template("pages/written.html", shown=shown, text=text, **more)
