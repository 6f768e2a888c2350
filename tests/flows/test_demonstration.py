"""What a newcomer sees after `make run`: works that are found, shown, guarded and harvested."""

import re

import pytest
from sqlalchemy import select

from ingest import demonstration
from repository.models.works import Work


@pytest.fixture
def numbers(archive, settle):
    """The numbers of the demonstration works by their title's first words."""
    demonstration.load(archive)
    settle()
    with archive.reading() as session:
        return {work.title: work.id for work in session.scalars(select(Work))}


def of(numbers, start):
    return next(number for title, number in numbers.items() if title.startswith(start))


FOUND = {
    "сүзмө илинген": "Жайлоо лексикасы",
    '"sealed-envelope rule"': "Late-summer flow of the upper Naryn, 1990",
    '"спросить дважды"': "Распознавание",
    "жылкы кунан": "Жайлоо лексикасы",
    '"эң эски эсептөөчү машина"': "Информатиканын",
    "precipitation_mm": "Monthly water balance",
    "дом задержал дыхание": "Юрта",
}
HIDDEN = ('"реку переходят до петухов"', '"жалган түтүн"', '"if the form had asked me less"')


def test_works_are_found_by_their_inside_shown_guarded_and_harvested(archive, numbers, client):
    for query, title in FOUND.items():
        found = client.get("/search", query_string={"q": query}).text
        assert f"/works/{of(numbers, title)}" in found, query
    for query in HIDDEN:
        found = client.get("/search", query_string={"q": query}).text
        assert not re.search(r'href="/works/\d+', found), query

    withdrawn = of(numbers, "Late-summer flow of the upper Naryn: a first look")
    for title, number in numbers.items():
        page = client.get(f"/works/{number}", query_string={"lang": "en"})
        assert page.status_code == (410 if number == withdrawn else 200), title
    assert "keep only the published article" in client.get(f"/works/{withdrawn}?lang=en").text

    answers = {
        "Жайлоо": 200,
        "Торговые пути Внутреннего Тянь-Шаня в XIX веке: авт": 200,
        "Why people deposit": 403,  # an embargo: signing in would not help
        "Шаар абасынын": 302,  # to the sign-in page
    }
    for title, status in answers.items():
        number = of(numbers, title)
        with archive.reading() as session:
            name = session.get(Work, number).files[0].name
        assert client.get(f"/works/{number}/{name}").status_code == status, title

    records = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    assert records.count("<record>") == len(numbers)
    assert records.count('status="deleted"') == 1
    assert "Жайлоо лексикасы" in records
