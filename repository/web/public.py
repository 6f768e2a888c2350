"""Home, about, help: pages that are the same for every reader."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from repository import appearance, browse, clock, site_pages, tallies
from repository.web import gathering, guides, lists, schema_org, usage_pages, words, written
from repository.web.current import archive, reading
from repository.web.guard import public

pages = Blueprint("pages", __name__)


@pages.get("/")
@public
def home() -> ResponseReturnValue:
    """The first page."""
    site = archive().settings
    name = appearance.name(site, words.language())
    return render_template(
        "pages/home.html",
        numbers=tallies.of(reading(), "numbers", lambda: browse.numbers(reading())),
        newest=[lists.row(work) for work in browse.newest(reading())],
        much_read=usage_pages.much_read(),
        collections=gathering.tree(),
        schema_org=schema_org.script(schema_org.site(name, site.base_url)),
    )


@pages.get("/about")
@public
def about() -> ResponseReturnValue:
    """What this archive is."""
    site = archive().settings
    return written.instead(site_pages.ABOUT) or render_template(
        "pages/about.html", contact=appearance.look(site).email or site.admin_email
    )


@pages.get("/help")
@public
def help() -> ResponseReturnValue:
    """How to search, read, cite and deposit."""
    told = guides.everything(words.language())
    own = written.instead(site_pages.HELP, guides=told)
    return own or render_template("pages/help.html", guides=told)


@pages.get("/gallery")
@public
def gallery() -> ResponseReturnValue:
    """Every piece that pages are made of, for those who make pages."""
    return render_template("gallery.html", now=clock.now())
