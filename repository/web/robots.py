"""/robots.txt: what crawlers may read (RFC 9309). Works, their files and ways to them: always."""

from flask import Blueprint, Response

from repository.web import conditional
from repository.web.current import archive
from repository.web.guard import public

blueprint = Blueprint("robots", __name__)

# Endless combinations of filters, and rooms where a crawler has nothing to find.
CLOSED = (
    "/search",
    "/feeds/search",
    "/account",
    "/deposit",
    "/review",
    "/staff",
    "/copies",
    "/seat",
)


@blueprint.get("/robots.txt")
@public
def show() -> Response:
    """The same rules for every crawler; the sitemap is named."""
    site = archive().settings.base_url
    lines = [
        "User-agent: *",
        *(f"Disallow: {one}" for one in CLOSED),
        "",
        f"Sitemap: {site}/sitemap.xml",
        "",
    ]
    return conditional.answer("\n".join(lines).encode(), "text/plain")
