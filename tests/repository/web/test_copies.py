"""Readers ask for what is not open; one press of a button gives it, for a time."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from repository import catalogue, copies, publishing
from repository.clock import now
from repository.models.accounts import Letter
from repository.models.copies import CopyRequest
from repository.models.works import Event, Work
from repository.rights import Rights
from repository.viewers import SYSTEM
from schemas import vocabulary
from schemas.roles import Role
from schemas.vocabulary import Access, Scan

TEXT = b"What is not open.\n" * 20
READER = {"name": "Асел", "email": "asel@example.org", "purpose": "For my thesis."}


@pytest.fixture
def author(person):
    return person(Role.DEPOSITOR)


@pytest.fixture
def publish(archive, author):
    """Publishes a work with one file; its number and the file's."""

    def make(rights=Rights(Access.CLOSED), owner=author):
        document = {
            "type": vocabulary.TYPES["article"].uri,
            "titles": [{"text": "Көлдөр", "language": "ky", "kind": "main"}],
            "creators": [{"kind": "person", "family": "Асанов", "role": "aut"}],
            "issued": "2024",
            "languages": ["ky"],
            "licence": "in-copyright",
        }
        with archive.writing() as session:
            work = catalogue.draft(session, document, actor=owner)
            (archive.settings.staging / "one").write_bytes(TEXT)
            file = catalogue.attach(
                session,
                work,
                name="текст.txt",
                size=len(TEXT),
                sha512=hashlib.sha512(TEXT).hexdigest(),
                media_type="text/plain",
                staged="one",
                **vars(rights),
            )
            found = work.id, file.id
        publishing.publish(archive, found[0], actor=SYSTEM)
        return found

    return make


def press(client, path, **typed):
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
    return client.post(path, data={"csrf_token": token, **typed})


def link(archive, template, to=None):
    """The path in the newest letter of a kind."""
    with archive.reading() as session:
        query = select(Letter).where(Letter.template == template).order_by(Letter.id.desc())
        letter = session.scalars(query).first()
    assert letter is not None, template
    assert to is None or letter.recipient == to
    return letter.context["url"].removeprefix("http://localhost")


def asked(archive, client, number, file, **typed):
    """A stranger's request, with the address proved; the path of the author's answer."""
    answer = press(client, f"/works/{number}/ask/{file}", **{**READER, **typed})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert press(client, link(archive, "copy_confirm")).status_code == 303
    return link(archive, "copy_asked")


def test_a_stranger_asks_the_author_gives_and_the_copy_ends(archive, app, author, publish):
    number, file = publish()
    client = app.test_client()
    assert f"/works/{number}/ask/{file}" in client.get(f"/works/{number}").get_data(as_text=True)
    reply = asked(archive, client, number, file)
    assert client.get(reply).status_code == 200
    assert press(client, reply, answer="yes", words="Good luck").status_code == 303
    copy = link(archive, "copy_sent", READER["email"])
    assert "текст.txt" in client.get(copy).get_data(as_text=True)
    for _time in range(copies.TIMES):
        taken = press(client, copy)
        assert taken.data == TEXT
        assert taken.headers["Content-Disposition"].startswith("attachment")
        assert taken.headers["Cache-Control"] == "private, no-store"
    assert client.get(copy).status_code == 410
    with archive.reading() as session:
        kinds = session.scalars(select(Event.kind).where(Event.work_id == number)).all()
    assert kinds.count("copy given") == 1 and kinds.count("copy taken") == copies.TIMES


def test_nobody_is_written_to_before_the_address_is_proved(archive, app, publish):
    number, file = publish()
    client = app.test_client()
    press(client, f"/works/{number}/ask/{file}", **READER)
    proof = link(archive, "copy_confirm", READER["email"])
    client.get(proof)  # a mail program looks
    with archive.reading() as session:
        templates = session.scalars(select(Letter.template)).all()
    assert "copy_asked" not in templates
    press(client, proof)
    client.post(proof)
    with archive.reading() as session:
        templates = session.scalars(select(Letter.template)).all()
    assert templates.count("copy_asked") == 1


def test_who_has_signed_in_with_the_address_needs_no_proof(archive, enter, person, publish):
    number, file = publish()
    reader = enter(person(Role.READER, email="asel@example.org"))
    press(reader.client, f"/works/{number}/ask/{file}", **READER)
    assert link(archive, "copy_asked")


