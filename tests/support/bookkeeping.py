"""Steps at the acquisitions desk that several tests begin with."""

import threading
from datetime import date

from repository import accessions, entries, removals, suppliers
from repository.errors import ArchiveError
from schemas.answers import Answers

DAY = date(2026, 5, 12)
END = date(2026, 12, 31)
TYPED = {
    "day": "2026-05-12",
    "way": "gift",
    "paper_number": "17",
    "paper_day": "2026-05-10",
    "currency": "KGS",
    "carrier": "paper",
    "received_by": "Асанова А.",
    "note": "",
}
BOOK = {
    "title": "Манас",
    "issued": "1986",
    "type": "monograph",
    "language": "ky",
    "copies": "3",
    "price": "120,50",
    "inventoried": "yes",
    "subject": "8",
}


def source(archive, actor, name="Кыдыралиев А.", kind="person"):
    """A source; its number."""
    with archive.writing() as session:
        values = suppliers.read(Answers({"name": name, "kind": kind}))
        return suppliers.add(session, values, actor=actor).id


def values(giver, **typed):
    """The columns of an accession."""
    answers = Answers({**TYPED, "supplier_id": str(giver), **typed})
    found = entries.read(answers, END)
    assert not answers.errors
    return found


def entered(archive, actor, giver, *items, **typed):
    """An accession that is being entered; its number."""
    with archive.writing() as session:
        made = accessions.begin(session, values(giver, **typed), actor=actor)
        for item in items or (BOOK,):
            wanted = Answers({**BOOK, **item})
            accessions.add_item(session, made, entries.read_item(session, wanted), actor=actor)
            assert not wanted.errors
        return made.id


def booked(archive, actor, giver, *items, **typed):
    """An accession that is booked; its number."""
    number = entered(archive, actor, giver, *items, **typed)
    with archive.writing() as session:
        accessions.book(session, accessions.get(session, number), actor=actor)
    return number


def begun(session, actor, *, day=DAY, why="worn"):
    """A removal that is being entered."""
    typed = Answers({"day": day.isoformat(), "act": "А-1", "why": why})
    return removals.begin(session, removals.read(typed, END), actor=actor)


def removed(archive, actor, first, last, **named):
    """A booked removal of the copies with these inventory numbers; its number."""
    with archive.writing() as session:
        made = begun(session, actor, **named)
        removals.add_numbers(session, made, first, last, actor=actor)
        removals.book(session, made, actor=actor)
        return made.id


def together(*doings):
    """Does things at the same time, each in a thread; what each raised, or None."""
    raised = [None] * len(doings)

    def do(at):
        try:
            doings[at]()
        except ArchiveError as error:
            raised[at] = error

    threads = [threading.Thread(target=do, args=(at,)) for at in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
