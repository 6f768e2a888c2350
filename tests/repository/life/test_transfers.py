"""Works go over to other collections and other owners, and everybody who should hears of it."""

import pytest

from repository import catalogue
from repository.viewers import SYSTEM
from schemas.roles import Role


def records(client, spec):
    address = f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set={spec}"
    return client.get(address).get_data(as_text=True)


def post(browser, page, **typed):
    """Sends the form that does something, not the one that only asks for another page."""
    form = page.xpath("//form[@method='post' and contains(@action, '/transfers/')]")[0]
    form.set("id", "doing")
    return browser.send(page, "doing", typed=typed)


def test_works_are_moved_and_harvesters_hear_that_they_left(
    enter, chief, publish, work, client, settle, archive, whole
):
    numbers = [publish(slugs=["old", "both"]), publish(slugs=["old"]), publish(slugs=["old"])]
    publish(slugs=["new"])
    settle()
    staff = enter(chief)
    page = staff.get("/staff/transfers/collections?from=old")
    [target] = page.xpath("//select[@name='to']/option[normalize-space()='new']/@value")
    some = [str(one) for one in numbers[:2]]
    answer = post(staff, page, works=some, to=target, reason="Жаңы кафедра")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert [[one.slug for one in work(n).collections] for n in numbers] == [
        ["both", "new"], ["new"], ["old"]
    ]  # fmt: skip
    settle()
    left = records(client, "old")
    assert left.count('status="deleted"') == 2
    assert f"oai:localhost:{numbers[0]}<" in records(client, "new")
    with archive.reading() as session:
        last = catalogue.events(session, work(numbers[0]))[-1]
    assert last.kind == "moved" and "old → new" in last.comment
    assert work(numbers[0]).versions[-1].public == 1
    whole()


def test_what_is_missing_is_said(enter, chief, publish):
    publish(slugs=["old"])
    staff = enter(chief)
    page = staff.get("/staff/transfers/collections?from=old")
    assert post(staff, page, works=[]).status_code == 422


@pytest.fixture
def heir(person):
    return person(Role.DEPOSITOR, email="heir@example.org")


def test_all_works_of_somebody_who_leaves_are_handed_over(
    enter, chief, author, heir, publish, archive, work
):
    numbers = [publish(actor=author), publish(actor=author)]
    with archive.writing() as session:
        numbers.append(catalogue.draft(session, {}, actor=author).id)
    other = publish(actor=SYSTEM)
    staff = enter(chief)
    page = staff.get("/staff/transfers/owners?from=author@example.org")
    assert "Author has 3 works." in page.text_content()
    wrong = post(staff, page, to="nobody@example.org", reason="Left")
    assert wrong.status_code == 422
    answer = post(staff, page, to="heir@example.org", reason="Left")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert {work(one).owner_id for one in numbers} == {heir.id}
    assert work(other).owner_id is None
    assert enter(heir).client.get(f"/deposit/{numbers[2]}").status_code == 200
    assert enter(author).client.get(f"/deposit/{numbers[2]}").status_code == 404
    with archive.reading() as session:
        assert catalogue.events(session, work(numbers[0]))[-1].kind == "handed over"


def test_a_reader_cannot_be_given_works(enter, chief, author, person, publish):
    publish(actor=author)
    person(Role.READER, email="reader@example.org")
    staff = enter(chief)
    page = staff.get("/staff/transfers/owners?from=author@example.org")
    answer = post(staff, page, to="reader@example.org", reason="Left")
    assert answer.status_code == 422 and "cannot deposit" in answer.get_data(as_text=True)
