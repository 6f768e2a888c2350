"""Documents that come with works and accessions. Which of them there must be: `requirements`.

Scans lie below the instance by their SHA-512, apart from the store and from staging, and nothing
but the staff's own page reads them: no export, no feed, no index knows of these tables.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from repository import ledger
from repository.archive import Archive
from repository.clock import now
from repository.errors import Forbidden, Invalid, NotAllowed, NotFound
from repository.models.accessions import Accession, Document, Item
from repository.models.life import NextVersion
from repository.models.works import Work
from repository.settings import Settings
from repository.viewers import Viewer
from schemas.accessions import PAPERS, Standing
from schemas.answers import Answers
from schemas.vocabulary import Scan

FOLDER = "papers"
# What acts and invoices come as: pictures of paper, PDF, and letters as they were written.
TAKEN = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
# How long a scan lies that no document has: one may be just about to be entered.
ABANDONED = timedelta(days=1)


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


def read(answers: Answers) -> dict[str, Any]:
    """The columns of a document as they were typed."""
    return {
        "kind": answers.choice("kind", PAPERS),
        "number": answers.text("number", limit=100),
        "day": answers.day("day"),
        "place": answers.text("place", limit=200),
        "note": answers.long("note", limit=1000),
    }


def path(settings: Settings, sha512: str) -> Path:
    """Where the scan of that SHA-512 lies."""
    return settings.instance / FOLDER / sha512[:2] / sha512


def damages(session: Session, settings: Settings) -> Iterator[tuple[Document, str]]:
    """The scans that are lost, or are not what they were when they came."""
    query = select(Document).where(Document.sha512.is_not(None), Document.removed.is_(None))
    for one in session.scalars(query.order_by(Document.id)):
        place = path(settings, str(one.sha512))
        if not place.is_file():
            yield one, "the scan is not there"
            continue
        with place.open("rb") as file:
            if file_digest(file, "sha512").hexdigest() != one.sha512:
                yield one, "the scan is not what it was"


def get(session: Session, number: int) -> Document:
    """The document of that number; raises NotFound."""
    found = session.get(Document, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("There is no such document.")
    return found


def add(
    session: Session,
    values: dict[str, Any],
    *,
    actor: Viewer,
    work: Work | None = None,
    accession: Accession | None = None,
) -> Document:
    """Enters a document of a work or of an accession; `values` has its scan's columns too."""
    if not values.get("sha512") and not values["place"]:
        said = _("Choose the scan, or write where the paper lies.")
        raise Invalid(said, {"file": [said]})
    made = Document(
        **values,
        work_id=work.id if work else None,
        accession_id=accession.id if accession else None,
        added_by=actor.name,
    )
    session.add(made)
    session.flush()
    _note(session, made, "added", actor)
    return made


def remove(session: Session, found: Document, *, reason: str, actor: Viewer) -> str | None:
    """Takes a document away; its SHA-512 where no other has this scan: the caller deletes it."""
    if found.removed is not None:
        raise NotAllowed("This document was taken away already.")
    if not reason.strip():
        raise Invalid("Write why.", {"reason": [_("Write why.")]})
    found.removed, found.reason = now(), reason
    session.flush()
    _note(session, found, "removed", actor, reason)
    alike = select(Document.id).where(
        Document.sha512 == found.sha512, Document.removed.is_(None), Document.sha512.is_not(None)
    )
    return None if session.scalar(alike.limit(1)) else found.sha512


def _note(session: Session, found: Document, kind: str, actor: Viewer, reason: str = "") -> None:
    ledger.note(
        session,
        "document",
        found.id,
        kind,
        actor=actor,
        reason=reason,
        paper=found.kind,
        paper_number=found.number,
        work=found.work_id,
        accession=found.accession_id,
        sha512=found.sha512,
    )


def opened(session: Session, found: Document, *, actor: Viewer) -> None:
    """Writes down that somebody of the staff opened a scan."""
    _note(session, found, "opened", actor)


def check_readable(found: Document) -> None:
    """Raises NotFound or Forbidden where there is no scan, or none that may be opened."""
    if found.sha512 is None or found.removed is not None:
        raise NotFound("There is no such document.")
    if found.scan == Scan.INFECTED:
        raise Forbidden("A virus was found in this document, so nobody opens it.")
    if found.scan == Scan.WAITING:
        raise Forbidden(
            "This document has not been checked for viruses yet. Try again in a minute."
        )


def of_accession(session: Session, accession_id: int) -> Sequence[Document]:
    """The documents of an accession, those that were taken away too."""
    query = select(Document).where(Document.accession_id == accession_id)
    return session.scalars(query.order_by(Document.id)).all()


def of_work(session: Session, work_id: int) -> Sequence[Document]:
    """The documents of a work: its own, those of accessions with which it came, and for the draft
    of a next version those of the work too."""
    works = same(session, work_id)
    came = (
        select(Item.accession_id)
        .join(Item.accession)
        .where(Item.work_id.in_(works), Accession.standing != Standing.CANCELLED)
    )
    query = select(Document).where(
        or_(Document.work_id.in_(works), Document.accession_id.in_(came))
    )
    return session.scalars(query.order_by(Document.id)).all()


def same(session: Session, work_id: int) -> list[int]:
    """The number of a work, and of the published one whose next version it is to be."""
    found = session.get(NextVersion, work_id)
    return [work_id, found.of_id] if found else [work_id]


def sweep(archive: Archive) -> int:
    """Removes scans that no document has, since its work is gone or was never entered; how many."""
    oldest = (now() - ABANDONED).timestamp()
    lying = [
        one
        for one in (archive.settings.instance / FOLDER).glob("*/*")
        if one.stat().st_mtime < oldest
    ]
    with archive.writing() as session:  # so that none is entered meanwhile
        query = select(Document.sha512).where(
            Document.sha512.is_not(None), Document.removed.is_(None)
        )
        held = set(session.scalars(query))
        gone = [one for one in lying if one.name not in held]
        for one in gone:
            one.unlink(missing_ok=True)
    return len(gone)
