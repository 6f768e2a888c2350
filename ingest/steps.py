"""The steps of the deposit form, in their order."""

from collections.abc import Mapping
from typing import NamedTuple

from repository.errors import NotFound
from repository.models.works import Work
from repository.web import description, faults


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


class Step(NamedTuple):
    """A page of the form, and the elements of the description that it shows."""

    key: str
    label: str
    elements: tuple[str, ...] = ()


STEPS: Mapping[str, Step] = {
    step.key: step
    for step in (
        Step("files", _("Files")),
        Step("about", _("What it is"), description.ABOUT),
        Step("people", _("Who made it"), description.PEOPLE),
        Step("rights", _("Rights"), description.RIGHTS),
        Step("check", _("Check and send")),
    )
}
_ORDER = tuple(STEPS)


def get(key: str) -> Step:
    """The step of that key; raises NotFound."""
    if key not in STEPS:
        raise NotFound("The form has no such step.")
    return STEPS[key]


def following(step: Step) -> Step:
    """The step after this one; the last one is its own."""
    return STEPS[_ORDER[min(_ORDER.index(step.key) + 1, len(_ORDER) - 1)]]


def home(path: str) -> Step:
    """The step on which the field of that path stands."""
    element = path.partition(".")[0]
    if element in ("files", "collections"):
        return STEPS["rights"]
    return next((step for step in STEPS.values() if element in step.elements), STEPS["check"])


def complete(work: Work) -> list[str]:
    """The keys of the steps with nothing left to do."""
    wrong = {home(path).key for path in faults.of(work.document)}
    asked = [key for key in ("about", "people", "rights") if key not in wrong]
    return (["files"] if work.current_files else []) + asked


def first_open(work: Work) -> Step:
    """Where to go on with a draft."""
    finished = complete(work)
    open_ = (STEPS[key] for key in ("about", "people", "rights") if key not in finished)
    return next(open_, STEPS["check"])
