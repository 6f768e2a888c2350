"""Registering, confirming, signing in and out, forgetting: over the whole application."""

import email
import re
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from email import policy

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from repository import accounts, errands, mail
from repository.models.accounts import Account, AccountState, Attempt, Errand, Link, SignIn
from repository.viewers import SYSTEM
from repository.web.lists import safe_next
from schemas.roles import Role

PASSWORD = "a long enough password"
OTHER = "another fine sentence"
COOKIE = "session-id"


def token_of(client, path):
    """The token in the first form of a page; without a form there is none."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    return found[1] if found else ""


def post(client, path, page="", **form):
    """Sends a form with its token, as a browser does."""
    return client.post(path, data={"csrf_token": token_of(client, page or path), **form})


def letters(archive):
    """The letters that the worker has written into the folder, oldest first."""
    while errands.follow(archive) + mail.deliver(archive):
        pass
    paths = sorted(archive.settings.mail_folder.glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def link(letter) -> str:
    return re.search(r"http://localhost(/\S+token=\S+)", letter.get_content())[1]


def sign_in(client, address="a@example.org", password=PASSWORD, **more):
    return post(client, "/account/sign-in", email=address, password=password, **more)


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def register(client, address="aigul@example.org", password=PASSWORD, **more):
    return post(client, "/account/register", name="Айгүл", email=address, password=password, **more)


def pass_time(archive, **ago):
    with archive.writing() as session:
        for one in session.scalars(select(Attempt)):
            one.moment -= timedelta(**ago)
            one.until -= timedelta(**ago)


# The way of an account


def test_from_registering_to_a_new_password(client, archive):
    assert register(client, "Aigul@Example.org", next="/deposit").status_code == 200
    address = link(letters(archive)[-1])
    refused = sign_in(client, "aigul@example.org")
    assert refused.status_code == 403
    assert "/account/resend" in refused.get_data(as_text=True), "the way out is shown"
    for _ in range(3):
        assert client.get(address).status_code == 200, "looking at the link does not use it up"
    answer = post(client, address)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("next=/deposit")
    assert client.get(address).status_code == 404
    assert post(client, address, page="/account/sign-in").status_code == 404
    answer = sign_in(client, "AIGUL@example.org", next="/deposit")
    assert answer.status_code == 303 and answer.headers["Location"] == "/deposit"
    assert signed_in(client)

    assert post(client, "/account/forgot", email="aigul@example.org").status_code == 200
    address = link(letters(archive)[-1])
    assert post(client, address, password="short").status_code == 422
    assert client.get(address).status_code == 200, "a refused password does not use the link up"
    assert post(client, address, password=OTHER).status_code == 303
    assert not signed_in(client), "a new password ends every session"
    assert client.get(address).status_code == 404
    assert sign_in(client, "aigul@example.org").status_code == 403
    assert sign_in(client, "aigul@example.org", OTHER).status_code == 303
    assert signed_in(client)


def test_who_registers_becomes_a_depositor(client, archive):
    register(client)
    post(client, link(letters(archive)[-1]))
    with archive.reading() as session:
        assert accounts.viewer(accounts.get(session, "aigul@example.org")).roles == {Role.DEPOSITOR}


def test_in_another_browser_the_password_is_chosen_once_more(app, client, archive):
    """Else a stranger could register somebody's address and wait until its owner confirms it."""
    register(client, password="the strangers password")
    address = link(letters(archive)[-1])
    owner = app.test_client()
    assert 'name="password"' not in client.get(address).get_data(as_text=True)
    assert 'name="password"' in owner.get(address).get_data(as_text=True)
    assert post(owner, address).status_code == 422
    assert post(owner, address, password=PASSWORD).status_code == 303
    assert sign_in(client, "aigul@example.org", "the strangers password").status_code == 403
    assert sign_in(owner, "aigul@example.org", PASSWORD).status_code == 303


def test_a_later_registration_of_the_same_address_ends_the_link_of_the_first(app, client, archive):
    register(client)
    first = link(letters(archive)[-1])
    stranger = app.test_client()
    register(stranger, password="the strangers password")
    second = link(letters(archive)[-1])
    assert client.get(first).status_code == 404
    assert 'name="password"' in client.get(second).get_data(as_text=True)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_letters_are_in_the_language_in_which_one_registered(client, archive, language):
    client.get(f"/account/register?lang={language}")
    register(client)
    assert letters(archive)[-1]["Content-Language"] == language


