"""Which documents there must be before an accession is booked or a work accepted."""

import pytest
from bookkeeping import booked, entered, source

from repository import accessions, catalogue, collections, documents, ledger, requirements
from repository.errors import Invalid
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import Scan

PAPER = {"number": "7", "day": None, "place": "folder 3", "note": ""}
SCAN = {"sha512": "0" * 128, "name": "a.pdf", "size": 1, "place": ""}
AGREEMENT = "The agreement with the author is missing."
ACT = "The transfer act is missing."
INVOICE = "The invoice is missing."


@pytest.fixture
def clerk(person):
    return person(Role.ACQUISITIONS)


@pytest.fixture
def giver(archive, clerk):
    return source(archive, clerk)


@pytest.fixture
def work(archive, clerk):
    document = {"type": vocabulary.TYPES["textbook"].uri}
    with archive.writing() as session:
        return catalogue.draft(session, document, actor=clerk).id


@pytest.fixture
def rule(archive, clerk):
    def make(kind, *, collection=None, type="", way=""):
        with archive.writing() as session:
            requirements.require(
                session, kind=kind, collection_id=collection, type=type, way=way, actor=clerk
            )

    return make


def papered(archive, clerk, kind, *, work=None, accession=None, **values):
    with archive.writing() as session:
        return documents.add(
            session,
            {**PAPER, "kind": kind, **values},
            actor=clerk,
            work=catalogue.get(session, work) if work else None,
            accession=accessions.get(session, accession) if accession else None,
        ).id


def lacking(archive, number):
    with archive.reading() as session:
        found = requirements.missing(session, catalogue.get(session, number))
        return [one.sentence for one in found]


def lacking_accession(archive, number):
    with archive.reading() as session:
        found = requirements.missing_of_accession(session, accessions.get(session, number))
        return [one.sentence for one in found]


def test_without_rules_nothing_is_wanted(archive, clerk, giver, work):
    assert lacking(archive, work) == []
    assert booked(archive, clerk, giver)


def test_a_required_document_is_missed_until_it_is_there_and_clean(archive, clerk, work, rule):
    rule("agreement")
    assert lacking(archive, work) == [AGREEMENT]
    with archive.reading() as session, pytest.raises(Invalid) as caught:
        requirements.insist(session, catalogue.get(session, work))
    assert [one.sentence for one in caught.value.errors["documents"]] == [AGREEMENT]
    number = papered(archive, clerk, "agreement", work=work, scan=Scan.WAITING, **SCAN)
    assert lacking(archive, work) == ["“%(name)s” has not been checked for viruses yet."]
    for scan, said in ((Scan.INFECTED, [AGREEMENT]), (Scan.UNSCANNED, []), (Scan.CLEAN, [])):
        with archive.writing() as session:
            documents.get(session, number).scan = scan
        assert lacking(archive, work) == said
    with archive.reading() as session:
        requirements.insist(session, catalogue.get(session, work))
    with archive.writing() as session:
        documents.remove(session, documents.get(session, number), reason="-", actor=clerk)
    assert lacking(archive, work) == [AGREEMENT]


def test_a_rule_may_be_of_a_type_and_be_waived(archive, clerk, work, rule):
    rule("invoice", type="article")
    rule("agreement", type="textbook")
    with pytest.raises(Invalid):
        rule("agreement", type="textbook")
    assert lacking(archive, work) == [AGREEMENT]
    with archive.writing() as session:
        number = requirements.rules(session)[1].id
        requirements.waive(session, number, actor=clerk)
        requirements.waive(session, number, actor=clerk)
        kinds = [one.kind for one in ledger.events(session, "requirement", number)]
        assert kinds == ["added", "removed"]
    assert lacking(archive, work) == []


def test_a_rule_of_a_collection_holds_for_all_below_it(archive, clerk, work, rule):
    with archive.writing() as session:
        top = collections.add(session, "theses", names={"en": "Theses"})
        low = collections.add(session, "physics", names={"en": "Physics"}, parent=top)
        top_id = top.id
        found = catalogue.get(session, work)
        found.collections.append(low)
    rule("consent", collection=top_id)
    assert lacking(archive, work) == ["The consent of the holder of the rights is missing."]
    with archive.writing() as session:
        found = catalogue.get(session, work)
        found.collections.clear()
    assert lacking(archive, work) == []


def test_an_accession_is_booked_only_with_the_documents_of_its_way(archive, clerk, giver, rule):
    rule("invoice", way="purchase")
    rule("agreement")  # of works, whichever way: no accession waits for it
    bought = entered(archive, clerk, giver, way="purchase")
    assert booked(archive, clerk, giver, way="gift")
    assert lacking_accession(archive, bought) == [INVOICE]
    with archive.writing() as session, pytest.raises(Invalid) as caught:
        accessions.book(session, accessions.get(session, bought), actor=clerk)
    assert set(caught.value.errors) == {"documents"}
    papered(archive, clerk, "invoice", accession=bought)
    assert lacking_accession(archive, bought) == []
    with archive.writing() as session:
        accessions.book(session, accessions.get(session, bought), actor=clerk)
        assert accessions.get(session, bought).label == "2/2026"


def test_a_rule_of_a_way_and_a_type_wants_a_title_of_that_type(archive, clerk, giver, rule):
    rule("transfer", way="gift", type="periodical")
    assert booked(archive, clerk, giver)
    assert lacking_accession(
        archive, entered(archive, clerk, giver, {}, {"type": "periodical"})
    ) == [ACT]


def test_a_rule_of_a_way_and_a_collection_looks_at_the_works(archive, clerk, giver, work, rule):
    with archive.writing() as session:
        made = collections.add(session, "books", names={"en": "Books"})
        found = catalogue.get(session, work)
        found.collections.append(made)
        number = made.id
    rule("transfer", way="gift", collection=number)
    assert booked(archive, clerk, giver)
    assert lacking_accession(archive, entered(archive, clerk, giver, {"work_id": str(work)})) == [
        ACT
    ]


def test_a_work_needs_the_documents_of_the_way_in_which_it_came(archive, clerk, giver, work, rule):
    rule("agreement", way="deposit")
    rule("transfer", way="gift")
    assert lacking(archive, work) == [AGREEMENT]
    number = entered(archive, clerk, giver, {"work_id": str(work)})
    assert lacking(archive, work) == [ACT]
    papered(archive, clerk, "transfer", accession=number)
    assert lacking(archive, work) == []
    with archive.writing() as session:
        accessions.book(session, accessions.get(session, number), actor=clerk)
        accessions.cancel(session, accessions.get(session, number), reason="-", actor=clerk)
    assert lacking(archive, work) == [AGREEMENT]
