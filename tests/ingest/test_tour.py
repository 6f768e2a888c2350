"""A guided tour of the deposit: switched on, said on each step, over when one has enough."""

import pytest

from ingest import steps, tour
from repository import catalogue
from schemas.roles import Role


@pytest.fixture
def author(person, enter):
    return enter(person(Role.DEPOSITOR))


@pytest.fixture
def number(archive, author):
    with archive.writing() as session:
        return catalogue.draft(session, {}, actor=author.viewer).id


def text(page):
    return " ".join(page.xpath("//main")[0].text_content().split())


def test_each_step_says_what_to_do_once_somebody_asks(author, number):
    assert "Guided tour" not in text(author.get(f"/deposit/{number}/about"))
    answer = author.send(author.get("/deposit"), "/deposit/tour", ("do", "begin"))
    assert answer.location == "/deposit"
    assert "you can practise with any file" in text(author.get("/deposit"))
    for at, key in enumerate(steps.STEPS, 1):
        page = text(author.get(f"/deposit/{number}/{key}"))
        assert f"Guided tour, {at} of {len(steps.STEPS)}" in page
        assert all(one in page for one in tour.SAYS[key])


def test_who_has_enough_ends_it_and_stays_on_the_step(author, number):
    author.send(author.get("/deposit"), "/deposit/tour", ("do", "begin"))
    page = author.get(f"/deposit/{number}/rights")
    answer = author.send(page, "/deposit/tour", ("do", "end"))
    assert answer.location == f"/deposit/{number}/rights"
    assert "Guided tour" not in text(author.get(f"/deposit/{number}/rights"))


def test_it_leads_to_no_other_site(author):
    token = author.token()
    given = {"csrf_token": token, "next": "https://example.com/"}
    assert author.client.post("/deposit/tour", data=given).location == "/deposit"
