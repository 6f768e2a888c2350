"""What harvesters see, as pages for people; and that harvesters are never sent there."""

from dataclasses import replace

import pytest
from lxml import etree, html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
LIST = "/oai/browse?verb=ListRecords&metadataPrefix=oai_dc"


@pytest.fixture
def page(client):
    """Reads a page."""

    def read(address, status=200):
        answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": "en"})
        assert answer.status_code == status, address
        return html.document_fromstring(answer.get_data(as_text=True))

    return read


def text(found):
    return " ".join(found.text_content().split())


def link(found, label):
    return next(one.get("href") for one in found.iter("a") if text(one).startswith(label))


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "*/*",
        "text/xml",
        "application/xml",
        "text/xml,application/xml,application/xhtml+xml,text/html",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",  # Java, unasked
        "text/html",
    ],
)
def test_harvesters_always_get_xml(client, accept):
    headers = {"Accept": accept} if accept else {}
    answer = client.get("/oai", headers=headers)
    assert answer.status_code == 200
    assert b'code="badVerb"' in answer.data
    assert "Accept" in answer.headers["Vary"]


def test_a_browser_that_asks_nothing_is_shown_round(client):
    answer = client.get("/oai", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.location) == (303, "/oai/browse")


@pytest.mark.parametrize("asked", ["verb=Identify", "verb=", "verb=Nonsense", "x=1"])
def test_whoever_asks_gets_xml_even_with_a_browser(client, asked):
    answer = client.get(f"/oai?{asked}", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert b"/oai/browse" in answer.data.split(b"<OAI-PMH")[0]


def test_a_post_gets_xml_even_from_a_browser(client):
    assert client.post("/oai", headers={"Accept": BROWSER}).data.startswith(b"<?xml")


def test_the_way_from_the_first_page_to_a_record_and_its_work(page, catalogue, settled):
    catalogue.collection("folklore")
    catalogue.publish("Манас <1>", sets=("folklore",))
    settled()
    first = page("/oai/browse")
    assert "http://archive.example.org/oai" in text(first)
    records = page(link(first, "Walk through the records"))
    record = page(link(records, "Манас <1>"))
    shown, beside = record.find_class("xml")
    assert "rightsReference" in beside.text_content()
    assert '<dc:title xml:lang="ky">Манас <1></dc:title>' in shown.text_content()
    copied = etree.fromstring(shown.text_content().replace("<1>", ""))
    assert copied.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
    assert link(record, "The page of the work") == "/works/1"
    in_set = page(link(record, "folklore"))
    assert "1 to 1 of 1" in text(in_set)
    assert in_set.xpath("//select[@name='set']/option[@selected]/@value") == ["folklore"]
    sets = page(link(first, "See the sets into which they are sorted"))
    assert "folklore" in text(sets)
    formats = page(link(first, "See the formats in which they are given"))
    assert "1 to 1 of 1" in text(page(link(formats, "oai_dc")))


@pytest.fixture
def chosen(chosen):
    return replace(chosen, oai_page=500)


def test_lists_are_walked_page_by_page(page, catalogue, settled):
    catalogue.many(60)
    settled()
    found, address, counts = [], f"{LIST}&from=2020-01-01", []
    while address:
        shown = page(address)
        found += [text(one) for one in shown.xpath("//li[contains(@class, 'result')]//h2")]
        counts.append(text(shown.xpath("//p[@class='found']/span")[0]))
        assert shown.xpath("//input[@name='from']/@value") == ["2020-01-01"]
        address = next(iter(shown.xpath("//a[@rel='next']/@href")), None)
    assert found == [f"Эмгек {number}" for number in range(1, 61)]
    assert counts == ["1 to 25 of 60", "26 to 50 of 60", "51 to 60 of 60"]
    assert "1 to 25" in text(page(link(shown, "From the beginning")))


def test_fields_left_empty_ask_nothing(page, catalogue, settled):
    catalogue.many(1)
    settled()
    shown = page(f"{LIST}&set=&from=&until=&lang=en")
    assert "1 to 1 of 1" in text(shown)


def test_withdrawn_works_show_as_deleted(page, catalogue, settled):
    number = catalogue.publish("Манас")
    settled()
    catalogue.withdraw(number)
    settled()
    assert "Deleted" in text(page(LIST))
    identifier = f"oai:archive.example.org:{number}"
    record = page(f"/oai/browse?verb=GetRecord&metadataPrefix=oai_dc&identifier={identifier}")
    assert "told to delete" in text(record)
    assert not record.find_class("xml")


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ("verb=Nonsense", 400, "no such question"),
        ("verb=ListRecords", 400, "not complete"),
        ("verb=ListRecords&resumptionToken=x", 400, "Begin the list again"),
        ("verb=ListRecords&metadataPrefix=mets9", 404, "this format"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", 404, "no such record"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2999-01-01", 200, "No records match"),
        ("verb=ListIdentifiers&metadataPrefix=%FF%01", 400, "not complete"),
        ("verb=ListRecords&verb=ListSets", 400, "no such question"),
    ],
)
def test_errors_are_explained(page, catalogue, settled, asked, status, says):
    catalogue.many(1)
    settled()
    shown = page(f"/oai/browse?{asked}", status)
    assert says in text(shown)


def test_what_people_read_is_no_harvest(client, app, page, catalogue, settled):
    catalogue.many(2)
    settled()
    page(LIST)
    assert not app.extensions["guestbook"]._waiting


def test_hostile_metadata_stay_text(page, catalogue, settled):
    catalogue.publish(
        "<script>alert(1)</script> & \"q\" 'x' ]]> javascript:alert(2) https://e.org/?a=1&b=2."
    )
    settled()
    shown = page(LIST)
    assert not [one for one in shown.iter("script") if one.text]
    (address,) = {*shown.xpath("//pre//a[contains(@href, '//e.org')]/@href")}
    assert address == "https://e.org/?a=1&b=2"


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_pages_are_there_in_every_language(page, catalogue, settled, language):
    catalogue.many(1)
    settled()
    for asked in ("", "verb=ListMetadataFormats&", "verb=ListRecords&metadataPrefix=oai_dc&"):
        assert page(f"/oai/browse?{asked}lang={language}").get("lang") == language
