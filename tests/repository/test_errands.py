"""Errands: what the worker does about what strangers asked for, on each database."""

import pytest
from sqlalchemy import func, select

from repository import accounts, errands
from repository.models.accounts import Account, AccountState, Errand, Letter

ASKED = {"name": "Айгүл", "hashed": "first", "language": "ky", "browser": "b"}


def ask(archive, act, **given):
    with archive.writing() as session:
        act(session, email="a@example.org", **given)
    while errands.follow(archive):
        pass
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(Errand)) == 0
        return [
            (one.template, one.recipient, one.language)
            for one in session.scalars(select(Letter).order_by(Letter.id))
        ]


def account(archive):
    with archive.reading() as session:
        return accounts.find(session, "a@example.org")


def make(archive, state):
    with archive.writing() as session:
        accounts.add(session, email="a@example.org", name="A", hashed="old", state=state)


def test_registering_makes_an_account_that_waits(any_archive):
    letters = ask(any_archive, errands.register, **ASKED)
    assert letters == [("account_confirm", "a@example.org", "ky")]
    assert account(any_archive).state == AccountState.UNCONFIRMED


def test_registering_once_more_counts_until_it_is_confirmed(any_archive):
    ask(any_archive, errands.register, **ASKED)
    ask(any_archive, errands.register, **{**ASKED, "hashed": "second", "language": "ru"})
    assert account(any_archive).password_hash == "second"
    with any_archive.writing() as session:
        accounts.confirm(session, accounts.get(session, "a@example.org"))
    letters = ask(any_archive, errands.register, **{**ASKED, "hashed": "third"})
    assert account(any_archive).password_hash == "second"
    assert letters[-1] == ("account_exists", "a@example.org", "ru")


@pytest.mark.parametrize(
    ("act", "state", "letter"),
    [
        (errands.remind, None, None),
        (errands.remind, AccountState.UNCONFIRMED, "account_reset"),
        (errands.remind, AccountState.ACTIVE, "account_reset"),
        (errands.remind, AccountState.DISABLED, "account_closed"),
        (errands.confirm_again, None, None),
        (errands.confirm_again, AccountState.UNCONFIRMED, "account_confirm"),
        (errands.confirm_again, AccountState.ACTIVE, "account_exists"),
        (errands.confirm_again, AccountState.DISABLED, "account_closed"),
    ],
)
def test_the_letter_depends_on_the_account(any_archive, act, state, letter):
    if state:
        make(any_archive, state)
    letters = ask(any_archive, act, language="ky")
    assert [one[0] for one in letters] == ([letter] if letter else [])
    assert state is None or account(any_archive).state == state


def test_accounts_that_nobody_confirmed_are_forgotten(any_archive):
    make(any_archive, AccountState.UNCONFIRMED)
    with any_archive.writing() as session:
        session.scalars(select(Account)).one().created -= accounts.UNCONFIRMED_KEPT
        errands.register(session, email="b@example.org", **ASKED)
    errands.follow(any_archive)
    assert account(any_archive) is None
