"""Who is looking: a small frozen value that every decision is made for."""

from dataclasses import dataclass

from schemas.roles import STAFF, Role, expand


@dataclass(frozen=True)
class Viewer:
    """A person, or nobody in particular. Flask-Login takes it as its user."""

    id: int | None = None
    email: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    language: str = ""
    on_campus: bool = False
    within: frozenset[int] = frozenset()  # collections whose works they review by appointment
    wrote: frozenset[int] = frozenset()  # works whose authorship they have confirmed by letter
    seat: str = ""  # the seat of a reading room that is open in this browser

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is."""
        return self.id is not None

    is_authenticated = signed_in
    is_active = signed_in

    @property
    def is_anonymous(self) -> bool:
        """Whether we do not know who it is."""
        return not self.signed_in

    def may(self, role: Role) -> bool:
        """Whether one of the viewer's roles is, or includes, this one."""
        return role in expand(self.roles)

    @property
    def staff(self) -> bool:
        """Whether the viewer works in the library, or reviews for it."""
        return not STAFF.isdisjoint(self.roles) or bool(self.within)

    @property
    def reviews(self) -> bool:
        """Whether the viewer reviews works: all, or those of some collections."""
        return self.may(Role.CATALOGUER) or bool(self.within)

    def get_id(self) -> str | None:
        """The account's id as Flask-Login wants it."""
        return None if self.id is None else str(self.id)


ANONYMOUS = Viewer()
# Who acts when no person does: imports, recovery, the worker.
SYSTEM = Viewer(name="Open Archive", roles=frozenset({Role.ADMINISTRATOR}))
