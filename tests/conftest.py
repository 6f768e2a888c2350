"""Fixtures that all tests share: a real archive in a folder of its own, its app, its readers."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from lxml import html
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from sqlalchemy import create_engine, make_url, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

import wsgi
from ingest import arrivals, demonstration, derive
from oai import feed
from repository import accounts, database, errands, mail, sessions, settings, upgrading
from repository import archive as opening
from repository.archive import Archive
from repository.models.accounts import Account
from repository.viewers import Viewer
from schemas.roles import Role

SHARED = Path(__file__).parents[2] / "shared"
POSTGRES = os.environ.get("ARCHIVE_TEST_POSTGRES", "")
PASSWORD = "a long enough password"
NUMBERS = count(1)


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


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """An instance with the demonstration works, indexed and stamped; made once, to be copied."""
    folder = tmp_path_factory.mktemp("samples") / "instance"
    folder.mkdir()
    (folder / "archive.sqlite").write_bytes(template.read_bytes())
    chosen = settings.load(
        {}, instance=str(folder), secret_key="k" * 40, base_url="http://localhost"
    )
    with opening.opened(chosen) as made:
        demonstration.load(made)
        while derive.follow(made):
            pass
        feed.settle(made)
    return folder


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A migrated PostgreSQL database, made once and copied for each test; its name."""
    name = f"archive_template_{os.getpid()}"
    _on_postgres(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    engine = database.connect(_postgres(name))
    upgrading.upgrade(engine)
    engine.dispose()
    yield name
    _on_postgres(f'DROP DATABASE "{name}"')


def _postgres(name: str) -> str:
    return str(make_url(POSTGRES).set(database=name).render_as_string(hide_password=False))


def _on_postgres(*statements: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_archive(request: pytest.FixtureRequest, chosen: settings.Settings) -> Iterator[Archive]:
    """An open, empty archive on each database; PostgreSQL where ARCHIVE_TEST_POSTGRES names one."""
    if request.param == "sqlite":
        yield request.getfixturevalue("archive")
        return
    if not POSTGRES:
        pytest.skip("ARCHIVE_TEST_POSTGRES names no PostgreSQL")
    # A name of its own: what an application of an earlier test still writes must not come in.
    name = f"archive_test_{os.getpid()}_{next(NUMBERS)}"
    template = request.getfixturevalue("postgres_template")
    _on_postgres(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
    )
    with opening.opened(replace(chosen, database_url=_postgres(name))) as made:
        yield made
    _on_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


class Reader(FlaskClient):
    """A test client that reads answers to their end, as a browser does, so that files close."""

    def open(self, *given, **named):
        return super().open(*given, **{"buffered": True, **named})


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where templates are kept once compiled, so that not every test compiles them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(archive: Archive, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The whole application over `archive`."""
    made = wsgi.create_app(archive.settings)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled
    made.test_client_class = Reader
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


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper as authors send it: a PDF with document information and a telling first page."""
    path = tmp_path_factory.mktemp("paper") / "lakes.pdf"
    title = "Glacier lakes of the northern Tien Shan and their outburst floods"
    styles = getSampleStyleSheet()
    lines = (
        ("Title", title),
        ("Normal", "Aigul Osmonova, Nurlan Toktogulov"),
        ("Normal", "https://doi.org/10.5555/mr.2024.0012"),
        ("Heading2", "Abstract"),
        (
            "Normal",
            "Outburst floods of glacier lakes threaten the valleys of the northern range. "
            "We map 214 lakes, measure how they grow, and rank the eleven that need a watch post.",
        ),
        ("Normal", "Keywords: glacier lakes, outburst floods, remote sensing"),
        ("Heading2", "1 Introduction"),
        *[("Normal", "The lakes were mapped from images of four summers and visited twice. " * 9)]
        * 12,
    )
    made = SimpleDocTemplate(str(path), title=title, author="Aigul Osmonova; Nurlan Toktogulov")
    made.build([Paragraph(text, styles[style]) for style, text in lines])
    return path


class Browser:
    """A signed-in person's browser without script: it shows pages and sends their forms whole."""

    def __init__(self, client: FlaskClient, viewer: Viewer) -> None:
        self.client = client
        self.viewer = viewer

    def get(self, path: str) -> html.HtmlElement:
        """The page at an address, after redirects."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code, answer.request.path)
        return self.read(answer)

    def read(self, answer: TestResponse) -> html.HtmlElement:
        """An answer's page; its `base_url` is the path that it came from."""
        return html.document_fromstring(answer.get_data(as_text=True), base_url=answer.request.path)

    def send(
        self,
        page: html.HtmlElement,
        form: str,
        button: tuple[str, str] | None = None,
        typed: dict[str, object] | None = None,
        **options: object,
    ) -> TestResponse:
        """Sends a page's form (found by the end of its action or by its id) with what was typed
        in place of what it holds, as if `button` had been pressed."""
        found = page.xpath(f"//form[@id='{form}' or contains(@action, '{form}')]")[0]
        # A browser drops the line end that begins a text area; lxml does not.
        fields = MultiDict((name, value.removeprefix("\n")) for name, value in found.form_values())
        for name, value in (typed or {}).items():
            fields.setlist(name, value if isinstance(value, list) else [value])
        if button:
            fields.add(*button)
        return self.client.post(found.action or page.base_url, data=fields, **options)

    def token(self) -> str:
        """The token that forms carry."""
        return self.get("/account").xpath("//input[@name='csrf_token']/@value")[0]


@pytest.fixture
def enter(app: Flask, archive: Archive) -> Callable[[Viewer], Browser]:
    """Signs a person in: their browser."""

    def make(viewer: Viewer) -> Browser:
        with archive.writing() as session:
            account = session.get_one(Account, viewer.id)
            token = sessions.start(session, account, agent="test", address="127.0.0.1")
        client = app.test_client()
        client.set_cookie("session-id", token)
        return Browser(client, viewer)

    return make


@pytest.fixture
def settle(archive: Archive) -> Callable[[], None]:
    """Does what the worker would do: datestamps, index, letters, until nothing waits."""

    def run() -> None:
        followers = (arrivals.follow, feed.settle, derive.follow, errands.follow, mail.deliver)
        while sum(follow(archive) for follow in followers):
            pass

    return run
