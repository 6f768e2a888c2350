"""Staff choose works, see what would change, have it done, take it back; a spreadsheet as well."""

import csv
import io
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from repository import batches, catalogue, publishing
from repository.models.works import Work
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role


@pytest.fixture
def numbers(archive):
    made = []
    for title in ("Манас", "Семетей"):
        document = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": title, "language": "ky", "kind": "main"}],
            "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
            "publishers": [{"name": "Илим", "place": "Фрунзе"}],
            "issued": "1986",
            "languages": ["ky"],
            "licence": "in-copyright",
        }
        with archive.writing() as session:
            made.append(catalogue.draft(session, document, actor=SYSTEM).id)
        publishing.publish(archive, made[-1], actor=SYSTEM)
    return made


@pytest.fixture
def chief(enter, person):
    return enter(person(Role.CATALOGUER))


def places(archive):
    with archive.reading() as session:
        found = session.scalars(select(Work).order_by(Work.id)).all()
        return [one.document["publishers"][0]["place"] for one in found]


def text(page):
    return " ".join(page.text_content().split())


def followed(archive):
    while batches.follow(archive):
        pass


def test_from_the_choice_to_taking_it_back(archive, chief, numbers):
    chosen = {"since": "1980", "type": "article"}
    page = chief.get(f"/staff/batches/new?{urlencode(chosen)}")
    assert "2 works" in text(page) and "Манас" in text(page)
    assert page.xpath(f"//a[@href='/works/{numbers[0]}']")
    page = chief.get(f"/staff/batches/new?{urlencode({**chosen, 'deed': 'replace'})}")
    typed = {"where": "places", "find": "Фрунзе", "put": "Бишкек", "reason": "new name"}
    answer = chief.send(page, "plan", typed=typed)
    shown = chief.get(answer.headers["Location"])
    assert "Фрунзе" in text(shown) and "Бишкек" in text(shown)
    assert places(archive) == ["Фрунзе", "Фрунзе"]
    chief.send(shown, "/start")
    moving = chief.get(answer.headers["Location"])
    assert moving.xpath("//meta[@http-equiv='refresh']") and moving.xpath("//progress")
    followed(archive)
    assert places(archive) == ["Бишкек", "Бишкек"]
    shown = chief.get(answer.headers["Location"])
    chief.send(shown, "/undo")
    followed(archive)
    assert places(archive) == ["Фрунзе", "Фрунзе"]
    assert "Taken back" in text(chief.get("/staff/batches"))


@pytest.mark.parametrize(
    "deed",
    ["replace", "set", "set-type", "set-licence", "add-keywords", "classify", "join", "grant"],
)
def test_each_deed_has_a_form_that_says_what_it_lacks(chief, numbers, deed):
    page = chief.get(f"/staff/batches/new?numbers=1-9&deed={deed}")
    answer = chief.send(page, "plan")
    assert answer.status_code == 422
    back = chief.read(answer)
    assert back.xpath("//form[@id='plan']") and back.xpath("//*[@role='alert']//a")


def test_what_was_typed_comes_back_when_something_is_missing(chief, numbers):
    page = chief.get("/staff/batches/new?numbers=1-9&deed=replace")
    back = chief.read(chief.send(page, "plan", typed={"where": "titles", "find": "Манас"}))
    assert back.xpath("//input[@name='find']/@value") == ["Манас"]
    assert back.xpath("//select[@name='where']/option[@selected]/@value") == ["titles"]


def test_a_plan_is_thrown_away(chief, numbers):
    page = chief.get("/staff/batches/new?numbers=1&deed=set-licence")
    answer = chief.send(page, "plan", typed={"licence": "cc0-1.0", "reason": "-"})
    shown = chief.get(answer.headers["Location"])
    chief.send(shown, "/drop")
    assert "Nothing yet" in text(chief.get("/staff/batches"))


def test_a_wrong_choice_is_said_at_its_field(chief):
    answer = chief.client.get("/staff/batches/new?numbers=old")
    assert answer.status_code == 422
    assert "Numbers" in text(chief.read(answer).xpath("//*[@role='alert']")[0])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_works_are_taken_as_a_spreadsheet(chief, numbers, ending):
    answer = chief.client.get(f"/staff/batches/sheet/works.{ending}?numbers=1-9")
    assert answer.status_code == 200
    assert f".{ending}" in answer.headers["Content-Disposition"]


def test_a_corrected_spreadsheet_shows_what_would_change(archive, chief, numbers):
    data = chief.client.get("/staff/batches/sheet/works.csv?numbers=1-9").get_data()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    at = next(n for n, head in enumerate(rows[0]) if "[place]" in head)
    rows[1][at] = "Бишкек"
    rows[2][rows[0].index("Kind of work [type]")] = "poem"
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    page = chief.get("/staff/batches/sheet")
    sent = (io.BytesIO(made.getvalue().encode()), "works.csv")
    answer = chief.send(page, "/sheet", typed={"file": sent, "reason": "corrected"})
    assert answer.status_code == 303
    shown = chief.get(answer.headers["Location"])
    assert "“poem” is not one of the choices." in text(shown)
    assert "Бишкек" in text(shown)
    chief.send(shown, "/start")
    followed(archive)
    assert places(archive) == ["Бишкек", "Фрунзе"]


def test_without_a_file_or_with_another_it_is_said(chief):
    page = chief.get("/staff/batches/sheet")
    assert chief.send(page, "/sheet", typed={"reason": "-"}).status_code == 422
    sent = (io.BytesIO(b"PK\x03\x04"), "a.xlsx")
    answer = chief.send(page, "/sheet", typed={"file": sent, "reason": "-"})
    assert answer.status_code == 422
    assert "not a spreadsheet" in text(chief.read(answer))


def test_readers_and_depositors_stay_out(enter, person):
    for role in (Role.DEPOSITOR, Role.ACQUISITIONS):
        assert enter(person(role)).client.get("/staff/batches").status_code == 403
