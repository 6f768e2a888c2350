"""Browsing: what is public is found by plain links, in the order of the alphabet."""

import re
import shutil

import pytest

from repository import archive as opening
from repository import catalogue, paging, publishing
from repository.viewers import SYSTEM
from schemas import vocabulary


@pytest.fixture
def archive(chosen, samples):
    """The archive with the demonstration works."""
    shutil.copytree(samples, chosen.instance)
    with opening.opened(chosen) as made:
        yield made


PAGES = (
    "/", "/about", "/help", "/browse", "/browse/year", "/browse/author", "/browse/subject",
    "/browse/type", "/browse/title", "/browse/language", "/browse/new", "/browse/udc",
    "/browse/bbk", "/browse/grnti", "/browse/udc/5", "/periodicals", "/collections",
    "/search", "/search?q=тил", "/gallery",
)  # fmt: skip


def test_every_page_opens_in_every_language(client, archive):
    for path in PAGES:
        for language in ("ky", "ru", "en"):
            joint = "&" if "?" in path else "?"
            answer = client.get(f"{path}{joint}lang={language}")
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in answer.get_data(as_text=True)


def test_every_public_work_is_at_most_three_links_from_home(client, archive):
    seen, frontier = set(), {"/"}
    for _ in range(3):
        found = set()
        for path in frontier - seen:
            seen.add(path)
            if re.match(r"/works/\d+", path):
                continue
            page = client.get(path).get_data(as_text=True)
            links = re.findall(r'href="(/[^"?#]*(?:\?[^"#]*)?)"', page)
            found |= {link.replace("&amp;", "&") for link in links if "lang=" not in link}
        frontier = {one for one in found if one.startswith(("/browse", "/collections", "/works"))}
    works = {one for one in seen | frontier if re.fullmatch(r"/works/\d+", one)}
    with archive.reading() as session:
        from_database = session.connection().exec_driver_sql(
            "SELECT id FROM works WHERE state = 'published'"
        )
        assert works == {f"/works/{row.id}" for row in from_database}


def test_authors_stand_in_the_order_of_the_kyrgyz_alphabet(client, archive):
    page = client.get("/browse/author?lang=ky").get_data(as_text=True)
    letters = re.findall(r'[?&]letter=([^"&]+)"', page)
    assert letters


def test_a_collection_lists_the_works_of_those_below_it(client, archive):
    page = client.get("/collections/faculties").get_data(as_text=True)
    assert re.search(r'href="/works/\d+"', page)
    assert client.get("/collections/nothing").status_code == 404


def test_the_pages_of_a_long_list_follow_one_another_without_gaps(client, archive, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 3)
    made = []
    for number in range(8):
        with archive.writing() as session:
            document = {
                "type": vocabulary.TYPES["report"].uri,
                "titles": [{"text": f"Отчёт {number % 3}"}],
                "issued": "1911",
            }
            one = catalogue.draft(session, document, actor=SYSTEM).id
        publishing.publish(archive, one, actor=SYSTEM)
        made.append(one)
    found, path = [], "/browse/year?value=1911"
    while path:
        page = client.get(path).get_data(as_text=True)
        main = page[page.index("<main") :]
        found += re.findall(r'href="/works/(\d+)"', main)
        more = re.search(r'href="(/browse/year\?[^"]*after=[^"]*)"', main)
        path = more[1].replace("&amp;", "&") if more else None
    assert sorted(map(int, found)) == sorted(made)


def test_a_mark_that_is_not_ours_begins_the_list_anew(client, archive):
    for after in ("x", "bm9wZQ", "W10", "%00", "WyJhIiwgImIiXQ"):
        assert client.get(f"/collections/faculties?after={after}").status_code == 200
