"""`open-archive user`, as an operator types it."""

import re

import pytest
from click.testing import CliRunner

import wsgi
from repository import accounts, collections, passwords, settings
from repository.models.accounts import AccountState
from schemas.roles import Role

PASSWORD = "a long enough password"


@pytest.fixture
def run(archive, monkeypatch):
    """Runs `open-archive user ...` in the archive's instance: exit code and output."""
    settings.write_file(archive.settings.instance / settings.FILE)

    def user(*words):
        given = ["--instance", str(archive.settings.instance), "user", *words]
        result = CliRunner().invoke(wsgi.cli, given)
        return result.exit_code, result.output

    return user


def account(archive, email="aigul@example.org"):
    with archive.reading() as session:
        found = accounts.get(session, email)
        return found, accounts.viewer(found)


def make(run, *more):
    code, said = run("create", "Aigul@example.org", "--name", "Айгүл Асанова", *more)
    assert code == 0, said
    return said


def test_an_account_is_made_with_its_roles_and_password(run, archive):
    said = make(run, "--role", "cataloguer", "--language", "ru", "--password", PASSWORD)
    assert PASSWORD not in said
    found, viewer = account(archive)
    assert viewer.roles == {Role.CATALOGUER} and viewer.language == "ru"
    assert found.state == AccountState.ACTIVE
    assert passwords.fits(found.password_hash, PASSWORD)


def test_without_a_password_one_is_made_up_and_shown(run, archive):
    shown = re.search(r"shown only now\): (\S+)", make(run))[1]
    found, viewer = account(archive)
    assert passwords.fits(found.password_hash, shown)
    assert viewer.roles == {Role.DEPOSITOR}


def test_the_list_has_a_line_for_each_account(run):
    make(run)
    code, said = run("list")
    assert code == 0
    line = said.strip().splitlines()[-1].split("\t")
    assert line == ["aigul@example.org", "active", "depositor", "never", "Айгүл Асанова"]


def test_roles_are_given_and_taken(run, archive):
    make(run)
    assert "now" in run("grant", "aigul@example.org", "director")[1]
    assert "already" in run("grant", "aigul@example.org", "director")[1]
    assert account(archive)[1].roles == {Role.DEPOSITOR, Role.DIRECTOR}
    assert "no longer" in run("revoke", "aigul@example.org", "director")[1]
    assert "was not" in run("revoke", "aigul@example.org", "director")[1]


def test_another_password(run, archive):
    make(run)
    assert run("password", "aigul@example.org", "--password", PASSWORD)[0] == 0
    assert passwords.fits(account(archive)[0].password_hash, PASSWORD)
    shown = re.search(r"now\): (\S+)", run("password", "aigul@example.org")[1])[1]
    assert passwords.fits(account(archive)[0].password_hash, shown)


def test_an_account_is_closed_and_opened(run, archive):
    make(run)
    assert run("disable", "aigul@example.org")[0] == 0
    assert account(archive)[0].state == AccountState.DISABLED
    assert run("enable", "aigul@example.org")[0] == 0
    assert account(archive)[0].state == AccountState.ACTIVE


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["grant", "nobody@example.org", "reader"], 1, "no account for nobody@example.org"),
        (["create", "x", "--name", "A", "--password", PASSWORD], 1, "not an e-mail address"),
        (["create", "a@example.org", "--name", "A", "--password", "short"], 1, "10 characters"),
        (["create", "aigul@example.org", "--name", "A"], 1, "already"),
        (["password", "aigul@example.org", "--password", "aigul@example.org"], 1, "stranger"),
        (["revoke", "chief@example.org", "administrator"], 1, "only administrator"),
        (["disable", "chief@example.org"], 1, "only administrator"),
        (["grant", "aigul@example.org", "king"], 2, "king"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, words, code, says):
    make(run)
    run("create", "chief@example.org", "--name", "C", "--role", "administrator")
    got, said = run(*words)
    assert got == code, said
    assert says in said and "Traceback" not in said


def test_help_teaches(run):
    code, said = run("--help")
    assert code == 0
    for role in Role:
        assert role in said.lower()
    for command in ("create", "list", "grant", "revoke", "password", "disable", "enable"):
        assert command in said
        assert len(run(command, "--help")[1]) > 100


def test_somebody_is_appointed_for_a_collection_and_dismissed(run, archive):
    make(run)
    with archive.writing() as session:
        physics = collections.add(session, "physics", names={"en": "Physics"})
        optics = collections.add(session, "optics", names={"en": "Optics"}, parent=physics)
        both = {physics.id, optics.id}
    assert run("appoint", "aigul@example.org", "physics")[0] == 0
    assert account(archive)[1].within == both
    code, said = run("appoint", "aigul@example.org", "physics")
    assert (code, "already" in said) == (1, True)
    assert run("appoint", "aigul@example.org", "nowhere")[0] == 1
    assert run("dismiss", "aigul@example.org", "physics")[0] == 0
    assert account(archive)[1].within == frozenset()
