"""A report as it is kept, sent and shown: plain values, and sentences that can be translated."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rich.console import Console
from rich.markup import escape

from oai import identifiers
from oai.readiness.judging import Finding, Offence, Report, Verdict
from oai.readiness.rules import LEVELS, MUST, Level
from schemas.messages import Message

Plain = dict[str, Any]
Say = Callable[[str], str]
# How many of a rule's records a terminal names.
SHOWN = 5


def _(sentence: str) -> str:
    """Marks a sentence for translation."""
    return sentence


class Tallies(NamedTuple):
    """How many rules of a book were kept, broken, and not judged."""

    passed: int
    failed: int
    unjudged: int


def plain(report: Report, host: str = "") -> Plain:
    """The report as JSON can hold it; `host` is that of our own identifiers."""
    return {
        "url": report.url,
        "local": report.local,
        "started": report.started.isoformat(timespec="seconds"),
        "finished": report.finished.isoformat(timespec="seconds"),
        "ready": report.ready,
        "books": [_verdict(one, host) for one in report.verdicts],
    }


def _verdict(verdict: Verdict, host: str) -> Plain:
    book = verdict.book
    return {
        "key": book.key,
        "name": book.name,
        "score": verdict.score,
        "ready": verdict.ready,
        "records": verdict.records,
        "rules": [_finding(one, host) for one in verdict.findings],
    }


def _finding(finding: Finding, host: str) -> Plain:
    rule = finding.rule
    return {
        "id": rule.id,
        "level": rule.level.value,
        "says": rule.says,
        "remedy": rule.remedy,
        "place": rule.place,
        "state": finding.state,
        "of_records": rule.of_records,
        "checked": finding.checked,
        "failed": finding.failed,
        "problem": _message(finding.problem),
        "reason": _message(finding.reason),
        "records": [_offence(one, host) for one in finding.offences],
    }


def _offence(offence: Offence, host: str) -> Plain:
    return {
        "identifier": offence.identifier,
        "number": identifiers.number(host, offence.identifier) if host else None,
        "title": offence.title,
        "problem": _message(offence.problem),
    }


def _message(message: Message | None) -> Plain | None:
    if message is None:
        return None
    parameters = {name: _simple(value) for name, value in message.parameters.items()}
    return {"sentence": message.sentence, "parameters": parameters, "text": str(message)}


def _simple(value: object) -> object:
    return value if isinstance(value, str | int) else str(value)


def message(kept: Plain | None) -> Message | None:
    """The sentence that was kept, ready to be said in any language."""
    if kept is None:
        return None
    sentence, parameters = kept["sentence"], kept["parameters"]
    return Message(sentence, **parameters)


def tallies(book: Plain) -> Tallies:
    """How the rules of a kept book came out."""
    states = [rule["state"] for rule in book["rules"]]
    return Tallies(*(states.count(one) for one in ("passed", "failed", "unjudged")))


def show(console: Console, report: Plain, say: Say, translate: Say) -> None:
    """Writes a report for people: what is broken, why, what to do, and by which records."""
    console.print(f"[bold]{escape(report['url'])}[/bold]")
    if report["local"]:
        console.print(translate(_("It cannot be reached at this address from here; asked inside.")))
    for book in report["books"]:
        _show_book(console, book, say, translate)


def _show_book(console: Console, book: Plain, say: Say, translate: Say) -> None:
    passed, failed, unjudged = tallies(book)
    colour, word = ("green", _("ready")) if book["ready"] else ("red", _("not ready"))
    counts = translate(
        _("%(passed)s rules kept, %(failed)s broken, %(unjudged)s not judged; %(records)s records")
    ) % {"passed": passed, "failed": failed, "unjudged": unjudged, "records": book["records"]}
    console.print()
    console.print(
        f"[bold]{book['name']}[/bold]: {book['score']}/100, "
        f"[{colour}]{escape(translate(word))}[/{colour}] ({escape(counts)})"
    )
    for rule in book["rules"]:
        if rule["state"] == "failed":
            _show_rule(console, rule, say, translate)


def _show_rule(console: Console, rule: Plain, say: Say, translate: Say) -> None:
    level = Level(rule["level"])
    colour = "red" if level == MUST else "yellow"
    count = f" ({rule['failed']}/{rule['checked']})" if rule["records"] else ""
    console.print(
        f"  [{colour}]{escape(translate(LEVELS[level]))}[/{colour}] "
        f"{escape(translate(rule['says']) + count)} [dim]{rule['id']}[/dim]"
    )
    for one in rule["records"][:SHOWN]:
        name = f"{one['identifier']} “{one['title']}”" if one["title"] else one["identifier"]
        console.print(f"      {escape(name)}: {escape(_said(one['problem'], say))}")
    if rule["failed"] > SHOWN and rule["records"]:
        console.print("      …")
    if not rule["records"]:
        console.print(f"      {escape(_said(rule['problem'], say))}")
    console.print(f"      → {escape(translate(rule['remedy']))}")


def _said(kept: Plain, say: Say) -> str:
    found = message(kept)
    return say(found) if found is not None else ""
