"""What was harvested elsewhere, in the feed: in sets of its own, with its provenance, or not."""

import pytest
from lxml import etree
from sqlalchemy import select, update

from ingest.harvest import sources
from oai import feed
from repository import clock
from repository.models.feed import FeedItem
from repository.models.harvest import ForeignRecord, Source

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "p": "http://www.openarchives.org/OAI/2.0/provenance",
    "dc": "http://purl.org/dc/elements/1.1/",
}
OWN = "oai:archive.example.org:"


class Lender:
    """A source with three records, as a harvest leaves them."""

    def __init__(self, archive):
        self.archive = archive
        with archive.writing() as session:
            given = {"slug": "osh", "name": "Ош", "base_url": "https://osh.example.org/oai"}
            source = sources.add(session, given)
            for number in (1, 2, 3):
                session.add(
                    ForeignRecord(
                        source_id=source.id,
                        identifier=f"oai:osh.example.org:{number}",
                        datestamp="2024-05-01T00:00:00Z" if number < 3 else "gestern",
                        namespace="http://www.loc.gov/mods/v3",
                        document={
                            "type": "http://purl.org/coar/resource_type/c_6501",
                            "titles": [{"text": f"Чет эмгек {number}", "kind": "main"}],
                        },
                        url=f"https://osh.example.org/{number}",
                        digest=str(number),
                    )
                )

    def share(self, on=True):
        with self.archive.writing() as session:
            source = sources.get(session, "osh")
            given = {"name": "Ош", "base_url": source.base_url, "shared": on}
            sources.change(session, source, given)

    def change(self, identifier, **values):
        with self.archive.writing() as session:
            statement = update(ForeignRecord).where(ForeignRecord.identifier == identifier)
            session.execute(statement.values(changed=clock.now(), feeding=True, **values))


@pytest.fixture
def lender(archive, catalogue):
    catalogue.publish("Өз эмгек")
    return Lender(archive)


@pytest.fixture
def listed(client, settled):
    """The identifiers of a list, those that are deleted with a minus before them."""

    def ask(**query):
        settled()
        query = {"verb": "ListRecords", "metadataPrefix": "oai_dc", **query}
        answer = client.get("/oai", query_string=query)
        root = etree.fromstring(answer.data)
        headers = root.findall(".//o:header", NAMES)
        return sorted(
            ("-" if one.get("status") else "") + one.findtext("o:identifier", namespaces=NAMES)
            for one in headers
        )

    return ask


def test_what_was_harvested_is_not_given_on_unless_staff_say_so(lender, listed, client):
    assert listed() == [f"{OWN}1"]
    assert listed(set="harvested") == []
    assert b"harvested" not in client.get("/oai?verb=ListSets").data


def test_shared_records_are_in_their_own_sets_and_in_no_other_list(lender, listed, client):
    lender.share()
    theirs = [f"{OWN}harvested-{number}" for number in (1, 2, 3)]
    assert listed(set="harvested") == theirs
    assert listed(set="harvested:osh") == theirs
    assert listed() == [f"{OWN}1"]
    assert listed(**{"from": "2020-01-01"}) == [f"{OWN}1"]
    assert listed(set="type:article") == [f"{OWN}1"]
    sets = etree.fromstring(client.get("/oai?verb=ListSets").data)
    specs = [one.text for one in sets.findall(".//o:setSpec", NAMES)]
    assert {"harvested", "harvested:osh"} < set(specs)


def test_each_says_where_it_is_from(lender, listed, client):
    lender.share()
    listed()
    for number, datestamp in ((1, "2024-05-01T00:00:00Z"), (3, None)):
        identifier = f"{OWN}harvested-{number}"
        answer = client.get(f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={identifier}")
        record = etree.fromstring(answer.data)
        (origin,) = record.findall(".//p:originDescription", NAMES)
        said = {etree.QName(one).localname: one.text for one in origin}
        assert said["baseURL"] == "https://osh.example.org/oai"
        assert said["identifier"] == f"oai:osh.example.org:{number}"
        assert said["metadataNamespace"] == "http://www.loc.gov/mods/v3"
        assert said["datestamp"].endswith("Z")
        assert datestamp is None or said["datestamp"] == datestamp
        assert origin.get("altered") == "true"
        assert record.findtext(".//dc:identifier", namespaces=NAMES) == (
            f"https://osh.example.org/{number}"
        )
        assert b"closedAccess" not in answer.data  # of which we know nothing


def test_answers_with_foreign_records_keep_the_schemas(lender, listed, harvest):
    lender.share()
    listed()
    harvest(verb="ListRecords", metadataPrefix="oai_dc", set="harvested")
    harvest(verb="ListSets")


def test_what_its_source_deletes_or_staff_no_longer_share_is_deleted_in_the_set(lender, listed):
    lender.share()
    assert len(listed(set="harvested")) == 3
    lender.change("oai:osh.example.org:2", deleted=True, document={})
    assert f"-{OWN}harvested-2" in listed(set="harvested:osh")
    lender.share(False)
    assert listed(set="harvested") == [f"-{OWN}harvested-{number}" for number in (1, 2, 3)]
    lender.share()
    assert listed(set="harvested").count(f"{OWN}harvested-1") == 1
    assert listed() == [f"{OWN}1"]


def test_a_source_that_is_taken_out_leaves_tombstones_and_its_numbers_are_not_given_again(
    lender, listed, archive
):
    lender.share()
    listed()
    with archive.writing() as session:
        sources.remove(session, sources.get(session, "osh"))
    assert listed(set="harvested:osh") == [f"-{OWN}harvested-{number}" for number in (1, 2, 3)]
    with archive.writing() as session:
        session.delete(session.scalar(select(Source)))
    Lender(archive).share()
    assert f"{OWN}harvested-4" in listed(set="harvested:osh")


def test_a_record_that_did_not_change_keeps_its_datestamp(lender, listed, archive):
    lender.share()
    listed()
    with archive.reading() as session:
        before = session.scalars(select(FeedItem.datestamp)).all()
    feed.rebuild(archive)
    listed()
    with archive.reading() as session:
        assert session.scalars(select(FeedItem.datestamp)).all() == before


def test_a_record_that_cannot_be_rendered_holds_nobody_up(lender, listed):
    lender.change("oai:osh.example.org:2", document={"titles": 5})
    lender.share()
    assert listed(set="harvested") == [f"{OWN}harvested-{number}" for number in (1, 3)]
