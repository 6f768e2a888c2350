"""The client: what it follows, waits for and refuses."""

import gzip
from dataclasses import replace

import pytest

from oai.readiness.client import Ask, Unreachable, web


@pytest.fixture
def said(torture):
    def spoil(**change):
        torture.spoil = lambda made: replace(made, **change)

    yield spoil
    torture.spoil = lambda made: made


def test_an_error_is_an_answer_too(said, address):
    said(status=404, body="none")
    reply = web(Ask(address))
    assert (reply.status, reply.body) == (404, b"none")


def test_a_busy_server_is_asked_again_after_the_time_it_names(torture, said, address):
    pauses = []
    said(status=503, headers={"Retry-After": "7"})
    assert web(Ask(address), pause=pauses.append).status == 503
    assert pauses == [7.0, 7.0]


def test_a_server_that_asks_for_hours_is_not_waited_for_so_long(said, address):
    pauses = []
    said(status=503, headers={"Retry-After": "86400"})
    web(Ask(address), pause=pauses.append)
    assert pauses == [60.0, 60.0]


def test_a_redirect_is_followed_and_told(torture, address):
    torture.spoil = lambda made: (
        replace(made, status=302, headers={"Location": "/oai?verb=Identify"})
        if made.path == "/old"
        else made
    )
    reply = web(Ask(address.replace("/oai", "/old")))
    torture.spoil = lambda made: made
    assert reply.status == 200 and reply.url.endswith("/oai?verb=Identify")


def test_answers_are_unpacked(address):
    asked = Ask(f"{address}?verb=Identify", headers={"Accept-Encoding": "gzip"})
    reply = web(asked)
    assert reply.headers["content-encoding"] == "gzip"
    assert b"</OAI-PMH>" in reply.body


def test_what_only_says_that_it_is_packed_stays_as_it_is(said, address):
    said(headers={"Content-Encoding": "gzip"}, body="plain")
    assert web(Ask(address)).body == b"plain"


def test_no_more_is_read_than_wanted(said, address):
    said(body="x" * 5000)
    assert len(web(Ask(address, most=100)).body) == 100


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:9/", "nonsense", "http://"]
)
def test_other_addresses_do_not_answer(url):
    with pytest.raises(Unreachable):
        web(Ask(url))


def test_a_bomb_of_gzip_is_cut_off(torture, said, address):
    packed = gzip.compress(b"0" * 2**20).decode("latin-1")
    said(headers={"Content-Encoding": "gzip"}, body=packed)
    assert len(web(Ask(address, most=2**16)).body) <= 2**16
