"""/staff/reviewers: who reviews the works of a collection, and in which steps."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import accounts, appointments, collections, review_steps
from repository.errors import Invalid, NotFound
from repository.models.collections import Collection
from repository.web import desk, faults, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role

blueprint = Blueprint("reviewers", __name__, url_prefix="/staff/reviewers")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@blueprint.record_once
def offer(state: BlueprintSetupState) -> None:
    """The way in from the desk."""
    says = _("Who reviews the works of a collection, and in which steps.")
    desk.offer(state, "reviewers.show", _("Reviewers and steps"), says)


@blueprint.get("")
@role(Role.ADMINISTRATOR)
def show() -> ResponseReturnValue:
    """A collection with its reviewers and steps; all collections to choose from."""
    return _page(request.args.get("collection", ""))


@blueprint.post("")
@role(Role.ADMINISTRATOR)
def change() -> ResponseReturnValue:
    """Appoints, dismisses, adds a step, takes the last one away: what the button says."""
    slug, do = request.form.get("collection", ""), request.form.get("do", "")
    try:
        with archive().writing() as session:
            _change(session, collections.find(session, slug), do)
    except Invalid as error:
        return _page(slug, faults.of_error(error))
    except NotFound as error:
        return _page(slug, {"email": [words.explain(error)]})
    return redirect(url_for("reviewers.show", collection=slug), 303)


def _change(session: Session, collection: Collection, do: str) -> None:
    form = request.form
    if do == "appoint":
        account = accounts.get(session, form.get("email", "").strip())
        appointments.appoint(session, account, collection, actor=viewer())
    elif do == "dismiss":
        number = form.get("account", 0, type=int)
        appointments.dismiss(session, number, collection, actor=viewer())
    elif do == "step":
        names = {one: form.get(f"name.{one}", "") for one in vocabulary.INTERFACE}
        another = "another" in form
        review_steps.add(session, collection, names, another=another, actor=viewer())
    elif do == "remove":
        review_steps.remove_last(session, collection, actor=viewer())


def _page(slug: str, errors: faults.Messages | None = None) -> ResponseReturnValue:
    everything = collections.everything(reading())
    chosen = next((one for one in everything if one.slug == slug), None)
    return render_template(
        "staff/reviewers.html",
        options=[(one.slug, _path(one)) for one in everything],
        chosen=chosen,
        name=_path(chosen) if chosen else "",
        appointed=appointments.of(reading(), chosen) if chosen else [],
        inherited=appointments.reviewers(reading(), [chosen.parent])
        if chosen and chosen.parent
        else [],
        steps=[
            (review_steps.named(one, words.language()), one.another)
            for one in (review_steps.own(reading(), chosen) if chosen else [])
        ],
        languages=[(one, words.language_name(one)) for one in vocabulary.INTERFACE],
        typed=request.form,
        errors=errors or {},
        labels={"email": gettext("E-mail address"), "names": gettext("Name of the step")},
    ), 422 if errors else 200


def _path(one: Collection) -> str:
    return " / ".join(each.name(words.language()) for each in collections.lineage(one))
