"""One address for each page: what is the same under several is said once.

A page in the reader's own language has the plain address; `?lang=` names the page in one language,
and both say of each other. A work's page has one address, whatever language surrounds it.
"""

from urllib.parse import quote

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from repository.web.current import archive
from schemas import vocabulary

# Pages that search engines should know, with the arguments that make another page of them.
PAGES: dict[str, tuple[str, ...]] = {
    "pages.home": (),
    "pages.about": (),
    "pages.help": (),
    "guides.show": (),
    "policies.show": (),
    "written.show": (),
    "usage.whole": (),
    "browse.index": (),
    "browse.by": ("value", "letter", "from", "part", "after"),
    "browse.new": ("after",),
    "browse.scheme": (),
    "browse.node": ("part", "after"),
    "periodicals.index": ("letter", "from"),
    "periodicals.show": ("before", "after"),
    "periodicals.issue": ("after",),
    "collections.index": (),
    "collections.show": ("part", "after"),
    "people.show": ("kind", "year", "part", "after", "all"),
    "people.record": ("kind", "year", "part", "after"),
}


def init_app(app: Flask) -> None:
    """Puts addresses right before anything else looks at them."""
    app.before_request(without_slash)
    app.context_processor(lambda: {"canonical": address})


def address(language: str | None = None) -> str | None:
    """The one absolute address of this page, in a language if one is given; None where it is not
    for search engines."""
    arguments = PAGES.get(request.endpoint or "")
    if arguments is None:
        return None
    kept = {name: request.args[name] for name in arguments if name in request.args}
    own = request.args.get("lang") if language is None else language
    kept |= {"lang": own} if own in vocabulary.INTERFACE else {}
    path = url_for(str(request.endpoint), **{**(request.view_args or {}), **kept})
    return archive().settings.base_url + path


def without_slash() -> ResponseReturnValue | None:
    """Leads from an address with a slash too many at its end to the page that is meant."""
    lost = isinstance(request.routing_exception, NotFound)
    meant = request.path.rstrip("/")
    if not (lost and meant and meant != request.path and request.method in ("GET", "HEAD")):
        return None
    try:
        current_app.create_url_adapter(request).match(meant)  # type: ignore[union-attr]
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    where = request.root_path.rstrip("/") + quote(meant) + (f"?{query}" if query else "")
    return redirect(where, 301)
