"""/staff/transfers: works go over to another collection, or to another owner."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from repository import accounts, collections, transfers
from repository.errors import ArchiveError, Invalid, NotFound
from repository.models.accounts import Account
from repository.models.collections import Collection
from repository.models.works import Work
from repository.web import choices, current, desk, faults, lists, words
from repository.web.current import archive, reading, viewer
from repository.web.guard import role
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import State

transferring = Blueprint("transfers", __name__, url_prefix="/staff/transfers")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


@transferring.record_once
def offer(state: BlueprintSetupState) -> None:
    """The ways in from the desk."""
    says = _("Take many works of one collection over into another.")
    desk.offer(state, "transfers.between", _("Move works between collections"), says)
    says = _("Give the works of somebody who leaves to another account.")
    desk.offer(state, "transfers.owners", _("Hand works over"), says)


@transferring.get("/collections")
@role(Role.CATALOGUER)
def between() -> ResponseReturnValue:
    """A collection's works, to be ticked."""
    return _collections(request.args.get("from", ""))


@transferring.post("/collections")
@role(Role.CATALOGUER)
def move() -> ResponseReturnValue:
    """Moves the ticked works."""
    origin = request.form.get("from", "")
    numbers = [int(one) for one in request.form.getlist("works") if _number(one)]
    reason = request.form.get("reason", "").strip()
    target = _slug(request.form.get("to", ""))
    wrong: faults.Messages = {}
    if not numbers:
        wrong["works"] = [gettext("Choose at least one work.")]
    if not target:
        wrong["to"] = [gettext("Choose one of these.")]
    elif target == origin:
        wrong["to"] = [gettext("Choose another collection than the one they are in.")]
    if not reason:
        wrong["reason"] = [gettext("Please fill this in.")]
    if wrong:
        return _collections(origin, wrong)
    current.end(None)
    moved = transfers.to_collection(
        archive(),
        numbers[: transfers.PAGE],
        origin=origin,
        target=target,
        actor=viewer(),
        reason=reason,
    )
    for number, error in moved.refused:
        flash(f"№ {number}: {words.explain(error)}", "warn")
    flash(ngettext("%(num)s work was moved.", "%(num)s works were moved.", moved.done), "good")
    return redirect(f"{url_for('transfers.between')}?{urlencode({'from': origin})}", 303)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _slug(key: str) -> str:
    found = reading().get(Collection, int(key)) if _number(key) else None
    return found.slug if found else ""


def _collections(origin: str, errors: faults.Messages | None = None) -> ResponseReturnValue:
    chosen = collections.find(reading(), origin) if origin else None
    works: list[Work] = []
    rest = None
    if chosen is not None:
        after = request.args.get("after", 0, type=int)
        works, rest = transfers.within(reading(), chosen, after=after)
    options = choices.gathered(reading())
    return render_template(
        "staff/transfer.html",
        chosen=chosen,
        name=chosen.name(words.language()) if chosen else "",
        trees=[(one.slug, _label(one)) for one in collections.everything(reading())],
        options=[one for one in options if chosen is None or one[0] != str(chosen.id)],
        rows=[
            {**lists.row(one), "state_label": words.label(vocabulary.STATES[State(one.state)])}
            for one in works
        ],
        rest=rest,
        typed=request.form,
        ticked=set(request.form.getlist("works")),
        errors=errors or {},
    ), 422 if errors else 200


def _label(one: Collection) -> str:
    depth = len(collections.lineage(one)) - 1
    return "\u2003" * depth + one.name(words.language())


@transferring.get("/owners")
@role(Role.CATALOGUER)
def owners() -> ResponseReturnValue:
    """Two accounts, and what the first of them has."""
    return _owners()


@transferring.post("/owners")
@role(Role.CATALOGUER)
def hand_over() -> ResponseReturnValue:
    """Gives all works of one account to another."""
    number = request.form.get("work", "").strip()
    if number and not _number(number):
        return _owners({"work": [gettext("This is not a number.")]})
    try:
        with archive().writing() as session:
            count = transfers.to_owner(
                session,
                _account(session, "from"),
                _account(session, "to"),
                actor=viewer(),
                reason=request.form.get("reason", ""),
                number=int(number) if number else None,
            )
    except (Invalid, NotFound) as error:
        return _owners(_at_field(error))
    if not count:
        return _owners({"from": [gettext("This account has no such work.")]})
    flash(
        ngettext("%(num)s work was handed over.", "%(num)s works were handed over.", count), "good"
    )
    return redirect(url_for("transfers.owners"), 303)


def _account(session: Session, field: str) -> Account:
    email = request.form.get(field, "").strip()
    found = accounts.find(session, email) if email else None
    if found is None:
        raise Invalid("There is no account with this address.", {field: []})
    return found


def _at_field(error: ArchiveError) -> faults.Messages:
    said = [words.explain(error)]
    found: dict[str, Any] = getattr(error, "errors", {})
    return dict.fromkeys(found, said) or {"": said}


def _owners(errors: faults.Messages | None = None) -> ResponseReturnValue:
    given = request.form if request.method == "POST" else request.args
    email = given.get("from", "").strip()
    account = accounts.find(reading(), email) if email else None
    return render_template(
        "staff/owners.html",
        account=account,
        count=transfers.owned(reading(), account) if account else 0,
        typed=given,
        errors=errors or {},
    ), 422 if errors else 200
