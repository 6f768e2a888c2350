"""OAI-PMH 2.0, sections 2.7, 3.5, 4.3 and 4.5: selective harvesting and flow control."""

import re
import time
from collections import Counter
from dataclasses import replace

import pytest
from lxml import etree

from oai import feed, shelf
from repository.models.feed import FeedItem

NAMES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
PAGE = 5


@pytest.fixture
def chosen(chosen):
    """Short pages, so that few works make many."""
    return replace(chosen, oai_page=PAGE)


def tokens(pages):
    return [page.find(".//o:resumptionToken", NAMES) for page in pages]


def identifiers(page):
    return [one.text for one in page.iterfind(".//o:header/o:identifier", NAMES)]


def stamps(page):
    return [one.text for one in page.iterfind(".//o:header/o:datestamp", NAMES)]


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("count", [1, 4, 5, 6, 10, 11])
def test_3_5_pages_are_exact_and_none_is_empty(catalogue, settled, harvest, verb, count):
    catalogue.many(count)
    settled()
    pages = harvest.pages(verb=verb, metadataPrefix="oai_dc")
    sizes = [len(identifiers(page)) for page in pages]
    assert sum(sizes) == count
    assert all(size == PAGE for size in sizes[:-1])
    assert 1 <= sizes[-1] <= PAGE


def test_3_5_tokens_say_where_they_are_and_how_much_there_is(catalogue, settled, harvest):
    catalogue.many(12)
    settled()
    first, second, third = tokens(harvest.pages(verb="ListRecords", metadataPrefix="oai_dc"))
    assert [one.get("cursor") for one in (first, second, third)] == ["0", "5", "10"]
    assert {one.get("completeListSize") for one in (first, second, third)} == {"12"}
    assert first.text and second.text and not third.text
    year = int(first.get("expirationDate")[:4])
    assert year - int(harvest(verb="Identify").findtext("o:responseDate", "", NAMES)[:4]) >= 5


def test_3_5_a_list_of_one_page_has_no_token(catalogue, settled, harvest):
    catalogue.many(PAGE)
    settled()
    assert tokens([harvest(verb="ListRecords", metadataPrefix="oai_dc")]) == [None]


def test_3_5_a_token_gives_the_same_page_again(catalogue, settled, harvest):
    catalogue.many(12)
    settled()
    token = harvest(verb="ListRecords", metadataPrefix="oai_dc").findtext(
        ".//o:resumptionToken", None, NAMES
    )
    pages = [harvest(verb="ListRecords", resumptionToken=token) for _ in range(2)]
    assert identifiers(pages[0]) == identifiers(pages[1])
    assert tokens(pages)[0].text == tokens(pages)[1].text
    assert pages[0].find("o:request", NAMES).get("resumptionToken") == token


def test_tokens_need_no_escaping(catalogue, settled, harvest):
    catalogue.many(6)
    settled()
    token = harvest(verb="ListRecords", metadataPrefix="oai_dc", from_="2020-01-01").findtext(
        ".//o:resumptionToken", "", NAMES
    )
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("token", ["x", "junk", "0", "!!!", "a b", "Ю", "=" * 9, "<&>", "A" * 999])
def test_3_5_garbage_is_a_bad_resumption_token_and_is_echoed(catalogue, harvest, verb, token):
    catalogue.publish()
    found = harvest(verb=verb, resumptionToken=token)
    assert found.find("o:error", NAMES).get("code") == "badResumptionToken"
    assert found.find("o:request", NAMES).get("resumptionToken") == token


def test_a_token_of_one_verb_is_none_of_the_other(catalogue, settled, harvest):
    catalogue.many(6)
    settled()
    token = harvest(verb="ListRecords", metadataPrefix="oai_dc").findtext(
        ".//o:resumptionToken", None, NAMES
    )
    code = harvest.error(verb="ListIdentifiers", resumptionToken=token)
    assert code == "badResumptionToken"


def test_records_come_in_the_order_of_their_datestamps(catalogue, settled, harvest):
    numbers = catalogue.many(7)
    settled()
    for number in numbers[::3]:
        catalogue.revise(number, "Оңдолгон")
        settled()
    pages = harvest.pages(verb="ListIdentifiers", metadataPrefix="oai_dc")
    all_stamps = [stamp for page in pages for stamp in stamps(page)]
    assert all_stamps == sorted(all_stamps)
    assert len(set(all_stamps)) == 4


