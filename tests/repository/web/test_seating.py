"""Seats of the reading rooms: opened with a code, on campus while open, closed when idle."""

import hashlib
from datetime import timedelta

import pytest

from repository import catalogue, publishing, seats
from repository.clock import now
from repository.models.terminals import Terminal
from repository.viewers import SYSTEM
from schemas.roles import Role
from schemas.vocabulary import Access

DOCUMENT = {
    "type": "http://purl.org/coar/resource_type/c_6501",
    "titles": [{"text": "Мөңгүлөр", "language": "ky", "kind": "main"}],
    "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
    "issued": "2024",
    "languages": ["ky"],
    "licence": "cc-by-4.0",
}


@pytest.fixture
def seat(archive):
    """Makes a seat; its code."""

    def make(name="Hall 2, seat 5", network=""):
        with archive.writing() as session:
            return seats.add(session, name=name, network=network, actor=SYSTEM)

    return make


def form(client, path="/seat"):
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def open_(client, code):
    return client.post("/seat", data={"csrf_token": form(client), "code": code})


def sits(client):
    return "Reading room:" in client.get("/?lang=en").get_data(as_text=True)


def test_a_code_opens_the_seat_and_the_button_closes_it(client, seat, archive):
    code = seat()
    assert not sits(client)
    answer = open_(client, f" {code.lower().replace('-', ' ')} ")
    assert answer.status_code == 303
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("seat="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and code not in cookie
    assert sits(client)
    page = client.get("/?lang=en")
    assert page.headers["Refresh"] == "905; url=/seat"
    assert "private" in page.headers["Cache-Control"]
    with archive.reading() as session:
        (kept,) = seats.everything(session)
        assert code not in (kept.code, kept.token) and len(kept.code) == 64
    client.post("/seat/leave", data={"csrf_token": form(client)})
    assert not sits(client)
    assert "Refresh" not in client.get("/").headers


def test_what_is_for_the_campus_is_read_at_a_seat(app, client, seat, archive):
    with archive.writing() as session:
        work = catalogue.draft(session, DOCUMENT, actor=SYSTEM)
        (archive.settings.staging / "staged").write_bytes(b"text")
        catalogue.attach(
            session,
            work,
            name="a.txt",
            size=4,
            sha512=hashlib.sha512(b"text").hexdigest(),
            media_type="text/plain",
            staged="staged",
            access=Access.CAMPUS,
        )
        number = work.id
    publishing.publish(archive, number, actor=SYSTEM)
    path = f"/works/{number}/a.txt"
    assert client.get(path).status_code == 403
    open_(client, seat())
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, b"text")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert app.test_client().get(path).status_code == 403
    client.post("/seat/leave", data={"csrf_token": form(client)})
    assert client.get(path).status_code == 403


def test_a_wrong_code_opens_nothing_and_guessing_has_to_wait(client, seat):
    seat()
    states = [open_(client, "AAAA-AAAA-AAAA").status_code for _ in range(8)]
    assert states[0] == 422 and states[-1] == 429
    assert not sits(client)


def test_a_seat_is_bound_to_its_network(app, seat):
    code = seat(network="10.1.2.3/16")
    outside = app.test_client()
    assert open_(outside, code).status_code == 422
    inside = app.test_client()
    inside.environ_base["REMOTE_ADDR"] = "10.1.9.9"
    assert open_(inside, code).status_code == 303
    assert sits(inside)
    inside.environ_base["REMOTE_ADDR"] = "10.2.9.9"
    assert not sits(inside)


def test_whoever_leaves_without_a_word_is_signed_out(client, archive, seat, person, enter):
    reader = enter(person(Role.DEPOSITOR)).client
    open_(reader, seat())
    # Opening the seat ends the session of whoever was signed in there before.
    assert reader.get("/account").status_code == 302
    reader = enter(person(Role.READER)).client
    with archive.writing() as session:
        (kept,) = seats.everything(session)
        code = seats.renew(session, kept, actor=SYSTEM)
        token = seats.open_(session, code, address="127.0.0.1")
    reader.set_cookie("seat", token)
    assert reader.get("/account").status_code == 200
    with archive.writing() as session:
        session.get_one(Terminal, kept.id).seen = now() - timedelta(minutes=14)
    assert reader.get("/account").status_code == 200
    with archive.reading() as session:
        assert now() - session.get_one(Terminal, kept.id).seen < timedelta(minutes=1)
    with archive.writing() as session:
        session.get_one(Terminal, kept.id).seen = now() - timedelta(minutes=16)
    session_cookie = reader.get_cookie("session-id").value
    assert reader.get("/account").status_code == 302
    assert reader.get_cookie("session-id") is None and reader.get_cookie("seat") is None
    reader.set_cookie("session-id", session_cookie)
    assert reader.get("/account").status_code == 302
    with archive.reading() as session:
        assert session.get_one(Terminal, kept.id).token is None


@pytest.mark.parametrize("do", ["code", "off", "delete"])
def test_staff_close_a_seat_from_the_list(app, client, archive, seat, person, enter, do):
    code = seat()
    open_(client, code)
    assert sits(client)
    staff = enter(person(Role.CATALOGUER))
    if do == "delete":
        staff.send(staff.get("/staff/seats"), "/staff/seats/1", ("do", "off"))
    answer = staff.send(staff.get("/staff/seats"), "/staff/seats/1", ("do", do))
    assert answer.status_code == (200 if do == "code" else 303)
    assert not sits(client)
    assert open_(app.test_client(), code).status_code == 422


def test_staff_make_a_seat_and_see_its_code_once(app, archive, person, enter):
    staff = enter(person(Role.CATALOGUER))
    typed = {"name": "Hall 1", "network": "10.1.2.3/16"}
    answer = staff.send(staff.get("/staff/seats"), "add-seat", typed=typed)
    page = staff.read(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    (code,) = page.xpath("//*[@role='status']//p[@class='figures']/text()")
    assert code not in staff.get("/staff/seats").text_content()
    with archive.reading() as session:
        (kept,) = seats.everything(session)
    assert (kept.name, kept.network) == ("Hall 1", "10.1.0.0/16")
    inside = app.test_client()
    inside.environ_base["REMOTE_ADDR"] = "10.1.0.7"
    assert open_(inside, code).status_code == 303
    for typed in ({"name": "Hall 1"}, {"name": " "}, {"name": "x", "network": "hall"}):
        answer = staff.send(staff.get("/staff/seats"), "add-seat", typed=typed)
        assert answer.status_code == 422
    assert enter(person(Role.DEPOSITOR)).client.get("/staff/seats").status_code == 403
