"""Crawlers: what they are told to read, read with their own libraries; one address for a page."""

from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser

import pytest
import requests
from lxml import etree, html
from usp.tree import sitemap_from_str, sitemap_tree_for_homepage

from repository import site_pages, sitemaps
from repository.models.site import Place
from repository.viewers import SYSTEM


def get(house, path, **more):
    return requests.get(house.url + path, timeout=10, **more)


def write(session, slug, place):
    said = {"titles": {"ky": slug}, "texts": {"ky": "Эртең да ачык."}, "place": place}
    return site_pages.add(session, {**said, "slug": slug, "position": 0}, actor=SYSTEM)


@pytest.fixture(scope="module")
def written(house):
    """When staff wrote their pages, by address."""
    pages = {
        "/pages/opening-hours": ("opening-hours", Place.MENU),
        "/pages/prices": ("prices", Place.FOOTER),
        "/pages/draft": ("draft", Place.NOWHERE),
        "/about": ("about", Place.NOWHERE),
        "/pages/reading-room-rules": ("reading-room-rules", Place.NOWHERE),
    }
    with house.archive.writing() as session:
        return {address: write(session, *said).changed for address, said in pages.items()}


@pytest.fixture(scope="module")
def listed(house, written):
    tree = sitemap_tree_for_homepage(house.url + "/")
    return {page.url: page for page in tree.all_pages()}


def test_a_crawler_finds_all_public_pages_from_robots_txt(house, listed):
    for number in (house.open, house.embargoed, house.crowded):
        assert isinstance(listed[f"{house.url}/works/{number}"].last_modified, datetime)
    assert f"{house.url}/collections/maps" in listed
    assert any(one.startswith(f"{house.url}/people/") for one in listed)
    assert len(listed) > 15


def test_a_crawler_finds_the_pages_that_staff_wrote_and_when(house, listed, written):
    for address in ("/pages/opening-hours", "/pages/prices", "/about", "/pages/reading-room-rules"):
        said = listed[house.url + address].last_modified
        assert said == written[address].replace(microsecond=0)
    assert f"{house.url}/pages/about" not in listed and f"{house.url}/help" not in listed


def test_a_page_that_is_told_of_to_nobody_is_in_no_sitemap(house, listed):
    assert get(house, "/pages/draft").status_code == 200
    assert f"{house.url}/pages/draft" not in listed


