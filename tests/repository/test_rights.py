"""Rights as JSON: read back as they were, and closed wherever they cannot be understood."""

from datetime import date

import pytest

from repository import rights
from repository.rights import SHUT, Rights
from schemas.vocabulary import Access, Copying

WHOLE = Rights(Access.CAMPUS, Copying.VIEW_ONLY, date(2030, 1, 1), "patent", date(2031, 1, 1))


@pytest.mark.parametrize("given", [Rights(), WHOLE, SHUT])
def test_rights_come_back_as_they_were(given):
    assert rights.from_json(rights.to_json(given)) == given


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "open",
        {},
        {"access": "all"},
        {"access": None},
        {"access": ["open"]},
        {"access": "open", "copying": "allowed", "embargo_until": "soon"},
        {"access": "open", "copying": "allowed", "embargo_until": 2030},
        {"access": "open", "copying": "allowed", "lease_until": "2030-02-31"},
        {"access": "open", "copying": "allowed", "lease_until": ""},
    ],
)
def test_what_cannot_be_understood_is_shut(broken):
    assert rights.from_json(broken) == SHUT


@pytest.mark.parametrize("copying", [None, "", "yes", 1, True, ["allowed"]])
def test_copying_that_cannot_be_understood_is_forbidden(copying):
    found = rights.from_json({"access": "open", "copying": copying})
    assert (found.access, found.copying) in {
        (Access.OPEN, Copying.VIEW_ONLY),
        (Access.CLOSED, Copying.VIEW_ONLY),
    }


def test_only_versions_of_before_copying_was_known_may_lack_it():
    assert rights.from_json({"access": "open"}, 1).copying == Copying.ALLOWED
    assert rights.from_json({"access": "open"}).copying == Copying.VIEW_ONLY
    assert rights.from_json({"access": "open"}, 3).copying == Copying.VIEW_ONLY
    assert rights.from_json({"access": "open", "embargo_reason": "?"}, 1).embargo_reason == "other"
