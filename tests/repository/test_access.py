"""The policy as a table written by hand."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from repository import access
from repository.access import Action
from repository.clock import now
from repository.viewers import ANONYMOUS, Viewer
from schemas.roles import Role
from schemas.vocabulary import Access, Copying, Scan, State

OWNER = Viewer(id=1, name="owner", roles=frozenset({Role.DEPOSITOR}))
OTHER = Viewer(id=2, name="other", roles=frozenset({Role.DEPOSITOR}))
STAFF = Viewer(id=3, name="staff", roles=frozenset({Role.CATALOGUER}))
CAMPUS = Viewer(on_campus=True)
VIEWERS = {"anonymous": ANONYMOUS, "campus": CAMPUS, "other": OTHER, "owner": OWNER, "staff": STAFF}


@dataclass
class Work:
    state: str
    owner_id: int | None = 1


@dataclass
class File:
    access: str = Access.OPEN
    embargo_until: date | None = None
    scan: str = Scan.CLEAN
    copying: str = Copying.ALLOWED
    lease_until: date | None = None


def allowed(action, work, file=None):
    return {name for name, one in VIEWERS.items() if access.decide(one, action, work, file)}


EVERYBODY = set(VIEWERS)
OWN = {"owner", "staff"}


@pytest.mark.parametrize(
    ("state", "see", "edit"),
    [
        (State.DRAFT, OWN, OWN),
        (State.SUBMITTED, OWN, {"staff"}),
        (State.RETURNED, OWN, OWN),
        (State.REJECTED, OWN, {"staff"}),
        (State.PUBLISHED, EVERYBODY, {"staff"}),
        (State.WITHDRAWN, OWN, {"staff"}),
    ],
)
def test_who_sees_and_edits_a_work(state, see, edit):
    assert allowed(Action.SEE, Work(state)) == see
    assert allowed(Action.EDIT, Work(state)) == edit
    assert allowed(Action.COMMENT, Work(state)) == OWN
    assert allowed(Action.REVIEW, Work(state)) == {"staff"}
    assert allowed(Action.WITHDRAW, Work(state)) == {"staff"}


@pytest.mark.parametrize(
    ("level", "readers"),
    [
        (Access.OPEN, EVERYBODY),
        (Access.REGISTERED, {"other", "owner", "staff"}),
        (Access.CAMPUS, {"campus", "owner", "staff"}),
        (Access.STAFF, OWN),
        (Access.CLOSED, OWN),
    ],
)
def test_who_reads_a_file(level, readers):
    assert allowed(Action.READ, Work(State.PUBLISHED), File(level)) == readers
    for state in set(State) - {State.PUBLISHED}:
        assert allowed(Action.READ, Work(state), File(level)) == OWN


def test_an_embargo_closes_until_its_last_day_has_passed():
    today = now().date()
    file = File(Access.OPEN, embargo_until=today)
    decision = access.decide(ANONYMOUS, Action.READ, Work(State.PUBLISHED), file)
    assert (bool(decision), decision.opens) == (False, today)
    assert access.level(file, today + timedelta(days=1)) is Access.OPEN


@pytest.mark.parametrize(
    ("files", "declared", "right"),
    [
        ([], None, "metadata-only"),
        ([], "restricted", "restricted"),
        ([File()], None, "open"),
        ([File(Access.CLOSED), File()], None, "open"),
        ([File(Access.OPEN, date(2999, 1, 1))], None, "embargoed"),
        ([File(Access.CLOSED, date(1999, 1, 1))], None, "restricted"),
        ([File(Access.CAMPUS)], "open", "restricted"),
    ],
)
def test_the_access_right_of_a_work_is_what_its_files_are(files, declared, right):
    assert access.right(files, declared) == right
