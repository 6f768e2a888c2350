"""What an import says in the end: counts, and a remark for each row that a person must look at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from repository.errors import ArchiveError
from schemas import text
from schemas.messages import Message


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    KNOWN = "known"  # imported before
    UPDATED = "updated"  # imported before, changed at its source since, and brought in step
    CHANGED = "changed"  # changed at its source and here since; left as it is
    GONE = "gone"  # deleted at its source
    DUPLICATE = "duplicate"  # another work of the archive is the same
    FAILED = "failed"


class Remark(NamedTuple):
    """What a person should know of a row, and where the row is."""

    place: str
    says: Message


@dataclass
class Report:
    """How many rows came to what; `unplaced` counts the parts of records that the descriptions have
    no place for. `stopped` says why the rest of the rows was not looked at."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)
    collections: int = 0
    remarks: list[Remark] = field(default_factory=list)
    stopped: str = ""
    tell: Callable[[Remark], None] | None = None  # takes remarks instead of `remarks`

    def remark(self, place: str, says: str) -> None:
        """Keeps a remark; control characters of the source do not reach the terminal."""
        said = says if isinstance(says, Message) else Message(text.line(says))
        cleaned = {
            name: text.line(one) if isinstance(one, str) else one
            for name, one in said.parameters.items()
        }
        remark = Remark(text.line(place), Message(said.sentence, **cleaned))
        (self.tell or self.remarks.append)(remark)

    def fail(self, place: str, reason: Exception) -> None:
        """Counts a row that was not taken in, with its reason."""
        self.outcomes[Outcome.FAILED] += 1
        if isinstance(reason, ArchiveError):
            self.remark(place, Message(reason.sentence, **reason.parameters))
        else:
            self.remark(place, str(reason))

    @property
    def failed(self) -> bool:
        """Whether anything was left out that should be in."""
        return bool(self.stopped or self.outcomes[Outcome.FAILED])
