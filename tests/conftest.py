"""Fixtures that all tests share: a real archive in a folder of its own, its app, its readers."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

import wsgi
from ingest import derive
from oai import feed
from repository import accounts, database, mail, settings, upgrading
from repository import archive as opening
from repository.archive import Archive
from repository.viewers import Viewer
from schemas.roles import Role

SHARED = Path(__file__).parents[2] / "shared"
POSTGRES = os.environ.get("ARCHIVE_TEST_POSTGRES", "")
PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "archive.sqlite"
    engine = database.connect(f"sqlite:///{path}")
    upgrading.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def chosen(tmp_path: Path) -> settings.Settings:
    """Settings of an instance below the test's own folder."""
    return settings.load(
        {}, instance=str(tmp_path / "instance"), secret_key="k" * 40, base_url="http://localhost"
    )


@pytest.fixture
def archive(chosen: settings.Settings, template: Path) -> Iterator[Archive]:
    """An open, empty archive on SQLite."""
    chosen.instance.mkdir(parents=True)
    (chosen.instance / "archive.sqlite").write_bytes(template.read_bytes())
    with opening.opened(chosen) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def any_archive(
    request: pytest.FixtureRequest, chosen: settings.Settings, template: Path
) -> Iterator[Archive]:
    """An open, empty archive on each database; PostgreSQL where ARCHIVE_TEST_POSTGRES names one."""
    if request.param == "sqlite":
        yield request.getfixturevalue("archive")
        return
    if not POSTGRES:
        pytest.skip("ARCHIVE_TEST_POSTGRES names no PostgreSQL")
    schema = f"test_{os.getpid()}_{abs(hash(request.node.name))}"
    with database.connect(POSTGRES).connect() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        connection.commit()
        connection.engine.dispose()
    url = f"{POSTGRES}?options=-csearch_path%3D{schema}"
    with opening.opened(replace(chosen, database_url=url)) as made:
        upgrading.upgrade(made.engine)
        yield made
        with made.writing() as session:
            session.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))


@pytest.fixture
def app(archive: Archive) -> Iterator[Flask]:
    """The whole application over `archive`."""
    made = wsgi.create_app(archive.settings)
    made.testing = True
    yield made
    opening.close(made.extensions["archive"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader who has not signed in."""
    return app.test_client()


@pytest.fixture
def person(archive: Archive) -> Callable[..., Viewer]:
    """Makes an account with roles, and gives its Viewer."""

    def make(*roles: Role, email: str = "", language: str = "en") -> Viewer:
        address = email or f"{'-'.join(roles) or 'reader'}@example.org"
        with archive.writing() as session:
            return accounts.create(
                session,
                email=address,
                name=address.split("@")[0].title(),
                password=PASSWORD,
                roles=roles,
                language=language,
                confirmed=True,
            )

    return make


@pytest.fixture
def settle(archive: Archive) -> Callable[[], None]:
    """Does what the worker would do: datestamps, index, letters, until nothing waits."""

    def run() -> None:
        while feed.stamp(archive) + derive.follow(archive) + mail.deliver(archive):
            pass

    return run
