"""Who may see or do what, to which part of which work: one policy, asked by every outlet.

Reading a file and being handed it are two things. Whatever shows parts of a file (a page, a
picture, a line among search hits) asks for READ; whatever gives its bytes or its whole text away,
or tells others where they lie, asks for COPY.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from repository.clock import now
from repository.viewers import Viewer
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, Scan, State


class Action(StrEnum):
    """What somebody wants to do."""

    SEE = "see"  # read the description of a work
    READ = "read"  # read a file here: its pages, their pictures, hits in its text
    COPY = "copy"  # be handed a file: its bytes, its whole text
    EDIT = "edit"  # change a draft
    COMMENT = "comment"  # write into the thread of a deposit
    REVIEW = "review"  # accept, return, reject, correct
    WITHDRAW = "withdraw"  # take down or restore


class WorkLike(Protocol):
    """Anything with the number, the state, the owner and the collections of a work."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def collection_ids(self) -> frozenset[int]: ...


class FileLike(Protocol):
    """Anything with the rights of a file."""

    @property
    def access(self) -> str: ...
    @property
    def copying(self) -> str: ...
    @property
    def embargo_until(self) -> date | None: ...
    @property
    def lease_until(self) -> date | None: ...
    @property
    def scan(self) -> str: ...


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed; if not, what would help.

    `sign_in`: signing in. `campus`: coming to the library, or into its network. `opens`: waiting
    until this day has passed, the last of an embargo. `read`: reading it here, for it is only not
    handed out. `ask`: asking for a copy. `ended`: nothing of these; the last day on which it could
    be read.
    """

    allowed: bool
    level: Access = Access.OPEN
    sign_in: bool = False
    opens: date | None = None
    campus: bool = False
    read: bool = False
    ask: bool = False
    ended: date | None = None

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
    if action is Action.COPY:
        return _copy(viewer, work, file) if file is not None else REFUSED
    return ALLOWED if _may(viewer, action, work) else REFUSED


def all_of(viewer: Viewer, action: Action, work: WorkLike, guards: Sequence[FileLike]) -> Decision:
    """The answer where several have a say on one file: the first that refuses is heard."""
    found = [decide(viewer, action, work, guard) for guard in guards]
    return next((one for one in found if not one), found[0] if found else REFUSED)


def _may(viewer: Viewer, action: Action, work: WorkLike) -> bool:
    owner, staff = _owns(viewer, work), _reviews(viewer, work)
    author = owner or _wrote(viewer, work)
    if action is Action.SEE:
        return work.state == State.PUBLISHED or staff or author
    if action is Action.EDIT:
        return (owner and work.state in _EDITABLE) or staff
    if action is Action.COMMENT:
        return author or staff
    return staff


def _reviews(viewer: Viewer, work: WorkLike) -> bool:
    """Whether the viewer is a cataloguer, of all works or of a collection that this one is in."""
    if viewer.may(Role.CATALOGUER):
        return True
    return bool(viewer.within) and not viewer.within.isdisjoint(work.collection_ids)


def _owns(viewer: Viewer, work: WorkLike) -> bool:
    return viewer.id is not None and viewer.id == work.owner_id


def _wrote(viewer: Viewer, work: WorkLike) -> bool:
    """Whether the viewer has confirmed to be one of the authors: they see it, whatever its state,
    and open its files; changing it is for whoever deposits it."""
    return bool(viewer.wrote) and work.id in viewer.wrote


def _keeps(viewer: Viewer, work: WorkLike) -> bool:
    """Whether the work's files are open to the viewer whatever is said of them."""
    return _reviews(viewer, work) or _owns(viewer, work) or _wrote(viewer, work)


def level(file: FileLike, today: date | None = None) -> Access:
    """The access in force: closed until an embargo's last day has passed and once a lease's has,
    in between what is stated.

    What is infected stays closed.
    """
    if file.scan == Scan.INFECTED or waits(file, today) or over(file, today):
        return Access.CLOSED
    return Access(file.access)


def waits(file: FileLike, today: date | None = None) -> bool:
    """Whether an embargo is in force."""
    return file.embargo_until is not None and (today or now().date()) <= file.embargo_until


def over(file: FileLike, today: date | None = None) -> bool:
    """Whether a lease has ended."""
    return file.lease_until is not None and (today or now().date()) > file.lease_until


def opens(file: FileLike, today: date | None = None) -> date | None:
    """The last day of an embargo after which the file opens to somebody; None: it does not."""
    ends = waits(file, today) and file.access != Access.CLOSED and file.embargo_until
    outlived = file.lease_until is None or file.lease_until > (file.embargo_until or date.min)
    return ends if ends and outlived else None


def free(file: FileLike, today: date | None = None) -> bool:
    """Whether everybody may be handed the file of a published work."""
    return level(file, today) is Access.OPEN and file.copying == Copying.ALLOWED


def _read(viewer: Viewer, work: WorkLike, file: FileLike) -> Decision:
    if file.scan == Scan.INFECTED:
        return REFUSED  # to whoever it may be: opening it is what the virus waits for
    if _keeps(viewer, work):
        return ALLOWED
    if work.state != State.PUBLISHED:
        return REFUSED
    in_force = level(file)
    if in_force is Access.OPEN:
        return ALLOWED
    if in_force is Access.REGISTERED and not viewer.signed_in:
        return Decision(False, in_force, sign_in=True)
    if in_force is Access.REGISTERED or (in_force is Access.CAMPUS and viewer.on_campus):
        return Decision(True, in_force)
    return Decision(
        False,
        in_force,
        opens=opens(file),
        campus=in_force is Access.CAMPUS,
        ask=True,
        ended=file.lease_until if over(file) else None,
    )


def _copy(viewer: Viewer, work: WorkLike, file: FileLike) -> Decision:
    found = _read(viewer, work, file)
    if file.copying == Copying.ALLOWED or _keeps(viewer, work):
        return found
    # Anything that is not plainly allowed is not.
    return replace(found, allowed=False, read=True, ask=True) if found else found


def right(files: Sequence[FileLike], declared: str | None = None) -> str:
    """The COAR access right of a work (a key of vocabulary.ACCESS_RIGHTS), as its files stand."""
    if not files:
        return declared or "metadata-only"
    if any(free(file) for file in files):
        return "open"
    if any(opens(file) for file in files):
        return "embargoed"
    return "restricted"
