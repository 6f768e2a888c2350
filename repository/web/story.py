"""The story of a deposit, as its page tells it: what was said, and what happened."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from repository import catalogue, deposits
from repository.models.works import Event, Work
from repository.viewers import Viewer


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


HAPPENED = {
    "created": _("Begun"),
    "imported": _("Imported"),
    "submitted": _("Sent to the library"),
    "recalled": _("Taken back by the depositor"),
    "assigned": _("Given into the hands of a colleague"),
    "passed": _("Passed on to the next step"),
    "held": _("Accepted for a later day"),
    "reopened": _("Taken back into the review"),
    "claimed": _("The library reads it"),
    "released": _("Waits in the queue again"),
    "returned": _("Returned for correction"),
    "rejected": _("Not accepted"),
    "commented": _("Comment"),
    "cleaned": _("Cleaned"),
    "accepted": _("Accepted and published"),
    "published": _("Published"),
    "revised": _("Corrected"),
    "renewed": _("New version"),
    "continued": _("A new version was begun"),
    "caught up": _("Corrections of the published work were taken over"),
    "merged": _("A duplicate was merged into it"),
    "corrected": _("Corrected"),
    "file brought": _("A file was brought"),
    "copy given": _("A reader was given a copy"),
    "copy refused": _("A reader was not given a copy"),
    "copy ended": _("The copy of a reader was ended"),
    "copy taken": _("A reader took a copy"),
    "asked authorship": _("An author was asked by letter"),
    "asked deposit": _("An author was asked to agree to the deposit"),
    "authorship confirmed": _("An author has confirmed it"),
    "authorship declined": _("Somebody says not to be an author"),
    "deposit confirmed": _("The author has agreed to the deposit"),
    "deposit declined": _("The author has not agreed to the deposit"),
    "moved": _("Moved to another collection"),
    "handed over": _("Handed over to another owner"),
    "copied": _("Begun from the description of another work"),
    "withdrawn": _("Withdrawn"),
    "restored": _("Put back"),
    "recovered": _("Recovered"),
    "embargo ended": _("An embargo has ended"),
    "lease ended": _("The time in which it could be read has ended"),
    "rights changed": _("The rights were changed"),
    "file infected": _("A virus was found in a file"),
    "file cleared": _("A file is clean after all"),
}
# Said in full in the thread, so the timeline only names them.
_SAID = frozenset(deposits.THREAD)


def thread(session: Session, work: Work, viewer: Viewer) -> list[dict[str, Any]]:
    """The comments on a deposit, for the macro of that name."""
    return [
        {
            "name": event.actor,
            "role": _role(event, work),
            "moment": event.moment,
            "text": event.comment,
            "mine": event.account_id is not None and event.account_id == viewer.id,
        }
        for event in deposits.thread(session, work)
    ]


def _role(event: Event, work: Work) -> str:
    side = gettext("Library")
    if event.account_id is not None and event.account_id == work.owner_id:
        side = gettext("Depositor")
    step = "" if event.kind == "commented" else gettext(HAPPENED[event.kind])
    return " · ".join(filter(None, (side, step)))


def timeline(session: Session, work: Work) -> list[dict[str, Any]]:
    """All that happened to a work, for the macro of that name."""
    return [_entry(event) for event in _lately(catalogue.events(session, work))]


def _lately(events: Sequence[Event]) -> list[Event]:
    # Comments stand in the thread already.
    return [event for event in events if event.kind != "commented"]


def _entry(event: Event) -> dict[str, Any]:
    return {
        "moment": event.moment,
        "label": gettext(HAPPENED.get(event.kind, event.kind)),
        "name": event.actor,
        "comment": "" if event.kind in _SAID else gettext(event.comment) if event.comment else "",
    }
