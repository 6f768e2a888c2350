"""Faults that other providers have had, so far as no other test here is about them."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from oai import verbs
from repository import collections
from repository.models.works import Work
from schemas.roles import Role

NAMES = {"o": "http://www.openarchives.org/OAI/2.0/"}
HOST = "archive.example.org"
LIST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


def stamps(root):
    return [one.text for one in root.iterfind(".//o:datestamp", NAMES)]


def test_a_work_whose_files_are_closed_stays_and_leaves_the_open_sets(
    archive, catalogue, settled, harvest
):
    number = catalogue.publish("Манас", pdf=True)
    settled()
    with archive.writing() as session:
        session.get_one(Work, number).files[0].access = "closed"
    catalogue.change(number)
    settled()
    assert list(harvest.titles().values()) == ["Манас"]
    assert list(harvest.titles(set="open_access").values()) == [None]


def test_a_work_that_changes_its_kind_leaves_its_set(catalogue, settled, harvest):
    number = catalogue.publish("Манас")
    settled()
    catalogue.revise(number, "Манас", type="http://purl.org/coar/resource_type/c_2f33")
    settled()
    assert list(harvest.titles(set="type:article").values()) == [None]
    assert list(harvest.titles(set="type:monograph").values()) == ["Манас"]


@pytest.mark.parametrize("how", ["move", "rename"])
def test_works_go_along_with_a_collection(archive, catalogue, settled, harvest, how):
    catalogue.collection("letters")
    catalogue.collection("folklore", "letters")
    catalogue.publish("Манас", sets=("folklore",))
    settled()
    (before,) = stamps(harvest(**LIST))
    with archive.writing() as session:
        if how == "move":
            collections.move(session, "folklore", None)
        else:
            collections.rename(session, "letters", "science")
    settled()
    new = "folklore" if how == "move" else "science:folklore"
    assert list(harvest.titles(set="letters:folklore").values()) == [None]
    assert list(harvest.titles(set="letters").values()) == [None]
    assert list(harvest.titles(set=new).values()) == ["Манас"]
    assert stamps(harvest(**LIST))[0] > before


def test_a_work_in_many_sets_is_listed_once(catalogue, settled, harvest):
    for slug in ("letters", "science", "art"):
        catalogue.collection(slug)
    catalogue.publish("Манас", sets=("letters", "science", "art"), pdf=True)
    settled()
    assert len(stamps(harvest(**LIST))) == 1


def test_works_that_came_out_long_ago_are_dated_when_they_came_here(catalogue, settled, harvest):
    told = harvest(verb="Identify").findtext("o:responseDate", "", NAMES)
    number = catalogue.publish("Манас", issued="1925")
    catalogue.change(number, published=datetime(1999, 1, 1, tzinfo=UTC))
    settled()
    assert stamps(harvest(**LIST, from_=told))


def test_windows_of_a_second_together_give_what_the_whole_gives(catalogue, settled, harvest):
    for title in ("Биринчи", "Экинчи", "Үчүнчү"):
        catalogue.publish(title)
        settled()
    whole = harvest.titles()
    first, *_, last = (datetime.fromisoformat(one) for one in stamps(harvest(**LIST)))
    found = {}
    for second in range(-2, int((last - first).total_seconds()) + 3):
        bound = f"{first + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
        page = harvest(**LIST, from_=bound, until=bound)
        empty = page.find("o:error", NAMES)
        assert empty is None or empty.get("code") == "noRecordsMatch"
        for one in page.iterfind(".//o:identifier", NAMES):
            assert one.text not in found
            found[one.text] = bound
    assert found.keys() == whole.keys()


def test_the_page_of_a_withdrawn_work_and_its_record_agree(catalogue, settled, harvest, client):
    number = catalogue.publish("Манас")
    catalogue.withdraw(number)
    settled()
    found = harvest(
        verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:{HOST}:{number}"
    ).find(".//o:header", NAMES)
    assert found.get("status") == "deleted"
    assert client.get(f"/works/{number}").status_code == 410


def test_there_is_one_prolog_and_nothing_behind_the_end(catalogue, settled, client, harvest):
    catalogue.many(3)
    settled()
    listed = harvest(verb="ListMetadataFormats").iterfind(".//o:metadataPrefix", NAMES)
    for prefix in [one.text for one in listed]:
        answer = client.get(f"/oai?verb=ListRecords&metadataPrefix={prefix}").data
        assert answer.count(b"<?xml ") == 1
        assert answer.endswith(b"</OAI-PMH>")


def test_tokens_hold_the_set_and_both_bounds(archive, catalogue, settled, harvest):
    catalogue.collection("letters")
    for number in range(3):
        catalogue.many(260)
        catalogue.move(number * 260 + 1, "letters")
        settled()
    first, second, third = sorted(set(stamps_of(harvest.pages(**LIST))))
    assert len(harvest.titles(from_=second, until=third)) == 520
    assert len(harvest.titles(from_=second, until=second)) == 260
    assert len(harvest.titles(set="letters", from_=first, until=second)) == 2
    assert len(harvest.titles(set="type:article", from_=first, until=second)) == 520


def stamps_of(pages):
    return [one for page in pages for one in stamps(page)]


def test_a_token_goes_on_ten_years_later(archive, catalogue, settled, harvest):
    catalogue.many(251)
    settled()
    token = harvest(**LIST).findtext(".//o:resumptionToken", None, NAMES)
    pairs = [("verb", "ListIdentifiers"), ("resumptionToken", token)]
    later = verbs.answer(archive, pairs, clock=lambda: time.time() + 10 * 365 * 86400)
    assert len(stamps(etree.fromstring(later.body))) == 1


def test_datestamps_are_in_utc_where_the_server_is_not(catalogue, settled, harvest, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Bishkek")
    time.tzset()
    try:
        catalogue.publish("Манас")
        settled()
        page = harvest(**LIST)
        said = [*stamps(page), page.findtext("o:responseDate", "", NAMES)]
        now = datetime.now(UTC)
        ages = [abs((now - datetime.fromisoformat(one)).total_seconds()) for one in said]
        assert max(ages) < 60
    finally:
        monkeypatch.undo()
        time.tzset()


def test_who_must_wait_to_sign_in_may_harvest(client, enter, person):
    staff = person(Role.CATALOGUER)
    page = client.get("/account/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "email": staff.email, "password": "wrong wrong wrong"}
    codes = [client.post("/account/sign-in", data=typed).status_code for _ in range(12)]
    assert codes[-1] == 429
    assert client.get("/oai?verb=Identify").status_code == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_neither_scheme_is_sent_to_the_other(client, scheme):
    seen = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"}
    for method in (client.get, client.head, client.post):
        answer = method("/oai?verb=Identify", headers=seen, base_url=f"{scheme}://{HOST}")
        assert answer.status_code == 200
        assert "Location" not in answer.headers
