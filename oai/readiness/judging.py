"""Judges a repository by books of rules."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from oai.readiness import harvesting
from oai.readiness.provider import Item, Provider, title
from oai.readiness.rules import MUST, WEIGHTS, Book, Rule, Unjudged
from repository.clock import now
from schemas.messages import Message

# Of the records that break a rule this many are named.
NAMED = 100


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Offence(NamedTuple):
    """A record that breaks a rule, and how."""

    identifier: str
    title: str
    problem: Message


@dataclass
class Finding:
    """What came of one rule: how often it was judged, how often broken, or why it was not."""

    rule: Rule
    checked: int = 0
    failed: int = 0
    problem: Message | None = None
    reason: Message | None = None
    offences: list[Offence] = field(default_factory=list)

    @property
    def state(self) -> str:
        """passed, failed or unjudged."""
        if not self.checked:
            return "unjudged"
        return "failed" if self.failed else "passed"

    def judge(self, subject: Item | Provider) -> None:
        """Judges one record, or the repository."""
        try:
            problem = self.rule.check(subject)
        except Unjudged as error:
            self.reason = error.reason
            return
        self.count(subject, problem)

    def count(self, subject: Item | Provider, problem: Message | None) -> None:
        """Takes one judgement down."""
        self.checked += 1
        if problem is None:
            return
        self.failed += 1
        self.problem = self.problem or problem
        if isinstance(subject, Item) and len(self.offences) < NAMED:
            self.offences.append(Offence(subject.identifier, title(subject), problem))


@dataclass
class Verdict:
    """A book's findings."""

    book: Book
    findings: list[Finding]
    records: int = 0

    @property
    def ready(self) -> bool:
        """Whether something was judged, and no must is broken."""
        musts = [one.state for one in self.findings if one.rule.level == MUST]
        return "passed" in musts and "failed" not in musts

    @property
    def score(self) -> int:
        """Of 100: each rule counts by its level, and by the share of records that keep it.

        Where not one record comes there is nothing to score.
        """
        if not self.records and any(one.rule.of_records for one in self.findings):
            return 0
        judged = [one for one in self.findings if one.checked]
        whole = sum(WEIGHTS[one.rule.level] for one in judged)
        got = sum(WEIGHTS[one.rule.level] * (1 - one.failed / one.checked) for one in judged)
        # 100 is only for those who break nothing at all.
        most = 99 if any(one.failed for one in judged) else 100
        return min(int(100 * got / whole), most) if whole else 0


@dataclass
class Report:
    """What was found, and when; `local` when the repository was asked inside this program."""

    url: str
    local: bool
    started: datetime
    finished: datetime
    verdicts: list[Verdict]

    @property
    def ready(self) -> bool:
        """Whether no book's must is broken."""
        return all(verdict.ready for verdict in self.verdicts)


Notice = Callable[[str, int, int], None]


def judge(
    provider: Provider,
    books: Iterable[Book],
    *,
    most: int | None = 200,
    only: frozenset[str] = frozenset(),
    notice: Notice = lambda step, done, total: None,
) -> Report:
    """The report on a repository; at most `most` records of each list are looked at.

    `only` names rules, if not all are wanted; `notice` hears of the progress.
    """
    started = now()
    verdicts = [Verdict(book, _findings(book, only)) for book in books]
    Run(provider, verdicts, most, notice).run()
    return Report(provider.url, provider.local, started, now(), verdicts)


def _findings(book: Book, only: frozenset[str]) -> list[Finding]:
    readable = Rule(
        f"{book.key}.harvest",
        MUST,
        _("The list of records can be harvested to its end."),
        _(
            "One page of the list is broken or does not come. Look into the server's log at the "
            "moment of this check; `open-archive oai status` names records that are bad."
        ),
        _nothing,
        of_records=True,
    )
    rules = [*book.rules, readable]
    return [Finding(rule) for rule in rules if not only or rule.id in only]


def _nothing(item: Item) -> None:
    """Reading the record was the test."""


class Run:
    """One run of all the rules, with its progress."""

    def __init__(
        self, provider: Provider, verdicts: Sequence[Verdict], most: int | None, notice: Notice
    ) -> None:
        self.provider, self.verdicts, self.most, self.notice = provider, verdicts, most, notice
        self.done = self.total = 0

    def run(self) -> None:
        """Judges the repository, then its records, list by list."""
        once = [
            (verdict.book, finding)
            for verdict in self.verdicts
            for finding in verdict.findings
            if not finding.rule.of_records
        ]
        self.total = len(once) + sum(
            harvesting.size(self.provider, *feed, self.most) for feed in self._feeds()
        )
        for book, finding in once:
            finding.judge(self.provider)
            self._step(book.name)
        for feed, verdicts in self._feeds().items():
            self._records(feed, verdicts)

    def _feeds(self) -> dict[tuple[str, str | None], list[Verdict]]:
        """Each list once, with the books that judge by it."""
        feeds: dict[tuple[str, str | None], list[Verdict]] = {}
        for verdict in self.verdicts:
            if any(finding.rule.of_records for finding in verdict.findings):
                feeds.setdefault((verdict.book.prefix, verdict.book.spec), []).append(verdict)
        return feeds

    def _records(self, feed: tuple[str, str | None], verdicts: list[Verdict]) -> None:
        prefix, spec = feed
        findings = [one for verdict in verdicts for one in verdict.findings if one.rule.of_records]
        if missing := self._missing(prefix):
            for finding in findings:
                finding.reason = missing
            return
        try:
            for item in harvesting.harvest(self.provider, prefix, spec, self.most):
                for verdict in verdicts:
                    verdict.records += 1
                for finding in findings:
                    if finding.rule.deleted or not item.deleted:
                        finding.judge(item)
                self._step(" · ".join(verdict.book.name for verdict in verdicts))
        except Unjudged as error:
            for finding in findings:
                if finding.rule.check is _nothing:
                    finding.count(self.provider, error.reason)

    def _missing(self, prefix: str) -> Message | None:
        """What to say when there is no such format; nothing when that is not known."""
        try:
            known = self.provider.formats
        except Unjudged:
            return None
        if prefix in known:
            return None
        said = ", ".join(known) or "–"
        return Message("There is no format %(prefix)s, only %(known)s.", prefix=prefix, known=said)

    def _step(self, name: str) -> None:
        self.done += 1
        self.notice(name, self.done, max(self.done, self.total))
