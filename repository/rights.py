"""The rights of a file as one value, and as the JSON that the store and exports keep.

Reading them back fails closed: whatever cannot be understood lets nobody in and hands nothing out.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any, Protocol

from repository.models.works import File, Work
from schemas.vocabulary import Access, Copying, CopyrightBasis, EmbargoReason

SCHEMA = 2  # 1 knew neither copying nor leases


@dataclass(frozen=True)
class Rights:
    """Who may read a file, when, and whether it is handed out."""

    access: str = Access.OPEN
    copying: str = Copying.ALLOWED
    embargo_until: date | None = None
    embargo_reason: str | None = None
    lease_until: date | None = None


class Granted(Protocol):
    """Anything with the rights of a file."""

    @property
    def access(self) -> str: ...
    @property
    def copying(self) -> str: ...
    @property
    def embargo_until(self) -> date | None: ...
    @property
    def embargo_reason(self) -> str | None: ...
    @property
    def lease_until(self) -> date | None: ...


SHUT = Rights(Access.CLOSED, Copying.VIEW_ONLY)
COLUMNS = tuple(one.name for one in fields(Rights))


def of(file: Granted) -> Rights:
    """The rights that a file has."""
    return Rights(**{name: getattr(file, name) for name in COLUMNS})


def put(file: File, rights: Rights) -> None:
    """Gives a file rights; a reason for no embargo is forgotten."""
    for name in COLUMNS:
        setattr(file, name, getattr(rights, name))
    if file.embargo_until is None:
        file.embargo_reason = None


def to_json(rights: Rights) -> dict[str, str | None]:
    """Rights as JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value and str(value)
        for name, value in asdict(rights).items()
    }


def said(file: Granted) -> dict[str, str]:
    """Rights for the audit log: what is not as usual, and the access."""
    plain = to_json(Rights())
    kept = to_json(of(file)).items()
    return {
        name: value for name, value in kept if value and (name == "access" or value != plain[name])
    }


def said_of(work: Work) -> dict[str, str]:
    """What the staff say of a work's rights, for the audit log; of their note only that it is
    another, for that log forgets nothing."""
    note = work.rights_note and sha256(work.rights_note.encode()).hexdigest()[:12]
    return {"copyright_basis": str(work.copyright_basis), **({"note": note} if note else {})}


def from_json(given: object, schema: object = SCHEMA) -> Rights:
    """Rights out of JSON; SHUT where they cannot be understood."""
    if not isinstance(given, Mapping):
        return SHUT
    try:
        return Rights(
            access=Access(given["access"]),
            copying=_copying(given, schema),
            embargo_until=_day(given.get("embargo_until")),
            embargo_reason=_reason(given.get("embargo_reason")),
            lease_until=_day(given.get("lease_until")),
        )
    except (KeyError, TypeError, ValueError):
        return SHUT


def _copying(given: Mapping[str, Any], schema: object) -> Copying:
    if schema == 1 and "copying" not in given:
        return Copying.ALLOWED
    with suppress(ValueError):
        return Copying(given.get("copying", ""))
    return Copying.VIEW_ONLY


def _day(given: Any) -> date | None:
    return None if given is None else date.fromisoformat(given)


def _reason(given: Any) -> EmbargoReason | None:
    if given is None:
        return None
    with suppress(ValueError):
        return EmbargoReason(given)
    return EmbargoReason.OTHER


def basis(given: object) -> CopyrightBasis:
    """The ground on which a work is kept; unknown where it cannot be understood."""
    with suppress(ValueError):
        return CopyrightBasis(given)  # type: ignore[arg-type]
    return CopyrightBasis.UNKNOWN
