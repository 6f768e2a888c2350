"""Roles: what they bring along, who may give them."""

from itertools import combinations

import pytest

from schemas.roles import GIVES, INCLUDES, LABELS, Role, expand, may_give


def every_set_of_roles():
    return [set(some) for size in range(len(Role) + 1) for some in combinations(Role, size)]


@pytest.mark.parametrize("roles", every_set_of_roles(), ids=lambda roles: "+".join(sorted(roles)))
def test_nobody_gives_more_than_they_have(roles):
    for role in Role:
        if may_give(roles, role):
            assert role in expand(roles)


@pytest.mark.parametrize("role", Role)
def test_only_an_administrator_gives_administrator(role):
    assert may_give([role], Role.ADMINISTRATOR) == (role is Role.ADMINISTRATOR)


def test_whoever_holds_staff_roles_alone_gives_none_of_them():
    for role in (Role.READER, Role.DEPOSITOR, Role.CATALOGUER, Role.ACQUISITIONS):
        assert not GIVES.get(role)


@pytest.mark.parametrize("role", Role)
def test_roles_bring_along_all_that_these_bring_along(role):
    assert expand(expand([role])) == expand([role])
    assert role in expand([role])
    assert set(INCLUDES) == set(LABELS) == set(Role)
