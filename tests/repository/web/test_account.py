"""Registering, signing in and out, forgetting: over the whole application."""

import email
import re
from dataclasses import replace
from email import policy

import pytest
from sqlalchemy import func, select

from repository import accounts, mail, sessions, throttle
from repository.errors import Conflict, Forbidden
from repository.models.accounts import Account, Attempt, SignIn
from repository.web.lists import safe_next
from schemas.roles import Role

PASSWORD = "a long enough password"
OTHER = "another fine sentence"


def post(client, path, **form):
    """Sends a form with its token, as a browser does."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return client.post(path, data={"csrf_token": found[1] if found else "", **form})


def letters(archive):
    """The letters that the worker has written into the folder, oldest first."""
    mail.deliver(archive)
    paths = sorted(archive.settings.mail_folder.glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def link(letter) -> str:
    return re.search(r"http://localhost(/\S+)", letter.get_content())[1]


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_from_registering_to_a_new_password(client, archive):
    answer = post(
        client, "/account/register", name="Айгүл", email="Aigul@Example.org", password=PASSWORD
    )
    assert answer.status_code == 200
    assert (
        post(client, "/account/sign-in", email="aigul@example.org", password=PASSWORD).status_code
        == 403
    ), "the address is not confirmed yet"
    address = link(letters(archive)[-1])
    assert client.get(address).status_code == 200, "looking at the link does not use it up"
    assert post(client, address).status_code == 303
    assert client.post(address).status_code in (400, 404)
    answer = post(client, "/account/sign-in", email="aigul@example.org", password=PASSWORD)
    assert answer.status_code == 303
    assert signed_in(client)

    post(client, "/account/forgot", email="aigul@example.org")
    address = link(letters(archive)[-1])
    assert post(client, address, password="short").status_code == 422
    assert post(client, address, password=OTHER).status_code == 303
    assert not signed_in(client), "a new password ends every session"
    assert client.get(address).status_code == 404
    assert (
        post(client, "/account/sign-in", email="aigul@example.org", password=PASSWORD).status_code
        == 403
    )
    post(client, "/account/sign-in", email="aigul@example.org", password=OTHER)
    assert signed_in(client)


@pytest.mark.parametrize(("language", "subject"), [("ky", "ky"), ("ru", "ru"), ("en", "en")])
def test_letters_are_in_the_language_of_the_account(client, archive, language, subject):
    page = client.get(f"/account/register?lang={language}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
    client.post(
        "/account/register",
        data={"csrf_token": token, "name": "А", "email": "a@example.org", "password": PASSWORD},
    )
    assert letters(archive)[-1]["Content-Language"] == subject


def test_nobody_learns_who_has_an_account(client, archive, person):
    person(email="known@example.org")
    wrong = [
        post(client, "/account/sign-in", email=address, password="not this one!")
        for address in ("known@example.org", "unknown@example.org")
    ]
    forgotten = [
        post(client, "/account/forgot", email=address)
        for address in ("known@example.org", "unknown@example.org")
    ]
    registered = [
        post(client, "/account/register", name="N", email=address, password=PASSWORD)
        for address in ("known@example.org", "unknown@example.org")
    ]
    for first, second in (wrong, forgotten, registered):
        assert first.status_code == second.status_code
        assert plain(first) == plain(second)
    assert letters(archive)[-2:], "the owner of a known address is told by mail"


def plain(answer) -> str:
    """A page without what differs in every answer."""
    text = answer.get_data(as_text=True)
    text = re.sub(r'value="[^"]*"', "", text)
    return text.replace("unknown@example.org", "X").replace("known@example.org", "X")


def test_failed_attempts_make_the_next_one_wait_but_lock_nobody_out(client, archive, person):
    person(email="a@example.org")
    for _ in range(5):
        answer = post(client, "/account/sign-in", email="a@example.org", password="wrong wrong")
    answer = post(client, "/account/sign-in", email="a@example.org", password=PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    with archive.writing() as session:
        for attempt in session.scalars(select(Attempt)):
            attempt.until = attempt.until - throttle.LONGEST
    answer = post(client, "/account/sign-in", email="a@example.org", password=PASSWORD)
    assert answer.status_code == 303


def test_signing_in_gives_a_new_session_and_the_cookie_is_safe(client, archive, person):
    person(email="a@example.org")
    tokens = []
    for _ in range(2):
        answer = post(client, "/account/sign-in", email="a@example.org", password=PASSWORD)
        cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "session-id" in one)
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        tokens.append(cookie.split(";")[0])
        post_out(client)
    assert tokens[0] != tokens[1]
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        stored = [one.token for one in session.scalars(select(SignIn))]
        assert not any(token.split("=")[1] in stored for token in tokens)


def post_out(client):
    page = client.get("/account").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post("/account/sign-out", data={"csrf_token": token})


def test_all_sessions_of_an_account_can_be_ended_at_once(app, archive, person):
    person(email="a@example.org")
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        post(browser, "/account/sign-in", email="a@example.org", password=PASSWORD)
        assert signed_in(browser)
    page = browsers[0].get("/account").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    browsers[0].post("/account/sign-out-everywhere", data={"csrf_token": token})
    assert not any(signed_in(browser) for browser in browsers)


def test_an_idle_session_ends(client, archive, person):
    person(email="a@example.org")
    post(client, "/account/sign-in", email="a@example.org", password=PASSWORD)
    with archive.writing() as session:
        for one in session.scalars(select(SignIn)):
            one.seen = one.seen - sessions.IDLE
    assert not signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "https:evil.example", "javascript:alert(1)", "data:text/html,x", " /x", "/x\n", "/\t/evil",
        "///evil", "/\\/evil", "http:/evil", "evil.example", "", "\x00/", "/a b", "/%0a\r\n",
        "ftp://evil", "\u2028/x",
    ],
)  # fmt: skip
def test_after_signing_in_nobody_is_sent_elsewhere(client, person, address):
    assert safe_next(address) is None
    person(email="a@example.org")
    answer = post(
        client, "/account/sign-in", email="a@example.org", password=PASSWORD, next=address
    )
    assert answer.headers["Location"] in ("/", "http://localhost/")


@pytest.mark.parametrize("address", ["/", "/works/7", "/search?q=a&year=2024", "/people/Ө"])
def test_after_signing_in_one_is_where_one_wanted_to_be(address):
    assert safe_next(address) == address


def test_a_page_for_accounts_leads_to_signing_in_and_back(client, person):
    answer = client.get("/account")
    assert answer.status_code == 302
    assert "next=/account" in answer.headers["Location"].replace("%2F", "/")


def test_registering_can_be_for_some_domains_or_for_nobody(app, client):
    held = app.extensions["archive"]
    app.extensions["archive"] = replace(
        held, settings=replace(held.settings, registration_domains=("university.example",))
    )
    answer = post(client, "/account/register", name="A", email="a@gmail.example", password=PASSWORD)
    assert answer.status_code == 422
    assert "university.example" in answer.get_data(as_text=True)
    app.extensions["archive"] = replace(
        held, settings=replace(held.settings, registration="closed")
    )
    assert client.get("/account/register").status_code == 403
    app.extensions["archive"] = held


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "a@example.org", "йцукен12345"]
)
def test_passwords_that_strangers_try_first_are_refused(client, password):
    answer = post(client, "/account/register", name="A", email="a@example.org", password=password)
    assert answer.status_code == 422


def test_only_an_administrator_gives_roles(archive, person):
    reader, staff = person(Role.READER), person(Role.CATALOGUER)
    chief = person(Role.ADMINISTRATOR)
    with archive.writing() as session:
        target = accounts.get(session, reader.email)
        for actor in (reader, staff):
            for role in Role:
                with pytest.raises(Forbidden):
                    accounts.grant(session, target, role, actor=actor)
        accounts.grant(session, target, Role.DIRECTOR, actor=chief)
        with pytest.raises(Conflict):
            accounts.revoke(
                session, accounts.get(session, chief.email), Role.ADMINISTRATOR, actor=chief
            )


def test_the_password_is_kept_as_argon2id(archive, person):
    person(email="a@example.org")
    with archive.reading() as session:
        stored = session.scalar(select(Account.password_hash))
    assert stored.startswith("$argon2id$")
