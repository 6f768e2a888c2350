"""What a rule is, and a book of rules.

A rule's check returns None when all is well, or a Message that says what is wrong; it raises
Unjudged when there is nothing to judge by.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from schemas.messages import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Level(StrEnum):
    """How much a rule matters: what is not kept is refused, disliked, or a chance missed."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


MUST, SHOULD, MAY = Level

LEVELS = {MUST: _("must"), SHOULD: _("should"), MAY: _("may")}
# What a rule counts for in the score.
WEIGHTS = {MUST: 4, SHOULD: 2, MAY: 1}


class Unjudged(Exception):
    """A rule cannot be judged; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


Check = Callable[[Any], Message | None]


class Rule(NamedTuple):
    """One rule. `check` gets an Item when it is `of_records`, else the Provider.

    `place` is the step of a work's form that mends it, empty where no form does.
    """

    id: str
    level: Level
    says: str
    remedy: str
    check: Check
    of_records: bool = False
    deleted: bool = False
    place: str = ""


class Book:
    """The rules of one aggregator, in order; `prefix` and `spec` are what it harvests."""

    def __init__(self, key: str, name: str, *, prefix: str, spec: str | None = None) -> None:
        self.key, self.name, self.prefix, self.spec = key, name, prefix, spec
        self.rules: list[Rule] = []

    def part(self) -> "Book":
        """A book of more rules for the same aggregator, for a module of its own."""
        return Book(self.key, self.name, prefix=self.prefix, spec=self.spec)

    def joined(self, *parts: "Book") -> "Book":
        """All the rules of this book and of its parts."""
        made = self.part()
        made.rules = [rule for book in (self, *parts) for rule in book.rules]
        return made

    def repository(
        self, name: str, level: Level, says: str, remedy: str
    ) -> Callable[[Check], Check]:
        """Enters a rule that is judged once, on the repository."""
        return self._enter(Rule(f"{self.key}.{name}", level, says, remedy, _unmade))

    def records(
        self,
        name: str,
        level: Level,
        says: str,
        remedy: str,
        *,
        place: str = "",
        deleted: bool = False,
    ) -> Callable[[Check], Check]:
        """Enters a rule that is judged on each record, on deleted ones only if it says so."""
        rule = Rule(f"{self.key}.{name}", level, says, remedy, _unmade, True, deleted, place)
        return self._enter(rule)

    def _enter(self, rule: Rule) -> Callable[[Check], Check]:
        def enter(check: Check) -> Check:
            self.rules.append(rule._replace(check=check))
            return check

        return enter


def _unmade(subject: Any) -> Message | None:
    raise NotImplementedError
