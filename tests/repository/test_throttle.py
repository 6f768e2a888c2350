"""Guessing gets slower and slower, and nobody is locked out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from repository import throttle
from repository.models.accounts import Attempt
from repository.throttle import TooSoon

HOUR = 3600


def attempt(archive, email="a@example.org", address="10.0.0.1", act="sign-in"):
    with archive.writing() as session:
        throttle.take(session, act, email=email, address=address)


def pass_time(archive, seconds):
    """Moves everything that was noted into the past."""
    with archive.writing() as session:
        for one in session.scalars(select(Attempt)):
            one.moment -= timedelta(seconds=seconds)
            one.until -= timedelta(seconds=seconds)


def guesses(archive, seconds, addresses=("10.0.0.1",), emails=("a@example.org",)):
    """How many guesses somebody makes who guesses whenever they may."""
    made = passed = 0
    while passed < seconds:
        try:
            attempt(
                archive,
                email=emails[made % len(emails)],
                address=addresses[made % len(addresses)],
            )
            made += 1
        except TooSoon as error:
            pass_time(archive, error.retry_after)
            passed += error.retry_after
    return made


def test_a_few_mistakes_cost_nothing(any_archive):
    for _ in range(5):
        attempt(any_archive)
    with pytest.raises(TooSoon) as caught:
        attempt(any_archive)
    assert 25 <= caught.value.retry_after <= 31
    assert caught.value.status == 429


def test_fewer_than_twenty_guesses_an_hour_are_made_at_one_account(archive):
    crowd = [f"10.0.{number}.1" for number in range(200)]
    assert guesses(archive, HOUR, addresses=crowd) < 20
    assert guesses(archive, 6 * HOUR, addresses=crowd) < 6 * 6


def test_guesses_at_many_accounts_from_one_network_are_slow_too(archive):
    everyone = [f"person{number}@example.org" for number in range(1000)]
    near = [f"10.0.0.{number}" for number in range(250)]
    assert guesses(archive, HOUR, addresses=near, emails=everyone) < 200


def test_waiting_never_grows_beyond_a_quarter_of_an_hour(archive):
    guesses(archive, 12 * HOUR)
    with pytest.raises(TooSoon) as caught:
        while True:
            attempt(archive)
    assert caught.value.retry_after <= 15 * 60 + 1


def test_mistakes_are_forgotten(archive):
    for _ in range(5):
        attempt(archive)
    pass_time(archive, 6 * HOUR)
    for _ in range(5):
        attempt(archive)


def test_a_success_clears_the_account_and_takes_itself_back_for_the_network(archive):
    for _ in range(200):
        attempt(archive)
        with archive.writing() as session:
            throttle.succeeded(session, "sign-in", email="A@example.org ", address="10.0.0.9")
    with archive.reading() as session:
        assert session.scalars(select(Attempt.level)).all() == [0.0]


def test_many_attempts_at_once_are_no_way_around(any_archive):
    def one(_):
        try:
            attempt(any_archive)
        except TooSoon:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == 5


def test_letters_to_one_address_are_few(archive):
    for _ in range(3):
        attempt(archive, act="letter")
    with pytest.raises(TooSoon):
        attempt(archive, act="letter", address="192.0.2.1")
    attempt(archive, act="sign-in")


def test_networks_are_counted_not_single_addresses(archive):
    rule = throttle.RULES["sign-in"]["network"]
    for number in range(rule.free):
        attempt(archive, email=f"{number}@example.org", address=f"2001:db8::{number:x}")
    with pytest.raises(TooSoon):
        attempt(archive, email="last@example.org", address="2001:db8::ffff")
    attempt(archive, email="last@example.org", address="2001:db8:0:1::1")


def test_the_table_names_nobody_and_is_cleared(archive):
    attempt(archive, email="somebody@example.org")
    with archive.reading() as session:
        assert not any("somebody" in key for key in session.scalars(select(Attempt.key)))
    pass_time(archive, 3 * 24 * HOUR)
    attempt(archive, email="other@example.org", address="192.0.2.1")
    with archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 2
