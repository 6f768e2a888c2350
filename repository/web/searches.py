"""The searches that somebody keeps."""

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import alerts
from repository.errors import Invalid
from repository.models.searches import Often
from repository.web import words
from repository.web.current import archive, reading, viewer
from repository.web.guard import signed_in

searches = Blueprint("searches", __name__)


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


OFTEN = {
    Often.NEVER: _("Do not write to me"),
    Often.DAILY: _("Write to me once a day at most"),
    Often.WEEKLY: _("Write to me once a week at most"),
}


def often() -> list[tuple[str, str]]:
    """How often one may be told, for a choice."""
    return [(str(key), gettext(label)) for key, label in OFTEN.items()]


def arguments() -> str:
    """The arguments of this search's address as they are kept: neither its page nor a language."""
    kept = sorted(
        (name, value)
        for name, values in request.args.lists()
        if name not in ("page", "lang", "sort")
        for value in values
        if value.strip()
    )
    return urlencode(kept)


@searches.get("/account/searches")
@signed_in
def mine() -> ResponseReturnValue:
    """The searches of whoever asks."""
    kept = alerts.of(reading(), viewer())
    return render_template("account/searches.html", searches=kept, often=often())


@searches.post("/account/searches")
@signed_in
def keep() -> ResponseReturnValue:
    """Keeps a search."""
    form = request.form
    try:
        with archive().writing() as session:
            alerts.keep(
                session,
                viewer(),
                name=form.get("name", ""),
                query=form.get("query", ""),
                often=form.get("often", ""),
            )
    except Invalid as error:
        flash(words.explain(error), "bad")
    else:
        flash(gettext("The search is kept."), "good")
    return redirect(url_for("searches.mine"), 303)


@searches.post("/account/searches/<int:number>")
@signed_in
def change(number: int) -> ResponseReturnValue:
    """Deletes a search, or says how often one is told of it."""
    with archive().writing() as session:
        found = alerts.get(session, number, viewer())
        if request.form.get("do") == "forget":
            alerts.forget(session, found)
            flash(gettext("The search is deleted."), "good")
        else:
            alerts.repeat(found, request.form.get("often", ""))
            flash(gettext("Saved."), "good")
    return redirect(url_for("searches.mine"), 303)
