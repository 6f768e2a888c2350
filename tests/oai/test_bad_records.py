"""The staff's list of bad records: by work and reason, with a way to mend and to try again."""

import pytest

from repository.models.feed import FeedFailure
from schemas.roles import Role


@pytest.fixture
def staff(enter, person):
    return enter(person(Role.CATALOGUER))


def test_without_bad_records_the_page_says_so(staff):
    assert "No bad records" in staff.get("/staff/bad-records").text_content()


def test_a_bad_record_is_named_with_its_reason_and_does_not_break_a_list(
    staff, catalogue, settled, harvest
):
    good, bad = catalogue.many(2)
    catalogue.change(bad, document={"titles": [{"text": "Бузук"}], "creators": 7})
    settled()
    titles = harvest.titles()
    assert len(titles) == 2
    assert "Бузук" in titles.values()
    page = staff.get("/staff/bad-records")
    (row,) = page.xpath("//li[@class='result']")
    assert row.xpath(".//h2/a/@href") == [f"/works/{bad}"]
    assert "oai_dc" in row.text_content()
    assert "Authors: " in row.text_content()
    assert "Error" in row.text_content()
    assert f"/works/{good}" not in page.xpath("//main//a/@href")


def test_where_the_description_keeps_the_rules_the_program_is_to_blame(staff, archive, catalogue):
    number = catalogue.publish("Манас")
    with archive.writing() as session:
        session.add(FeedFailure(work_id=number, prefix="mods", reason="KeyError: 'x'"))
    (row,) = staff.get("/staff/bad-records").xpath("//li[@class='result']")
    assert "The description keeps all rules" in row.text_content()
    assert "mods: KeyError" in row.text_content()


def test_the_form_that_mends_it_opens_whatever_is_broken(staff, catalogue):
    number = catalogue.publish("Манас")
    for broken in ({"creators": 7}, {"issued": [2024]}, {"keywords": ["x"]}, {"thesis": 1}):
        catalogue.change(number, document={"titles": [{"text": "Бузук"}], **broken})
        assert staff.client.get(f"/staff/works/{number}").status_code == 200


def test_what_was_mended_leaves_the_list_when_it_is_tried_again(staff, archive, catalogue, settled):
    number = catalogue.publish("Манас")
    catalogue.change(number, document={"titles": [{"text": "Бузук"}], "creators": 7})
    settled()
    page = staff.get("/staff/bad-records")
    assert staff.send(page, f"bad-records/{number}").status_code == 303
    settled()
    catalogue.revise(number, "Оңдолду")
    settled()
    assert "No bad records" in staff.get("/staff/bad-records").text_content()


def test_a_work_that_is_not_there_is_not_found(staff):
    answer = staff.client.post("/staff/bad-records/77", data={"csrf_token": staff.token()})
    assert answer.status_code == 404
