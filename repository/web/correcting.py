"""Correcting what is published, by a form.

Nothing is kept before the button is pressed. Each keeping is a version in the store and a line in
the work's history; for readers the work keeps the number of its version.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from repository import publishing
from repository.access import Action
from repository.catalogue import check_step
from repository.errors import ArchiveError, Conflict, Invalid, NotAllowed
from repository.models.works import Work
from repository.web import (
    current,
    description,
    faults,
    filling,
    lists,
    permits,
    terms,
    values,
    words,
)
from repository.web.current import archive, reading, viewer
from repository.web.guard import reviewer
from schemas import work as profile

correcting = Blueprint("correcting", __name__, url_prefix="/staff/works")
# Buttons that only change the form.
ROWS = ("add", "remove", "move")


@correcting.get("/<int:number>")
@reviewer
def show(number: int) -> ResponseReturnValue:
    """The description of a published work as a form."""
    return _page(_work(number))


@correcting.post("/<int:number>")
@reviewer
def correct(number: int) -> ResponseReturnValue:
    """A new version of what was typed; or the form once more, with a row more or less."""
    work = _work(number)
    if any(name in request.form for name in ROWS):
        typed = profile.draft(_typed(work))[0]
        return _page(work, typed, errors={}, added=request.form.get("add", ""))
    try:
        _revise(work)
    except Invalid as error:
        return _refused(_afresh(number), error)
    except (Conflict, NotAllowed) as error:
        return _conflict(_afresh(number), error)
    flash(gettext("Corrected. The history of the work says what was changed."), "good")
    return redirect(url_for("works.show", number=number), 303)


def _work(number: int) -> Work:
    work = permits.work(reading(), number, Action.REVIEW)
    check_step(work, "revise")
    return work


def _afresh(number: int) -> Work:
    current.end(None)
    return permits.work(reading(), number, Action.REVIEW)


def _revise(work: Work) -> None:
    reason = request.form.get("reason", "").strip()
    wrong = terms.errors(work, request.form, full=True)
    if not reason:
        wrong["reason"] = [gettext("Please fill this in.")]
    if wrong:
        raise Invalid("Some answers are still missing or not right.", wrong)
    title = terms.titled(work, request.form)
    chosen = terms.gathered(reading(), work, request.form)
    publishing.revise(
        archive(),
        work.id,
        actor=viewer(),
        reason=reason,
        # A form without a revision is of none that we know.
        revision=request.form.get("revision", 0, type=int),
        document=profile.draft(_typed(work))[0],
        collections=None if chosen is None else [one.slug for one in chosen],
        parts=terms.parts(work, request.form),
        **(title._asdict() if title else {}),
    )


def _typed(work: Work) -> profile.Document:
    read = description.read(request.form, description.WHOLE)
    return description.merge(work.document, read, description.WHOLE)


def _page(
    work: Work,
    document: Mapping[str, Any] | None = None,
    *,
    errors: faults.Messages | None = None,
    added: str = "",
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    shown = profile.legible(work.document) if document is None else document
    return render_template(
        "correcting/show.html",
        work=work,
        row=lists.row(work),
        cards=lists.cards(reading(), work),
        # Only who has seen what came in between may send the form as if made from it.
        revision=work.revision if status == 409 else request.form.get("revision", work.revision),
        typed=request.form.get("reason", ""),
        **filling.context(
            shown, errors=faults.of(shown) if errors is None else errors, added=added
        ),
        **terms.context(reading(), work, request.form, full=True),
        **more,
    ), status


def _refused(work: Work, error: Invalid) -> ResponseReturnValue:
    document = _typed(work)
    sentence = words.explain(error)
    own = {path: said for path, said in error.errors.items() if path.split(".")[0] in _ELEMENTS}
    others = {
        path: said or [sentence]
        for path, said in error.errors.items()
        if path.split(".")[0] not in _ELEMENTS
    }
    found = {**faults.placed(document, own), **others}
    return _page(work, document, errors=found or {"": [sentence]}, status=422)


def _conflict(work: Work, error: ArchiveError) -> ResponseReturnValue:
    document = _typed(work)
    differences = values.differences(document, work.document, description.WHOLE)
    said = words.explain(error)
    return _page(work, document, sentence=said, differences=differences, status=409)


_ELEMENTS = frozenset(description.WHOLE)
