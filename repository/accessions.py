"""Accessions: what came to the library, from whom, on what, under which paper, for how much.

While it is being entered an accession can be changed or dropped. Booking it gives it the next
number of its year, and its copies their inventory numbers. From then on it stays: corrections need
a reason and leave what stood there before in the history, and what was booked by mistake is
cancelled, its numbers with it.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from repository import documents, ledger, register, requirements, series, suppliers
from repository.errors import Conflict, Invalid, NotAllowed, NotFound
from repository.models.accessions import Accession, Item, Removal, RemovedPart
from repository.viewers import Viewer
from schemas.accessions import Standing

PAGE = 50
# What a booked item keeps for good: its inventory numbers hang on them.
FIXED = ("copies", "inventoried")


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def get(session: Session, number: int) -> Accession:
    """The accession of that id; raises NotFound."""
    found = session.get(Accession, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no such accession.")
    return found


def item(accession: Accession, number: int) -> Item:
    """An item of an accession; raises NotFound."""
    found = next((one for one in accession.items if one.id == number), None)
    if found is None:
        raise NotFound("There is no such item in this accession.")
    return found


def page(session: Session, *, before: int | None = None, **asked: Any) -> Sequence[Accession]:
    """Accessions, last entered first: one more than a page where there are more.

    What is asked for are fields of `register.Wanted`.
    """
    query = select(Accession).options(selectinload(Accession.items))
    if before:
        query = query.where(Accession.id < before)
    query = query.where(*register.conditions(register.Wanted(**asked)))
    return session.scalars(query.order_by(Accession.id.desc()).limit(PAGE + 1)).all()


def of_work(session: Session, work_id: int) -> Sequence[Accession]:
    """The accessions with which a work came, oldest first."""
    inside = select(Item.accession_id).where(Item.work_id == work_id)
    query = select(Accession).where(Accession.id.in_(inside)).order_by(Accession.id)
    return session.scalars(query).all()


def total(items: Iterable[Item]) -> Decimal:
    """What the items cost together."""
    return sum((one.sum for one in items), Decimal("0.00"))


def begin(session: Session, values: dict[str, Any], *, actor: Viewer) -> Accession:
    """A new accession, still being entered."""
    suppliers.check(session, values["supplier_id"])
    made = Accession(**values)
    session.add(made)
    session.flush()
    ledger.note(session, "accession", made.id, "begun", actor=actor)
    return made


def change(
    session: Session,
    found: Accession,
    values: dict[str, Any],
    *,
    reason: str,
    revision: int | None,
    actor: Viewer,
) -> None:
    """Other values. Once booked that needs a reason, and the year stays.

    Raises Conflict when somebody has changed the accession since `revision` was read.
    """
    _lock(session, found)
    _alive(found, reason)
    if revision is not None and revision != found.revision:
        raise Conflict("Somebody else has changed this accession in the meantime. Look at it anew.")
    suppliers.check(session, values["supplier_id"])
    if found.year is not None and values["day"].year != found.year:
        said = _("It is booked in the year %(year)s; the day must stay in it.")
        raise Invalid(said, {"day": [said % {"year": found.year}]}, year=found.year)
    before, after = ledger.put(found, values)
    session.flush()
    if after:
        _note(session, found, "changed", actor, reason, before=before, after=after)


def add_item(session: Session, found: Accession, values: dict[str, Any], *, actor: Viewer) -> Item:
    """Another title. Only while the accession is being entered."""
    _lock(session, found)
    _open(found)
    made = Item(position=1 + max((one.position for one in found.items), default=0), **values)
    found.items.append(made)
    session.flush()
    _note(session, found, "item added", actor, title=made.title, copies=made.copies)
    return made


def change_item(
    session: Session,
    found: Accession,
    changed: Item,
    values: dict[str, Any],
    *,
    reason: str,
    actor: Viewer,
) -> None:
    """Other values of a title. Once booked its copies and numbers stay as they are."""
    _lock(session, found)
    _alive(found, reason)
    if found.standing == Standing.BOOKED:
        values = {name: value for name, value in values.items() if name not in FIXED}
    before, after = ledger.put(changed, values)
    session.flush()
    if after:
        _note(session, found, "item changed", actor, reason, before=before, after=after)


def drop_item(session: Session, found: Accession, dropped: Item, *, actor: Viewer) -> None:
    """Takes a title out again. Only while the accession is being entered."""
    _lock(session, found)
    _open(found)
    _note(session, found, "item dropped", actor, title=dropped.title)
    found.items.remove(dropped)
    session.flush()


def book(session: Session, found: Accession, *, actor: Viewer) -> None:
    """Gives the accession the next number of its year, and copies their inventory numbers.

    Raises Invalid while documents that it must have are missing.
    """
    _lock(session, found)
    _open(found)
    if not found.items:
        raise NotAllowed("Enter at least one title first.")
    requirements.insist_on_booking(session, found)
    found.year = found.day.year
    found.number = series.take(session, f"accession {found.year}")
    found.standing = Standing.BOOKED
    for one in found.items:
        if one.inventoried:
            one.first = series.take(session, series.INVENTORY, one.copies)
    session.flush()
    _note(session, found, "booked", actor, label=found.label)


def cancel(session: Session, found: Accession, *, reason: str, actor: Viewer) -> None:
    """Declares a booked accession void. Its numbers are not given again."""
    series.lock(session, series.REMOVALS)  # so that no act takes its copies meanwhile
    _lock(session, found)
    if found.standing != Standing.BOOKED:
        raise NotAllowed("Only what is booked can be cancelled.")
    if not reason.strip():
        raise Invalid("Write why.", {"reason": [_("Write why.")]})
    gone = (
        select(func.count())
        .select_from(RemovedPart)
        .join(Removal)
        .join(Item)
        .where(Item.accession_id == found.id, Removal.standing != Standing.CANCELLED)
    )
    if session.scalar(gone):
        raise NotAllowed("Copies of it were removed from the fund: cancel those removals first.")
    found.standing, found.reason = Standing.CANCELLED, reason
    session.flush()
    _note(session, found, "cancelled", actor, reason, label=found.label)


def discard(session: Session, found: Accession, *, actor: Viewer) -> None:
    """Deletes an accession that has no number yet, and no documents."""
    _lock(session, found)
    _open(found)
    if any(one.removed is None for one in documents.of_accession(session, found.id)):
        raise NotAllowed("Take its documents away first.")
    _note(session, found, "discarded", actor)
    session.delete(found)
    session.flush()


def copies(items: Iterable[Item]) -> int:
    """How many copies the items are together."""
    return sum(one.copies for one in items)


def sums(accessions: Iterable[Accession]) -> dict[str, Decimal]:
    """What accessions cost together, by currency."""
    found: dict[str, Decimal] = {}
    for one in accessions:
        found[one.currency] = found.get(one.currency, Decimal("0.00")) + total(one.items)
    return found


def _lock(session: Session, found: Accession) -> None:
    """Lets nobody else change an accession until the transaction ends; reads it as it is now."""
    session.flush()
    if session.get(Accession, found.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound("There is no such accession.")
    session.expire(found, ["items", "supplier"])


def _open(found: Accession) -> None:
    if found.standing != Standing.OPEN:
        raise NotAllowed("It is booked already. Correct it with a reason, or cancel it.")


def _alive(found: Accession, reason: str) -> None:
    if found.standing == Standing.CANCELLED:
        raise NotAllowed("It is cancelled and stays as it is.")
    if found.standing == Standing.BOOKED and not reason.strip():
        raise Invalid("Write why.", {"reason": [_("Write why.")]})


def _note(
    session: Session, found: Accession, kind: str, actor: Viewer, reason: str = "", **details: Any
) -> None:
    ledger.note(session, "accession", found.id, kind, actor=actor, reason=reason, **details)
