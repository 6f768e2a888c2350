"""The archive's policies: for readers at /policies, and for the staff who write them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import statements
from repository.web import desk, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import public, role
from schemas import vocabulary
from schemas.roles import Role

policies = Blueprint("policies", __name__)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@policies.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("What the archive says of itself to readers, registries and harvesters.")
    desk.offer(state, "policies.edit", _("Policies"), says)


@policies.get("/policies")
@public
def show() -> ResponseReturnValue:
    """All policies in the reader's language."""
    texts = statements.all_in(reading(), words.language())
    titles = {kind: policy.title for kind, policy in statements.POLICIES.items()}
    return render_template("policies/show.html", texts=texts, titles=titles)


@policies.get("/staff/policies")
@role(Role.DIRECTOR)
def edit() -> ResponseReturnValue:
    """The form: every policy in every language, with the words that stand there now."""
    return render_template(
        "policies/edit.html",
        policies=statements.POLICIES,
        tongues=list(vocabulary.INTERFACE.items()),
        written=statements.written(reading()),
        ready={code: statements.all_in(reading(), code) for code in vocabulary.INTERFACE},
    )


@policies.post("/staff/policies")
@role(Role.DIRECTOR)
def keep() -> ResponseReturnValue:
    """Keeps what was written."""
    texts = {
        (kind, language): request.form.get(f"{kind}.{language}", "")
        for kind in statements.POLICIES
        for language in vocabulary.INTERFACE
    }
    with archive().writing() as session:
        changed = statements.keep(session, texts, actor=viewer())
    flash(gettext("The policies are kept.") if changed else gettext("Nothing was changed."), "good")
    return redirect(url_for("policies.edit"), 303)