def test_a_refusal_is_told_with_its_words(archive, app, publish):
    number, file = publish()
    reply = asked(archive, app.test_client(), number, file)
    press(app.test_client(), reply, answer="no", words="Not before the defence.")
    link(archive, "copy_declined", READER["email"])
    with archive.reading() as session:
        assert session.scalars(select(CopyRequest.state)).all() == ["declined"]


def test_without_an_author_the_staff_answers_and_may_end_it(archive, app, enter, person, publish):
    chief = enter(person(Role.CATALOGUER))
    number, file = publish(owner=SYSTEM)
    asked(archive, app.test_client(), number, file)
    page = chief.get("/staff/copies")
    assert "Асел" in page.text_content()
    where = page.xpath("//a[contains(@href, '/account/copies/')]/@href")[0]
    press(chief.client, where, answer="yes")
    copy = link(archive, "copy_sent")
    assert app.test_client().get(copy).status_code == 200
    press(chief.client, where, revoke="1")
    assert app.test_client().get(copy).status_code == 410


def test_only_the_asked_author_and_the_staff_answer_on_the_site(
    archive, app, enter, author, person, publish
):
    number, file = publish()
    asked(archive, app.test_client(), number, file)
    assert "Көлдөр" in enter(author).get("/account/copies").text_content()
    assert enter(author).client.get("/account/copies/1").status_code == 200
    other = enter(person(Role.DEPOSITOR, email="other@example.org"))
    assert other.client.get("/account/copies/1").status_code == 404
    assert "Көлдөр" not in other.get("/account/copies").text_content()


@pytest.mark.parametrize("change", ["withdrawn", "infected", "expired"])
def test_a_copy_ends_with_the_file_or_its_time(archive, app, publish, change):
    number, file = publish()
    client = app.test_client()
    press(client, asked(archive, client, number, file), answer="yes")
    copy = link(archive, "copy_sent")
    if change == "withdrawn":
        publishing.withdraw(archive, number, actor=SYSTEM, kind="other", reason="-")
    with archive.writing() as session:
        if change == "infected":
            session.get_one(Work, number).current_files[0].scan = Scan.INFECTED
        elif change == "expired":
            session.get_one(CopyRequest, 1).expires = now() - timedelta(minutes=1)
    assert client.get(copy).status_code == 410


@pytest.mark.parametrize("typed", [{"email": "nobody"}, {"name": ""}, {"purpose": " "}])
def test_what_is_missing_is_said_and_nothing_is_lost(app, publish, typed):
    number, file = publish()
    answer = press(app.test_client(), f"/works/{number}/ask/{file}", **{**READER, **typed})
    assert answer.status_code == 422
    kept = next(value for key, value in READER.items() if key not in typed)
    assert kept in answer.get_data(as_text=True)


def test_what_is_open_is_not_asked_for(app, enter, publish):
    number, file = publish(Rights())
    assert app.test_client().get(f"/works/{number}/ask/{file}").status_code == 409
    number, file = publish(Rights(Access.REGISTERED))
    assert app.test_client().get(f"/works/{number}/ask/{file}").status_code == 409
    assert app.test_client().get("/works/99/ask/1").status_code == 404


def test_one_address_does_not_ask_twice_nor_too_often(archive, app, publish):
    number, file = publish()
    client = app.test_client()
    asked(archive, client, number, file)
    again = press(client, f"/works/{number}/ask/{file}", **READER)
    assert again.status_code == 422
    statuses = [
        press(
            client, f"/works/{number}/ask/{file}", **{**READER, "email": f"a{n}@example.org"}
        ).status_code
        for n in range(40)
    ]
    assert statuses[0] == 303 and statuses[-1] == 429


def test_what_an_author_does_not_hear_goes_to_the_staff_and_old_requests_are_forgotten(
    archive, app, person, publish
):
    chief = person(Role.CATALOGUER)
    number, file = publish()
    asked(archive, app.test_client(), number, file)
    with archive.writing() as session:
        session.get_one(CopyRequest, 1).asked = now() - timedelta(days=8)
    assert copies.sweep(archive) == 1
    link(archive, "copy_asked", chief.email)
    with archive.writing() as session:
        session.get_one(CopyRequest, 1).asked = now() - timedelta(days=400)
    copies.sweep(archive)
    with archive.reading() as session:
        assert session.scalars(select(CopyRequest)).all() == []


def test_links_that_nobody_was_sent_lead_nowhere(app):
    for path in ("/copies/x", "/copies/answer/x", "/copies/confirm/x"):
        assert app.test_client().get(path).status_code == 404
