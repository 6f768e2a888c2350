"""/sitemap.xml: all public pages, for search engines."""

from flask import Blueprint, Response, abort

from repository import latest, sitemaps
from repository.web import conditional
from repository.web.current import archive, reading
from repository.web.guard import public

blueprint = Blueprint("sitemaps", __name__)

XML = "application/xml"


@blueprint.get("/sitemap.xml")
@public
def index() -> Response:
    """The index of all sitemaps."""
    found = sitemaps.parts(reading())
    body = sitemaps.index(archive().settings.base_url, found)
    return conditional.answer(body, XML)


@blueprint.get(f"/sitemaps/<any({', '.join(sitemaps.KINDS)}):kind>-<int:part>.xml")
@public
def part(kind: str, part: int) -> Response:
    """One sitemap."""
    found = sitemaps.places(reading(), kind, part) if part < 2**31 // sitemaps.PART else []
    if not found and (kind, part) != ("collections", 0):
        abort(404)
    # Who takes a work out of the list changes it too; of a page that is deleted nothing stays.
    changed = [one.changed for one in found if one.changed and kind != "pages"]
    gone = latest.withdrawn(reading()) if changed else None
    changed += [gone] if gone else []
    body = sitemaps.sitemap(archive().settings.base_url, found)
    return conditional.answer(body, XML, changed=max(changed, default=None))
