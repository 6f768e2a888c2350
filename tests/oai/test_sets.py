"""OAI-PMH 2.0, sections 2.6 and 4.6: sets, and who belongs to them."""

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/XML/1998/namespace",
}


def test_4_6_without_collections_there_is_no_set_hierarchy(catalogue, settled, harvest):
    catalogue.publish()
    settled()
    assert harvest.error(verb="ListSets") == "noSetHierarchy"
    asked = {"metadataPrefix": "oai_dc", "set": "folklore"}
    assert harvest.error(verb="ListRecords", **asked) == "noSetHierarchy"


def test_4_6_collections_are_sets_nested_as_they_are(catalogue, harvest):
    catalogue.collection("letters", names={"ky": "Адабият", "en": "Letters"})
    catalogue.collection("folklore", "letters", names={"ky": "Фольклор"})
    found = harvest(verb="ListSets")
    sets = {
        one.findtext("o:setSpec", None, NAMES): one.findtext("o:setName", None, NAMES)
        for one in found.iterfind(".//o:set", NAMES)
    }
    assert sets == {"letters": "Адабият", "letters:folklore": "Фольклор"}
    titles = found.findall(".//o:set/o:setDescription//dc:title", NAMES)
    assert {one.get(f"{{{NAMES['x']}}}lang") for one in titles} == {"ky", "en"}


def test_a_set_name_with_forbidden_characters_harms_nobody(catalogue, harvest):
    catalogue.collection("letters", names={"ky": "Ада\x03бият\ufffe"})
    assert harvest(verb="ListSets").findtext(".//o:setName", None, NAMES) == "Адабият"


def test_4_6_there_are_no_tokens_for_sets(catalogue, harvest):
    catalogue.collection("letters")
    assert harvest.error(verb="ListSets", resumptionToken="junk") == "badResumptionToken"


def test_2_6_a_work_is_in_its_collections_and_in_all_above(catalogue, settled, harvest):
    catalogue.collection("letters")
    catalogue.collection("folklore", "letters")
    catalogue.collection("science")
    catalogue.publish("Манас", sets=("folklore", "science"))
    settled()
    for spec in ("letters", "letters:folklore", "science"):
        found = harvest(verb="ListRecords", metadataPrefix="oai_dc", set=spec)
        said = [one.text for one in found.iterfind(".//o:setSpec", NAMES)]
        assert said == ["letters", "letters:folklore", "science"]


def test_a_header_is_the_same_in_every_verb(archive, catalogue, settled, harvest):
    catalogue.collection("letters")
    number = catalogue.publish("Манас", sets=("letters",))
    settled()
    identifier = f"oai:{archive.settings.oai_host}:{number}"
    answers = [
        harvest(verb="ListRecords", metadataPrefix="oai_dc"),
        harvest(verb="ListIdentifiers", metadataPrefix="oai_dc"),
        harvest(verb="ListIdentifiers", metadataPrefix="oai_dc", set="letters"),
        harvest(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier),
    ]
    headers = [
        [(one.tag, one.text) for one in answer.find(".//o:header", NAMES)] for answer in answers
    ]
    assert headers == headers[:1] * 4


def test_an_unknown_set_is_told_from_an_empty_one(catalogue, harvest):
    catalogue.collection("letters")
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    empty, unknown = harvest(**asked, set="letters"), harvest(**asked, set="leters")
    errors = [answer.find("o:error", NAMES) for answer in (empty, unknown)]
    assert [one.get("code") for one in errors] == ["noRecordsMatch", "noRecordsMatch"]
    assert "leters" not in errors[0].text
    assert "There is no set “leters”" in errors[1].text


def test_a_deleted_record_stays_in_its_last_sets(catalogue, settled, harvest):
    catalogue.collection("letters")
    number = catalogue.publish(sets=("letters",))
    settled()
    catalogue.withdraw(number)
    settled()
    found = harvest(verb="ListIdentifiers", metadataPrefix="oai_dc", set="letters")
    header = found.find(".//o:header", NAMES)
    assert header.get("status") == "deleted"
    assert header.findtext("o:setSpec", None, NAMES) == "letters"


def test_who_leaves_a_set_is_deleted_there_and_nowhere_else(catalogue, settled, harvest):
    catalogue.collection("letters")
    catalogue.collection("science")
    number = catalogue.publish("Манас", sets=("letters",))
    settled()
    before = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    catalogue.move(number, "science")
    settled()
    left = harvest(verb="ListRecords", metadataPrefix="oai_dc", set="letters")
    assert left.find(".//o:header", NAMES).get("status") == "deleted"
    assert left.find(".//o:metadata", NAMES) is None
    assert left.findtext(".//o:setSpec", None, NAMES) == "letters"
    for asked in ({}, {"set": "science"}):
        found = harvest(verb="ListRecords", metadataPrefix="oai_dc", **asked)
        assert found.find(".//o:header", NAMES).get("status") is None
        assert [one.text for one in found.iterfind(".//o:setSpec", NAMES)] == ["science"]
    stamps = [one.findtext(".//o:datestamp", None, NAMES) for one in (before, left, found)]
    assert stamps[0] < stamps[1] == stamps[2]


def test_who_comes_back_into_a_set_is_there_again(catalogue, settled, harvest):
    catalogue.collection("letters")
    number = catalogue.publish("Манас", sets=("letters",))
    for slugs in ((), ("letters",)):
        settled()
        catalogue.move(number, *slugs)
    settled()
    assert list(harvest.titles(set="letters").values()) == ["Манас"]


def test_a_set_left_long_ago_is_remembered_by_the_tombstone(catalogue, settled, harvest):
    catalogue.collection("letters")
    catalogue.collection("science")
    number = catalogue.publish("Манас", sets=("letters",))
    settled()
    catalogue.move(number, "science")
    settled()
    catalogue.withdraw(number)
    settled()
    assert list(harvest.titles(set="letters").values()) == [None]
    assert list(harvest.titles(set="science").values()) == [None]
