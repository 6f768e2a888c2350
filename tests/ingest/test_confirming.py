"""Authors are asked by letter, and one press of a button answers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ingest import confirming
from repository import catalogue, throttle
from repository.clock import now
from repository.models.accounts import Letter
from repository.models.confirmations import Confirmation, Reply
from repository.models.trust import Notice
from repository.models.works import Event, Work
from schemas import vocabulary
from schemas.roles import Role

DOCUMENT = {
    "type": vocabulary.TYPES["article"].uri,
    "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
    "creators": [
        {"kind": "person", "family": "Асанов", "given": "Бакыт", "role": "aut"},
        {"kind": "person", "family": "Осмонова", "given": "Айгүл", "role": "aut"},
    ],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}
SOMEBODY = {"name": "Айгүл Осмонова", "email": "aigul@example.org", "language": "ru"}


@pytest.fixture
def librarian(enter, person):
    return enter(person(Role.CATALOGUER))


@pytest.fixture
def number(archive, librarian):
    with archive.writing() as session:
        return catalogue.draft(session, DOCUMENT, actor=librarian.viewer).id


def asked(archive, browser, number, **typed):
    """Asks somebody through the page; the link of the letter."""
    page = browser.get(f"/deposit/{number}/authors")
    answer = browser.send(page, "/authors", typed={**SOMEBODY, **typed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with archive.reading() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert (letter.recipient, letter.language) == ({**SOMEBODY, **typed}["email"], "ru")
    return re.sub("^http://localhost", "", letter.context["url"])


def text(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.get_data(as_text=True)).split())


def press(client, path, **typed):
    page = client.get(path).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post(path, data={"csrf_token": token, **typed})


def test_a_co_author_says_yes_and_who_asked_is_told(archive, app, librarian, number):
    link = asked(archive, librarian, number)
    stranger = app.test_client()
    shown = stranger.get(link + "?lang=en")
    assert "Are you an author of this work?" in text(shown) and "Көлдөр" in text(shown)
    with archive.reading() as session:  # looking has changed nothing
        assert session.scalars(select(Confirmation.reply)).all() == [Reply.ASKED]
    assert press(stranger, link, answer="yes").status_code == 303
    assert "your answer was yes" in text(stranger.get(link))
    assert "Confirmed" in text(librarian.client.get(f"/deposit/{number}/authors"))
    with archive.reading() as session:
        kinds = session.scalars(select(Event.kind).where(Event.work_id == number)).all()
        assert kinds[-2:] == ["asked authorship", "authorship confirmed"]
        assert session.scalars(select(Notice.kind)).all() == ["confirm_answered"]


def test_who_says_no_may_say_why_and_does_not_answer_twice(archive, app, librarian, number):
    link = asked(archive, librarian, number)
    client = app.test_client()
    press(client, link, answer="no", comment="I only read it.")
    token = press(librarian.client, f"/deposit/{number}/authors", **SOMEBODY)
    assert token.status_code == 303  # may be asked once more after a no
    client.post(link, data={"answer": "yes"})
    with archive.reading() as session:
        first = session.scalars(select(Confirmation).order_by(Confirmation.id)).first()
    assert (first.reply, first.comment) == (Reply.DECLINED, "I only read it.")


def test_a_professor_agrees_and_the_work_is_sent_in_as_theirs(
    archive, app, person, librarian, number
):
    professor = person(Role.DEPOSITOR, email="aigul@example.org")
    link = asked(archive, librarian, number, purpose="deposit")
    client = app.test_client()
    assert press(client, link, answer="yes").status_code == 422  # the terms were not ticked
    with archive.reading() as session:
        assert session.get_one(Work, number).state == "draft"
    done = press(client, link, answer="yes", agreement="1", agreement_language="ky")
    assert done.status_code == 303
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert (work.state, work.owner_id) == ("submitted", professor.id)
        assert work.agreement["language"] == "ky" and work.agreement["by"] == "Айгүл Осмонова"


def test_without_an_account_the_library_keeps_the_work_for_the_author(
    archive, app, librarian, number
):
    link = asked(archive, librarian, number, purpose="deposit")
    press(app.test_client(), link, answer="yes", agreement="1", agreement_language="ru")
    with archive.reading() as session:
        work = session.get_one(Work, number)
        assert (work.state, work.owner_id) == ("submitted", librarian.viewer.id)


def test_what_is_not_ready_is_not_sent_to_anybody(archive, librarian):
    with archive.writing() as session:
        number = catalogue.draft(session, {}, actor=librarian.viewer).id
    page = librarian.get(f"/deposit/{number}/authors")
    answer = librarian.send(page, "/authors", typed={**SOMEBODY, "purpose": "deposit"})
    assert answer.status_code == 422
    with archive.reading() as session:
        assert session.scalars(select(Letter)).all() == []


def test_the_same_person_is_not_written_to_again_at_once(archive, librarian, number):
    asked(archive, librarian, number)
    page = librarian.get(f"/deposit/{number}/authors")
    answer = librarian.send(page, "/authors", typed=SOMEBODY)
    assert answer.status_code == 422 and "less than a day ago" in text(answer)
    for wrong in ({"email": "nobody"}, {"name": ""}):
        answer = librarian.send(page, "/authors", typed={**SOMEBODY, **wrong})
        assert answer.status_code == 422


def test_an_old_or_unknown_link_says_so(archive, app, librarian, number):
    link = asked(archive, librarian, number)
    with archive.writing() as session:
        session.scalars(select(Confirmation)).one().expires = now() - timedelta(days=1)
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().get("/confirm/nothing").status_code == 404


def test_links_cannot_be_tried_out(app):
    client = app.test_client()
    free = throttle.RULES["link"]["address"].free
    statuses = [client.get(f"/confirm/{n}").status_code for n in range(free + 3)]
    assert statuses[:3] == [404] * 3 and statuses[-1] == 429


def test_only_people_are_asked():
    work = Work(
        document={"creators": [{"kind": "organisation", "name": "X"}, DOCUMENT["creators"][0]]}
    )
    assert confirming.people(work) == ["Бакыт Асанов"]


def test_a_stranger_does_not_see_who_was_asked(enter, person, number):
    stranger = enter(person(Role.DEPOSITOR, email="other@example.org"))
    assert stranger.client.get(f"/deposit/{number}/authors").status_code == 404


def test_who_has_confirmed_sees_the_work_and_may_write_but_not_change_it(
    archive, app, librarian, number, person, enter
):
    link = asked(archive, librarian, number)
    author = enter(person(Role.DEPOSITOR, email=SOMEBODY["email"]))
    assert author.client.get(f"/deposit/{number}").status_code == 404
    press(app.test_client(), link, answer="yes")
    assert "Көлдөр" in text(author.client.get(f"/deposit/{number}"))
    assert "Көлдөр" in text(author.client.get("/deposit"))
    assert author.client.get(f"/deposit/{number}/about").location.endswith(f"/deposit/{number}")
    page = author.get(f"/deposit/{number}")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = author.client.post(f"/deposit/{number}/discard", data={"csrf_token": token})
    assert answer.status_code in (403, 404)
    with archive.reading() as session:
        assert catalogue.get(session, number).state == "draft"


def test_who_has_declined_sees_nothing(archive, app, librarian, number, person, enter):
    link = asked(archive, librarian, number)
    author = enter(person(Role.DEPOSITOR, email=SOMEBODY["email"]))
    press(app.test_client(), link, answer="no")
    assert author.client.get(f"/deposit/{number}").status_code == 404
