"""Which documents works and accessions must have: rules that staff make, and what is missing.

A rule may be for a collection with all below it, for a kind of work, for the way in which something
came, for any of these together, or for every work. Rules with a way are asked before an accession
is booked; all are asked before a work is accepted. A work that came with no accession came as its
author's deposit.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import collections, documents, ledger
from repository.errors import Invalid
from repository.models.accessions import Accession, Document, Item, RequiredDocument
from repository.models.works import Work
from repository.viewers import Viewer
from schemas.accessions import Paper, Standing, Way
from schemas.messages import Message
from schemas.vocabulary import Scan


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


# What is said of each kind that is missing.
MISSING = {
    Paper.AGREEMENT: _("The agreement with the author is missing."),
    Paper.CONSENT: _("The consent of the holder of the rights is missing."),
    Paper.TRANSFER: _("The transfer act is missing."),
    Paper.INVOICE: _("The invoice is missing."),
    Paper.OTHER: _("A document is missing that works like this must have."),
}
WAITING = _("“%(name)s” has not been checked for viruses yet.")


def rules(session: Session) -> Sequence[RequiredDocument]:
    """All rules, in the order in which they were made."""
    return session.scalars(select(RequiredDocument).order_by(RequiredDocument.id)).all()


def of_work(session: Session, work: Work) -> list[Paper]:
    """The kinds of documents that a work must have."""
    works = documents.same(session, work.id)
    came = (
        select(Accession.way)
        .join(Item, Item.accession_id == Accession.id)
        .where(Item.work_id.in_(works), Accession.standing != Standing.CANCELLED)
    )
    ways = set(session.scalars(came)) or {Way.DEPOSIT}
    return _kinds(one for one in rules(session) if one.way in ("", *ways) and _meant(one, work))


def of_accession(session: Session, accession: Accession) -> list[Paper]:
    """The kinds of documents that an accession must have before it is booked."""
    return _kinds(
        one
        for one in rules(session)
        if one.way == accession.way and _concerned(one, accession.items)
    )


def _concerned(rule: RequiredDocument, items: Iterable[Item]) -> bool:
    """Whether a rule is for any title of an accession."""
    if rule.collection_id is not None:
        return any(one.work is not None and _meant(rule, one.work) for one in items)
    return not rule.type or any(one.type == rule.type for one in items)


def _meant(rule: RequiredDocument, work: Work) -> bool:
    """Whether a rule is for a work, as far as its kind and its collections go."""
    if rule.type not in ("", work.type):
        return False
    return rule.collection_id is None or any(
        each.id == rule.collection_id
        for one in work.collections
        for each in collections.lineage(one)
    )


def _kinds(found: Iterable[RequiredDocument]) -> list[Paper]:
    kinds = {one.kind for one in found}
    return [kind for kind in Paper if kind in kinds]


def missing(session: Session, work: Work) -> list[Message]:
    """One sentence for each document that a work must have before it is accepted and has not."""
    return _lacking(of_work(session, work), documents.of_work(session, work.id))


def missing_of_accession(session: Session, accession: Accession) -> list[Message]:
    """One sentence for each document without which an accession is not booked."""
    held = documents.of_accession(session, accession.id)
    return _lacking(of_accession(session, accession), held)


def checklist(session: Session, accession: Accession) -> list[tuple[Paper, Message | None]]:
    """Each kind of document that an accession must have, with what is missing of it."""
    held = documents.of_accession(session, accession.id)
    return _checked(of_accession(session, accession), held)


def _lacking(wanted: Sequence[Paper], held: Iterable[Document]) -> list[Message]:
    return [said for _, said in _checked(wanted, held) if said is not None]


def _checked(
    wanted: Sequence[Paper], held: Iterable[Document]
) -> list[tuple[Paper, Message | None]]:
    papers: dict[str, list[Document]] = {}
    for one in held:
        if one.removed is None and one.scan != Scan.INFECTED:
            papers.setdefault(one.kind, []).append(one)
    found: list[tuple[Paper, Message | None]] = []
    for kind in wanted:
        said = None
        if kind not in papers:
            said = Message(MISSING[kind])
        elif all(one.scan == Scan.WAITING for one in papers[kind]):
            said = Message(WAITING, name=papers[kind][0].name)
        found.append((kind, said))
    return found


def insist(session: Session, work: Work) -> None:
    """Raises Invalid with what is missing, where a work may not be accepted for want of it."""
    lacking = missing(session, work)
    if lacking:
        raise Invalid(
            "Documents that a work like this must have are missing.", {"documents": lacking}
        )


def insist_on_booking(session: Session, accession: Accession) -> None:
    """Raises Invalid with what is missing, where an accession may not be booked for want of it."""
    lacking = missing_of_accession(session, accession)
    if lacking:
        raise Invalid(
            "Documents that an accession like this must have are missing.", {"documents": lacking}
        )


def require(
    session: Session,
    *,
    kind: str,
    collection_id: int | None,
    type: str,
    way: str = "",
    actor: Viewer,
) -> None:
    """A new rule, unless there is the same already."""
    asked = (kind, collection_id, type, way)
    if asked in [(one.kind, one.collection_id, one.type, one.way) for one in rules(session)]:
        raise Invalid("There is this rule already.", {"kind": []})
    made = RequiredDocument(kind=kind, collection_id=collection_id, type=type, way=way)
    session.add(made)
    session.flush()
    _note(session, made, "added", actor)


def waive(session: Session, number: int, *, actor: Viewer) -> None:
    """Takes a rule away."""
    rule = session.get(RequiredDocument, number)
    if rule is not None:
        _note(session, rule, "removed", actor)
        session.delete(rule)
        session.flush()


def _note(session: Session, rule: RequiredDocument, kind: str, actor: Viewer) -> None:
    ledger.note(
        session,
        "requirement",
        rule.id,
        kind,
        actor=actor,
        paper=rule.kind,
        collection=rule.collection_id,
        type=rule.type,
        way=rule.way,
    )
