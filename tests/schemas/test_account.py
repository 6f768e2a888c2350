"""What people type about themselves, at the border."""

import unicodedata

import pytest

from schemas import account
from schemas.work import Unfit

FINE = {"name": "Айгүл Асанова", "email": "aigul@example.org", "password": "кол жеткис сөз айкашы"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Aigul@Example.ORG", "aigul@example.org"),
        ("  a.b+c@example.org ", "a.b+c@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("admin@localhost", "admin@localhost"),
        ("info@почта.рф", "info@xn--80a1acny.xn--p1ai"),
    ],
)
def test_addresses_are_kept_in_one_form(typed, kept):
    assert account.email(typed) == kept
    assert account.email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "a", "a@", "@b.org", "a b@c.org", "a@b..org", "a@b@c.org", '"a b"@c.org', "a@-b.org",
        "a@b.org, c@d.org", "a@b.org\nBcc: c@d.org", "a\r\nBcc: c@d.org@e.org", "a\x00@b.org",
        "почта@example.org", "a" * 250 + "@example.org", "a@" + "b" * 70 + ".org", "a@b.org>",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_its_field(typed):
    with pytest.raises(Unfit) as caught:
        account.email(typed)
    assert set(caught.value.errors) == {"email"}


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(Unfit) as caught:
        account.registration({"name": " ", "email": "x", "password": "short", "csrf_token": "y"})
    assert set(caught.value.errors) == {"name", "email", "password"}


@pytest.mark.parametrize("email", ["a@uni.example", "a@math.uni.example", "a@UNI.example"])
def test_one_domain_and_those_below_it_may_register(email):
    given = account.registration({**FINE, "email": email}, domains=("uni.example",))
    assert given["email"] == email.lower()


@pytest.mark.parametrize("email", ["a@example.org", "a@notuni.example", "a@uni.example.evil.test"])
def test_other_domains_are_told_which_may(email):
    with pytest.raises(Unfit) as caught:
        account.registration({**FINE, "email": email}, domains=("uni.example", "lab.example"))
    assert "uni.example, lab.example" in caught.value.errors["email"][0]


@pytest.mark.parametrize(
    "password",
    [
        "short", "123456789", "1234567890", "0987654321", "aaaaaaaaaaaa", "abababababab",
        "qwertyuiop", "poiuytrewq", "йцукенгшщз", "1q2w3e4r5t6y", "qwertyuiopasdfghjkl",
        "password123", "PassWord2024!", "passwordpassword", "пароль12345", "Кыргызстан2026",
        "bishkek1991", "administrator", "abcdefghijklmn", "абвгдеёжзийк",
        "aigul@example.org", "Aigul.Example.Org", "айгүл асанова", "Асанова12345", "",
    ],
)  # fmt: skip
def test_passwords_that_strangers_try_first_are_refused(password):
    with pytest.raises(Unfit) as caught:
        account.registration({**FINE, "password": password})
    assert set(caught.value.errors) == {"password"}


@pytest.mark.parametrize(
    "password",
    [
        "a long enough password",
        "correct horse battery",
        "Тоо башында кар",
        "x9$kQ2!vLm",
        "7" + "ab-" * 9,
    ],
)
def test_other_passwords_are_taken_as_they_are(password):
    assert account.password(password) == password


def test_a_password_is_the_same_however_its_letters_were_composed():
    composed = "Ёлка й ӧз сөзү"
    assert account.password(unicodedata.normalize("NFD", composed)) == composed


def test_a_password_may_not_be_endless():
    with pytest.raises(Unfit):
        account.password("слово за слово " * 20)
