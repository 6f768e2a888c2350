"""The page of a work, its files, its metadata."""

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from repository import access, catalogue, records, versions
from repository.access import Action
from repository.errors import Forbidden, NotFound, SignInNeeded
from repository.models.works import File, Work
from repository.web import citing, covers, openings, texting, witness, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import vocabulary
from schemas import work as profile
from schemas.vocabulary import ReasonKind, State

works = Blueprint("works", __name__, url_prefix="/works")

# Types that a browser shows without running anything of the file's; all others are downloads.
SHOWN = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "video/mp4",
    "text/plain",
}
# A file of ours may never act in our name: no script, no style, no plug-in, no frame of it.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Chromium does not show a PDF under "sandbox"; a PDF's own script cannot reach the page.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


@works.get("/<int:number>")
@public
def show(number: int) -> ResponseReturnValue:
    """A work: what it is, who made it, its files, how to cite it; or its tombstone."""
    work = _visible(number)
    if work.state == State.WITHDRAWN:
        return make_response(render_template("works/tombstone.html", **_tombstone(work)), 410)
    if work.published is None:
        return redirect(url_for("deposit.show", number=number))
    record = records.of(work, base_url=archive().settings.base_url)
    answer = make_response(render_template("works/show.html", **_page(work, record)))
    answer.headers["Link"] = ", ".join(citing.link_headers(record))
    return answer


def _visible(number: int) -> Work:
    """The work if the viewer may know of it; a tombstone is for everybody."""
    work = catalogue.get(reading(), number)
    if work.state == State.WITHDRAWN or access.decide(viewer(), Action.SEE, work):
        return work
    raise NotFound("There is no work %(number)s.", number=number)


def _tombstone(work: Work) -> dict[str, Any]:
    reason = work.withdrawal or {}
    kind = vocabulary.WITHDRAWALS[ReasonKind(reason.get("kind", "other"))]
    return {
        "number": work.id,
        "title": profile.main_title(work.document),
        "creators": work.document.get("creators", []),
        "year": work.year,
        "withdrawn": work.withdrawn,
        "kind": words.label(kind),
        "reason": reason.get("reason", ""),
    }


def _page(work: Work, record: records.Record) -> dict[str, Any]:
    document = record.document
    licence = vocabulary.LICENCES.get(document.get("licence", ""))
    version = vocabulary.VERSIONS.get(document.get("version_type", ""))
    chosen = [(one.slug, one.name(words.language())) for one in work.collections]
    return {
        "record": record,
        "document": document,
        "title": profile.main_title(document),
        "type_label": words.label(profile.work_type(document).label),
        "version_label": words.label(version.label) if version else "",
        "licence": {"label": words.label(licence.label), "url": licence.url} if licence else None,
        "access": record.access_right,
        "access_label": words.label(vocabulary.ACCESS_RIGHTS[record.access_right].label),
        "files": [_file(work, file) for file in work.current_files],
        "cover": covers.of(work),
        "collections": chosen,
        "versions": list(reversed(work.versions)),
        "citation": citing.citation(record),
        "exports": [("bib", "BibTeX"), ("ris", "RIS"), ("dc.xml", "Dublin Core"), ("json", "JSON")],
        "meta": citing.meta_tags(record),
        "links": citing.links(record),
        "schema_org": citing.schema_org(record, archive().settings.name),
        "vocabulary": vocabulary,
    }


def _file(work: Work, file: File) -> dict[str, Any]:
    return {
        **openings.of(work, file),
        **texting.link(work, file),
        "name": file.name,
        "size": file.size,
        "media_type": file.media_type,
        "pages": file.pages,
        "level": access.level(file),
        "embargo_until": access.opens(file),
        "url": url_for("works.file", number=work.id, name=file.name),
    }


@works.get("/<int:number>.<path:ending>")
@public
def export(number: int, ending: str) -> ResponseReturnValue:
    """The metadata of a published work in another format."""
    work = _visible(number)
    if ending not in citing.EXPORTS or work.state != State.PUBLISHED:
        abort(404)
    media_type, render = citing.EXPORTS[ending]
    record = records.of(work, base_url=archive().settings.base_url)
    answer = Response(render(record), content_type=f"{media_type}; charset=utf-8")
    answer.headers["Link"] = f'<{record.url}>; rel="describes"; type="text/html"'
    answer.last_modified = record.changed
    answer.add_etag()
    return answer.make_conditional(request)


@works.get("/<int:number>/<path:name>")
@public
def file(number: int, name: str) -> ResponseReturnValue:
    """The bytes of a file, whole or in ranges, for those who may open it."""
    work = _visible(number)
    found = next((one for one in work.current_files if one.name == name), None)
    if found is None or work.state == State.WITHDRAWN:
        raise NotFound("This work has no file of that name.")
    decision = access.decide(viewer(), Action.COPY, work, found)
    if not decision:
        if decision.sign_in:
            raise SignInNeeded("Please sign in to open this file.")
        said = " ".join(openings.sentences(found, decision))
        raise Forbidden(said.replace("%", "%%"))
    witness.staff_opens(work, found)
    return _send(work, found, everybody=access.free(found) and work.state == "published")


def _send(work: Work, found: File, *, everybody: bool) -> Response:
    inline = found.media_type in SHOWN and "download" not in request.args
    answer = send_file(
        _path(work, found),
        mimetype=found.media_type,
        as_attachment=not inline,
        download_name=found.name,
        etag=found.sha512[:32],
        last_modified=work.published or found.created,
        conditional=True,
    )
    pdf = found.media_type == "application/pdf"
    answer.headers["Content-Security-Policy"] = PDF_POLICY if pdf else FILE_POLICY
    answer.headers["Cache-Control"] = "public, max-age=3600" if everybody else "private, no-store"
    landing = f"{archive().settings.base_url}/works/{work.id}"
    answer.headers["Link"] = f'<{landing}>; rel="collection"; type="text/html"'
    answer.headers.setdefault("Last-Modified", http_date(work.published or found.created))
    return answer


def _path(work: Work, found: File) -> Path:
    if found.stored:
        return archive().store.path(versions.object_id(work.uuid), found.stored)
    return archive().settings.staging / str(found.staged)
