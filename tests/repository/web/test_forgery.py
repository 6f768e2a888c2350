"""Forms from elsewhere are refused; forms that were open for too long lose nothing."""

import re
from html import unescape

import pytest

from schemas.roles import Role

PASSWORD = "a long enough password"
OURS = {"Origin": "http://localhost"}


@pytest.fixture
def browser(enter, person):
    return enter(person(Role.DEPOSITOR, email="a@example.org"))


def save(browser, token, headers=(), **more):
    form = {"csrf_token": token, "name": "Азамат", "language": "ky", **more}
    return browser.client.post("/account", data=form, headers=dict(headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"},
    ],
)
def test_our_own_forms_are_taken(browser, headers):
    assert save(browser, browser.token(), headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_forms_from_other_sites_are_refused_even_with_a_token(browser, headers):
    answer = save(browser, browser.token(), headers)
    assert answer.status_code == 403
    assert "Азамат" not in answer.get_data(as_text=True), "and offered to nobody"


@pytest.mark.parametrize("token", ["", "x", "IjEi.abc.def", "a" * 5000])
def test_a_form_without_its_token_is_refused(browser, token):
    assert save(browser, token).status_code == 400


def test_anothers_token_is_refused(browser, enter, person):
    stranger = enter(person(Role.DEPOSITOR, email="b@example.org"))
    assert save(browser, stranger.token()).status_code == 400


def test_a_form_that_was_open_for_too_long_can_be_sent_once_more(browser):
    answer = save(browser, "old", OURS, notes="бир\nэки <b>&", password="secret words here")
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "Nothing that you typed is lost" in page
    assert "secret words here" not in page
    fields = {
        name: unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split("<main")[1]
        )
    }
    assert fields["name"] == "Азамат" and fields["notes"] == "бир\nэки <b>&"
    again = browser.client.post("/account", data=fields, headers=OURS)
    assert again.status_code == 303


def test_a_stranger_cannot_make_us_offer_a_form(browser):
    """Without the browser's word that the form was ours, sending it is not one click away."""
    page = save(browser, "old").get_data(as_text=True)
    assert "Азамат" not in page and 'name="name"' not in page


def test_who_was_signed_out_while_typing_loses_nothing(app, browser):
    browser.client.delete_cookie("session-id")
    answer = save(browser, "any", OURS)
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert 'value="Азамат"' in page and "/account/sign-in" in page


def test_programs_are_answered_in_json(browser):
    answer = save(browser, "old", {**OURS, "Accept": "application/json"})
    assert answer.status_code == 400 and "Nothing that you typed" in answer.json["error"]


def test_the_token_may_come_in_a_header(browser):
    headers = {"X-CSRFToken": browser.token()}
    form = {"name": "Азамат", "language": "ky"}
    assert browser.client.post("/account", data=form, headers=headers).status_code == 303


def test_the_body_of_a_strangers_upload_is_not_read(client):
    class Endless:
        """More than we would ever read."""

        def read(self, size=-1):
            raise AssertionError("the body was read")

    answer = client.post(
        "/deposit/start",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Endless(), "CONTENT_LENGTH": str(2**30)},
    )
    assert answer.status_code == 401
