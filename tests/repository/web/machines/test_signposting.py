"""FAIR Signposting, followed by the library `signposting`; metadata by ending and by Accept."""

import pytest
import requests
import signposting

from repository.web import metadata_forms


def relations(signs):
    return {
        "authors": {str(one.target) for one in signs.authors},
        "items": {str(one.target) for one in signs.items},
        "described": {str(one.target) for one in signs.describedBy},
        "types": {str(one.target) for one in signs.types},
        "licence": str(signs.license.target) if signs.license else None,
        "cite": str(signs.citeAs.target) if signs.citeAs else None,
    }


def test_the_header_the_page_and_both_link_sets_say_the_same(house):
    url = f"{house.url}/works/{house.open}"
    header = signposting.find_signposting_http(url)
    said = relations(header)
    assert said["cite"] == url
    assert len(said["items"]) == 2 and len(said["authors"]) == 1
    assert "https://schema.org/AboutPage" in said["types"] and len(said["types"]) == 2
    assert relations(signposting.find_signposting_html(url)) == said
    assert {one.type for one in header.linksets} == {
        "application/linkset",
        "application/linkset+json",
    }
    for link in header.linksets:
        found = signposting.find_signposting_linkset(str(link.target))
        assert relations(found.for_context(url)) == said


def test_files_and_metadata_lead_back_to_the_page(house):
    url = f"{house.url}/works/{house.open}"
    signs = signposting.find_signposting_http(url)
    for link in signs.items:
        back = signposting.find_signposting_http(str(link.target))
        assert str(back.collection.target) == url
    for link in signs.describedBy:
        got = requests.get(str(link.target), timeout=10)
        assert got.headers["Content-Type"].split(";")[0] == link.type
        assert f'<{url}>; rel="describes"; type="text/html"' in got.headers["Link"]


def test_where_there_are_many_files_the_link_set_alone_is_named(house):
    url = f"{house.url}/works/{house.crowded}"
    signs = signposting.find_signposting_http(url)
    assert not list(signs.items) and len(list(signs.linksets)) == 2
    link = next(one for one in signs.linksets if one.type.endswith("json"))
    found = signposting.find_signposting_linkset(str(link.target)).for_context(url)
    assert len(list(found.items)) == 7


def got(house, accept, **headers):
    url = f"{house.url}/works/{house.open}"
    return requests.get(url, headers={"Accept": accept, **headers}, timeout=10)


@pytest.mark.parametrize(
    ("accept", "gives"),
    [
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/x-bibtex", "application/x-bibtex"),
        ("text/x-bibtex", "application/x-bibtex"),
        ("application/xml", "application/xml"),
        ("application/linkset+json", "application/linkset+json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("application/vnd.unknown, application/x-research-info-systems;q=0.2",
         "application/x-research-info-systems"),
        ("image/png, image/gif", "text/html"),
    ],
)  # fmt: skip
def test_programs_get_what_they_accept(house, accept, gives):
    answer = got(house, accept)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == gives
    assert "Accept" in answer.headers["Vary"]
    if gives != "text/html":
        assert answer.headers["Content-Location"].startswith(f"{house.url}/works/{house.open}.")
        again = got(house, accept, **{"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_one_kind_that_there_is_not_is_refused(house):
    assert got(house, "image/png").status_code == 406


def test_every_form_has_an_address_of_its_own(house):
    with house.app.app_context():
        endings = list(metadata_forms.known())
    for ending in endings:
        answer = requests.get(f"{house.url}/works/{house.open}.{ending}", timeout=10)
        if ending == "etdms.xml":  # for theses alone
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"


def test_of_a_withdrawn_work_there_is_a_tombstone_alone(house):
    url = f"{house.url}/works/{house.withdrawn}"
    assert requests.get(url, timeout=10).status_code == 410
    accept = {"Accept": "application/ld+json"}
    assert requests.get(url, headers=accept, timeout=10).status_code == 410
    assert requests.get(f"{url}/gone.pdf", timeout=10).status_code == 410
    assert requests.get(f"{url}.jsonld", timeout=10).status_code == 404
    assert "Link" not in requests.get(url, timeout=10).headers
