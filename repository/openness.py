"""What is said of a file to somebody who may not have it: when it opens, to whom, what to do."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from repository import access
from repository.access import Decision
from repository.models.works import File
from schemas import vocabulary
from schemas.vocabulary import Access, EmbargoReason

Say = Callable[..., str]
Day = Callable[[date], str]


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


OPENS = {
    Access.OPEN: _("It opens on %(day)s to everybody."),
    Access.REGISTERED: _("It opens on %(day)s to readers who have signed in."),
    Access.CAMPUS: _("It opens on %(day)s in the library and on its network."),
    Access.STAFF: _("It opens on %(day)s to the library's staff."),
}


def sentences(file: File, decision: Decision, *, say: Say, day: Day) -> list[str]:
    """When the file opens, to whom, and what somebody can do who was refused it.

    `say` is a gettext and `day` writes a date, both in the reader's language.
    """
    if not decision and decision.read:
        return [say(_("It can be read here only; it is not handed out.")), *_ends(file, say, day)]
    if decision:
        return list(_ends(file, say, day))
    return [*_waits(file, decision, say, day), *_instead(decision, say, day)]


def _ends(file: File, say: Say, day: Day) -> Iterator[str]:
    if file.lease_until is not None and not access.over(file):
        yield say(_("It can be read until %(day)s."), day=day(file.lease_until))


def _waits(file: File, decision: Decision, say: Say, day: Day) -> Iterator[str]:
    if decision.opens is None or decision.opens == date.max:
        return
    yield say(OPENS[Access(file.access)], day=day(decision.opens + timedelta(days=1)))
    if file.embargo_reason:
        reason = say(vocabulary.EMBARGO_REASONS[EmbargoReason(file.embargo_reason)])
        yield say(_("Why not yet: %(reason)s."), reason=reason)


def _instead(decision: Decision, say: Say, day: Day) -> Iterator[str]:
    if decision.opens and decision.opens != date.max:
        return
    if decision.ended:
        ended = day(decision.ended)
        yield say(_("It could be read until %(day)s; that time has passed."), day=ended)
    elif decision.sign_in:
        yield say(_("It is for readers who have signed in."))
    elif decision.campus:
        yield say(_("Read it in the library or on its network."))
    elif decision.level is Access.STAFF:
        yield say(_("It is for the library's staff."))
    else:
        yield say(_("It is closed to readers."))