def test_a_letter_of_confirmation_is_sent_once_more(client, archive):
    register(client)
    first = link(letters(archive)[-1])
    assert post(client, "/account/resend", email="aigul@example.org").status_code == 200
    second = link(letters(archive)[-1])
    assert client.get(first).status_code == 404 and client.get(second).status_code == 200


def test_a_forgotten_password_also_confirms_the_address(client, archive):
    register(client)
    post(client, "/account/forgot", email="aigul@example.org")
    post(client, link(letters(archive)[-1]), password=OTHER)
    assert sign_in(client, "aigul@example.org", OTHER).status_code == 303


def test_a_link_for_one_purpose_opens_no_other_door(client, archive, person):
    person(email="a@example.org")
    post(client, "/account/forgot", email="a@example.org")
    address = link(letters(archive)[-1])
    assert client.get(address.replace("/reset", "/confirm")).status_code == 404


def test_a_closed_account_stays_closed(client, archive, person):
    person(email="a@example.org")
    person(Role.ADMINISTRATOR)
    sign_in(client)
    post(client, "/account/forgot", email="a@example.org")
    address = link(letters(archive)[-1])
    with archive.writing() as session:
        accounts.disable(session, accounts.get(session, "a@example.org"), actor=SYSTEM)
    assert not signed_in(client)
    assert client.get(address).status_code == 404
    assert sign_in(client).status_code == 403
    post(client, "/account/forgot", email="a@example.org")
    post(client, "/account/register", name="A", email="a@example.org", password=OTHER)
    assert {one["Subject"] for one in letters(archive)[-2:]} == {"Your account is closed"}
    with archive.reading() as session:
        assert accounts.get(session, "a@example.org").state == AccountState.DISABLED


def test_hashes_with_old_parameters_are_renewed_on_signing_in(client, archive, person):
    person(email="a@example.org")
    weak = "$argon2id$v=19$m=8192,t=1,p=1$"
    with archive.writing() as session:
        account = accounts.get(session, "a@example.org")
        account.password_hash = PasswordHasher(1, 8192, 1).hash(PASSWORD)
        assert account.password_hash.startswith(weak)
    assert sign_in(client).status_code == 303
    with archive.reading() as session:
        assert not session.scalars(select(Account)).one().password_hash.startswith(weak)


# What strangers learn


def plain(answer) -> str:
    """A page without what differs in every answer."""
    text = answer.get_data(as_text=True)
    text = re.sub(r'value="[^"]*"', "", text)
    text = re.sub(r"request=\w+|<code>\w+</code>", "", text)
    return re.sub(r"(un)?known(@|%40)example.org", "X", text)


@pytest.mark.parametrize("state", list(AccountState))
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/sign-in", {"password": "not this one!"}),
        ("/account/forgot", {}),
        ("/account/resend", {}),
        ("/account/register", {"name": "N", "password": PASSWORD}),
    ],
)
def test_no_answer_tells_whether_there_is_an_account(app, archive, path, form, state):
    with archive.writing() as session:
        accounts.create(session, email="known@example.org", name="K", password=PASSWORD)
        accounts.get(session, "known@example.org").state = state
    known = post(app.test_client(), path, email="known@example.org", **form)
    unknown = post(app.test_client(), path, email="unknown@example.org", **form)
    assert known.status_code == unknown.status_code
    assert plain(known) == plain(unknown)
    assert dict(known.headers).keys() == dict(unknown.headers).keys()


