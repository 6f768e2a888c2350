"""/account/notices: what somebody was told, and which of it comes by mail too."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import notices as told
from repository.web import words
from repository.web.current import archive, reading, viewer
from repository.web.guard import signed_in

notices = Blueprint("notices", __name__, url_prefix="/account/notices")


@notices.after_request
def private(response: Response) -> Response:
    """What people are told concerns only them: no browser and no proxy keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


@notices.get("")
@signed_in
def index() -> ResponseReturnValue:
    """All notices, newest first, and what comes by mail too."""
    me, session = viewer(), reading()
    rows, rest = told.of(session, me.id or 0, before=request.args.get("before", type=int))
    silent = told.muted(session, me.id or 0)
    kinds = [(key, gettext(kind.label)) for key, kind in told.KINDS.items() if _concerns(kind)]
    return render_template(
        "account/notices.html",
        rows=[(one, told.says(one, words.language())) for one in rows],
        rest=rest,
        unread=told.unread(session, me.id or 0),
        kinds=kinds,
        mailed=[key for key, _ in kinds if key not in silent],
        kept=told.KEPT.days,
    )


def _concerns(kind: told.Kind) -> bool:
    return viewer().staff or not kind.staff


@notices.post("/<int:number>")
@signed_in
def follow(number: int) -> ResponseReturnValue:
    """Marks a notice as read and leads to what it is about."""
    with archive().writing() as session:
        path = told.read(session, viewer().id or 0, number).path
    return redirect(path, 303)


@notices.post("/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Marks all as read."""
    with archive().writing() as session:
        told.read_all(session, viewer().id or 0)
    return redirect(url_for("notices.index"), 303)


@notices.post("/choices")
@signed_in
def choose() -> ResponseReturnValue:
    """Keeps which kinds come by mail too."""
    offered = {key for key, kind in told.KINDS.items() if _concerns(kind)}
    wanted = set(request.form.getlist("mailed"))
    with archive().writing() as session:
        other = told.muted(session, viewer().id or 0) - offered
        told.mute(session, viewer().id or 0, (offered - wanted) | other)
    flash(gettext("Saved."), "good")
    return redirect(url_for("notices.index"), 303)
