"""The forms in which a work's metadata can be had: by an ending of its address, or by Accept.

They are the exports, schema.org's JSON-LD and the link sets of Signposting.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask import Response, abort, request

from repository import appearance
from repository.records import Record
from repository.web import citing, schema_org, signposting
from repository.web.current import archive

PAGE = "text/html"
# Other names under which programs ask for what we send under one.
ALIASES = {
    "text/x-bibtex": "bib",
    "application/bibtex": "bib",
    "application/x-ris": "ris",
    "application/x-dc+xml": "dc.xml",
    "text/xml": "dc.xml",
}


class Form(NamedTuple):
    """A form of the metadata: its media type, and what makes it of a record."""

    media_type: str
    render: Callable[[Record], bytes]


def described() -> dict[str, str]:
    """The media types by ending of what describes the work itself."""
    exports = {ending: one.media_type for ending, one in citing.described().items()}
    return {**exports, "jsonld": schema_org.MEDIA_TYPE}


def json_ld(record: Record) -> bytes:
    """The whole work in the words of schema.org."""
    name = appearance.name(archive().settings)
    return schema_org.script(schema_org.of(record, name)).encode()


def known() -> dict[str, Form]:
    """All forms, by ending."""
    forms = described()
    return {
        **{ending: Form(*one[:2]) for ending, one in _exports().items()},
        "jsonld": Form(schema_org.MEDIA_TYPE, json_ld),
        "linkset": Form(
            signposting.LINKSET, lambda record: signposting.linkset_text(record, forms)
        ),
        "linkset.json": Form(
            signposting.LINKSET_JSON, lambda record: signposting.linkset_json(record, forms)
        ),
    }


def _exports() -> dict[str, citing.Export]:
    """All exports; of two with one media type the one that machines are told of comes first."""
    return {**citing.described(), **citing.exports()}


def asked() -> str | None:
    """The ending of the form that the request would rather have than the page; None: the page.

    Whoever names one kind alone that there is not is told so with 406; all others get the page.
    """
    accepts = request.accept_mimetypes
    if not accepts or accepts.quality(PAGE) >= 1:
        return None
    endings = {one.media_type: ending for ending, one in reversed(known().items())} | ALIASES
    best = accepts.best_match([PAGE, *endings])
    if best is None and len(accepts) == 1:
        abort(406)
    return endings.get(best or PAGE)


def answer(record: Record, ending: str) -> Response:
    """One form of a record's metadata; free for the scripts of all sites to read."""
    media_type, render = known()[ending]
    plain = media_type.endswith("json")
    made = Response(
        render(record), content_type=media_type if plain else f"{media_type}; charset=utf-8"
    )
    links = signposting.linksets(record.url)
    if ending not in signposting.LINKSETS:
        links = signposting.beside(record.url, "describes")
    made.headers["Link"] = signposting.header(links)
    made.headers["Content-Disposition"] = citing.disposition(record, ending)
    made.headers["Content-Location"] = f"{record.url}.{ending}"
    made.headers["Access-Control-Allow-Origin"] = "*"
    made.headers["Access-Control-Expose-Headers"] = "Link"
    made.last_modified = record.changed
    made.add_etag()
    made.make_conditional(request)
    return made
