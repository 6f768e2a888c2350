"""Documents that come with works and accessions: entered, found, taken away with a reason."""

import hashlib
import os
from datetime import timedelta

import pytest
from bookkeeping import booked, entered, source
from click.testing import CliRunner

import wsgi
from repository import accessions, catalogue, documents, ledger, settings
from repository.clock import now
from repository.errors import Forbidden, Invalid, NotAllowed, NotFound
from schemas.answers import Answers
from schemas.roles import Role
from schemas.vocabulary import Scan

PAPER = {"kind": "agreement", "number": "7", "day": None, "place": "folder 3", "note": ""}
SCAN = {"sha512": "0" * 128, "name": "a.pdf", "size": 1, "scan": "clean", "place": ""}


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    return source(archive, clerk)


@pytest.fixture
def work(archive, clerk):
    with archive.writing() as session:
        return catalogue.draft(session, {}, actor=clerk).id


def papered(archive, clerk, work, **values):
    with archive.writing() as session:
        owner = catalogue.get(session, work)
        return documents.add(session, {**PAPER, **values}, actor=clerk, work=owner).id


def test_a_document_is_a_scan_or_says_where_it_lies(archive, clerk, work):
    with pytest.raises(Invalid) as caught:
        papered(archive, clerk, work, place="")
    assert set(caught.value.errors) == {"file"}
    papered(archive, clerk, work, **SCAN)
    with archive.reading() as session, pytest.raises(NotFound):
        documents.check_readable(documents.get(session, papered(archive, clerk, work)))


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_nobody_opens_what_has_a_virus_or_was_not_checked(archive, clerk, work, scan):
    number = papered(archive, clerk, work, **{**SCAN, "scan": scan})
    with archive.reading() as session, pytest.raises(Forbidden):
        documents.check_readable(documents.get(session, number))


def test_what_is_done_with_a_document_is_written_down(archive, clerk, work):
    number = papered(archive, clerk, work, **SCAN)
    with archive.writing() as session:
        found = documents.get(session, number)
        documents.check_readable(found)
        documents.opened(session, found, actor=clerk)
        with pytest.raises(Invalid):
            documents.remove(session, found, reason=" ", actor=clerk)
        assert documents.remove(session, found, reason="of another", actor=clerk) == "0" * 128
        with pytest.raises(NotAllowed):
            documents.remove(session, found, reason="again", actor=clerk)
        with pytest.raises(NotFound):
            documents.check_readable(found)
    with archive.reading() as session:
        events = ledger.events(session, "document", number)
        assert [one.kind for one in events] == ["added", "opened", "removed"]
        assert (events[-1].reason, events[-1].actor) == ("of another", clerk.name)
        assert [one.removed is None for one in documents.of_work(session, work)] == [False]


def test_a_scan_that_another_document_has_stays(archive, clerk, work):
    first, second = (papered(archive, clerk, work, **SCAN) for _ in range(2))
    paper = papered(archive, clerk, work)
    with archive.writing() as session:
        gone = [
            documents.remove(session, documents.get(session, one), reason="-", actor=clerk)
            for one in (paper, first, second)
        ]
    assert gone == [None, None, "0" * 128]


def test_a_work_has_the_documents_of_the_accessions_with_which_it_came(archive, clerk, giver, work):
    number = booked(archive, clerk, giver, {"work_id": str(work)})
    other = entered(archive, clerk, giver)
    with archive.writing() as session:
        for one in (number, other):
            owner = accessions.get(session, one)
            documents.add(session, PAPER, actor=clerk, accession=owner)
        own = documents.add(session, PAPER, actor=clerk, work=catalogue.get(session, work)).id
        mine = [one.id for one in documents.of_accession(session, number)]
    with archive.reading() as session:
        assert [one.id for one in documents.of_work(session, work)] == [*mine, own]
    with archive.writing() as session:
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)
        assert [one.id for one in documents.of_work(session, work)] == [own]


def test_what_is_typed_wrongly_is_said_at_its_field(archive):
    answers = Answers({"kind": "passport", "day": "2026-02-30", "number": "7" * 101})
    documents.read(answers)
    assert set(answers.errors) == {"kind", "day", "number"}


def test_scans_lie_below_the_instance_apart_from_the_store(archive):
    place = documents.path(archive.settings, "ab" + "0" * 126)
    assert place.parent == archive.settings.instance / "papers" / "ab"


def test_scans_that_no_document_has_go_after_a_day(archive, clerk, work):
    def lay(letter, *, days):
        place = documents.path(archive.settings, letter * 128)
        place.parent.mkdir(parents=True)
        place.write_bytes(b"%PDF")
        past = (now() - timedelta(days=days)).timestamp()
        os.utime(place, (past, past))
        return place

    assert documents.sweep(archive) == 0
    kept, lost, gone, new = lay("a", days=9), lay("b", days=2), lay("c", days=2), lay("d", days=0)
    papered(archive, clerk, work, **{**SCAN, "sha512": "a" * 128})
    number = papered(archive, clerk, work, **{**SCAN, "sha512": "c" * 128})
    with archive.writing() as session:
        documents.remove(session, documents.get(session, number), reason="-", actor=clerk)
    assert documents.sweep(archive) == 2
    assert [one.exists() for one in (kept, lost, gone, new)] == [True, False, False, True]


def test_verify_finds_scans_that_are_lost_or_others(archive, clerk, work):
    kept = {}
    for name in ("whole", "changed", "lost", "taken away"):
        data = name.encode()
        sha512 = hashlib.sha512(data).hexdigest()
        place = documents.path(archive.settings, sha512)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"other" if name == "changed" else data)
        if name == "lost":
            place.unlink()
        kept[name] = papered(archive, clerk, work, **{**SCAN, "sha512": sha512, "name": name})
    with archive.writing() as session:
        gone = documents.get(session, kept["taken away"])
        documents.remove(session, gone, reason="twice", actor=clerk)
    documents.path(archive.settings, gone.sha512).unlink()
    settings.write_file(archive.settings.instance / settings.FILE)
    run = CliRunner().invoke(wsgi.cli, ["--instance", str(archive.settings.instance), "verify"])
    assert run.exit_code == 1
    assert run.stdout.splitlines() == [
        f"document {kept['changed']} (changed): the scan is not what it was",
        f"document {kept['lost']} (lost): the scan is not there",
        "0 objects checked, 2 damaged.",
    ]
