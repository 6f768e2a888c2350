"""/deposit/look-up: a deposit begins with what others know of its DOI or ISBN."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ingest import deposit_pages, lookup
from repository import catalogue
from repository.errors import ArchiveError, Invalid
from repository.web import faults, words
from repository.web.current import archive, viewer
from repository.web.guard import role
from schemas.roles import Role

blueprint = Blueprint("lookup", __name__, url_prefix="/deposit/look-up")


@blueprint.post("")
@role(Role.DEPOSITOR)
def look_up() -> ResponseReturnValue:
    """A new draft, filled in with what is known of the DOI or ISBN that was typed."""
    try:
        found = lookup.find(archive().settings, request.form.get("identifier", ""))
    except Invalid as error:
        return deposit_pages.index(faults.of_error(error), error.status)
    except ArchiveError as error:
        said = [words.explain(error), gettext("Try it later, or fill in the form yourself.")]
        return deposit_pages.index({"identifier": said}, error.status)
    with archive().writing() as session:
        number = catalogue.draft(session, found.document, actor=viewer()).id
    flash(gettext("Filled in by %(name)s. Look it through.", name=found.source), "good")
    return redirect(url_for("deposit.step", number=number, step="files"), 303)
