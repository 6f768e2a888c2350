"""How the library came to hold a work, for its staff: accessions, catalogue records, copies."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository import accessions
from repository.models.accessions import Accession
from repository.models.imports import Holding
from repository.models.works import Origin


class Held(NamedTuple):
    """What is known of a work's coming: `records` are (source, key) of where it was imported from,
    `copies` those that a catalogue lists on the shelves."""

    accessions: Sequence[Accession]
    records: Sequence[tuple[str, str]]
    copies: Sequence[Holding]


def of_work(session: Session, number: int) -> Held:
    """All of it, the oldest first."""
    origins = select(Origin.source, Origin.key).where(Origin.work_id == number)
    copies = select(Holding).where(Holding.work_id == number)
    return Held(
        accessions.of_work(session, number),
        [(row[0], row[1]) for row in session.execute(origins.order_by(Origin.id))],
        session.scalars(copies.order_by(Holding.id)).all(),
    )