@pytest.mark.parametrize("path", ["/account/forgot", "/account/resend", "/account/register"])
def test_a_page_does_the_same_whether_there_is_an_account_or_not(client, archive, person, path):
    """Equal work takes equal time: only an errand is written, and the worker does the rest."""
    person(email="known@example.org")
    for address in ("known@example.org", "unknown@example.org"):
        post(client, path, email=address, name="N", password=PASSWORD)
    with archive.reading() as session:
        kinds = [(one.kind, set(one.details)) for one in session.scalars(select(Errand))]
        assert len(kinds) == 2 and kinds[0] == kinds[1]
        assert session.scalar(select(func.count()).select_from(Link)) == 0
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_wrong_password_takes_as_long_as_an_unknown_address(client, archive, person):
    person(email="known@example.org")
    times = {"known@example.org": [], "unknown@example.org": []}
    token = token_of(client, "/account/sign-in")
    for _ in range(15):
        for address, taken in times.items():
            pass_time(archive, hours=9)
            form = {"csrf_token": token, "email": address, "password": "not this one!"}
            started = time.perf_counter()
            assert client.post("/account/sign-in", data=form).status_code == 403
            taken.append(time.perf_counter() - started)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(known - unknown) < max(known, unknown) / 3


def test_only_the_owner_of_an_address_learns_that_it_has_an_account(client, archive, person):
    person(email="known@example.org")
    register(client, "known@example.org", OTHER)
    post(client, "/account/forgot", email="unknown@example.org")
    (letter,) = letters(archive)
    assert letter["To"] == "known@example.org"
    assert "already" in letter["Subject"]
    assert sign_in(client, "known@example.org", OTHER).status_code == 403


# Guessing


def test_failed_attempts_make_the_next_one_wait_but_lock_nobody_out(client, archive, person):
    person(email="a@example.org")
    for _ in range(5):
        assert sign_in(client, password="wrong wrong").status_code == 403
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 31
    text = answer.get_data(as_text=True)
    assert 'value="a@example.org"' in text and "wrong wrong" not in text
    pass_time(archive, seconds=31)
    assert sign_in(client).status_code == 303


def test_waiting_is_the_same_for_addresses_without_an_account(client):
    for _ in range(5):
        sign_in(client, "unknown@example.org", "wrong wrong")
    assert sign_in(client, "unknown@example.org").status_code == 429


def test_the_owner_of_an_address_comes_in_by_letter_while_a_stranger_guesses(
    client, archive, person
):
    person(email="a@example.org")
    for _ in range(6):
        sign_in(client, password="wrong wrong")
    assert sign_in(client).status_code == 429
    post(client, "/account/forgot", email="a@example.org")
    post(client, link(letters(archive)[-1]), password=OTHER)
    assert sign_in(client, password=OTHER).status_code == 303


@pytest.mark.parametrize("path", ["/account/forgot", "/account/resend", "/account/register"])
def test_nobody_is_flooded_with_letters(client, path):
    codes = [
        post(client, path, email="a@example.org", name="A", password=PASSWORD).status_code
        for _ in range(5)
    ]
    assert codes == [200, 200, 200, 429, 429]


# Sessions


def test_signing_in_gives_a_new_session_and_the_cookie_is_safe(client, archive, person):
    person(email="a@example.org")
    client.set_cookie(COOKIE, "chosen-by-a-stranger")
    tokens = []
    for page in ("/account/sign-in", "/account"):
        answer = sign_in(client, page=page)
        (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if COOKIE in one)
        for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        for part in ("Domain", "Expires", "Max-Age", "Secure"):
            assert part not in cookie
        tokens.append(client.get_cookie(COOKIE).value)
    assert len({*tokens, "chosen-by-a-stranger"}) == 3
    with archive.reading() as session:
        (kept,) = session.scalars(select(SignIn.token))
    assert kept not in tokens, "the earlier session has ended, and only digests are stored"


def test_with_https_the_cookies_belong_to_the_host(app, archive, person):
    held = app.extensions["archive"]
    app.extensions["archive"] = replace(
        held, settings=replace(held.settings, base_url="https://localhost")
    )
    person(email="a@example.org")
    client = app.test_client()
    answer = sign_in(client)
    app.extensions["archive"] = held
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if "ession" in one)
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


def test_signing_in_and_out_changes_the_forms_token(client, person):
    person(email="a@example.org")
    with client:
        client.get("/account/sign-in")
    before = token_of(client, "/account/sign-in")
    sign_in(client)
    answer = client.post("/account/sign-out", data={"csrf_token": before})
    assert answer.status_code == 400


