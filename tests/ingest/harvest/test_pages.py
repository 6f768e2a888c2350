"""What staff do and see at /staff/sources."""

import pytest

from ingest.harvest import following, running, sources
from repository import elsewhere
from schemas.roles import Role

GIVEN = {"name": "Улуттук китепкана", "slug": "national", "every": "24", "pause": "0"}


@pytest.fixture
def browser(enter, person):
    return enter(person(Role.CATALOGUER))


def work(archive):
    """What the worker does."""
    while following.follow(archive) + elsewhere.follow(archive):
        pass


def text(page):
    return " ".join(page.text_content().split())


def test_a_library_is_added_looked_at_harvested_and_taken_out(torture, archive, browser):
    page = browser.get("/staff/sources")
    assert "No library yet" in text(page)
    typed = {**GIVEN, "base_url": torture.url + "?verb=Identify"}
    answer = browser.send(browser.get("/staff/sources/new"), "/new", typed=typed)
    assert answer.location == "/staff/sources/national"
    assert torture.asked == []

    page = browser.get("/staff/sources/national")
    browser.send(page, "/do", ("do", "try"))
    assert "We are looking" in text(browser.get("/staff/sources/national"))
    work(archive)
    page = browser.get("/staff/sources/national")
    assert "What we saw when we looked" in text(page)
    assert "Эмгек 1" in text(page)
    assert "Works in the search" not in text(page) or "0" in text(page)

    browser.send(page, "/do", ("do", "harvest"))
    assert "waits for its turn" in text(browser.get("/staff/sources"))
    work(archive)
    page = browser.get("/staff/sources/national")
    assert "new: 10" in text(page)
    assert "Without a fault" in text(browser.get("/staff/sources"))

    removing = page.xpath("//button[@value='remove']/ancestor::form")[0]
    fields = {**dict(removing.form_values()), "do": "remove"}
    browser.client.post(removing.action, data=fields)
    work(archive)
    assert "No library yet" in text(browser.get("/staff/sources"))


def test_faults_are_shown_with_their_count_and_an_example(torture, archive, browser, union):
    torture.faults = {"odd_dates"}
    union.add(torture.url, slug="national")
    union.run("national")
    shown = text(browser.get("/staff/sources/national"))
    assert "Records with datestamps that are no dates: 10" in shown
    assert "oai:torture.example.org:10: 01.01.2024 00:10" in shown
    assert "Kinds of faults: 1" in text(browser.get("/staff/sources"))


def test_a_harvest_under_way_shows_how_far_it_is(torture, archive, browser, union):
    source = union.add(torture.url, slug="national")
    with archive.writing() as session:
        sources.harvest(sources.get(session, "national"))
    running.step(archive, source.id)
    running.step(archive, source.id)
    page = browser.get("/staff/sources/national")
    (bar,) = page.xpath("//progress")
    assert (bar.get("value"), bar.get("max")) == ("6", "10")
    assert page.xpath("//meta[@http-equiv='refresh']")


def test_a_problem_is_said_in_the_readers_language(torture, archive, browser, union):
    torture.faults = {"off"}
    union.add(torture.url, slug="national")
    union.run("national")
    assert "The server answered 500." in text(browser.get("/staff/sources/national"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "repository.example.org"),
        ("base_url", "file:///etc/passwd"),
        ("base_url", "https://user:secret@example.org/oai"),
        ("slug", "Ош университети"),
        ("slug", "here"),
        ("name", ""),
        ("pause", "fast"),
        ("every", "-1"),
        ("prefix", "a b"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(browser, field, value):
    typed = {**GIVEN, "base_url": "https://repository.example.org/oai", field: value}
    page = browser.get("/staff/sources/new")
    for options in page.xpath("//select[@name='prefix' or @name='every']"):
        if field == options.name:
            page = browser.get("/staff/sources/new")
    token = browser.token()
    answer = browser.client.post("/staff/sources/new", data={**typed, "csrf_token": token})
    assert answer.status_code == 422
    page = browser.read(answer)
    assert page.xpath(f"//*[@id='e-{field}']")
    kept = page.xpath("//input[@name='name']/@value")
    assert kept == ([GIVEN["name"]] if field != "name" else [])


def test_the_same_short_name_is_not_given_twice(browser, union, torture):
    union.add(torture.url, slug="national")
    typed = {**GIVEN, "base_url": torture.url, "csrf_token": browser.token()}
    answer = browser.client.post("/staff/sources/new", data=typed)
    assert "is taken" in answer.get_data(as_text=True)


def test_settings_are_changed_and_wrong_ones_refused(browser, union, torture, archive):
    union.add(torture.url, slug="national")
    page = browser.get("/staff/sources/national/settings")
    answer = browser.send(page, "settings", typed={"name": "Жаңы ат", "every": "168"})
    assert answer.status_code == 303
    with archive.reading() as session:
        source = sources.get(session, "national")
        assert (source.name, source.every) == ("Жаңы ат", 168)
    page = browser.get("/staff/sources/national/settings")
    answer = browser.send(page, "settings", typed={"base_url": "x"})
    assert answer.status_code == 422
    assert browser.read(answer).xpath("//*[@id='e-base_url']")


def test_a_harvest_can_be_stopped_and_goes_on_where_it_was(browser, union, torture, archive):
    source = union.add(torture.url, slug="national")
    with archive.writing() as session:
        sources.harvest(sources.get(session, "national"))
    running.step(archive, source.id)
    browser.send(browser.get("/staff/sources/national"), "/do", ("do", "stop"))
    assert following.follow(archive) == 0
    union.run("national")
    assert len(torture.lists()) == 4


def test_there_is_no_page_of_a_source_that_is_not_there(browser):
    assert browser.client.get("/staff/sources/nobody").status_code == 404


def test_only_cataloguers_come_in(enter, person, client):
    assert client.get("/staff/sources").status_code == 302
    assert enter(person(Role.DEPOSITOR)).client.get("/staff/sources").status_code == 403
