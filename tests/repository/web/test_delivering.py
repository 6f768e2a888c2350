"""How answers leave: caches, compression, and the budget of costly pages."""

import gzip

import brotli
import pytest

from repository.web import budgets
from repository.web.budgets import Purse
from schemas.roles import Role

PACKED = {"Accept-Encoding": "br, gzip;q=0.8"}


def test_a_page_is_compressed_for_strangers_who_can_read_that(client):
    plain = client.get("/help?lang=en")
    assert "Content-Encoding" not in plain.headers
    packed = client.get("/help?lang=en", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain.data
    assert len(packed.data) * 2 < len(plain.data)
    older = client.get("/help?lang=en", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(older.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"] and "Cookie" in plain.headers["Vary"]


def test_pages_of_people_are_not_compressed(enter, person):
    answer = enter(person(Role.READER)).client.get("/help", headers=PACKED)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("private")


def test_an_unchanged_page_is_answered_with_304(client):
    first = client.get("/help?lang=en", headers=PACKED)
    again = {**PACKED, "If-None-Match": first.headers["ETag"]}
    assert client.get("/help?lang=en", headers=again).status_code == 304
    assert client.get("/help?lang=ru", headers=again).status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_style_and_script_are_compressed_and_kept(client):
    for name in ("archive.css", "archive.js", "horn.svg"):
        with client.get(f"/static/{name}", headers=PACKED) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert "max-age=86400" in answer.headers["Cache-Control"]
            again = {**PACKED, "If-None-Match": answer.headers["ETag"]}
        with client.get(f"/static/{name}", headers=again) as answer:
            assert answer.status_code == 304


@pytest.fixture
def poor(app, archive, monkeypatch):
    """A purse of six filtered lists for each network."""
    object.__setattr__(archive.settings, "search_budget", 3)
    app.extensions["purse"] = Purse()
    return app.test_client()


def status(client, path, address="192.0.2.7"):
    return client.get(path, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_crawler_of_every_filter_is_told_to_wait(poor):
    filtered = "/search?type=article&lang=en"
    assert [status(poor, filtered) for _ in range(8)] == [200] * 6 + [429] * 2
    answer = poor.get(filtered, environ_base={"REMOTE_ADDR": "192.0.2.99"})  # the same network
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 20
    assert "Your network has asked for very many filtered lists" in answer.text
    assert status(poor, filtered, "198.51.100.1") == 200
    assert status(poor, "/api/search?type=article") == 429


def test_words_alone_works_and_feeds_are_never_refused(poor):
    for _ in range(20):
        assert status(poor, "/search?q=тоо&lang=ky") == 200
        assert status(poor, "/") == 200
        assert status(poor, "/oai?verb=Identify") == 200


def test_people_who_are_known_are_not_counted(poor, enter, person):
    reader = enter(person(Role.READER))
    for _ in range(8):
        assert reader.client.get("/search?type=article").status_code == 200


def test_a_purse_fills_with_time_and_forgets_the_oldest(monkeypatch):
    purse = Purse()
    assert [purse.spend("a", minute=60, now=0.0) for _ in range(121)] == [0.0] * 120 + [1.0]
    assert purse.spend("a", minute=60, now=1.0) == 0.0
    assert purse.spend("a", minute=60, now=1.0) == 1.0
    monkeypatch.setattr(budgets, "REMEMBERED", 1)
    assert purse.spend("b", minute=60, now=1.0) == 0.0
    assert purse.spend("a", minute=60, now=1.0) == 0.0