def test_signing_out_ends_the_session_itself(client, archive, person):
    person(email="a@example.org")
    sign_in(client)
    kept = client.get_cookie(COOKIE).value
    post(client, "/account/sign-out", page="/account")
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, kept)
    assert not signed_in(client)


def test_all_sessions_of_an_account_can_be_ended_at_once(app, person):
    person(email="a@example.org")
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        sign_in(browser)
        assert signed_in(browser)
    post(browsers[0], "/account/sign-out-everywhere", page="/account")
    assert not any(signed_in(browser) for browser in browsers)


def test_one_browser_can_be_signed_out_from_another(app, person):
    person(email="a@example.org")
    here, there = app.test_client(), app.test_client()
    sign_in(here)
    form = {"email": "a@example.org", "password": PASSWORD}
    form["csrf_token"] = token_of(there, "/account/sign-in")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    there.post("/account/sign-in", data=form, headers={"User-Agent": agent})
    page = here.get("/account").get_data(as_text=True)
    assert "Firefox, Linux" in page and "127.0.0.0/24" in page and "this browser" in page
    (name,) = re.findall(r'name="session" value="(\w+)"', page)
    post(here, "/account/sessions", page="/account", session=name)
    assert signed_in(here) and not signed_in(there)


def test_nobody_ends_the_sessions_of_others(app, archive, person):
    person(email="a@example.org")
    person(email="b@example.org")
    mine, theirs = app.test_client(), app.test_client()
    sign_in(theirs, "b@example.org")
    with archive.reading() as session:
        name = session.scalars(select(SignIn.token)).one()
    sign_in(mine)
    post(mine, "/account/sessions", page="/account", session=name)
    assert signed_in(theirs)


def test_a_session_in_use_is_noted_now_and_then(client, archive, person):
    person(email="a@example.org")
    sign_in(client)
    with archive.writing() as session:
        kept = session.scalars(select(SignIn)).one()
        kept.seen = old = kept.seen - timedelta(minutes=30)
    client.get("/account")
    with archive.reading() as session:
        seen = session.scalars(select(SignIn.seen)).one()
        assert seen > old
    client.get("/account")
    with archive.reading() as session:
        assert session.scalars(select(SignIn.seen)).one() == seen, "not with each page"


# A person's own page


def test_name_and_language_are_changed(client, archive, person):
    person(email="a@example.org", language="en")
    sign_in(client)
    client.get("/?lang=ru")
    answer = post(client, "/account", name=" Азамат  Исаков ", language="ky")
    assert answer.status_code == 303
    with archive.reading() as session:
        account = accounts.get(session, "a@example.org")
        assert (account.name, account.language) == ("Азамат Исаков", "ky")
    assert '<html lang="ky">' in client.get("/account").get_data(as_text=True)
    assert post(client, "/account", name="", language="tlh").status_code == 422


def test_another_password_signs_all_other_browsers_out(app, client, archive, person):
    person(email="a@example.org")
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    before = client.get_cookie(COOKIE).value
    answer = post(client, "/account/password", page="/account", current=PASSWORD, password=OTHER)
    assert answer.status_code == 303
    assert signed_in(client) and client.get_cookie(COOKIE).value != before
    assert not signed_in(other)
    assert sign_in(other, password=OTHER).status_code == 303


@pytest.mark.parametrize(
    ("current", "password", "status"),
    [("wrong wrong", OTHER, 403), (PASSWORD, "short", 422), (PASSWORD, "a@example.org", 422)],
)
def test_the_present_password_is_asked_for_and_the_new_one_looked_at(
    client, person, current, password, status
):
    person(email="a@example.org")
    sign_in(client)
    form = {"page": "/account", "current": current, "password": password}
    assert post(client, "/account/password", **form).status_code == status
    assert signed_in(client)


def test_the_present_password_cannot_be_guessed_either(client, person):
    person(email="a@example.org")
    sign_in(client)
    form = {"page": "/account", "current": "wrong wrong", "password": OTHER}
    codes = [post(client, "/account/password", **form).status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]


@pytest.mark.parametrize("path", ["/account", "/account/sign-in", "/account/forgot"])
def test_private_pages_are_kept_by_no_cache(client, person, path):
    person(email="a@example.org")
    if path == "/account":
        sign_in(client)
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_pages_for_somebody_are_not_given_to_others(client, person):
    person(email="a@example.org")
    sign_in(client)
    answer = client.get("/help")
    assert "private" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


