"""Tokens of programs that act for a person: made, shown once, ended."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import api_tokens
from repository.errors import Invalid
from repository.web import words
from repository.web.current import archive, reading, viewer
from repository.web.guard import signed_in
from schemas import programs
from schemas.programs import SCOPES, Scope
from schemas.work import Unfit

tokens = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@tokens.after_request
def private(response: Response) -> Response:
    """No browser and no proxy keeps a token."""
    response.headers["Cache-Control"] = "no-store"
    return response


@tokens.get("")
@signed_in
def index() -> ResponseReturnValue:
    """My tokens, and the form for another one."""
    return _page()


def _page(status: int = 200, **more: Any) -> tuple[str, int]:
    shown: dict[str, Any] = {"errors": {}, "fresh": "", "values": {"days": "90"}, **more}
    body = render_template(
        "account/tokens.html",
        tokens=api_tokens.of(reading(), viewer().id or 0),
        scopes=[(str(scope), words.label(label)) for scope, label in SCOPES.items()],
        labels={str(scope): words.label(label) for scope, label in SCOPES.items()},
        **shown,
    )
    return body, status


@tokens.post("")
@signed_in
def make() -> ResponseReturnValue:
    """A new token, which this page alone shows."""
    typed = {
        "name": request.form.get("name", ""),
        "scopes": request.form.getlist("scopes"),
        "days": request.form.get("days", ""),
    }
    try:
        given = programs.read(programs.TokenForm, typed)
        with archive().writing() as session:
            fresh = api_tokens.make(
                session,
                actor=viewer(),
                name=given["name"],
                scopes=[Scope(one) for one in given["scopes"]],
                lasts=timedelta(days=given["days"]),
            )
    except Unfit as error:
        found = {path: [words.say(one) for one in said] for path, said in error.errors.items()}
        return _page(422, errors=found, values=typed)
    except Invalid as error:
        return _page(422, errors={"name": [words.explain(error)]}, values=typed)
    return _page(201, fresh=fresh)


@tokens.post("/end")
@signed_in
def end() -> ResponseReturnValue:
    """Ends a token."""
    with archive().writing() as session:
        api_tokens.end(session, request.form.get("token", 0, type=int), actor=viewer())
    flash(gettext("The token was ended."), "good")
    return redirect(url_for("tokens.index"), 303)
