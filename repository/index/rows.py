"""How a document lies in a Whoosh index: its fields, and the row that the writer takes.

What to index is ours (`terms`): Whoosh's analysers are not used, only its files.
"""

import json
from array import array
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

from whoosh import columns, formats
from whoosh.fields import COLUMN, STORED, FieldType, Schema

from repository.index import snippets, terms
from repository.index.documents import Document

NOWHERE = b"-"  # the payload of a stem, which has no position of its own
Posting = tuple[bytes, int, float, bytes]  # term, frequency, weight, payload


class Positions(formats.Existence):
    """Payloads of any length."""

    posting_size = -1


class Weights(FieldType):
    """Terms with their weights: a mapping of term to weight, or of terms alone."""

    def __init__(self) -> None:
        self.format = formats.Existence()

    def index(self, value: Any, **kwargs: Any) -> Generator[Posting, Any, None]:
        """Postings as the writer takes them."""
        for term, weight in value.items():
            yield term.encode(), 1, weight, b""


class Places(FieldType):
    """Terms with their weights and positions: a mapping of term to both."""

    def __init__(self) -> None:
        self.format = Positions()

    def index(self, value: Any, **kwargs: Any) -> Generator[Posting, Any, None]:
        """Postings as the writer takes them."""
        for term, (weight, positions) in value.items():
            yield term.encode(), 1, weight, packed(positions)


def packed(positions: list[int]) -> bytes:
    """Positions as the index keeps them; never empty, for Whoosh loses empty payloads."""
    return array("I", positions).tobytes() or NOWHERE


def unpacked(kept: bytes) -> Sequence[int]:
    """The positions that were packed."""
    return () if kept == NOWHERE else array("I", kept)


SCHEMA = Schema(
    words=Weights(),
    exact=Places(),
    identifiers=Weights(),
    facts=COLUMN(columns.VarBytesColumn()),
    texts=STORED(),
    **{name: Places() for name in terms.SMALL},
)


class Facts(NamedTuple):
    """What is kept in memory of every document."""

    number: int
    type: str
    year: int | None
    language: list[str]
    collection: list[str]
    published: int
    sort_title: str
    where: str = "here"  # what was indexed before there was a union catalogue is here
    author: list[str] = []  # noqa: RUF012 - never changed
    subject: list[str] = []  # noqa: RUF012
    access: str = ""


def row(document: Document) -> dict[str, Any]:
    """A document as Whoosh's writer takes it."""
    found = terms.of(document)
    facts = Facts(
        document.number,
        document.type,
        document.year,
        list(document.languages),
        list(document.collections),
        document.published,
        document.sort_title,
        document.where,
        list(dict.fromkeys(document.authors)),
        list(dict.fromkeys(document.keywords)),
        document.access,
    )
    return {
        "words": found.weights,
        "exact": {term: (1.0, where) for term, where in found.positions.items()},
        "identifiers": dict.fromkeys(found.identifiers, 1.0),
        "facts": json.dumps(facts).encode(),
        "texts": tuple(map(tuple, snippets.texts(document))),
        **found.small,
    }
