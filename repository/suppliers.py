"""Who accessions come from: the register of shops, publishers, libraries and people."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import alphabet, ledger
from repository.errors import Invalid, NotFound
from repository.models.accessions import Supplier
from repository.viewers import Viewer
from schemas.accessions import SUPPLIER_KINDS
from schemas.answers import Answers


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def read(answers: Answers) -> dict[str, Any]:
    """The columns of a supplier as they were typed."""
    return {
        "name": answers.text("name", needed=True, limit=200),
        "kind": answers.choice("kind", SUPPLIER_KINDS),
        "address": answers.text("address"),
        "contact": answers.text("contact"),
        "tax_number": answers.text("tax_number", limit=40),
        "note": answers.long("note"),
    }


def everything(session: Session) -> Sequence[Supplier]:
    """All of them in alphabetical order."""
    return sorted(session.scalars(select(Supplier)), key=lambda one: alphabet.key(one.name))


def get(session: Session, number: int) -> Supplier:
    """The supplier of that number; raises NotFound."""
    found = session.get(Supplier, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no such source.")
    return found


def check(session: Session, number: int) -> None:
    """Raises Invalid, at the field of a form, where there is no supplier of that number."""
    if session.get(Supplier, number) is None:
        said = _("There is no such source.")
        raise Invalid(said, {"supplier_id": [said]})


def add(session: Session, values: dict[str, Any], *, actor: Viewer) -> Supplier:
    """A new one. Raises Invalid where the name is taken."""
    _free(session, values["name"])
    made = Supplier(**values)
    session.add(made)
    session.flush()
    ledger.note(session, "supplier", made.id, "added", actor=actor, name=made.name)
    return made


def change(session: Session, found: Supplier, values: dict[str, Any], *, actor: Viewer) -> None:
    """Other details; what stood there before is kept in the history."""
    if values["name"] != found.name:
        _free(session, values["name"])
    before, after = ledger.put(found, values)
    session.flush()
    if after:
        ledger.note(
            session, "supplier", found.id, "changed", actor=actor, before=before, after=after
        )


def _free(session: Session, name: str) -> None:
    if session.scalar(select(Supplier.id).where(Supplier.name == name)):
        raise Invalid(
            "Some answers are still missing or not right.",
            {"name": [_("There is a source of this name already.")]},
        )
