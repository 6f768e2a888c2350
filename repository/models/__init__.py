"""Tables by subject. Importing this module makes `Base.metadata` whole."""

from repository.database import Base
from repository.models import (
    accessions,
    accounts,
    arrivals,
    batches,
    collections,
    feed,
    harvest,
    harvesters,
    life,
    programs,
    readiness,
    readings,
    statements,
    terminals,
    trust,
    uploads,
    works,
)

__all__ = [
    "Base",
    "accessions",
    "accounts",
    "arrivals",
    "batches",
    "collections",
    "feed",
    "harvest",
    "harvesters",
    "life",
    "programs",
    "readiness",
    "readings",
    "statements",
    "terminals",
    "trust",
    "uploads",
    "works",
]
