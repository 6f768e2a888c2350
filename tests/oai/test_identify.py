"""OAI-PMH 2.0, section 4.2: Identify."""

import calendar
import time
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from oai import envelope, feed, identify
from schemas import oai as border

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "i": "http://www.openarchives.org/OAI/2.0/oai-identifier",
}


SCHEMAS = Path(__file__).parents[3] / "shared" / "data" / "xsd"


@pytest.fixture
def chosen(chosen):
    return replace(chosen, oai_friends=("https://elsewhere.example.org/oai",))


@pytest.fixture
def answered(harvest):
    return harvest(verb="Identify").find("o:Identify", NAMES)


def test_4_2_identify_says_what_the_protocol_asks(answered, archive):
    said = {etree.QName(one).localname: one.text for one in answered if not len(one)}
    assert said.pop("earliestDatestamp").endswith("Z")
    assert said == {
        "repositoryName": archive.settings.name,
        "baseURL": f"{archive.settings.base_url}/oai",
        "protocolVersion": "2.0",
        "adminEmail": archive.settings.admin_email,
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
        "compression": "gzip",
    }


def test_the_identifier_scheme_is_described(answered):
    parts = [one.text for one in answered.find(".//i:oai-identifier", NAMES)]
    assert parts == ["oai", "archive.example.org", ":", "oai:archive.example.org:1"]


def test_the_identifier_scheme_is_described_only_where_the_host_is_a_domain():
    hosts = ("archive.example.org", "localhost", "127.0.0.1")
    assert [bool(list(identify.scheme(host))) for host in hosts] == [True, False, False]


@pytest.mark.parametrize(
    ("part", "schema"),
    [
        ("eprints", "eprints.xsd"),
        ("branding", "branding.xsd"),
        ("friends", "friends.xsd"),
        ("rightsManifest", "rightsManifest.xsd"),
    ],
)
def test_the_repository_describes_itself_by_the_schemas_of_the_protocol(answered, part, schema):
    (found,) = answered.iterfind(f".//o:description/{{*}}{part}", NAMES)
    if not SCHEMAS.exists():
        pytest.skip("the shared folder with the schemas is absent")
    checker = etree.XMLSchema(etree.parse(SCHEMAS / schema))
    checker.assertValid(etree.fromstring(etree.tostring(found, with_tail=False)))


def test_friends_are_those_of_the_settings(answered):
    friends = [one.text for one in answered.iterfind(".//{*}friends/{*}baseURL")]
    assert friends == ["https://elsewhere.example.org/oai"]


def test_2_5_earliest_datestamp_includes_tombstones(archive, catalogue, harvest, settled):
    first = catalogue.publish()
    settled()
    catalogue.withdraw(first)
    settled()
    catalogue.publish()
    settled()
    earliest = harvest(verb="Identify").findtext(".//o:earliestDatestamp", None, NAMES)
    listed = harvest(verb="ListIdentifiers", metadataPrefix="oai_dc")
    stamps = [one.text for one in listed.iterfind(".//o:datestamp", NAMES)]
    assert listed.find(".//o:header[@status='deleted']", NAMES) is not None
    assert earliest <= min(stamps)


def test_earliest_datestamp_does_not_move_with_the_clock(archive, catalogue, harvest, settled):
    catalogue.publish()
    settled()
    before = harvest(verb="Identify").findtext(".//o:earliestDatestamp", None, NAMES)
    catalogue.publish()
    settled()
    assert harvest(verb="Identify").findtext(".//o:earliestDatestamp", None, NAMES) == before


def test_earliest_datestamp_is_never_a_29_february():
    noon = calendar.timegm((2024, 2, 29, 12, 0, 0))
    assert identify.earliest(noon) == "2024-02-28T12:00:00Z"
    assert identify.earliest(noon + 24 * 3600) == "2024-03-01T12:00:00Z"


def test_an_empty_repository_promises_that_all_to_come_is_later(archive, catalogue, harvest):
    earliest = harvest(verb="Identify").findtext(".//o:earliestDatestamp", None, NAMES)
    catalogue.publish()
    feed.settle(archive)
    found = harvest(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert found.findtext(".//o:datestamp", None, NAMES) > earliest


def test_seconds_are_in_utc_wherever_the_server_stands(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Bishkek")
    time.tzset()
    try:
        assert envelope.stamp(0) == "1970-01-01T00:00:00Z"
        assert border.seconds("1970-01-01T00:00:00Z") == 0
    finally:
        monkeypatch.undo()
        time.tzset()
