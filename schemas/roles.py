"""What accounts may do: roles, and which of them include others."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A role of an account. A person may have several."""

    READER = "reader"
    DEPOSITOR = "depositor"
    CATALOGUER = "cataloguer"
    ACQUISITIONS = "acquisitions"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


def _(label: str) -> str:
    """Marks a label for translation."""
    return label


LABELS = {
    Role.READER: _("Reader"),
    Role.DEPOSITOR: _("Depositor"),
    Role.CATALOGUER: _("Cataloguer"),
    Role.ACQUISITIONS: _("Acquisitions"),
    Role.DIRECTOR: _("Director"),
    Role.ADMINISTRATOR: _("Administrator"),
}

# Each role with those that it brings along.
INCLUDES = {
    Role.READER: frozenset[Role](),
    Role.DEPOSITOR: frozenset({Role.READER}),
    Role.CATALOGUER: frozenset({Role.READER, Role.DEPOSITOR}),
    Role.ACQUISITIONS: frozenset({Role.READER, Role.DEPOSITOR}),
    Role.DIRECTOR: frozenset({Role.READER, Role.DEPOSITOR}),
    Role.ADMINISTRATOR: frozenset(Role) - {Role.ADMINISTRATOR},
}


def expand(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles with all that they include."""
    given = frozenset(roles)
    return given.union(*(INCLUDES[role] for role in given))


# Who sees what readers do not; their sessions end sooner.
STAFF = frozenset({Role.CATALOGUER, Role.ACQUISITIONS, Role.DIRECTOR, Role.ADMINISTRATOR})
# The roles that each role may give and take away. Nobody reaches beyond what they have.
GIVES = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.DIRECTOR: frozenset({Role.READER, Role.DEPOSITOR}),
}


def may_give(roles: Iterable[Role], role: Role) -> bool:
    """Whether somebody with these roles may give that one, or take it away."""
    return any(role in GIVES.get(one, ()) for one in roles)
