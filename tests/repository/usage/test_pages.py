"""What readers see of the figures, and what spreadsheets get."""

import csv
import io
from datetime import timedelta

import pytest
from lxml import html

from repository import collections
from repository.clock import now
from repository.models.usage import UsageDay
from repository.models.works import Work
from repository.usage import figures
from schemas.roles import Role


@pytest.fixture
def use(archive):
    """Adds use of a work on a day so many days ago."""

    def add(number, ago=0, country="KG", views=10, downloads=4, free=True):
        with archive.writing() as session:
            session.add(
                UsageDay(
                    work_id=number,
                    day=now().date() - timedelta(days=ago),
                    free=free,
                    country=country,
                    investigations=views,
                    unique_investigations=views - 1,
                    requests=downloads,
                    unique_requests=downloads - 1,
                )
            )

    return add


def rows(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def test_before_anybody_has_read_anything_the_page_says_so(client):
    page = client.get("/statistics?lang=en").get_data(as_text=True)
    assert "Nothing has been counted yet" in page and "COUNTER 5.1" in page


def test_the_archive_shows_months_works_and_countries(client, publish, use):
    first, second = publish("Тоо тили"), publish("Ат")
    use(first), use(first, 70, "US"), use(second, downloads=9)
    page = html.document_fromstring(client.get("/statistics?lang=en").get_data(as_text=True))
    assert page.xpath("//ol[@class='most']/li/a[1]/text()") == ["Ат", "Тоо тили"]
    assert page.xpath("//th[@scope='row']/text()") == ["Kyrgyzstan", "United States"]
    assert len(page.xpath("//figure//g")) == len(page.xpath("//table[@class='months']/tbody/tr"))
    assert "30" in page.xpath("//dl[@class='sums figures']//dd/text()")
    table = rows(client.get("/statistics.csv"))
    assert table[0][0] == "month" and table[-1] == [f"{now():%Y-%m}", "20", "18", "13", "11"]


def test_a_work_says_how_much_it_is_read(client, publish, use):
    number = publish()
    assert "/usage" not in client.get(f"/works/{number}").get_data(as_text=True)
    use(number)
    page = client.get(f"/works/{number}?lang=en").get_data(as_text=True)
    assert f'href="/works/{number}/usage"' in page and "10 views, 4 downloads" in page
    page = client.get(f"/works/{number}/usage?lang=en").get_data(as_text=True)
    assert "Тоо тили" in page and "Kyrgyzstan" not in page
    assert rows(client.get(f"/works/{number}/usage.csv"))[1][1:] == ["10", "9", "4", "3"]


def test_a_file_that_is_called_like_the_page_keeps_its_address(client, publish):
    number = publish(name="usage")
    assert client.get(f"/works/{number}/usage").data.startswith(b"%PDF")


def test_a_collection_sums_the_works_of_those_below_it(client, archive, publish, use):
    number, other = publish("Тоо тили"), publish("Ат")
    with archive.writing() as session:
        above = collections.add(session, "above", names={"en": "Above"})
        below = collections.add(session, "below", names={"en": "Below"}, parent=above)
        session.get_one(Work, number).collections = [below]
    use(number), use(other)
    for slug in ("above", "below"):
        assert rows(client.get(f"/collections/{slug}/usage.csv"))[1][1] == "10"
        assert client.get(f"/collections/{slug}/usage").status_code == 200
    assert client.get("/collections/nothing/usage").status_code == 404
    assert client.get("/people/1/usage").status_code == 404


def test_what_is_not_public_has_no_figures(client, archive, enter, person, publish, use):
    number = publish()
    use(number)
    with archive.writing() as session:
        session.get_one(Work, number).state = "draft"
    assert client.get(f"/works/{number}/usage").status_code == 404
    staff = enter(person(Role.CATALOGUER)).client
    assert staff.get(f"/works/{number}/usage").status_code == 404
    assert "Тоо тили" not in client.get("/statistics").get_data(as_text=True)


def test_home_names_what_is_much_read_and_nothing_else(client, archive, publish, use):
    first, second, old = publish("Тоо тили"), publish("Ат"), publish("Эски")
    use(first, downloads=3), use(second, downloads=8), use(old, 40)
    with archive.reading() as session:
        assert figures.most_read(session, 30, 5) == [second, first]
        assert figures.most_read(session, 90, 1) == [second]
    page = html.document_fromstring(client.get("/?lang=en").get_data(as_text=True))
    listed = page.xpath("//section[@aria-labelledby='read']//li/a/text()")
    assert listed == ["Ат", "Тоо тили", "Statistics"]


def test_months_without_readers_are_shown_as_such(archive, publish, use):
    number = publish()
    use(number), use(number, 100)
    with archive.reading() as session:
        found = figures.months(session)
    assert 4 <= len(found) <= 5 and found[1].figures == figures.Figures()
    assert found == sorted(found)
