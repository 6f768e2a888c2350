"""Removals: copies that leave the fund under an act, each with why. Kept as accessions are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository import inventory, ledger, series
from repository.errors import Invalid, NotAllowed, NotFound
from repository.models.accessions import Accession, Item, Removal, RemovedPart
from repository.viewers import Viewer
from schemas.accessions import WHYS, Standing
from schemas.answers import Answers

MOST_NUMBERS = 10_000


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def read(answers: Answers, today: date) -> dict[str, Any]:
    """The columns of a removal as they were typed."""
    return {
        "day": answers.day("day", needed=True, latest=today),
        "act": answers.text("act", needed=True, limit=100),
        "act_day": answers.day("act_day"),
        "why": answers.choice("why", WHYS),
        "note": answers.long("note"),
    }


def get(session: Session, number: int) -> Removal:
    """The removal of that id; raises NotFound."""
    found = session.get(Removal, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no such removal.")
    return found


def everything(session: Session, before: int | None = None, limit: int = 50) -> Sequence[Removal]:
    """Removals, last entered first: one more than `limit` where there are more."""
    query = select(Removal).order_by(Removal.id.desc()).limit(limit + 1)
    return session.scalars(query.where(Removal.id < before) if before else query).all()


def begin(session: Session, values: dict[str, Any], *, actor: Viewer) -> Removal:
    """A new removal, still being entered."""
    made = Removal(**values)
    session.add(made)
    session.flush()
    ledger.note(session, "removal", made.id, "begun", actor=actor)
    return made


def add_numbers(session: Session, found: Removal, first: int, last: int, *, actor: Viewer) -> None:
    """Takes up all copies with these inventory numbers. Raises Invalid where one has none left."""
    _lock(session, found)
    _open(found)
    if not first <= last < first + MOST_NUMBERS:
        raise _wrong("numbers", _("Write a number, or two with a dash between: 120-125."))
    covered = first
    for item in inventory.bearing(session, first, last):
        low, high = max(first, item.first or 0), min(last, item.last or 0)
        if low != covered:
            break
        _add(session, found, RemovedPart(item_id=item.id, copies=high - low + 1, first=low))
        covered = high + 1
    if covered <= last:
        said = _("No copy has the inventory number %(number)s.")
        raise _wrong("numbers", said, number=covered)
    _check(session, found)
    ledger.note(session, "removal", found.id, "copies", actor=actor, first=first, last=last)


def add_copies(
    session: Session, found: Removal, item_id: int, copies: int, *, actor: Viewer
) -> None:
    """Takes up copies of an item that has no inventory numbers."""
    _lock(session, found)
    _open(found)
    item = session.get(Item, item_id)
    if item is None or item.accession.standing != Standing.BOOKED or item.first is not None:
        raise _wrong("item", _("Choose a title without inventory numbers."))
    _add(session, found, RemovedPart(item_id=item.id, copies=copies))
    _check(session, found)
    ledger.note(
        session, "removal", found.id, "copies", actor=actor, title=item.title, copies=copies
    )


def _add(session: Session, found: Removal, part: RemovedPart) -> None:
    found.parts.append(part)
    session.flush()


def unnumbered(session: Session) -> Sequence[Item]:
    """Booked items without inventory numbers, of which copies are still in the fund."""
    gone = (
        select(func.coalesce(func.sum(RemovedPart.copies), 0))
        .join(Removal)
        .where(RemovedPart.item_id == Item.id, Removal.standing == Standing.BOOKED)
        .scalar_subquery()
    )
    query = (
        select(Item)
        .join(Item.accession)
        .where(Accession.standing == Standing.BOOKED, Item.first.is_(None), Item.copies > gone)
        .order_by(Item.id.desc())
    )
    return session.scalars(query).all()


def drop(session: Session, found: Removal, part_id: int, *, actor: Viewer) -> None:
    """Takes a line out again."""
    _lock(session, found)
    _open(found)
    part = next((one for one in found.parts if one.id == part_id), None)
    if part is not None:
        ledger.note(
            session,
            "removal",
            found.id,
            "dropped",
            actor=actor,
            first=part.first,
            item=part.item_id,
        )
        found.parts.remove(part)
        session.flush()


def book(session: Session, found: Removal, *, actor: Viewer) -> None:
    """Gives the removal the next number of its year; its copies are out of the fund."""
    _lock(session, found)
    series.lock(session, series.REMOVALS)  # so that no other act takes the same copies meanwhile
    session.expire_all()  # what was read before the lock may be of yesterday
    _open(found)
    if not found.parts:
        raise NotAllowed("Say first which copies leave the fund.")
    _check(session, found)
    number = series.take(session, f"removal {found.day.year}")
    found.year, found.number, found.standing = found.day.year, number, Standing.BOOKED
    session.flush()
    ledger.note(session, "removal", found.id, "booked", actor=actor, label=found.label)


def cancel(session: Session, found: Removal, *, reason: str, actor: Viewer) -> None:
    """Declares a booked removal void: its copies are in the fund again."""
    _lock(session, found)
    if found.standing != Standing.BOOKED:
        raise NotAllowed("Only what is booked can be cancelled.")
    if not reason.strip():
        raise _wrong("reason", _("Write why."))
    found.standing, found.reason = Standing.CANCELLED, reason
    session.flush()
    ledger.note(
        session, "removal", found.id, "cancelled", actor=actor, reason=reason, label=found.label
    )


def discard(session: Session, found: Removal, *, actor: Viewer) -> None:
    """Deletes a removal that has no number yet."""
    _lock(session, found)
    _open(found)
    ledger.note(session, "removal", found.id, "discarded", actor=actor)
    session.delete(found)
    session.flush()


def _lock(session: Session, found: Removal) -> None:
    """Lets nobody else change a removal until the transaction ends; reads it as it is now."""
    session.flush()
    if session.get(Removal, found.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound("There is no such removal.")
    session.expire(found, ["parts"])


def _open(found: Removal) -> None:
    if found.standing != Standing.OPEN:
        raise NotAllowed("It is booked already. Cancel it if it is wrong.")


def _check(session: Session, found: Removal) -> None:
    """Raises Invalid where a copy is out of the fund already, named twice, or not yet come."""
    for item in {part.item_id: part.item for part in found.parts}.values():
        mine = [part for part in found.parts if part.item_id == item.id]
        gone = [part for part, _ in inventory.parts(session, item)]
        if item.accession.standing != Standing.BOOKED or item.accession.day > found.day:
            raise _wrong("numbers", _("“%(title)s” came only later."), title=item.title)
        if sum(part.copies for part in [*mine, *gone]) > item.copies:
            raise _wrong("numbers", _("Of “%(title)s” fewer copies are left."), title=item.title)
        taken: set[int] = set()
        for part in [*gone, *mine]:
            first = part.first
            numbers = range(first, first + part.copies) if first is not None else range(0)
            double = next((one for one in numbers if one in taken), None)
            if double is not None:
                raise _wrong("numbers", _("Copy %(number)s is removed already."), number=double)
            taken.update(numbers)


def _wrong(field: str, sentence: str, **parameters: object) -> Invalid:
    return Invalid(sentence, {field: []}, **parameters)
