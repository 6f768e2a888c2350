"""Accounts, their roles, sessions and links, on each database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from repository import accounts, links, passwords, sessions
from repository.clock import now
from repository.errors import ConfigurationError, Conflict, Forbidden, NotFound
from repository.links import Purpose
from repository.models.accounts import AccountState, Link, SignIn
from repository.viewers import SYSTEM, Viewer
from schemas.roles import Role
from schemas.work import Unfit

PASSWORD = "a long enough password"


@pytest.fixture
def make(any_archive):
    """Adds an account quickly, with no password that could be right."""

    def add(*roles, email="a@example.org", state=AccountState.ACTIVE):
        with any_archive.writing() as session:
            return accounts.add(
                session, email=email, name="A", hashed="none", roles=roles, state=state
            )

    return add


def viewer_of(*roles):
    return Viewer(id=99, roles=frozenset(roles))


def test_an_account_is_found_however_its_address_is_written(any_archive, make):
    make(email="aigul@example.org")
    with any_archive.reading() as session:
        assert accounts.find(session, " Aigul@EXAMPLE.org").email == "aigul@example.org"
        assert accounts.find(session, "aigul@example.org\r\n") is not None
        assert accounts.find(session, "no address") is None
        with pytest.raises(NotFound):
            accounts.get(session, "other@example.org")


def test_an_address_has_one_account(any_archive, make):
    make(email="a@example.org")
    with any_archive.writing() as session, pytest.raises(Conflict):
        accounts.create(session, email="A@Example.org", name="B", password=PASSWORD)


def test_what_is_amiss_is_said_by_field(any_archive):
    with any_archive.writing() as session, pytest.raises(Unfit) as caught:
        accounts.create(session, email="x", name="", password="short")
    assert set(caught.value.errors) == {"email", "name", "password"}
    assert "e-mail address" in str(caught.value)


def test_passwords_are_kept_as_argon2id_and_compared_in_nfc():
    stored = passwords.keep("Ёлка й")
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, "Е\u0308лка и\u0306")
    assert not passwords.fits(stored, "Елка и")
    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits("no hash", "x")
    assert not passwords.outdated(stored)
    assert passwords.outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("actor", Role)
def test_roles_are_given_and_taken_only_by_those_who_may(archive, actor, role):
    with archive.writing() as session:
        person = accounts.add(session, email="a@example.org", name="A", hashed="-", roles=())
        accounts.add(
            session, email="b@example.org", name="B", hashed="-", roles=[Role.ADMINISTRATOR],
            state=AccountState.ACTIVE,
        )  # fmt: skip
        allowed = actor is Role.ADMINISTRATOR or (
            actor is Role.DIRECTOR and role in (Role.READER, Role.DEPOSITOR)
        )
        if not allowed:
            for change in (accounts.grant, accounts.revoke):
                with pytest.raises(Forbidden):
                    change(session, person, role, actor=viewer_of(actor))
            return
        assert accounts.grant(session, person, role, actor=viewer_of(actor))
        assert not accounts.grant(session, person, role, actor=viewer_of(actor))
        assert accounts.viewer(person).may(role)
        assert accounts.revoke(session, person, role, actor=viewer_of(actor))
        assert not accounts.revoke(session, person, role, actor=viewer_of(actor))


def test_there_is_always_an_administrator_left(any_archive, make):
    make(Role.ADMINISTRATOR, email="chief@example.org")
    make(Role.ADMINISTRATOR, email="new@example.org", state=AccountState.UNCONFIRMED)
    with any_archive.writing() as session:
        chief = accounts.get(session, "chief@example.org")
        with pytest.raises(Conflict):
            accounts.revoke(session, chief, Role.ADMINISTRATOR, actor=SYSTEM)
        with pytest.raises(Conflict):
            accounts.disable(session, chief, actor=SYSTEM)
        accounts.enable(session, accounts.get(session, "new@example.org"), actor=SYSTEM)
        accounts.disable(session, chief, actor=SYSTEM)


@pytest.mark.parametrize("change", ["role", "role taken", "password", "disabled"])
def test_a_change_of_rights_ends_every_session(any_archive, make, change):
    make(Role.DEPOSITOR)
    with any_archive.writing() as session:
        person = accounts.get(session, "a@example.org")
        tokens = [sessions.start(session, person) for _ in range(2)]
    changes = {
        "role": lambda s, a: accounts.grant(s, a, Role.CATALOGUER, actor=SYSTEM),
        "role taken": lambda s, a: accounts.revoke(s, a, Role.DEPOSITOR, actor=SYSTEM),
        "password": lambda s, a: accounts.change_password(s, a, hashed="other"),
        "disabled": lambda s, a: accounts.disable(s, a, actor=SYSTEM),
    }
    with any_archive.writing() as session:
        changes[change](session, accounts.get(session, "a@example.org"))
    with any_archive.reading() as session:
        assert [sessions.find(session, token) for token in tokens] == [None, None]


def test_the_first_administrator_is_made_once(any_archive):
    with any_archive.writing() as session:
        made_up = accounts.first_administrator(session, email="admin@example.org")
        again = accounts.first_administrator(session, email="other@example.org")
    assert made_up and len(made_up) >= 20 and again is None
    with any_archive.reading() as session:
        (admin,) = accounts.everyone(session)
        assert accounts.viewer(admin).may(Role.CATALOGUER)
    assert passwords.fits(admin.password_hash, made_up)


def test_the_first_administrator_takes_a_given_password_that_is_good(any_archive):
    with any_archive.writing() as session, pytest.raises(ConfigurationError, match="10 characters"):
        accounts.first_administrator(session, email="a@example.org", password="short")
    with any_archive.writing() as session:
        assert (
            accounts.first_administrator(session, email="a@example.org", password=PASSWORD) is None
        )


def test_a_stranger_who_registered_the_administrators_address_gains_nothing(any_archive, make):
    make(Role.DEPOSITOR, email="admin@example.org", state=AccountState.UNCONFIRMED)
    with any_archive.writing() as session:
        accounts.first_administrator(session, email="admin@example.org", password=PASSWORD)
    with any_archive.reading() as session:
        (admin,) = accounts.everyone(session)
        assert admin.state == AccountState.ACTIVE and admin.password_hash != "none"


@pytest.mark.parametrize(
    ("role", "unused", "ends"),
    [
        (Role.DEPOSITOR, timedelta(hours=11), False),
        (Role.DEPOSITOR, timedelta(hours=13), True),
        (Role.CATALOGUER, timedelta(hours=1, minutes=50), False),
        (Role.CATALOGUER, timedelta(hours=3), True),
        (Role.ADMINISTRATOR, timedelta(hours=3), True),
    ],
)
def test_an_idle_session_ends_sooner_for_staff(any_archive, make, role, unused, ends):
    make(role)
    with any_archive.writing() as session:
        token = sessions.start(session, accounts.get(session, "a@example.org"))
        for one in session.scalars(select(SignIn)):
            one.seen -= unused
    with any_archive.reading() as session:
        assert (sessions.find(session, token) is None) == ends


def test_a_session_in_use_ends_all_the_same_one_day(any_archive, make):
    make(Role.DEPOSITOR)
    with any_archive.writing() as session:
        token = sessions.start(session, accounts.get(session, "a@example.org"))
        for one in session.scalars(select(SignIn)):
            assert timedelta(days=13) < one.expires - now() < timedelta(days=15)
            one.expires = now() - timedelta(seconds=1)
    with any_archive.writing() as session:
        assert sessions.find(session, token) is None
        sessions.start(session, accounts.get(session, "a@example.org"))
        left = session.scalar(select(func.count()).select_from(SignIn))
        assert left == 1, "what has expired is cleared away"


def test_the_cookies_token_is_not_in_the_database(any_archive, make):
    make()
    with any_archive.writing() as session:
        token = sessions.start(
            session, accounts.get(session, "a@example.org"), address="10.1.2.3", agent="x" * 999
        )
        (kept,) = session.scalars(select(SignIn))
    assert token not in kept.token and len(token) >= 43
    assert kept.network == "10.1.2.0/24" and len(kept.agent) == 200


def test_a_link_is_good_once_and_for_its_purpose_only(any_archive, make):
    make()
    with any_archive.writing() as session:
        account = accounts.get(session, "a@example.org")
        token = links.make(session, account, Purpose.RESET)
        assert session.scalar(select(Link.token)) != token
        with pytest.raises(NotFound):
            links.find(session, token, Purpose.CONFIRM)
        with pytest.raises(NotFound):
            links.use(session, token, Purpose.CONFIRM)
        assert links.find(session, token, Purpose.RESET).account is account
        links.use(session, token, Purpose.RESET)
        for act in (links.find, links.use):
            with pytest.raises(NotFound):
                act(session, token, Purpose.RESET)


@pytest.mark.parametrize(("purpose", "hours"), [(Purpose.CONFIRM, 48), (Purpose.RESET, 1)])
def test_a_link_expires(any_archive, make, purpose, hours):
    make()
    with any_archive.writing() as session:
        token = links.make(session, accounts.get(session, "a@example.org"), purpose)
        (link,) = session.scalars(select(Link))
        assert abs(link.expires - now() - timedelta(hours=hours)) < timedelta(minutes=1)
        link.expires = now() - timedelta(seconds=1)
        session.flush()
        for act in (links.find, links.use):
            with pytest.raises(NotFound):
                act(session, token, purpose)


def test_a_new_link_ends_the_one_before(any_archive, make):
    make()
    with any_archive.writing() as session:
        account = accounts.get(session, "a@example.org")
        first = links.make(session, account, Purpose.RESET)
        other = links.make(session, account, Purpose.CONFIRM)
        links.make(session, account, Purpose.RESET)
        with pytest.raises(NotFound):
            links.find(session, first, Purpose.RESET)
        assert links.find(session, other, Purpose.CONFIRM)


def test_another_password_ends_the_links_that_were_sent(any_archive, make):
    make()
    with any_archive.writing() as session:
        account = accounts.get(session, "a@example.org")
        token = links.make(session, account, Purpose.RESET)
        accounts.change_password(session, account, hashed="other")
        with pytest.raises(NotFound):
            links.find(session, token, Purpose.RESET)


@pytest.mark.parametrize("wrong", [{"state": "strange"}, {"roles": ["king"]}])
def test_the_database_refuses_states_and_roles_that_do_not_exist(any_archive, make, wrong):
    with pytest.raises(IntegrityError):
        make(*wrong.get("roles", ()), state=wrong.get("state", AccountState.ACTIVE))