def test_a_crawler_learns_that_a_page_of_the_staff_was_deleted(house, written):
    where = "/sitemaps/pages-0.xml"
    with house.archive.writing() as session:
        page = write(session, "for-a-day", Place.MENU)
        number = page.id
    before = get(house, where)
    assert "for-a-day" in before.text and "Last-Modified" not in before.headers
    with house.archive.writing() as session:
        page = site_pages.get(session, number)
        site_pages.remove(session, page, actor=SYSTEM, revision=page.revision)
    after = get(house, where, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and "for-a-day" not in after.text


def test_what_is_withdrawn_or_closed_is_in_no_sitemap(house, listed):
    assert f"{house.url}/works/{house.withdrawn}" not in listed
    assert not any(one.endswith((".pdf", ".csv")) for one in listed)


def test_every_address_of_the_sitemaps_is_a_page_and_its_own_canonical_one(house, listed):
    for url in listed:
        answer = requests.get(url, timeout=10, allow_redirects=False)
        assert answer.status_code == 200, url
        (own,) = html.fromstring(answer.text).xpath("//link[@rel='canonical']/@href")
        assert own == url


def test_sitemaps_are_sent_once(house):
    for path in ("/sitemap.xml", "/sitemaps/works-0.xml", "/robots.txt", "/opensearch.xml"):
        answer = get(house, path)
        assert answer.status_code == 200 and "Cookie" not in answer.headers.get("Vary", "")
        again = get(house, path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    changed = get(house, "/sitemaps/works-0.xml").headers["Last-Modified"]
    again = get(house, "/sitemaps/works-0.xml", headers={"If-Modified-Since": changed})
    assert again.status_code == 304


def test_parts_that_hold_nothing_are_not_there(house):
    for path in (
        "works-7",
        "people-9",
        "names-5",
        "collections-1",
        "pages-1",
        "works-99999999999",
        "x-0",
    ):
        assert get(house, f"/sitemaps/{path}.xml").status_code == 404


def test_a_full_part_keeps_to_the_bounds():
    day = datetime(2026, 1, 1, tzinfo=UTC)
    found = [sitemaps.Place(f"/works/{one}", day) for one in range(sitemaps.PART)]
    text = sitemaps.sitemap("https://archive.example.org", found)
    assert len(text) < 50 * 10**6 and sitemaps.PART <= sitemaps.MOST == 50_000
    assert len(list(sitemap_from_str(text.decode()).all_pages())) == sitemaps.PART


def test_robots_may_read_works_files_and_the_ways_to_them(house):
    rules = RobotFileParser()
    rules.parse(get(house, "/robots.txt").text.splitlines())
    assert rules.site_maps() == [f"{house.url}/sitemap.xml"]
    assert rules.crawl_delay("Googlebot") is None
    for path in (
        "/", "/works/1", "/works/1/search.pdf", "/works/1.jsonld", "/browse/year?value=2024",
        "/collections/maps?after=x", "/people/1", "/oai?verb=Identify", "/feeds/new.atom",
        "/sitemap.xml", "/about", "/?lang=ky", "/static/archive.css",
    ):  # fmt: skip
        assert rules.can_fetch("Googlebot", house.url + path), path
    for path in ("/search?q=x&type=article", "/deposit", "/account/sign-in", "/staff", "/review"):
        assert not rules.can_fetch("Googlebot", house.url + path), path


def test_browsers_learn_how_to_search(house):
    (where,) = html.fromstring(get(house, "/").text).xpath("//link[@rel='search']/@href")
    root = etree.fromstring(get(house, where).content)
    names = {"os": "http://a9.com/-/spec/opensearch/1.1/"}
    assert len(root.findtext("os:ShortName", namespaces=names)) <= 16
    templates = root.xpath("os:Url[@type='text/html']/@template", namespaces=names)
    asked = templates[0].replace("{searchTerms}", "тил").replace("{startPage?}", "1")
    assert requests.get(asked, timeout=10).status_code == 200


def addresses(house, path):
    page = html.fromstring(get(house, path).text)
    (own,) = page.xpath("//link[@rel='canonical']/@href")
    tongues = page.xpath("//link[@rel='alternate'][@hreflang]")
    return own, {one.get("hreflang"): one.get("href") for one in tongues}


def test_a_page_says_its_one_address_and_those_of_its_languages(house):
    plain = f"{house.url}/browse/year?value=2024"
    own, tongues = addresses(house, "/browse/year?utm_source=x&value=2024&page=9")
    assert own == tongues["x-default"] == plain
    assert tongues["ky"] == plain + "&lang=ky"
    assert addresses(house, "/browse/year?value=2024&lang=ky") == (tongues["ky"], tongues)
    assert addresses(house, "/browse/year?value=2024&lang=de")[0] == plain


def test_a_work_has_one_address_whatever_the_language(house):
    for query in ("", "?lang=ru", "?utm_source=x"):
        own, tongues = addresses(house, f"/works/{house.open}{query}")
        assert own == f"{house.url}/works/{house.open}" and not tongues


@pytest.mark.parametrize("path", ["/works/{}/", "/works/{}//", "/browse/year/", "/about/"])
def test_a_slash_too_many_leads_to_the_page(house, path):
    answer = get(house, path.format(house.open) + "?lang=ru", allow_redirects=False)
    assert answer.status_code in (301, 308)
    end = get(house, path.format(house.open) + "?lang=ru")
    assert end.status_code == 200 and end.url.endswith("?lang=ru")
    assert not end.url.split("?")[0].endswith("/")


def test_a_slash_leads_to_no_other_site(house):
    for path in ("//example.org/", "/nowhere/", "/works/x/"):
        answer = get(house, path, allow_redirects=False)
        assert "Location" not in answer.headers or answer.headers["Location"].startswith(
            (house.url, "/")
        )
        assert not answer.headers.get("Location", "").startswith("//")