def test_2_7_2_bounds_are_inclusive_in_both_granularities(catalogue, settled, harvest):
    for title in ("Биринчи", "Экинчи", "Үчүнчү"):
        catalogue.publish(title)
        settled()
    first, second, third = stamps(harvest(verb="ListIdentifiers", metadataPrefix="oai_dc"))

    def count(**bounds):
        return len(harvest.titles(**bounds))

    assert count(from_=second) == 2
    assert count(until=second) == 2
    assert count(from_=second, until=second) == 1
    assert count(from_=first, until=third) == 3
    assert count(from_=first[:10], until=third[:10]) == 3
    assert count(until=third[:10]) == 3
    assert count(from_="0001-01-01", until="9999-12-31") == 3
    assert count(from_="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z") == 3


def test_a_selective_harvest_is_the_part_of_a_full_one(catalogue, settled, harvest):
    for start in range(4):
        for number in range(3):
            catalogue.publish(f"{start} {number}")
        settled()
    pages = harvest.pages(verb="ListIdentifiers", metadataPrefix="oai_dc")
    everything = {
        header.findtext("o:identifier", "", NAMES): header.findtext("o:datestamp", "", NAMES)
        for page in pages
        for header in page.iterfind(".//o:header", NAMES)
    }
    for stamp in sorted(set(everything.values())):
        later = {one for one, given in everything.items() if given >= stamp}
        assert set(harvest.titles(from_=stamp)) == later
        earlier = {one for one, given in everything.items() if given <= stamp}
        assert set(harvest.titles(until=stamp)) == earlier


@pytest.mark.parametrize(
    "bounds",
    [
        {"until": "1990-01-01"},
        {"from_": "2990-01-01"},
        {"from_": "2990-01-01T00:00:00Z", "until": "2991-01-01T00:00:00Z"},
        {"from_": "2001-01-01", "until": "2001-01-31"},
    ],
)
def test_3_6_nothing_in_that_time_is_no_records_match(catalogue, settled, harvest, bounds):
    catalogue.publish()
    settled()
    found = harvest(verb="ListRecords", metadataPrefix="oai_dc", **bounds)
    assert found.find("o:error", NAMES).get("code") == "noRecordsMatch"
    echoed = dict(found.find("o:request", NAMES).attrib)
    asked = {name.strip("_"): value for name, value in bounds.items()}
    assert echoed == {"verb": "ListRecords", "metadataPrefix": "oai_dc", **asked}


def test_deleted_records_are_listed_with_headers_alone(catalogue, settled, harvest):
    numbers = catalogue.many(3)
    settled()
    catalogue.withdraw(numbers[1])
    settled()
    records = harvest(verb="ListRecords", metadataPrefix="oai_dc").findall(".//o:record", NAMES)
    deleted = [one for one in records if one.find("o:header", NAMES).get("status")]
    assert len(records) == 3
    assert [[etree.QName(part).localname for part in one] for one in deleted] == [["header"]]
    headers = harvest(verb="ListIdentifiers", metadataPrefix="oai_dc").findall(".//o:header", NAMES)
    assert [one.get("status") for one in headers] == [None, None, "deleted"]


def test_a_harvest_is_not_disturbed_by_works_that_change_between_its_pages(
    catalogue, settled, harvest
):
    """The classical loss of paging by offset, and its classical duplicates."""
    numbers = catalogue.many(23)
    settled()
    first = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    told = first.findtext("o:responseDate", "", NAMES)
    seen = {one.findtext("o:header/o:identifier", "", NAMES): one for one in _records(first)}
    token = first.findtext(".//o:resumptionToken", None, NAMES)
    changes = iter([*zip(numbers[::2], ["Оңдолгон"] * 12, strict=True)])
    while token:
        for number, title in [next(changes, (None, "")), next(changes, (None, ""))]:
            if number:
                catalogue.revise(number, title)
        catalogue.publish("Жаңы")
        settled()
        page = harvest(verb="ListRecords", resumptionToken=token)
        for one in _records(page):
            identifier = one.findtext("o:header/o:identifier", "", NAMES)
            assert identifier not in seen, "duplicate"
            seen[identifier] = one
        token = page.findtext(".//o:resumptionToken", None, NAMES)
    assert len(seen) == 23
    later = harvest.titles(from_=told)
    assert Counter(later.values()) == {"Оңдолгон": 8, "Жаңы": 4}


def _records(page):
    return page.findall(".//o:record", NAMES)


