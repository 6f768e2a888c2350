"""The pages of the review, filled with what they show."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from repository import appointments, checklist, deposits, duplicates, review_steps
from repository.errors import ArchiveError
from repository.models.accounts import Account
from repository.models.works import Work
from repository.web import (
    becoming,
    choices,
    description,
    faults,
    filling,
    lists,
    story,
    terms,
    values,
    words,
)
from repository.web.current import reading, viewer
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import State


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What is said often; put into the comment, in the language of the depositor.
REASONS = {
    _("To correct"): (
        _("The file cannot be opened. Please upload it again."),
        _("The title or the authors differ from those in the file. Please correct them."),
        _("The abstract is missing. Please add it in the language of the work and in another."),
        _("The supervisor, the specialty or the place of defence is missing. Please add them."),
        _("Please add the publisher's permission, or choose terms of use that it allows."),
    ),
    _("Not to accept"): (
        _("The work is in the archive already."),
        _("The archive does not collect works of this kind."),
        _("The holder of the rights does not allow the archive to publish the work."),
        _("The text of the work is not complete."),
    ),
}


def queue(kind: str, collection: int | None) -> ResponseReturnValue:
    """What waits for the library: what I have, what nobody has taken, what others have."""
    me = viewer()
    within = None if me.may(Role.CATALOGUER) else me.within
    found = deposits.queue(reading(), me.id or 0, kind=kind, collection=collection, within=within)
    return render_template(
        "review/queue.html",
        parts=[
            (gettext("In your hands"), [_row(work) for work in found.mine]),
            (gettext("Waiting"), [_row(work) for work in found.free]),
            (gettext("In the hands of colleagues"), [_row(work) for work in found.others]),
            (gettext("Accepted for a later day"), [_row(work) for work in found.later]),
        ],
        types=[(term.key, words.label(term.label)) for term in vocabulary.TYPES.values()],
        collections=choices.gathered(reading()),
        kind=kind,
        collection=str(collection or ""),
    )


def _row(work: Work) -> dict[str, Any]:
    return {
        **lists.row(work),
        "submitted": work.submitted,
        "depositor": _name(work.owner_id),
        "reviewer": _name(work.reviewer_id),
        "step": _step(work),
        "hidden_until": work.hidden_until if work.state == State.WAITING else None,
        "files": len(work.current_files),
    }


def _step(work: Work) -> str:
    """The name of the step at which the work stands; empty where the review is one step."""
    steps = review_steps.of(reading(), work)
    if not steps:
        return ""
    here = steps[min(work.review_step, len(steps) - 1)]
    return review_steps.named(here, words.language())


def _name(account_id: int | None) -> str:
    account = reading().get(Account, account_id) if account_id else None
    return account.name if account else ""


def show(
    work: Work,
    *,
    document: Mapping[str, Any] | None = None,
    errors: faults.Messages | None = None,
    added: str = "",
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    """The file and the description side by side; `document` is what was typed but not kept."""
    owner = reading().get(Account, work.owner_id) if work.owner_id else None
    shown = work.document if document is None else document
    found = faults.of(shown) if errors is None else errors
    return render_template(
        "review/show.html",
        work=work,
        becoming=becoming.of(work),
        row=_row(work),
        hands=_hands(work),
        steps=[
            review_steps.named(one, words.language()) for one in review_steps.of(reading(), work)
        ],
        last_step=not review_steps.left(reading(), work),
        reviewers=[
            (str(one.id), one.name)
            for one in appointments.staff(reading(), work)
            if one.id != viewer().id
        ],
        cards=lists.cards(reading(), work),
        thread=story.thread(reading(), work, viewer()),
        timeline=story.timeline(reading(), work),
        duplicates=_duplicates(work),
        checks=[(one, said(one.says)) for one in checklist.of(reading(), work)],
        reasons=_reasons(owner.language if owner else words.language()),
        depositor_language=owner.language if owner else "",
        typed=request.form.get("comment", ""),
        **filling.context(shown, errors=found, added=added),
        **terms.context(reading(), work, request.form, full=True),
        **more,
    ), status


def said(says: str | Mapping[str, str]) -> str:
    """A line of the checklist in the language of the page, or in one that it has."""
    if isinstance(says, str):
        return gettext(says)
    return says.get(words.language()) or next(iter(says.values()), "")


def _hands(work: Work) -> str:
    """Who has the work: "mine", "taken" by a colleague, or "free"."""
    if work.reviewer_id is None:
        return "free"
    return "mine" if work.reviewer_id == viewer().id else "taken"


def _duplicates(work: Work) -> list[dict[str, Any]]:
    hashes = [file.sha512 for file in work.current_files]
    found = duplicates.find(
        reading(), work.document, viewer=viewer(), sha512s=hashes, apart_from=work.id
    )
    return [
        {
            **lists.row(one.work),
            "why": one.why,
            "state": one.work.state,
            "state_label": words.label(vocabulary.STATES[State(one.work.state)]),
        }
        for one in found
    ]


def _reasons(language: str) -> dict[str, list[tuple[str, str]]]:
    """Ready sentences: said to the cataloguer in their language, written in the depositor's."""
    with force_locale(language):
        written = {one: gettext(one) for group in REASONS.values() for one in group}
    return {
        gettext(group): [(written[one], gettext(one)) for one in sentences]
        for group, sentences in REASONS.items()
    }


def typed(work: Work) -> dict[str, Any]:
    """The work's document with what the cataloguer has typed."""
    read = description.read(request.form, description.WHOLE)
    return description.merge(work.document, read, description.WHOLE)


def refused(work: Work, errors: Mapping[str, Any], sentence: str) -> ResponseReturnValue:
    """The page as it was typed, with what keeps it from being decided."""
    document = typed(work)
    known = set(description.WHOLE)
    found = faults.placed(
        document, {path: one for path, one in errors.items() if path.split(".")[0] in known}
    )
    others = {
        path: said or [sentence] for path, said in errors.items() if path.split(".")[0] not in known
    }
    return show(work, document=document, errors={**found, **others} or {"": [sentence]}, status=422)


def conflict(work: Work, error: ArchiveError) -> ResponseReturnValue:
    """The page as it was typed, with what is there now beside each answer that differs."""
    document = typed(work)
    differences = values.differences(document, work.document, description.WHOLE)
    return show(
        work,
        document=document,
        sentence=words.explain(error),
        differences=differences,
        status=409,
    )
