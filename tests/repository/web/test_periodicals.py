"""Journals and series: titles, issues, contents, and the ways to them from the work."""

import re

import pytest
from sqlalchemy import update

from repository import catalogue, periodicals, publishing
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas import vocabulary


def publish(archive, title, kind="article", year="2024", **more):
    document = {
        "type": vocabulary.TYPES[kind].uri,
        "titles": [{"text": title, "language": "ky", "kind": "main"}],
        "creators": [{"kind": "person", "role": "aut", "family": "Асанов", "given": "Үсөн"}],
        "issued": year,
        "languages": ["ky"],
        "licence": "cc-by-4.0",
        **more,
    }
    with archive.writing() as session:
        number = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def journal(volume, issue, pages, title="КУУнун жарчысы", **more):
    place = {"volume": volume, "issue": issue, "pages": pages}
    return {"host": {"kind": "journal", "title": title, **place, **more}}


def works_on(page):
    main = page[page.index("<main") : page.index("</main>")]
    return [int(one) for one in re.findall(r'href="/works/(\d+)"', main)]


def get(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert len(answer.data) < 51_200
    return answer.get_data(as_text=True)


def test_an_issue_lists_its_articles_as_its_pages_follow(archive, client):
    third = publish(archive, "Аалам", **journal("2", "10", "101-110", issn=["1694-7711"]))
    first = publish(archive, "Өмүр", **journal("2", "10", "5-9", issn=["1694-7711"]))
    second = publish(archive, "Жер", **journal("2", "10", "33", issn=["1694-7711"]))
    publish(archive, "Суу", **journal("2", "9", "1-4", issn=["1694-7711"]))
    page = get(client, "/periodicals/1694-7711/2024-2-10?lang=en")
    assert works_on(page) == [first, second, third]
    assert "Volume 2, No. 10 (2024)" in page
    assert 'href="/periodicals/1694-7711/2024-2-9"' in page
    journal_page = get(client, "/periodicals/1694-7711?lang=en")
    parts = re.findall(r'href="/periodicals/1694-7711/([^"]+)"', journal_page)
    assert parts == ["2024-2-10", "2024-2-9"]
    assert "ISSN" in journal_page and "4 works" in journal_page


def test_the_work_leads_to_its_issue_and_the_list_to_the_journal(archive, client):
    number = publish(archive, "Суу", **journal("2", "9", "1-4", issn=["1694-7711"]))
    assert 'href="/periodicals/1694-7711/2024-2-9"' in get(client, f"/works/{number}")
    assert 'href="/periodicals/1694-7711"' in get(client, "/periodicals?letter=К")
    assert 'class="letters"' in get(client, "/periodicals")


def test_the_address_of_a_title_leads_on_once_its_number_is_known(archive, client):
    publish(archive, "Суу", **journal("2", "9", "1-4"))
    listed = get(client, "/periodicals")
    (old,) = set(re.findall(r'href="(/periodicals/[^"?]+)"', listed))
    publish(archive, "Жер", **journal("2", "9", "5", issn=["1694-7711"]))
    for address in (old, f"{old}/2024-2-9"):
        answer = client.get(address)
        assert answer.status_code == 301
        assert answer.headers["Location"] == address.replace(old, "/periodicals/1694-7711")
    assert len(works_on(get(client, "/periodicals/1694-7711/2024-2-9"))) == 2


def test_a_whole_issue_stands_before_its_articles(archive, client):
    article = publish(archive, "Суу", **journal("2", "9", "1-4", issn=["1694-7711"]))
    own = publish(archive, "9-чыгарылыш", "periodical-issue",
                  **journal("2", "9", "", issn=["1694-7711"]))  # fmt: skip
    assert works_on(get(client, "/periodicals/1694-7711/2024-2-9")) == [own, article]


def test_a_series_goes_by_its_numbers(archive, client):
    books = {
        number: publish(archive, f"Китеп {number}", "monograph",
                        series=[{"title": "Эл адабияты", "number": number}])
        for number in ("10", "2", "1")
    }  # fmt: skip
    with archive.reading() as session:
        key = periodicals.listed(session).entries[0].value
    page = get(client, f"/periodicals/{key}")
    assert works_on(page) == [books["1"], books["2"], books["10"]]
    assert f'href="/periodicals/{key}"' in get(client, f"/works/{books['2']}")


def test_long_lists_go_on_from_page_to_page(archive, client, monkeypatch):
    monkeypatch.setattr(periodicals, "ISSUES", 2)
    monkeypatch.setattr(periodicals, "CONTENTS", 2)
    for number in range(1, 6):
        publish(archive, f"Иш {number}", **journal("1", "1", str(number), issn=["1694-7711"]))
        publish(archive, f"Макала {number}", **journal("2", str(number), "1", issn=["1694-7711"]))
    for begin, wanted in (("", 6), ("/2024-1-1", 5)):
        path, found = f"/periodicals/1694-7711{begin}", []
        while path:
            page = get(client, path)
            found += works_on(page) if begin else re.findall(r'711/([^"?]+)">', page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            path = more[1].replace("&amp;", "&") if more else None
        assert len(found) == len(set(found)) == wanted


@pytest.mark.parametrize("state", ["waiting", "withdrawn"])
def test_what_is_not_public_makes_no_periodical(archive, client, state):
    number = publish(archive, "Суу", **journal("2", "9", "1-4", issn=["1694-7711"]))
    with archive.writing() as session:
        session.execute(update(Work).where(Work.id == number).values(state=state))
    assert "1694-7711" not in get(client, "/periodicals")
    for path in ("/periodicals/1694-7711", "/periodicals/1694-7711/2024-2-9"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/periodicals/%00", "/periodicals/1694-7711/x", "/periodicals/'"])
def test_addresses_of_nothing_are_not_found(archive, client, path):
    publish(archive, "Суу", **journal("2", "9", "1-4", issn=["1694-7711"]))
    assert client.get(path).status_code == 404


def test_titles_that_markup_could_break_are_shown_as_they_are(archive, client):
    publish(archive, "Суу", **journal("<b>", '"1"', "x", title="<script>alert(1)</script> 'Тоо'"))
    page = get(client, "/periodicals")
    (path,) = set(re.findall(r'href="(/periodicals/[^"?]+)"', page))
    assert "<script>alert" not in page + get(client, path)
    (issue,) = set(re.findall(rf'href="({path}/[^"?]+)"', get(client, path)))
    assert "<b>" not in get(client, issue)
