"""Correcting a published work by a form: a new version, nothing lost, nothing kept by accident."""

import shutil

import pytest
from sqlalchemy import select

from repository import archive as opening
from repository import catalogue
from repository.models.works import Work
from schemas.roles import Role
from schemas.vocabulary import State


@pytest.fixture
def archive(chosen, samples):
    """The demonstration's works."""
    shutil.copytree(samples, chosen.instance)
    with opening.opened(chosen) as made:
        yield made


@pytest.fixture
def published(archive):
    """The number of a published work with a file."""
    with archive.reading() as session:
        works = session.scalars(select(Work).where(Work.state == State.PUBLISHED).order_by(Work.id))
        return next(work.id for work in works if work.current_files)


@pytest.fixture
def cataloguer(enter, person):
    return enter(person(Role.CATALOGUER))


def work(archive, number):
    with archive.reading() as session:
        found = catalogue.get(session, number)
        return found.document, found.version, [one.access for one in found.current_files]


def form(browser, number):
    return browser.get(f"/staff/works/{number}")


def publish(browser, page, **typed):
    return browser.send(page, "/staff/works/", button=("do", "publish"), typed=typed)


def test_the_form_sent_as_it_is_changes_nothing_but_the_version(cataloguer, archive, published):
    document, version, access = work(archive, published)
    answer = publish(cataloguer, form(cataloguer, published), reason="Looked over")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/works/{published}")
    assert work(archive, published) == (document, version + 1, access)


def test_a_correction_is_a_version_with_its_reason(cataloguer, archive, published):
    page = form(cataloguer, published)
    answer = publish(
        cataloguer, page, reason="The title had a slip", **{"titles.0.text": "Оңдолгон аталыш"}
    )
    assert answer.status_code == 303
    document, _, _ = work(archive, published)
    assert document["titles"][0]["text"] == "Оңдолгон аталыш"
    shown = cataloguer.get(f"/works/{published}").text_content()
    assert "Оңдолгон аталыш" in shown and "The title had a slip" in shown


def test_access_to_a_file_is_corrected_too(cataloguer, archive, published):
    page = form(cataloguer, published)
    [name, *_] = page.xpath("//select[contains(@name, '.access')]/@name")
    publish(cataloguer, page, reason="Closed on request", **{name: "staff"})
    assert work(archive, published)[2][0] == "staff"


def test_without_a_reason_nothing_is_published(cataloguer, archive, published):
    before = work(archive, published)
    answer = publish(cataloguer, form(cataloguer, published), **{"titles.0.text": "Башка"})
    assert answer.status_code == 422
    page = cataloguer.read(answer)
    assert page.xpath("//textarea[@name='titles.0.text']")[0].text.strip() == "Башка"
    assert work(archive, published) == before


def test_what_is_not_right_is_said_at_its_field(cataloguer, archive, published):
    before = work(archive, published)
    answer = publish(
        cataloguer,
        form(cataloguer, published),
        reason="x",
        **{"titles.0.text": "", "issued": "кеч"},
    )
    assert answer.status_code == 422
    page = cataloguer.read(answer)
    assert page.xpath("//div[contains(@class, 'wrong')]//input[@name='issued']")
    assert work(archive, published) == before


def test_rows_come_and_go_without_publishing(cataloguer, archive, published):
    before = work(archive, published)
    page = form(cataloguer, published)
    answer = cataloguer.send(
        page, "/staff/works/", button=("add", "titles"), typed={"titles.0.text": "Башка"}
    )
    assert answer.status_code == 200
    page = cataloguer.read(answer)
    assert len(page.xpath("//textarea[starts-with(@name, 'titles.')]")) == (
        len(before[0]["titles"]) + 1
    )
    assert page.xpath("//textarea[@name='titles.0.text']")[0].text.strip() == "Башка"
    assert work(archive, published) == before


def test_of_two_who_correct_at_once_the_second_sees_both(cataloguer, archive, published):
    first, second = form(cataloguer, published), form(cataloguer, published)
    publish(cataloguer, first, reason="one", **{"titles.0.text": "Биринчи"})
    answer = publish(cataloguer, second, reason="two", **{"titles.0.text": "Экинчи"})
    assert answer.status_code == 409
    page = cataloguer.read(answer)
    table = page.xpath("//table[contains(@class, 'compare')]")[0].text_content()
    assert "Биринчи" in table and "Экинчи" in table
    assert publish(cataloguer, page).status_code == 303
    assert work(archive, published)[0]["titles"][0]["text"] == "Экинчи"


def test_what_is_not_published_is_not_corrected_here(cataloguer, archive, person):
    author = person(Role.DEPOSITOR)
    with archive.writing() as session:
        number = catalogue.draft(session, {}, actor=author).id
    assert cataloguer.client.get(f"/staff/works/{number}").status_code == 409


@pytest.mark.parametrize("role", [Role.DEPOSITOR, Role.DIRECTOR])
def test_only_cataloguers_correct(enter, person, published, role):
    assert enter(person(role)).client.get(f"/staff/works/{published}").status_code == 403
