"""Feeds of the archive, its parts and its searches, read by feedparser."""

import feedparser
import pytest
import requests
from lxml import html


def read(house, path):
    answer = requests.get(house.url + path, timeout=10)
    assert answer.status_code == 200, path
    headers = {name.lower(): value for name, value in answer.headers.items()}
    found = feedparser.parse(answer.content, response_headers=headers)
    assert found.bozo == 0, (path, found.get("bozo_exception"))
    return found


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_new_works_come_first_with_what_readers_of_feeds_show(house, kind):
    found = read(house, f"/feeds/new.{kind}")
    assert found.version == {"atom": "atom10", "rss": "rss20"}[kind]
    links = [one.link for one in found.entries]
    assert links[:3] == [
        f"{house.url}/works/{one}" for one in (house.crowded, house.embargoed, house.open)
    ]
    entry = found.entries[2]
    assert entry.title == "Тоо жана тил"
    assert [one.term for one in entry.tags] == ["жайлоо", "рельеф"]
    assert entry.id.startswith("urn:uuid:")
    assert [one.name for one in entry.authors] == ["Айгүл Асанова", "Р. Ким"]
    assert entry.published_parsed and found.feed.updated_parsed
    (file,) = entry.enclosures
    assert file.type == "application/pdf" and int(file.length) > 1000
    assert requests.get(file.href, timeout=10).status_code == 200


def test_markup_in_an_abstract_is_text(house):
    detail = read(house, "/feeds/new.atom").entries[2].summary_detail
    assert detail.type == "text/plain" and detail.value.endswith("</script><script>")
    assert "<" not in read(house, "/feeds/new.rss").entries[2].summary


def test_what_is_closed_or_withdrawn_is_offered_by_no_feed(house):
    for path in ("/feeds/new.atom", "/feeds/collections/maps.atom", "/feeds/search.rss?q=тил"):
        text = requests.get(house.url + path, timeout=10).text
        assert "secret.pdf" not in text and "Алынган" not in text


def test_a_withdrawn_work_leaves_its_feeds_at_once(house):
    number = house.publish("Убактылуу", collection="short")
    house.settle()
    paths = ("/feeds/collections/short.atom", "/feeds/search.atom?q=Убактылуу")
    before = [requests.get(house.url + path, timeout=10) for path in paths]
    assert all("Убактылуу" in one.text.split("<entry>")[-1] for one in before)
    house.withdraw(number)  # the index has not heard of it
    for path, old in zip(paths, before, strict=True):
        asked = {"If-None-Match": old.headers["ETag"]}
        answer = requests.get(house.url + path, headers=asked, timeout=10)
        assert answer.status_code == 200 and "<entry>" not in answer.text
    house.settle()


def test_a_collection_a_subject_and_a_person_have_feeds_that_their_pages_name(house):
    for page, words in (
        ("/collections/maps", 1),
        ("/browse/subject?value=рельеф", 3),
        (f"/people/{house.author}", 1),
    ):
        text = requests.get(house.url + page, timeout=10).text
        found = html.fromstring(text).xpath("//link[@rel='alternate'][contains(@type,'+xml')]")
        assert len(found) == 2
        for link in found:
            assert len(read(house, link.get("href")).entries) == words
    for path in ("/feeds/subjects.atom", "/feeds/subjects.atom?value=x", "/feeds/people/9.rss"):
        assert requests.get(house.url + path, timeout=10).status_code == 404
    assert requests.get(f"{house.url}/feeds/collections/x.rss", timeout=10).status_code == 404


def test_any_search_has_a_feed_with_its_counts_and_filters(house):
    page = requests.get(f"{house.url}/search?q=тил&type=article&page=1", timeout=10).text
    href = html.fromstring(page).xpath("//link[@type='application/atom+xml']/@href")[0]
    found = read(house, href)
    assert f"{house.url}/works/{house.open}" in [one.link for one in found.entries]
    assert int(found.feed.opensearch_totalresults) == len(found.entries)
    assert int(found.feed.opensearch_startindex) == 1
    none = read(house, href.replace("type=article", "type=dataset"))
    assert not none.entries
    assert not read(house, "/feeds/search.rss?q=жокнерсе&page=x").entries


def test_an_unchanged_feed_is_not_sent_again(house):
    for path in ("/feeds/new.atom", "/feeds/new.rss", "/feeds/search.atom?q=тил"):
        answer = requests.get(house.url + path, timeout=10)
        assert "Cookie" not in answer.headers.get("Vary", "")
        for name, value in (
            ("If-None-Match", answer.headers["ETag"]),
            ("If-Modified-Since", answer.headers["Last-Modified"]),
        ):
            again = requests.get(house.url + path, headers={name: value}, timeout=10)
            assert (again.status_code, again.content) == (304, b"")
