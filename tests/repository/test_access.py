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
AUTHOR = Viewer(id=4, name="author", roles=frozenset({Role.DEPOSITOR}), wrote=frozenset({7}))
STAFF = Viewer(id=3, name="staff", roles=frozenset({Role.CATALOGUER}))
CAMPUS = Viewer(on_campus=True)
VIEWERS = {
    "anonymous": ANONYMOUS,
    "campus": CAMPUS,
    "other": OTHER,
    "owner": OWNER,
    "co-author": AUTHOR,
    "staff": STAFF,
}


@dataclass
class Work:
    state: str
    owner_id: int | None = 1
    id: int = 7


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
KEEP = {"owner", "staff"}  # who changes it
OWN = KEEP | {"co-author"}


@pytest.mark.parametrize(
    ("state", "see", "edit"),
    [
        (State.DRAFT, OWN, KEEP),
        (State.SUBMITTED, OWN, {"staff"}),
        (State.RETURNED, OWN, KEEP),
        (State.REJECTED, OWN, {"staff"}),
        (State.WAITING, OWN, {"staff"}),
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


TODAY = now().date()
DAY = timedelta(days=1)
READERS = {
    Access.OPEN: EVERYBODY,
    Access.REGISTERED: OWN | {"other"},
    Access.CAMPUS: OWN | {"campus"},
    Access.STAFF: OWN,
    Access.CLOSED: OWN,
}
# (the last closed day, the last readable day): whether what is stated is in force today
TIMES = {
    (None, None): True,
    (TODAY, None): False,
    (TODAY - DAY, None): True,
    (TODAY + DAY, None): False,
    (None, TODAY): True,
    (None, TODAY - DAY): False,
    (TODAY - DAY, TODAY): True,
    (TODAY - 2 * DAY, TODAY - DAY): False,
    (TODAY + DAY, TODAY + 2 * DAY): False,
    (TODAY + 2 * DAY, TODAY - DAY): False,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("level", Access)
@pytest.mark.parametrize(("days", "in_force"), TIMES.items())
def test_who_reads_a_file_and_who_is_handed_it(state, level, days, in_force):
    public = state == State.PUBLISHED and in_force
    expected = READERS[level] if public else OWN
    for copying, handed in ((Copying.ALLOWED, expected), (Copying.VIEW_ONLY, OWN)):
        file = File(level, days[0], copying=copying, lease_until=days[1])
        assert allowed(Action.READ, Work(state), file) == expected
        assert allowed(Action.COPY, Work(state), file) == handed
        # Whoever is handed a file can read it; what everybody is handed is free.
        assert handed <= expected
        if state == State.PUBLISHED:
            assert access.free(file) == ("anonymous" in handed)


@pytest.mark.parametrize("copying", Copying)
@pytest.mark.parametrize("level", Access)
def test_what_is_infected_opens_for_nobody(level, copying):
    file = File(level, scan=Scan.INFECTED, copying=copying)
    for action in (Action.READ, Action.COPY):
        assert allowed(action, Work(State.PUBLISHED), file) == set()
    assert access.level(file) is Access.CLOSED
    assert not access.free(file)


def test_copying_that_nobody_understands_is_refused():
    file = File(copying="perhaps")
    assert allowed(Action.READ, Work(State.PUBLISHED), file) == EVERYBODY
    assert allowed(Action.COPY, Work(State.PUBLISHED), file) == OWN
    assert allowed(Action.COPY, Work(State.PUBLISHED)) == set()


@pytest.mark.parametrize(
    ("file", "viewer", "helps"),
    [
        (File(Access.REGISTERED), ANONYMOUS, {"sign_in": True}),
        (File(Access.CAMPUS), ANONYMOUS, {"campus": True, "ask": True}),
        (File(Access.STAFF), OTHER, {"ask": True}),
        (File(Access.CLOSED), OTHER, {"ask": True}),
        (File(Access.OPEN, TODAY), ANONYMOUS, {"opens": TODAY, "ask": True}),
        (File(Access.CAMPUS, TODAY), CAMPUS, {"opens": TODAY, "ask": True}),
        (File(Access.CLOSED, TODAY), ANONYMOUS, {"ask": True}),
        (File(Access.CLOSED, TODAY - DAY), ANONYMOUS, {"ask": True}),
        (File(lease_until=TODAY - DAY), ANONYMOUS, {"ended": TODAY - DAY, "ask": True}),
        (File(Access.OPEN, TODAY, lease_until=TODAY), ANONYMOUS, {"ask": True}),
        (File(copying=Copying.VIEW_ONLY), ANONYMOUS, {"read": True, "ask": True}),
        (File(Access.CAMPUS, copying=Copying.VIEW_ONLY), CAMPUS, {"read": True, "ask": True}),
        (File(Access.REGISTERED, copying=Copying.VIEW_ONLY), ANONYMOUS, {"sign_in": True}),
        (File(scan=Scan.INFECTED), ANONYMOUS, {}),
    ],
)
def test_a_refusal_says_what_would_help(file, viewer, helps):
    found = access.decide(viewer, Action.COPY, Work(State.PUBLISHED), file)
    assert not found
    names = ("sign_in", "campus", "opens", "ended", "read", "ask")
    assert {name: getattr(found, name) for name in names if getattr(found, name)} == helps


def test_an_embargo_closes_until_its_last_day_has_passed():
    file = File(Access.OPEN, embargo_until=TODAY)
    decision = access.decide(ANONYMOUS, Action.READ, Work(State.PUBLISHED), file)
    assert (bool(decision), decision.opens) == (False, TODAY)
    assert access.level(file, TODAY + DAY) is Access.OPEN


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
        ([File(copying=Copying.VIEW_ONLY)], "open", "restricted"),
        ([File(copying=Copying.VIEW_ONLY), File()], None, "open"),
        ([File(lease_until=date(1999, 1, 1))], None, "restricted"),
        ([File(Access.CLOSED, date(2999, 1, 1))], None, "restricted"),
        ([File(Access.OPEN, date(2999, 1, 1), lease_until=date(2998, 1, 1))], None, "restricted"),
    ],
)
def test_the_access_right_of_a_work_is_what_its_files_are(files, declared, right):
    assert access.right(files, declared) == right
