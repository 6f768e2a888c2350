"""A guided tour of the deposit: what to do on each step of the form, said on the step itself.

It is on in the browser of whoever asked for it, and ends with the last step or when one has enough.
"""

from typing import NamedTuple

from flask import session

from ingest import steps
from ingest.steps import Step

KEY = "tour"


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Stop(NamedTuple):
    """What the tour says on a step."""

    number: int
    says: tuple[str, ...]


SAYS = {
    "files": (
        _(
            "Here is what readers will open. A PDF is best; add slides, data or an abstract "
            "as further files."
        ),
        _("A large file may take a while: you can go on with the description meanwhile."),
    ),
    "about": (
        _(
            "What stands here was read from your file. Compare it with the title page and "
            "correct it."
        ),
        _(
            "Only the kind, the title and the date must be there. An abstract in two "
            "languages lets twice as many people find the work."
        ),
    ),
    "people": (
        _(
            "Write the names as they stand on the title page, in the same order. While you "
            "type, people whom the archive knows are offered."
        ),
        _("Supervisors, editors and translators go below, with what they did."),
    ),
    "rights": (
        _(
            "Say what readers may do with the work. Where a publisher has the rights, "
            "choose “In copyright”."
        ),
        _(
            "If it may not be read yet, close the file until a day and say why; the "
            "description is shown all the same."
        ),
    ),
    "check": (
        _(
            "Read once more what you will send. What is missing is listed, each with a way "
            "to its place."
        ),
        _(
            "When you have sent it, the library reads it and writes to you. Nothing is "
            "public before that."
        ),
    ),
}


def begin() -> None:
    """Switches the tour on in this browser."""
    session[KEY] = True


def end() -> None:
    """Switches it off."""
    session.pop(KEY, None)


def on() -> bool:
    """Whether the tour is on."""
    return bool(session.get(KEY))


def stop(step: Step) -> Stop | None:
    """What the tour says on that step; None where nobody asked for a tour."""
    if not on():
        return None
    return Stop(list(steps.STEPS).index(step.key) + 1, SAYS[step.key])
