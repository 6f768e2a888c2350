"""The versions of a work: a page for each, its files, and what was changed from one to the next."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import access, history, publishing, records
from repository.access import Action
from repository.errors import NotFound
from repository.history import Edition, Past
from repository.models.works import File, Version, Work
from repository.web import citing, current, description, openings, permits, values, witness, works
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role
from schemas import work as profile
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, State

versions = Blueprint("versions", __name__, url_prefix="/works/<int:number>/versions")


@versions.get("")
@public
def index(number: int) -> ResponseReturnValue:
    """All versions, and what was changed in each."""
    work = _published(number)
    if work.state == State.WITHDRAWN:
        return works.merged(work) or works.tombstone(work)
    found = history.editions(work)
    before = [*found[1:], None]
    return render_template(
        "works/versions.html",
        number=number,
        record=records.of(work, base_url=archive().settings.base_url),
        title=profile.main_title(work.document),
        told=[_told(work, one, past) for one, past in zip(found, before, strict=True)],
    )


def _published(number: int) -> Work:
    work = works.visible(number)
    if work.published is None:
        raise NotFound("There is no work %(number)s.", number=number)
    return work


def _told(work: Work, one: Edition, before: Edition | None) -> dict[str, Any]:
    """What a version brought. The words that were corrected later only those see who keep it."""
    told: dict[str, Any] = {
        "edition": one,
        "href": url_for("versions.show", number=work.id, version=one.number),
        "newest": one.last is work.versions[-1],
        "corrections": _corrections(work, one),
        "shut": viewer().may(Role.CATALOGUER) and bool(_closable(work, one)),
    }
    if before is not None:
        had, has = history.held(work, before.last), history.held(work, one.first)
        told["added"] = [file.name for file in has if file not in had]
        told["removed"] = [file.name for file in had if file not in has]
        told["differences"] = _differences(before.last, one.last)
    return told


def _differences(before: Version, after: Version) -> list[values.Difference]:
    return values.differences(after.document, before.document, description.WHOLE)


def _corrections(work: Work, one: Edition) -> list[dict[str, Any]]:
    keeps = access.decide(viewer(), Action.COMMENT, work)
    found = []
    for before, state in zip(one.states, one.corrections, strict=False):
        differences = _differences(before, state)
        fields = [each.label for each in differences]
        found.append(
            {"state": state, "fields": fields, "differences": differences if keeps else []}
        )
    return found[::-1]


@versions.get("/<int:version>")
@public
def show(number: int, version: int) -> ResponseReturnValue:
    """One version as it was, with the files of it that may still be read."""
    work = _published(number)
    if work.state == State.WITHDRAWN:
        return works.merged(work) or works.tombstone(work)
    found = history.edition(work, version)
    files = history.files(archive(), work, found.last)
    record = records.of(work, base_url=archive().settings.base_url)
    gates = [one.gate for one in files]
    shown = replace(
        record,
        document=found.last.document,
        access_right=access.right(gates, found.last.document.get("access")),
    )
    own = replace(shown, url=f"{record.url}/versions/{version}")
    answer = make_response(
        render_template(
            "works/show.html",
            **{
                **works.page(work, shown),
                "edition": found,
                "files": [_file(work, found, one) for one in files],
                "cover": {"family": None, "small": None},
                "citation": citing.citation(own, version=version),
                # Search engines and reference managers are to take the newest version.
                "exports": [],
                "meta": [],
                "schema_org": "",
                "links": [{"rel": "canonical", "href": record.url}],
            },
        )
    )
    answer.headers["Link"] = (
        f'<{record.url}>; rel="canonical", <{record.url}>; rel="latest-version"'
    )
    return answer


def _file(work: Work, found: Edition, one: Past) -> dict[str, Any]:
    read = access.all_of(viewer(), Action.READ, work, one.guards)
    copy = access.all_of(viewer(), Action.COPY, work, one.guards)
    gate = one.gate
    return {
        "name": one.file.name,
        "size": one.file.size,
        "media_type": one.file.media_type,
        "pages": one.file.pages,
        "level": access.level(gate),
        "embargo_until": access.opens(gate),
        "allowed": bool(copy),
        "readable": bool(read),
        "sign_in": copy.sign_in,
        "view_only": gate.copying != Copying.ALLOWED,
        "says": openings.sentences(cast(File, gate), copy),
        "url": url_for("versions.file", number=work.id, version=found.number, name=one.file.name),
    }


@versions.get("/<int:version>/<path:name>")
@public
def file(number: int, version: int, name: str) -> ResponseReturnValue:
    """The bytes of a file of a version: never to more people than today's rights allow."""
    work = _published(number)
    if work.state == State.WITHDRAWN:
        return works.merged(work) or works.tombstone(work)
    found = history.edition(work, version)
    past = history.files(archive(), work, found.last)
    one = next((each for each in past if each.file.name == name), None)
    if one is None:
        raise NotFound("This version has no file of that name.")
    decision = access.all_of(viewer(), Action.COPY, work, one.guards)
    works.admit(decision, cast(File, one.gate))
    witness.staff_opens(work, cast(File, one.gate))
    return works.send(work, one.file, everybody=one.free, version=found.last.number)


@versions.post("/<int:version>/close")
@role(Role.CATALOGUER)
def shut(number: int, version: int) -> ResponseReturnValue:
    """Closes the files that only this version and earlier ones have."""
    work = permits.work(reading(), number, Action.REVIEW)
    paths = _closable(work, history.edition(work, version))
    reason = request.form.get("reason", "").strip()
    if not reason:
        flash(gettext("Write why the files are closed."), "bad")
    elif paths:
        current.end(None)
        publishing.shut(archive(), number, actor=viewer(), reason=reason, paths=paths)
        flash(gettext("The files of this version are closed."), "good")
    return redirect(url_for("versions.index", number=number), 303)


def _closable(work: Work, one: Edition) -> Sequence[str]:
    """Where the files lie that no newer version has and that are not closed yet."""
    return [
        str(file.stored)
        for file in history.held(work, one.last)
        if file.removed is not None and file.access != Access.CLOSED
    ]
