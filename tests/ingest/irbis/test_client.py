"""The client against a server over real sockets, which keeps its records and misbehaves."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from irbis_server import Server

from ingest.irbis import client, protocol, refusals
from ingest.irbis.records import Broken, Field, Record, Status
from repository.errors import Busy, ConfigurationError, Forbidden, NotFound


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def connect(server):
    def make(**more):
        return client.Client(client.address(server.url), pause=0.01, **more)

    return make


def book(title, **more):
    return Record((Field(920, "PAZK"), Field(200, f"^A{title}"), Field(610, "тоо")), **more)


@pytest.mark.parametrize("plain_ends", [True, False])
@pytest.mark.parametrize("version_last", [True, False])
def test_records_are_written_read_and_found(server, connect, plain_ends, version_last):
    server.plain_ends, server.version_last = plain_ends, version_last
    with connect() as found:
        kept = [found.write(book(f"Китеп {number}")) for number in range(1, 8)]
        assert [one.mfn for one in kept] == [1, 2, 3, 4, 5, 6, 7]
        assert found.version == "64.2014" and found.last() == 8
        again = found.read(3)
        assert again.fields == kept[2].fields and again.version == 1
        changed = found.write(replace(again, fields=(*again.fields, Field(331, "Сөз"))))
        assert changed.version == 2 and found.read(3).get(331) == "Сөз"
        # The server hands out three at a time.
        assert found.search('"K=тоо"') == [1, 2, 3, 4, 5, 6, 7]
        assert found.search('"T=Китеп 5" + "T=Китеп 6"') == [5, 6]
        assert found.search('"K=тоо" * "T=Китеп 7$"') == [7]
        assert found.search('"K=жок"') == []
        assert (7, "K=ТОО") in found.terms("K=")
        assert found.terms("Я=") == []
        assert "Тесттик китепкана" in found.server_version()
    assert server.clients == set() and server.heard[-1] == "B"


def test_deleted_and_absent_records(server, connect):
    with connect() as found:
        for one in ("А", "Б"):
            found.write(book(one))
        found.write(replace(found.read(1), status=Status.DELETED))
        assert found.deleted() == {1}
        read = list(found.records())
        assert [(one.mfn, one.deleted) for one in read] == [(1, True), (2, False)]
        with pytest.raises(NotFound):
            found.read(9)


def test_a_locked_record_is_somebodys(connect):
    with connect() as one, connect() as other:
        one.write(book("А"))
        one.read(1, lock=True)
        with pytest.raises(Busy, match="working at this record"):
            other.read(1, lock=True)
        one.unlock(1)
        assert other.read(1, lock=True).mfn == 1


@pytest.mark.parametrize("fault", [-6666, "cut", "hang up", "garbage"])
def test_a_broken_line_or_a_busy_server_is_asked_again(server, connect, fault):
    with connect() as found:
        found.write(book("А"))
        server.faults = [fault, fault]
        assert found.read(1).get(200, "a") == "А"


def test_a_write_whose_answer_is_lost_is_not_sent_twice(server, connect):
    with connect() as found:
        server.faults = ["cut"]
        with pytest.raises(refusals.Refused):
            found.write(book("А"))
        assert server.heard.count("D") == 1


def test_a_client_that_was_forgotten_signs_on_again(server, connect):
    with connect() as found:
        found.write(book("А"))
        server.clients.clear()
        assert found.read(1).mfn == 1
        assert server.heard.count("A") == 2


def test_a_number_that_is_taken_is_chosen_anew(server, connect):
    server.faults = [-3337, -3337]
    with connect() as found:
        assert found.last() == 1


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (-4444, Forbidden, "name or password"),
        (-3336, Forbidden, "may not work as a cataloguer"),
        (-1111, refusals.Refused, "could not carry this out"),
        (-99, refusals.Refused, "return code -99"),
    ],
)
def test_what_the_server_refuses_is_said_with_what_to_do(server, connect, code, kind, words):
    server.faults = [code]
    with pytest.raises(kind, match=words), connect():
        pass


def test_a_wrong_password_and_a_silent_server(server, connect):
    wrong = client.address(server.url.replace("%D1%81", "x"))
    with pytest.raises(Forbidden), client.Client(wrong, pause=0.01):
        pass
    server.shutdown()
    server.server_close()
    with pytest.raises(refusals.Refused, match="cannot be reached"), connect():
        pass


def test_a_record_that_cannot_be_read_is_named_and_the_others_come(server, connect):
    with connect() as found:
        for one in ("А", "Б", "В"):
            found.write(book(one))
        rows = found.records()
        assert next(rows).mfn == 1
        server.faults = ["half a record"]
        broken = next(rows)
        assert isinstance(broken, Broken) and broken.place == "IBIS, MFN 2"
        assert next(rows).mfn == 3


@pytest.mark.parametrize(
    "url", ["", "irbis://", "http://host/IBIS", "irbis://host:99999999/X", "irbis://host:x/"]
)
def test_an_address_that_is_none_is_said(url):
    with pytest.raises(ConfigurationError, match="irbis://user"):
        client.address(url)
    assert client.address("irbis://a:b%40@host").database == "IBIS"


LINE = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=20
)
RECORDS = st.builds(
    Record,
    st.lists(st.builds(Field, st.integers(1, 9999), LINE), max_size=8).map(tuple),
    mfn=st.integers(0, 10**6),
    version=st.integers(0, 99),
)


@given(RECORDS)
def test_a_record_comes_back_from_its_lines(record):
    assert protocol.record([protocol.written(record)], place="x") == replace(record, place="x")


@given(st.binary(max_size=300))
def test_no_answer_crashes_the_client(data):
    try:
        found = protocol.answer(data)
        assert found.code is not None
        protocol.record(found.data)
    except protocol.Cut:
        pass
