"""What a file's page says to somebody who may not have it: when it opens, to whom, what to do."""

from datetime import date, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from repository import access, pictures
from repository.access import Action, Decision
from repository.models.works import File, Work
from repository.web import words
from repository.web.current import viewer
from schemas import vocabulary
from schemas.vocabulary import Access, Copying, EmbargoReason


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


OPENS = {
    Access.OPEN: _("It opens on %(day)s to everybody."),
    Access.REGISTERED: _("It opens on %(day)s to readers who have signed in."),
    Access.CAMPUS: _("It opens on %(day)s in the library and on its network."),
    Access.STAFF: _("It opens on %(day)s to the library's staff."),
}
# Rooms that an archive may have: where files are read here, and where copies are asked for.
READER, ASKING = "reader.show", "copies.ask"


def of(work: Work, file: File) -> dict[str, Any]:
    """For `file_card`: may this reader have the file or at least read it, and what else helps."""
    read = access.decide(viewer(), Action.READ, work, file)
    copy = access.decide(viewer(), Action.COPY, work, file)
    return {
        "allowed": bool(copy),
        "readable": bool(read),
        "sign_in": copy.sign_in,
        # Signing in would still not hand it out.
        "after": url_for("works.show", number=work.id) if file.copying != Copying.ALLOWED else None,
        "view_only": file.copying != Copying.ALLOWED,
        "says": sentences(file, copy),
        "reader": _room(READER, work, file) if read and pictures.drawable(file) else None,
        "ask": _room(ASKING, work, file) if copy.ask else None,
    }


def _room(endpoint: str, work: Work, file: File) -> str | None:
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, number=work.id, file=file.id)


def sentences(file: File, decision: Decision) -> list[str]:
    """When the file opens, to whom, and what somebody can do who was refused it."""
    if not decision and decision.read:
        return [gettext("It can be read here only; it is not handed out."), *_ends(file)]
    if decision:
        return list(_ends(file))
    return [*_waits(file, decision), *_instead(decision)]


def _ends(file: File) -> list[str]:
    if file.lease_until is None or access.over(file):
        return []
    return [gettext("It can be read until %(day)s.", day=words.day(file.lease_until))]


def _waits(file: File, decision: Decision) -> list[str]:
    if decision.opens is None or decision.opens == date.max:
        return []
    day = words.day(decision.opens + timedelta(days=1))
    said = [gettext(OPENS[Access(file.access)], day=day)]
    if file.embargo_reason:
        reason = gettext(vocabulary.EMBARGO_REASONS[EmbargoReason(file.embargo_reason)])
        said.append(gettext("Why not yet: %(reason)s.", reason=reason))
    return said


def _instead(decision: Decision) -> list[str]:
    if decision.opens and decision.opens != date.max:
        return []
    if decision.ended:
        day = words.day(decision.ended)
        return [gettext("It could be read until %(day)s; that time has passed.", day=day)]
    if decision.sign_in:
        return [gettext("It is for readers who have signed in.")]
    if decision.campus:
        return [gettext("Read it in the library or on its network.")]
    if decision.level is Access.STAFF:
        return [gettext("It is for the library's staff.")]
    return [gettext("It is closed to readers.")]
