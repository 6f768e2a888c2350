"""OAI-PMH 2.0, sections 4.1 (GetRecord) and 4.4 (ListMetadataFormats)."""

import pytest

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@pytest.fixture
def identifier(archive):
    return f"oai:{archive.settings.oai_host}:%s".__mod__


@pytest.fixture
def ask(harvest, identifier):
    def get(number):
        return harvest(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier(number))

    return get


def test_4_1_a_record_is_what_the_list_shows(catalogue, harvest, settled, ask):
    number = catalogue.publish("Манас", pdf=True)
    settled()
    alone = ask(number).find("o:GetRecord/o:record", NAMES)
    listed = harvest(verb="ListRecords", metadataPrefix="oai_dc").find(".//o:record", NAMES)
    assert alone.findtext(".//dc:title", None, NAMES) == "Манас"
    assert _text(alone) == _text(listed)


def _text(record):
    return [(one.tag, one.text) for one in record.iter()]


def test_2_5_1_a_withdrawn_record_is_deleted_and_says_when(catalogue, settled, ask):
    number = catalogue.publish()
    settled()
    before = ask(number).findtext(".//o:datestamp", None, NAMES)
    catalogue.withdraw(number)
    settled()
    found = ask(number).find(".//o:record", NAMES)
    assert found.find("o:header", NAMES).get("status") == "deleted"
    assert found.findtext(".//o:datestamp", None, NAMES) > before
    assert found.find("o:metadata", NAMES) is None


def test_a_restored_record_is_there_again(catalogue, settled, ask):
    number = catalogue.publish("Манас")
    settled()
    catalogue.withdraw(number)
    settled()
    catalogue.restore(number)
    settled()
    found = ask(number)
    assert found.find(".//o:header", NAMES).get("status") is None
    assert found.findtext(".//dc:title", None, NAMES) == "Манас"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected"])
def test_what_was_never_public_does_not_exist(catalogue, settled, harvest, identifier, state):
    number = catalogue.publish()
    catalogue.change(number, state=state)
    settled()
    asked = {"identifier": identifier(number), "metadataPrefix": "oai_dc"}
    assert harvest.error(verb="GetRecord", **asked) == "idDoesNotExist"
    assert harvest.error(verb="ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_what_was_public_and_is_no_more_stays_as_deleted(catalogue, settled, ask, state):
    number = catalogue.publish()
    settled()
    catalogue.change(number, state=state)
    settled()
    assert ask(number).find(".//o:header", NAMES).get("status") == "deleted"


@pytest.mark.parametrize(
    "strange",
    [
        "junk",
        "oai:other.example.org:1",
        "oai:%s:0",
        "oai:%s:01",
        "oai:%s:-1",
        "oai:%s:1%%20",
        "oai:%s:99999999999999999999",
        "oai:%s:",
        "oai:%s:1:1",
        "http://example.org/1",
        "oai:%s:1'--",
    ],
)
def test_3_6_unknown_identifiers_do_not_exist(archive, catalogue, settled, harvest, strange):
    catalogue.publish()
    settled()
    asked = strange % archive.settings.oai_host if "%s" in strange else strange
    found = harvest(verb="GetRecord", identifier=asked, metadataPrefix="oai_dc")
    assert found.find("o:error", NAMES).get("code") == "idDoesNotExist"
    assert found.find("o:request", NAMES).get("identifier") == asked
    assert harvest.error(verb="ListMetadataFormats", identifier=asked) == "idDoesNotExist"


def test_3_6_an_unknown_format_cannot_be_disseminated(catalogue, settled, harvest, identifier):
    number = catalogue.publish()
    settled()
    asked = {"identifier": identifier(number), "metadataPrefix": "marc21"}
    assert harvest.error(verb="GetRecord", **asked) == "cannotDisseminateFormat"
    for verb in ("ListRecords", "ListIdentifiers"):
        assert harvest.error(verb=verb, metadataPrefix="marc21") == "cannotDisseminateFormat"


def test_4_4_formats_are_listed_for_all_and_for_one(catalogue, settled, harvest, identifier):
    number = catalogue.publish()
    settled()
    for asked in ({}, {"identifier": identifier(number)}):
        found = harvest(verb="ListMetadataFormats", **asked)
        assert "oai_dc" in [one.text for one in found.iterfind(".//o:metadataPrefix", NAMES)]


def test_4_4_a_withdrawn_item_has_no_formats(catalogue, settled, harvest, identifier):
    number = catalogue.publish()
    settled()
    catalogue.withdraw(number)
    settled()
    code = harvest.error(verb="ListMetadataFormats", identifier=identifier(number))
    assert code == "noMetadataFormats"
