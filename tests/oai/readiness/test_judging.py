"""How a report comes about: samples, scores, records by name, ours over HTTP or from inside."""

import re
from dataclasses import replace

import pytest

from oai.readiness import harvesting, judging, local, reporting
from oai.readiness.books import BOOKS
from oai.readiness.client import Ask, Reply, Unreachable, web
from oai.readiness.provider import Provider
from oai.readiness.rules import MAY, MUST, Book, Unjudged
from schemas.messages import Message

TITLE = frozenset(["base.title"])


def broken(word, by=""):
    return lambda made: replace(made, body=re.sub(word, by, made.body, flags=re.DOTALL))


@pytest.fixture
def provider(address):
    return Provider(address, web)


def test_all_records_come_over_all_pages(provider):
    found = list(harvesting.harvest(provider, "oai_dc", None, None))
    assert len(found) == len({item.identifier for item in found}) == 120
    assert [item.deleted for item in found] == [False] * 119 + [True]


def test_a_sample_is_spread_and_names_no_record_twice(provider):
    found = list(harvesting.harvest(provider, "oai_dc", None, 20))
    assert len(found) == len({item.identifier for item in found}) == 20


def test_a_sample_reaches_records_of_late_pages(provider, torture):
    # The repository's time ends shortly after its last record.
    torture.spoil = broken("<responseDate>[^<]*", "<responseDate>2024-05-01T10:02:00Z")
    found = [int(item.identifier.rpartition(":")[2]) for item in
             harvesting.harvest(provider, "oai_dc", None, 20)]  # fmt: skip
    torture.spoil = lambda made: made
    assert len(found) == 20 and max(found) > 95 and min(found) == 0


def test_a_list_that_leads_to_itself_is_left(provider, torture):
    torture.spoil = broken(
        r"<resumptionToken( [^>]*)?(/>|>[^<]*</resumptionToken>)",
        "<resumptionToken>oai_dc:100</resumptionToken>",
    )
    with pytest.raises(Unjudged, match="never ends"):
        list(harvesting.harvest(provider, "oai_dc", None, None))
    torture.spoil = lambda made: made


def test_records_that_break_a_rule_are_named_with_the_reason(examine):
    finding = examine("base.title", spoil=broken("<dc:title>Манас 7</dc:title>"), most=None)[
        "base.title"
    ]
    assert (finding.checked, finding.failed) == (119, 1)
    [offence] = finding.offences
    assert offence.identifier == "oai:t.example.org:7"
    assert offence.problem == "The record has no dc:title."


def test_of_very_many_records_only_the_first_are_named(examine):
    finding = examine("base.abstract", spoil=broken("<dc:description>.*?</dc:description>"),
                      most=None)["base.abstract"]  # fmt: skip
    assert finding.failed == 119 and len(finding.offences) == judging.NAMED


def test_a_repository_that_does_not_answer_is_told_so():
    report = judging.judge(Provider("http://127.0.0.1:9/oai", web), BOOKS.values(), most=5)
    assert not report.ready
    oai = report.verdicts[0]
    answers = oai.findings[0]
    assert answers.state == "failed" and "cannot be reached" in answers.problem
    assert {verdict.score for verdict in report.verdicts} == {0}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"<html/>", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_no_rule_falls_over_nonsense(body, status):
    def nonsense(ask):
        return Reply(ask.url, status, {}, body)

    report = judging.judge(Provider("http://x.example.org/oai", nonsense), BOOKS.values())
    assert not report.ready
    assert [one.rule.id for one in report.verdicts[0].findings if one.state == "passed"] == []


def test_no_rule_falls_over_empty_elements(address, torture):
    torture.spoil = broken(r">[^<>]+<", "><")
    report = judging.judge(Provider(address, web), BOOKS.values(), most=20)
    torture.spoil = lambda made: made
    assert not any(verdict.ready for verdict in report.verdicts)


def book(*levels):
    made = Book("one", "One", prefix="oai_dc")
    for number, level in enumerate(levels):
        made.repository(str(number), level, "It is.", "Mend it.")(lambda provider: None)
    return made


def verdict(made, *counts):
    findings = [
        judging.Finding(rule, checked, failed)
        for rule, (checked, failed) in zip(made.rules, counts, strict=True)
    ]
    return judging.Verdict(made, findings, records=1)


@pytest.mark.parametrize(
    ("counts", "score", "ready"),
    [
        ([(1, 0), (1, 0)], 100, True),
        ([(1, 0), (1, 1)], 80, True),
        ([(1, 1), (1, 0)], 20, False),
        ([(10, 5), (1, 0)], 60, False),
        ([(10000, 1), (1, 0)], 99, False),
        ([(0, 0), (1, 0)], 100, False),
        ([(0, 0), (0, 0)], 0, False),
    ],
)
def test_the_score_weighs_rules_and_counts_records(counts, score, ready):
    found = verdict(book(MUST, MAY), *counts)
    assert (found.score, found.ready) == (score, ready)


def test_ours_is_asked_inside_where_it_cannot_be_reached(archive, catalogue, settled):
    numbers = catalogue.many(3)
    settled()

    def nowhere(ask: Ask) -> Reply:
        raise Unreachable("no route")

    provider = local.provider(archive, nowhere)
    report = judging.judge(provider, [BOOKS["oai"], BOOKS["core"]])
    assert report.local
    states = {one.rule.id: one.state for book in report.verdicts for one in book.findings}
    assert states["oai.post"] == states["core.robots"] == "unjudged"
    assert [key for key, state in states.items() if state == "failed"] == [
        "oai.contact", "core.abstract"
    ]  # fmt: skip
    plain = reporting.plain(report, archive.settings.oai_host)
    [rule] = [rule for rule in plain["books"][1]["rules"] if rule["id"] == "core.abstract"]
    assert [one["number"] for one in rule["records"]] == numbers
    assert rule["records"][0]["title"] == "Эмгек 1"


def test_sentences_survive_being_kept():
    kept = reporting._message(Message("%(verb)s: %(problem)s", verb="Identify", problem="?"))
    assert reporting.message(kept) == "Identify: ?"
    assert reporting.message(kept).sentence == "%(verb)s: %(problem)s"
