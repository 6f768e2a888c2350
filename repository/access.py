"""Who may see or do what, to which part of which work: one policy, asked by every outlet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from repository.clock import now
from repository.viewers import Viewer
from schemas.roles import Role
from schemas.vocabulary import Access, Scan, State


class Action(StrEnum):
    """What somebody wants to do."""

    SEE = "see"  # read the description of a work
    READ = "read"  # open a file
    EDIT = "edit"  # change a draft
    COMMENT = "comment"  # write into the thread of a deposit
    REVIEW = "review"  # accept, return, reject, correct
    WITHDRAW = "withdraw"  # take down or restore


class WorkLike(Protocol):
    """Anything with the state and the owner of a work."""

    @property
    def state(self) -> str: ...
    @property
    def owner_id(self) -> int | None: ...


class FileLike(Protocol):
    """Anything with the access of a file."""

    @property
    def access(self) -> str: ...
    @property
    def embargo_until(self) -> date | None: ...
    @property
    def scan(self) -> str: ...


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed; if not, what would help: signing in, or waiting until a day."""

    allowed: bool
    level: Access = Access.OPEN
    sign_in: bool = False
    opens: date | None = None

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)
REFUSED = Decision(False, Access.CLOSED)
_EDITABLE = (State.DRAFT, State.RETURNED)


def decide(
    viewer: Viewer, action: Action, work: WorkLike, file: FileLike | None = None
) -> Decision:
    """The policy's answer for one viewer, one action and one part of a work."""
    if action is Action.READ and file is not None:
        return _read(viewer, work, file)
    return ALLOWED if _may(viewer, action, work) else REFUSED


def _may(viewer: Viewer, action: Action, work: WorkLike) -> bool:
    owner = viewer.id is not None and viewer.id == work.owner_id
    staff = viewer.may(Role.CATALOGUER)
    if action is Action.SEE:
        return work.state == State.PUBLISHED or staff or owner
    if action is Action.EDIT:
        return (owner and work.state in _EDITABLE) or staff
    if action is Action.COMMENT:
        return owner or staff
    return staff


def level(file: FileLike, today: date | None = None) -> Access:
    """The access in force: closed until an embargo's last day has passed, then what is stated.

    What is infected stays closed.
    """
    if file.scan == Scan.INFECTED:
        return Access.CLOSED
    today = today or now().date()
    if file.embargo_until is not None and today <= file.embargo_until:
        return Access.CLOSED
    return Access(file.access)


def _read(viewer: Viewer, work: WorkLike, file: FileLike) -> Decision:
    if file.scan == Scan.INFECTED:
        return REFUSED  # to whoever it may be: opening it is what the virus waits for
    staff = viewer.may(Role.CATALOGUER)
    if staff or (viewer.id is not None and viewer.id == work.owner_id):
        return ALLOWED
    if work.state != State.PUBLISHED:
        return REFUSED
    in_force = level(file)
    if in_force is Access.OPEN:
        return ALLOWED
    if in_force is Access.REGISTERED:
        return Decision(viewer.signed_in, in_force, sign_in=not viewer.signed_in)
    if in_force is Access.CAMPUS:
        return Decision(viewer.on_campus, in_force)
    opens = file.embargo_until if in_force is Access.CLOSED else None
    return Decision(False, in_force, opens=opens)


def right(files: Sequence[FileLike], declared: str | None = None) -> str:
    """The COAR access right of a work (a key of vocabulary.ACCESS_RIGHTS), as its files stand."""
    if not files:
        return declared or "metadata-only"
    levels = {level(file) for file in files}
    if Access.OPEN in levels:
        return "open"
    today = now().date()
    if any(file.embargo_until and today <= file.embargo_until for file in files):
        return "embargoed"
    return "restricted"
