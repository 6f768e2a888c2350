"""A server of the application, a running Chromium, and browsers of people who have signed in."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from hands import CHROMIUM
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

import wsgi
from ingest import derive
from repository import accounts, catalogue, clock, sessions, settings
from repository import archive as opening
from repository.models.accounts import Account
from repository.models.usage import UsageDay
from repository.viewers import Viewer
from schemas.roles import Role


def without_icon(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The application, but for the icon: a browser that is closed leaves that half read."""

    def answer(environ, start_response):
        if environ["PATH_INFO"].endswith("favicon.svg"):
            start_response("204 No Content", [])
            return []
        return app(environ, start_response)

    return answer


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """An application on a port of its own: its address."""
    server = make_server("127.0.0.1", 0, without_icon(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def served() -> Callable[[Flask], AbstractContextManager[str]]:
    """Serves an application while a block runs."""
    return serving


@pytest.fixture
def address(app) -> Iterator[str]:
    """The application on a port of its own."""
    with serving(app) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context_of(chromium, archive, address) -> Iterator[Callable[[Viewer], BrowserContext]]:
    """Opens a browser in which somebody has signed in."""
    opened: list[BrowserContext] = []

    def make(viewer: Viewer) -> BrowserContext:
        with archive.writing() as session:
            account = session.get_one(Account, viewer.id)
            token = sessions.start(session, account, agent="test", address="127.0.0.1")
        context = chromium.new_context(base_url=address, locale="en", reduced_motion="reduce")
        context.add_cookies([{"name": "session-id", "value": token, "url": address}])
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def page_of(context_of) -> Iterator[Callable[[Viewer], Page]]:
    """Opens a page for somebody; it may not make an error of script or policy."""
    errors: list[str] = []

    def make(viewer: Viewer) -> Page:
        page = context_of(viewer).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    assert errors == []


class House(NamedTuple):
    """The demonstration behind an application; an administrator's session, a draft of theirs."""

    app: Flask
    token: str
    draft: int


def used(work: int) -> UsageDay:
    """A day on which a work was read much."""
    day = clock.now().date() - timedelta(days=20 * work)
    much = {"investigations": 12_345, "unique_investigations": 9_876}
    return UsageDay(work_id=work, day=day, free=True, requests=2_345, unique_requests=987, **much)


@pytest.fixture(scope="session")
def house(samples, tmp_path_factory) -> Iterator[House]:
    """The demonstration, with a draft and a submitted work of an administrator's; to look at."""
    instance = tmp_path_factory.mktemp("house") / "instance"
    shutil.copytree(samples, instance)
    app = wsgi.create_app(settings.load({}, instance=str(instance), secret_key="k" * 40))
    archive = app.extensions["archive"]
    with archive.writing() as session:
        me = accounts.create(
            session,
            email="chief@example.org",
            name="Chief",
            password="a long enough password",
            roles=[Role.ADMINISTRATOR],
            language="ky",
            confirmed=True,
        )
        published = catalogue.get(session, 1)
        draft = catalogue.copy(session, published, actor=me)
        sent = catalogue.draft(session, published.document, actor=me)
        agreed = {"version": "1", "language": "ky", "text": "-", "moment": "2026-01-01"}
        catalogue.submit(session, sent, actor=me, agreement=agreed)
        token = sessions.start(session, session.get_one(Account, me.id))
        session.add_all(used(work) for work in (1, 3, 4))
        number = draft.id
    while derive.follow(archive):
        pass
    yield House(app, token, number)
    opening.close(archive)
