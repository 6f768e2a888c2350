"""Works accepted for a later day: hidden until it has passed, then published by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from repository import catalogue, hiding
from repository.clock import now
from repository.models.accounts import Letter
from schemas.roles import Role
from schemas.vocabulary import State

FIT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Тоолордун мөңгүлөрү", "kind": "main", "language": "ky"}],
    "creators": [{"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}
AGREEMENT = {"version": "1", "language": "ky", "text": "-", "moment": "2026-01-01T00:00:00+00:00"}
TODAY = now().date()
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def author(person, enter):
    return enter(person(Role.DEPOSITOR, email="aigul@example.org", language="en"))


@pytest.fixture
def staff(person, enter):
    return enter(person(Role.CATALOGUER, email="gulnara@example.org"))


@pytest.fixture
def number(archive, author):
    with archive.writing() as session:
        work = catalogue.draft(session, FIT, actor=author.viewer)
        catalogue.submit(session, work, actor=author.viewer, agreement=AGREEMENT)
        return work.id


def press(browser, page, form, do, **typed):
    return browser.send(page, form, ("do", do), typed)


def accept(staff, number):
    staff.send(staff.get(f"/review/{number}"), f"/review/{number}/claim")
    page = staff.get(f"/review/{number}")
    return press(staff, page, "review", "accept", hidden_until=str(LATER))


def state(archive, number):
    with archive.reading() as session:
        return catalogue.get(session, number).state


def pass_days(archive, number):
    """Lets the day lie in the past."""
    with archive.writing() as session:
        catalogue.get(session, number).hidden_until = TODAY - timedelta(days=1)


def text(page):
    return " ".join(page.xpath("//main")[0].text_content().split())


def records(client):
    return client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").get_data(as_text=True)


def test_nobody_outside_hears_of_it_until_the_day_has_passed(
    app, archive, author, staff, number, settle
):
    assert accept(staff, number).status_code == 303
    assert state(archive, number) == State.WAITING
    settle()
    outside = app.test_client()
    assert outside.get(f"/works/{number}").status_code == 404
    assert "мөңгүлөрү" not in records(outside)
    assert "It is hidden until" in text(author.get(f"/deposit/{number}"))
    assert "hidden until" in text(staff.get("/review"))
    assert hiding.end(archive) == 0
    pass_days(archive, number)
    assert hiding.end(archive) == 1
    settle()
    assert outside.get(f"/works/{number}").status_code == 200
    with archive.reading() as session:
        told = session.scalars(select(Letter.template).order_by(Letter.id)).all()
        work = catalogue.get(session, number)
        kinds = [one.kind for one in catalogue.events(session, work)]
        assert work.published.date() == TODAY
    assert told[-2:] == ["deposit_held", "deposit_accepted"]
    assert kinds[-2:] == ["held", "published"]
    assert hiding.end(archive) == 0


def test_the_library_may_publish_it_before_its_day(archive, staff, number):
    accept(staff, number)
    answer = staff.send(staff.get(f"/deposit/{number}"), f"/review/{number}/unveil")
    assert answer.location.endswith(f"/works/{number}")
    assert state(archive, number) == State.PUBLISHED


def test_it_may_go_back_into_the_review_and_be_hidden_no_more(archive, staff, number):
    accept(staff, number)
    answer = staff.send(staff.get(f"/deposit/{number}"), f"/review/{number}/reopen")
    assert answer.location.endswith(f"/review/{number}")
    assert state(archive, number) == State.SUBMITTED
    press(staff, staff.get(f"/review/{number}"), "review", "accept", hidden_until="")
    assert state(archive, number) == State.PUBLISHED


def test_its_author_can_neither_publish_nor_change_it(archive, author, staff, number):
    accept(staff, number)
    assert "unveil" not in author.client.get(f"/deposit/{number}").get_data(as_text=True)
    token = author.get(f"/deposit/{number}").xpath("//input[@name='csrf_token']/@value")[0]
    for step in ("unveil", "reopen"):
        answer = author.client.post(f"/review/{number}/{step}", data={"csrf_token": token})
        assert answer.status_code in (403, 404)
    assert state(archive, number) == State.WAITING


def test_a_day_that_has_passed_is_refused_and_nothing_is_accepted(archive, staff, number):
    staff.send(staff.get(f"/review/{number}"), f"/review/{number}/claim")
    page = staff.get(f"/review/{number}")
    answer = press(staff, page, "review", "accept", hidden_until="2020-01-01")
    assert answer.status_code == 422
    assert "This day has passed already." in answer.get_data(as_text=True)
    assert state(archive, number) == State.SUBMITTED


def test_the_depositor_asks_for_it_in_the_form(archive, author, staff):
    with archive.writing() as session:
        number = catalogue.draft(session, FIT, actor=author.viewer).id
    page = author.get(f"/deposit/{number}/rights")
    author.send(page, f"/deposit/{number}/rights", typed={"hidden_until": str(LATER)})
    with archive.reading() as session:
        assert catalogue.get(session, number).hidden_until == LATER


def test_a_work_that_cannot_be_published_waits_on_and_the_others_go(archive, author, staff, number):
    accept(staff, number)
    with archive.writing() as session:
        other = catalogue.draft(session, {"titles": FIT["titles"]}, actor=author.viewer)
        other.state, other.hidden_until = State.WAITING, TODAY
        unfit = other.id
    for one in (unfit, number):
        pass_days(archive, one)
    assert hiding.end(archive) == 1
    assert state(archive, unfit) == State.WAITING
    assert state(archive, number) == State.PUBLISHED
