"""A draft while it is being written: what a step of the form keeps of it."""

from functools import partial
from typing import NamedTuple

from flask import url_for
from sqlalchemy.orm import Session

from ingest import offers, steps
from ingest.steps import Step
from repository import access, catalogue
from repository.access import Action
from repository.models.works import Work
from repository.viewers import Viewer
from repository.web import choices, description, faults, terms
from repository.web.current import archive
from repository.web.description import Form
from schemas import work as profile
from schemas.vocabulary import State

EDITABLE = (State.DRAFT, State.RETURNED)


def editable(work: Work, viewer: Viewer) -> bool:
    """Whether the form may be filled in further."""
    return work.state in EDITABLE and bool(access.decide(viewer, Action.EDIT, work))


def typed(work: Work, step: Step, form: Form) -> profile.Document:
    """The work's document with what was typed on this step."""
    return description.merge(work.document, description.read(form, step.elements), step.elements)


class Kept(NamedTuple):
    """What keeping a step did: whether anything changed, and whether characters were removed."""

    changed: bool
    removed: bool


def keep(session: Session, work: Work, step: Step, form: Form, *, actor: Viewer) -> Kept:
    """Keeps what was typed on this step.

    Raises Conflict when the form was made from an older revision, unless it says what is there
    already: a form that was sent twice, because an answer was lost, is no conflict.
    """
    document = typed(work, step, form)
    if form.get("use"):
        document = offers.use(document, offers.of(archive(), work), form["use"])
    if profile.draft(document)[0] == work.document and not terms.differ(session, work, form):
        return Kept(False, False)
    # A form without a revision is of none that we know: better to ask than to overwrite.
    revision = form.get("revision", 0, type=int)
    removed = catalogue.save(session, work, document, actor=actor, revision=revision)
    if step.key == "rights":
        terms.keep(session, work, form)
    session.flush()
    return Kept(True, removed)


def wrong(work: Work, step: Step, form: Form | None = None) -> faults.Messages:
    """What is missing or wrong on this step, by field."""
    found = faults.of(work.document, step.elements)
    if step.key == "rights" and form is not None:
        found.update(terms.errors(work, form))
    return found


def more_to_fill(work: Work, step: Step, form: Form) -> bool:
    """Whether the kind of work just chosen has fields that the page did not show yet."""
    shown = set(form.get("groups", "").split())
    key = profile.work_type(work.document).key
    return step.key == "about" and bool(choices.groups(key) - shown)


def onward(work: Work, step: Step, form: Form) -> str | None:
    """The address to go to after keeping; None to stay and see what is wrong."""
    here = partial(url_for, "deposit.step", number=work.id, step=step.key)
    if "add" in form:
        return here(add=form["add"])
    if "use" in form:
        return here()
    for button in ("remove", "move"):
        if button in form:
            return here(_anchor=form[button].partition(".")[0])
    if form.get("go") == "later":
        return url_for("deposit.show", number=work.id)
    if form.get("go") in steps.STEPS:
        return url_for("deposit.step", number=work.id, step=form["go"])
    if wrong(work, step, form):
        return None
    if more_to_fill(work, step, form):
        return here(_anchor="f-type")
    return url_for("deposit.step", number=work.id, step=steps.following(step).key)