def test_what_is_withdrawn_in_mid_harvest_is_not_given_away(catalogue, settled, harvest):
    numbers = catalogue.many(12)
    settled()
    first = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    told = first.findtext("o:responseDate", "", NAMES)
    catalogue.revise(numbers[7], "Оңдолгон")
    settled()
    catalogue.withdraw(numbers[7])
    settled()
    page, token = first, first.findtext(".//o:resumptionToken", None, NAMES)
    seen = identifiers(page)
    while token:
        page = harvest(verb="ListRecords", resumptionToken=token)
        seen += identifiers(page)
        token = page.findtext(".//o:resumptionToken", None, NAMES)
    assert len(seen) == 11
    assert list(harvest.titles(from_=told).values()) == [None]


def test_a_token_whose_rest_was_withdrawn_ends_the_list_without_an_error(
    catalogue, settled, harvest
):
    numbers = catalogue.many(6)
    settled()
    first = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    catalogue.withdraw(numbers[5])
    settled()
    token = first.findtext(".//o:resumptionToken", None, NAMES)
    page = harvest(verb="ListRecords", resumptionToken=token)
    assert identifiers(page) == identifiers(first)[-1:]
    assert not page.findtext(".//o:resumptionToken", None, NAMES)


def test_until_in_the_past_does_not_show_works_as_they_were(catalogue, settled, harvest):
    number = catalogue.publish("Эски")
    settled()
    (stamp,) = stamps(harvest(verb="ListIdentifiers", metadataPrefix="oai_dc"))
    catalogue.revise(number, "Жаңы")
    settled()
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert harvest.error(**asked, until=stamp) == "noRecordsMatch"


def test_a_harvest_in_sets_goes_on_by_tokens(catalogue, settled, harvest):
    catalogue.collection("letters")
    for number in range(7):
        catalogue.publish(f"Кат {number}", sets=("letters",))
        catalogue.publish(f"Башка {number}")
    settled()
    found = harvest.titles(set="letters")
    assert sorted(found.values()) == [f"Кат {number}" for number in range(7)]


def test_tokens_survive_a_change_of_the_key_and_of_the_page_size(
    archive, catalogue, settled, harvest
):
    catalogue.many(12)
    settled()
    token = harvest(verb="ListRecords", metadataPrefix="oai_dc").findtext(
        ".//o:resumptionToken", None, NAMES
    )
    extensions = harvest.client.application.extensions
    old = extensions["archive"]
    changed = {"secret_key": "n" * 40, "oai_page": 3}
    for former, accepted in (((old.settings.secret_key,), True), ((), False)):
        settings = replace(old.settings, **changed, old_secret_keys=former)
        extensions["archive"] = replace(old, settings=settings)
        found = harvest(verb="ListRecords", resumptionToken=token)
        assert (len(identifiers(found)) == 3) is accepted
    extensions["archive"] = old


def test_pages_are_read_by_key_without_sorting(archive):
    sql = str(shelf._PAGE[False].compile(archive.engine))
    with archive.engine.connect() as connection:
        given = (1,) * sql.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
    assert "ix_feed_items_datestamp_feed_items_id (datestamp>? AND datestamp<?)" in plan[0][3]
    assert "TEMP B-TREE" not in str(plan)


def test_superseded_generations_are_forgotten_after_a_day(archive, catalogue):
    number = catalogue.publish("Эски")
    feed.settle(archive)
    catalogue.revise(number, "Жаңы")
    feed.settle(archive)
    with archive.reading() as session:
        assert session.query(FeedItem).count() == 2
    catalogue.publish("Башка")
    feed.settle(archive, clock=lambda: time.time() + feed.KEEP + 100)
    with archive.reading() as session:
        assert session.query(FeedItem).filter_by(work_id=number).count() == 1


def test_a_page_that_is_asked_for_again_differs_by_its_date_alone(catalogue, settled, harvest):
    catalogue.many(12)
    settled()
    first = harvest(verb="ListRecords", metadataPrefix="oai_dc")
    token = first.findtext(".//o:resumptionToken", None, NAMES)
    asked = {"verb": "ListRecords", "resumptionToken": token}
    texts = []
    for _ in range(3):
        answer = harvest(**asked)
        answer.find("o:responseDate", NAMES).text = ""
        texts.append(etree.tostring(answer))
    assert texts[0] == texts[1] == texts[2]
    catalogue.publish("Жаңы")
    settled()
    assert identifiers(harvest(**asked)) == identifiers(etree.fromstring(texts[0]))
