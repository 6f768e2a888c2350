"""OAI-PMH 2.0, section 3.1: how requests and answers travel over HTTP."""

import gzip
import re
import sqlite3
from contextlib import ExitStack, closing
from importlib.resources import files

import pytest
from lxml import etree

from oai import horizon
from repository import database

OAI = "{http://www.openarchives.org/OAI/2.0/}"


@pytest.fixture
def two(catalogue, settled):
    catalogue.many(2)
    settled()


def test_3_1_1_post_and_get_give_the_same(client, two):
    query = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    posted, got = client.post("/oai", data=query), client.get("/oai", query_string=query)
    assert posted.status_code == 200
    assert _undated(posted) == _undated(got)


def _undated(answer):
    return re.sub(rb"<responseDate>.*?</responseDate>", b"", answer.data)


def test_3_1_1_arguments_of_a_post_must_be_a_form(client):
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = client.post("/oai", data="verb=Identify", content_type=kind)
        assert answer.status_code == 200
        assert b'code="badVerb"' in answer.data


def test_3_1_1_a_form_with_a_charset_is_a_form(client):
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    assert b"<Identify>" in client.post("/oai", data="verb=Identify", content_type=kind).data


def test_3_1_1_an_argument_in_the_address_and_in_the_form_is_repeated(client):
    answer = client.post("/oai?verb=Identify", data={"verb": "Identify"})
    assert b'code="badVerb"' in answer.data


def test_an_endless_form_is_refused(client):
    answer = client.post("/oai", data={"verb": "x" * 100_000})
    assert answer.status_code == 413


def test_head_answers_as_get_without_the_body(client, two):
    query = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    head, got = client.head("/oai", query_string=query), client.get("/oai", query_string=query)
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_3_1_2_answers_are_xml_in_utf_8_with_their_length(client, two):
    answer = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "Эмгек".encode() in answer.data
    assert b"<!DOCTYPE" not in answer.data


SHEET = files("repository") / "static" / "oai.xsl"


def _shown(root):
    return str(etree.XSLT(etree.fromstring(SHEET.read_bytes()))(root))


def test_3_1_2_1_a_stylesheet_is_named_in_every_answer(client):
    for asked in ("verb=Identify", "verb=Nonsense"):
        sheet = etree.fromstring(client.get(f"/oai?{asked}").data).getprevious()
        assert (sheet.target, sheet.get("href")) == ("xml-stylesheet", "static/oai.xsl")


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("verb=Identify", "persistent"),
        ("verb=ListSets", "folklore"),
        ("verb=ListMetadataFormats", "oai_dc.xsd"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc", "folklore"),
        ("verb=ListRecords&metadataPrefix=oai_dc", "Манас &lt;1&gt;"),
        ("verb=Nonsense", "badVerb"),
    ],
)
def test_the_stylesheet_shows_every_kind_of_answer(client, catalogue, settled, asked, seen):
    catalogue.collection("folklore")
    catalogue.publish("Манас <1>", sets=("folklore",))
    settled()
    assert seen in _shown(etree.fromstring(client.get(f"/oai?{asked}").data))


def test_3_1_3_answers_are_compressed_for_those_who_can_read_that(client, catalogue, settled):
    catalogue.many(10)
    settled()
    address = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert etree.fromstring(gzip.decompress(packed.data)).find(f"{OAI}ListRecords") is not None
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (plain, packed, refused))


def test_a_list_that_has_not_changed_is_not_sent_twice(client, catalogue, settled, two):
    address = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    catalogue.publish("Жаңы")
    settled()
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b":3<" in changed.data


def test_the_base_url_is_the_configured_one_whatever_the_host_header_says(client):
    answer = client.get("/oai?verb=Identify", headers={"Host": "evil.example.net"})
    assert b"evil" not in answer.data


def test_3_1_2_2_a_locked_database_answers_503_with_seconds_to_wait(request, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.1)
    client = request.getfixturevalue("client")
    engine = client.application.extensions["archive"].engine
    engine.dispose()
    request.getfixturevalue("archive").engine.dispose()
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM feed_clock")
        answer = client.get("/oai?verb=Identify")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdigit()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert client.get("/oai?verb=Identify").status_code == 200


def test_harvests_go_on_while_another_writes_for_long(client, archive, catalogue, settled, two):
    """The clock cannot be moved then; what was stamped is listed all the same."""
    catalogue.publish("Үчүнчү")
    settled()
    with database.writing(archive.engine):
        answer = client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    assert answer.status_code == 200
    assert answer.data.count(b"<header>") == 3


def test_3_1_2_2_when_all_connections_are_taken_the_answer_is_503(client, catalogue, settled):
    catalogue.many(2)
    settled()
    engine = client.application.extensions["archive"].engine
    horizon.forget(engine)
    engine.pool._timeout = 0.1
    with ExitStack() as held:
        for _ in range(engine.pool.size() + engine.pool._max_overflow):
            held.enter_context(engine.connect())
        answer = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdigit()
    assert client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").status_code == 200
