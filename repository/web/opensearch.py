"""/opensearch.xml: how browsers and programs search here (OpenSearch 1.1)."""

from flask import Blueprint, Response
from lxml import etree

from repository import appearance, xml
from repository.web import conditional
from repository.web.current import archive
from repository.web.guard import public
from schemas import vocabulary

blueprint = Blueprint("opensearch", __name__)

NS = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA_TYPE = "application/opensearchdescription+xml"
SHORT, LONG = 16, 48  # characters that the names of an archive may have
TEMPLATES = {
    "text/html": "/search?q={searchTerms}&page={startPage?}",
    "application/atom+xml": "/feeds/search.atom?q={searchTerms}&page={startPage?}",
    "application/rss+xml": "/feeds/search.rss?q={searchTerms}&page={startPage?}",
}


@blueprint.get("/opensearch.xml")
@public
def show() -> Response:
    """The description document."""
    site = archive().settings
    root = etree.Element(f"{{{NS}}}OpenSearchDescription", nsmap={None: NS})

    def add(name: str, text: str | None = None, **attributes: str) -> None:
        etree.SubElement(root, f"{{{NS}}}{name}", attributes).text = text

    add("ShortName", appearance.short(site)[:SHORT].rstrip())
    add("LongName", appearance.name(site)[:LONG].rstrip())
    add("Description", appearance.name(site))
    for media_type, template in TEMPLATES.items():
        add("Url", type=media_type, template=site.base_url + template, indexOffset="1")
    add("Url", type=MEDIA_TYPE, rel="self", template=f"{site.base_url}/opensearch.xml")
    add("Image", f"{site.base_url}/static/favicon.svg", type="image/svg+xml")
    if site.admin_email:
        add("Contact", site.admin_email)
    for language in vocabulary.INTERFACE:
        add("Language", language)
    add("InputEncoding", "UTF-8")
    add("OutputEncoding", "UTF-8")
    return conditional.answer(xml.serialise(root), MEDIA_TYPE)
