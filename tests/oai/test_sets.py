"""OAI-PMH 2.0, sections 2.6 and 4.6: sets, and who belongs to them."""

from datetime import timedelta

import pytest

from repository import collections, embargoes
from repository.clock import now
from repository.errors import Invalid
from repository.models.works import Work

HOST = "archive.example.org"

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/XML/1998/namespace",
}


def specs(answer):
    return [one.text for one in answer.iterfind(".//o:setSpec", NAMES)]


def test_4_6_without_collections_and_works_there_is_no_set_hierarchy(harvest):
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
        assert {"letters", "letters:folklore", "science"} <= set(specs(found))


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
        assert "science" in specs(found)
        assert "letters" not in specs(found)
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


def test_works_are_in_sets_by_what_they_are(catalogue, settled, harvest):
    catalogue.publish("Ачык", pdf=True)
    catalogue.publish("Жабык", issued="1987~")
    paid = [{"funder": "Улуттук илим фонду", "award": "12"}]
    catalogue.publish("Гранттык", funding=paid)
    settled()
    members = {
        spec: sorted(harvest.titles(set=spec).values())
        for spec in ("open_access", "driver", "openaire", "type", "type:article", "year:1987")
    }
    assert members == {
        "open_access": ["Ачык"],
        "driver": ["Ачык"],
        "openaire": ["Ачык", "Гранттык"],
        "type": ["Ачык", "Гранттык", "Жабык"],
        "type:article": ["Ачык", "Гранттык", "Жабык"],
        "year:1987": ["Жабык"],
    }
    listed = {
        one.findtext("o:setSpec", None, NAMES): one.findtext("o:setName", None, NAMES)
        for one in harvest(verb="ListSets").iterfind(".//o:set", NAMES)
    }
    assert list(listed) == [
        "openaire", "driver", "open_access", "type", "type:article", "year", "year:2024",
        "year:1987",
    ]  # fmt: skip
    assert listed["openaire"] == "OpenAIRE"


def test_the_end_of_an_embargo_brings_a_work_into_the_open_sets_with_a_new_datestamp(
    archive, catalogue, settled, harvest
):
    number = catalogue.publish("Манас", pdf=True)
    with archive.writing() as session:
        work = session.get_one(Work, number)
        work.files[0].embargo_until = now().date() + timedelta(days=9)
    catalogue.change(number)
    settled()
    assert (
        harvest.error(verb="ListRecords", metadataPrefix="oai_dc", set="open_access")
        == "noRecordsMatch"
    )
    before = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    with archive.writing() as session:
        work = session.get_one(Work, number)
        work.files[0].embargo_until = now().date() - timedelta(days=1)
        work.changed = now() - timedelta(days=3)
    assert embargoes.lift(archive) == 1
    settled()
    after = harvest(verb="ListRecords", metadataPrefix="oai_dc", set="open_access")
    stamps = [one.findtext(".//o:datestamp", None, NAMES) for one in (before, after)]
    assert stamps[0] < stamps[1]


def test_a_work_that_is_dated_anew_leaves_its_year(catalogue, settled, harvest):
    number = catalogue.publish("Манас", issued="2019")
    settled()
    catalogue.revise(number, "Манас", issued="2020")
    settled()
    assert list(harvest.titles(set="year:2019").values()) == [None]
    assert list(harvest.titles(set="year:2020").values()) == ["Манас"]
    assert list(harvest.titles(set="year").values()) == ["Манас"]


@pytest.mark.parametrize("slug", sorted(collections.RESERVED))
def test_no_collection_takes_the_name_of_another_set(archive, slug):
    with pytest.raises(Invalid, match="a set of its own"), archive.writing() as session:
        collections.add(session, slug)


def test_2_5_every_record_says_on_which_terms_its_metadata_may_be_used(catalogue, settled, harvest):
    number = catalogue.publish("Манас")
    settled()
    for asked in (
        {"verb": "ListRecords", "metadataPrefix": "mods"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": f"oai:{HOST}:{number}"},
    ):
        (about,) = harvest(**asked).iterfind(".//o:record/o:about", NAMES)
        reference = about[0][0]
        assert reference.get("ref") == "https://creativecommons.org/publicdomain/zero/1.0/"
    catalogue.withdraw(number)
    settled()
    assert harvest(verb="ListRecords", metadataPrefix="mods").find(".//o:about", NAMES) is None
