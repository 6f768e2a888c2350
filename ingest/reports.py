"""What an import says in the end: counts, and a remark for each row that a person must look at."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from schemas import text


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    KNOWN = "known"  # imported before
    CHANGED = "changed"  # imported before, and different at its source since
    DUPLICATE = "duplicate"  # another work of the archive has its DOI
    FAILED = "failed"


class Remark(NamedTuple):
    """What a person should know of a row, and where the row is."""

    place: str
    says: str


@dataclass
class Report:
    """How many rows came to what. `stopped` says why the rest of the rows was not looked at."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    collections: int = 0
    remarks: list[Remark] = field(default_factory=list)
    stopped: str = ""

    def remark(self, place: str, sentence: str) -> None:
        """Keeps a remark; control characters of the source do not reach the terminal."""
        self.remarks.append(Remark(text.line(place), text.line(sentence)))

    def fail(self, place: str, reason: object) -> None:
        """Counts a row that was not taken in, with its reason."""
        self.outcomes[Outcome.FAILED] += 1
        self.remark(place, str(reason))

    @property
    def failed(self) -> bool:
        """Whether anything was left out that should be in."""
        return bool(self.stopped or self.outcomes[Outcome.FAILED])
