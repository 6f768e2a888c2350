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

from repository import access, appearance, catalogue, history, holdings, merging, records, versions
from repository.access import Action
from repository.errors import Forbidden, NotFound, SignInNeeded
from repository.models.works import File, Work
from repository.usage import figures
from repository.web import (
    citing,
    covers,
    machine_tags,
    metadata_forms,
    openings,
    schema_org,
    signposting,
    surroundings,
    texting,
    witness,
    words,
)
from repository.web.current import archive, reading, viewer
from repository.web.guard import public
from schemas import vocabulary
from schemas import work as profile
from schemas.roles import STAFF
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
    work = visible(number)
    if work.state == State.WITHDRAWN:
        return merged(work) or tombstone(work)
    if work.published is None:
        return redirect(url_for("deposit.show", number=number))
    record = records.of(work, base_url=archive().settings.base_url)
    ending = metadata_forms.asked()
    if ending:
        answer = metadata_forms.answer(record, ending)
    else:
        answer = make_response(render_template("works/show.html", **page(work, record)))
        links = signposting.short(record, metadata_forms.described())
        answer.headers["Link"] = signposting.header(links)
    answer.vary.add("Accept")
    return answer


def tombstone(work: Work) -> Response:
    """What is left of a work that was withdrawn."""
    return make_response(render_template("works/tombstone.html", **_tombstone(work)), 410)


def merged(work: Work, name: str = "", ending: str = "") -> Response | None:
    """The way to the work that a duplicate was merged into; None where it was not.

    `name` is that of a file, which the other work has under any name, or not at all.
    """
    other = merging.other(reading(), work)
    if other is None or other.state != State.PUBLISHED:
        return None
    where = url_for("works.show", number=other.id)
    if ending:
        where = url_for("works.export", number=other.id, ending=ending)
    if name:
        held = {file.sha512 for file in work.current_files if file.name == name}
        same = next((one.name for one in other.current_files if one.sha512 in held), None)
        where = url_for("works.file", number=other.id, name=same) if same else where
    answer = make_response(redirect(where, 301))
    # A merge can be undone; a browser that remembers it for ever would not notice.
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def visible(number: int) -> Work:
    """The work if the viewer may know of it; a tombstone is for everybody."""
    work = catalogue.get(reading(), number)
    if work.state == State.WITHDRAWN or access.decide(viewer(), Action.SEE, work):
        return work
    raise NotFound("There is no work %(number)s.", number=number)


def _tombstone(work: Work) -> dict[str, Any]:
    reason = work.withdrawal or {}
    kind = vocabulary.WITHDRAWALS[ReasonKind(reason.get("kind", "other"))]
    asker = vocabulary.ASKERS.get(reason.get("asked_by", ""))
    record = records.of(work, base_url=archive().settings.base_url)
    return {
        "asked_by": words.label(asker) if asker else "",
        "citation": citing.citation(record),
        "number": work.id,
        "title": profile.main_title(work.document),
        "creators": work.document.get("creators", []),
        "year": work.year,
        "withdrawn": work.withdrawn,
        "kind": words.label(kind),
        "reason": reason.get("reason", ""),
    }


def page(work: Work, record: records.Record) -> dict[str, Any]:
    """What the page of a work shows."""
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
        "editions": history.editions(work),
        "edition": None,
        "mine": viewer().id is not None and viewer().id == work.owner_id,
        "citation": citing.citation(record),
        "exports": citing.offered(),
        **_for_machines(work, record),
        **surroundings.of(work),
        "vocabulary": vocabulary,
        "used": figures.of_work(reading(), work.id),
        "held": None if STAFF.isdisjoint(viewer().roles) else holdings.of_work(reading(), work.id),
    }


def _for_machines(work: Work, record: records.Record) -> dict[str, Any]:
    """The head of the page: tags, links, what it is in the words of schema.org."""
    site = archive().settings
    name = appearance.name(site, words.language())
    cover = covers.of(work)["small"] if record.access_right == "open" else None
    picture = f"{site.base_url}{cover}" if cover else ""
    links = signposting.short(record, metadata_forms.described())
    return {
        "meta": machine_tags.of(record, site=name, language=words.language(), picture=picture),
        "links": [{"rel": "canonical", "href": record.url}, *links],
        "schema_org": schema_org.script(schema_org.of(record, appearance.name(site), whole=False)),
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
    work = visible(number)
    known = ending in metadata_forms.known()
    if not known or work.state != State.PUBLISHED:
        return (known and merged(work, ending=ending)) or abort(404)
    record = records.of(work, base_url=archive().settings.base_url)
    return metadata_forms.answer(record, ending)


@works.get("/<int:number>/<path:name>")
@public
def file(number: int, name: str) -> ResponseReturnValue:
    """The bytes of a file, whole or in ranges, for those who may open it."""
    work = visible(number)
    if work.state == State.WITHDRAWN:
        return merged(work, name=name) or tombstone(work)
    found = next((one for one in work.current_files if one.name == name), None)
    if found is None:
        raise NotFound("This work has no file of that name.")
    admit(access.decide(viewer(), Action.COPY, work, found), found)
    witness.staff_opens(work, found)
    return send(work, found, everybody=access.free(found) and work.state == "published")


def admit(decision: access.Decision, found: File) -> None:
    """Goes on where a file may be handed out; raises SignInNeeded, or Forbidden with what helps."""
    if not decision:
        if decision.sign_in:
            raise SignInNeeded("Please sign in to open this file.")
        said = " ".join(openings.sentences(found, decision))
        raise Forbidden(said.replace("%", "%%"))


def send(work: Work, found: File, *, everybody: bool, version: int | None = None) -> Response:
    """The bytes of a file, of the newest version of the work unless one is given."""
    inline = found.media_type in SHOWN and "download" not in request.args
    answer = send_file(
        _path(work, found, version),
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
    more = signposting.licence(work.document.get("licence", ""))
    answer.headers["Link"] = signposting.header(signposting.beside(landing, "collection", *more))
    answer.headers.setdefault("Last-Modified", http_date(work.published or found.created))
    return answer


def _path(work: Work, found: File, version: int | None) -> Path:
    if found.stored:
        return archive().store.path(versions.object_id(work.uuid), found.stored, version)
    return archive().settings.staging / str(found.staged)