# Where one is sent


HOSTILE = [
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example", "https:/evil.example", "http:evil.example", "http:///evil.example",
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "\tjavascript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://evil.example", "mailto:a@b.org",
    " /x", "/x\n", "/x\r\nSet-Cookie: a=b", "\n/x", "/\t/evil.example", "/\n/evil.example",
    "/\r/evil.example", "\t//evil.example", "evil.example", "www.evil.example", "", "\x00/",
    "/\x00",
    "/a b", "/a\\b", "/\x0bevil", "/\x1fx", "?x", "#x", ".", "..", "../x", "./x", "a/b",
    "@evil.example", "localhost", "localhost:80", "http://localhost",
    "http://localhost@evil.example",
    "//localhost", "//localhost@evil.example", "\u2028/x", "\u3000/x", "\ufeff/x",
    "／／evil.example",
    "//[::1]/", "//evil.example/%2e%2e", "/\\\\evil.example", "///\\evil.example", "\\evil.example",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_no_address_elsewhere_passes(address):
    assert safe_next(address) is None


def test_after_signing_in_nobody_is_sent_elsewhere(client, person):
    assert len(HOSTILE) >= 60
    person(email="a@example.org")
    token = token_of(client, "/account/sign-in")
    for address in HOSTILE[::6]:
        form = {"csrf_token": token, "email": "a@example.org", "password": PASSWORD}
        answer = client.post("/account/sign-in", data={**form, "next": address})
        assert answer.headers["Location"] == "/"
        again = client.get("/account/sign-in", query_string={"next": address})
        assert again.headers["Location"] == "/account"
        token = token_of(client, "/account")


@pytest.mark.parametrize(
    "address",
    ["/", "/works/7", "/search?q=a&year=2024", "/people/Ө", "/x?next=//y", "/a//b", "/%2f%2fx"],
)
def test_after_signing_in_one_is_where_one_wanted_to_be(address):
    assert safe_next(address) == address


def test_a_page_for_accounts_leads_to_signing_in_and_back(client, person):
    person(email="a@example.org")
    answer = client.get("/account?a=ү&b=1")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    wanted = re.search(r'name="next" value="([^"]+)"', page)[1].replace("&amp;", "&")
    answer = sign_in(client, next=wanted)
    assert client.get(answer.headers["Location"]).status_code == 200
    assert answer.headers["Location"].startswith("/account?a=")


# Who may register


def changed(app, **settings):
    held = app.extensions["archive"]
    app.extensions["archive"] = replace(held, settings=replace(held.settings, **settings))


def test_registering_can_be_for_some_domains(app, client):
    changed(app, registration_domains=("university.example",))
    answer = register(client, "a@gmail.example")
    assert answer.status_code == 422 and "university.example" in answer.get_data(as_text=True)
    assert register(client, "a@math.university.example").status_code == 200


def test_registering_can_be_closed(app, client):
    changed(app, registration="closed")
    assert client.get("/account/register").status_code == 403
    token = token_of(client, "/account/sign-in")
    form = {"csrf_token": token, "name": "A", "email": "a@example.org", "password": PASSWORD}
    assert client.post("/account/register", data=form).status_code == 403
    assert 'href="/account/register' not in client.get("/account/sign-in").get_data(as_text=True)


def test_a_refused_form_keeps_what_was_typed_but_not_the_password(client):
    answer = register(client, "aigul@", "a secret sentence")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'value="aigul@"' in text and 'value="Айгүл"' in text
    assert "a secret sentence" not in text


def test_what_strangers_send_is_bounded(client):
    token = token_of(client, "/account/sign-in")
    form = {"csrf_token": token, "email": "x" * 2**21, "password": "y"}
    assert client.post("/account/sign-in", data=form).status_code == 413


def test_readers_in_the_reading_room_are_known_by_their_network(app, client):
    changed(app, campus_networks=("127.0.0.0/8",))
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert app.login_manager.anonymous_user().on_campus
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        assert not app.login_manager.anonymous_user().on_campus
