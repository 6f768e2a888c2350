"""The guestbook: what harvesters took is noted, whatever they do, and never in their way."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from oai import guestbook, visits
from oai.sums import Request, Sums
from oai.tokens import Mark, Query, Resumption
from repository import database
from repository.clock import now
from repository.errors import ArchiveError
from repository.models.harvesters import (
    Harvester,
    HarvesterDay,
    HarvesterError,
    HarvesterList,
)

LIST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
BASE = {"User-Agent": "BASE harvester (https://www.base-search.net)"}


@pytest.fixture
def chosen(chosen):
    return replace(chosen, oai_page=4)


@pytest.fixture
def book(app):
    return app.extensions["guestbook"]


@pytest.fixture
def rows(archive, book):
    """All rows of a table, after what was noted has been written."""

    def read(table):
        assert book.write()
        with archive.reading() as session:
            return session.scalars(select(table)).all()

    return read


@pytest.fixture
def ten(catalogue, settled):
    catalogue.many(10)
    settled()


def token(answer):
    found = answer.data.split(b"</resumptionToken>")[0].rpartition(b">")[2]
    return found.decode()


def test_all_pages_of_a_list_make_one_harvest(harvest, rows, ten):
    harvest.pages(verb="ListRecords", metadataPrefix="oai_dc")
    (taken,) = rows(HarvesterList)
    assert (taken.verb, taken.prefix, taken.spec) == ("ListRecords", "oai_dc", None)
    assert (taken.requests, taken.records, taken.size, taken.ended) == (3, 10, 10, True)
    assert taken.ranges == [[0, 10]]
    (day,) = rows(HarvesterDay)
    assert (day.requests, day.records, day.errors) == (3, 10, 0)
    assert day.bytes == taken.bytes > 1000


def test_a_page_that_is_asked_for_again_is_no_new_record_of_the_list(client, rows, ten):
    first = client.get(LIST)
    for _ in range(2):
        client.get("/oai", query_string={"verb": "ListRecords", "resumptionToken": token(first)})
    (taken,) = rows(HarvesterList)
    assert (taken.requests, taken.records, taken.ranges) == (3, 12, [[0, 8]])
    assert (taken.size, taken.ended) == (10, False)


def test_pages_may_be_written_by_several_processes_in_any_order(client, book, rows, ten):
    first = client.get(LIST)
    second = client.get(
        "/oai", query_string={"verb": "ListRecords", "resumptionToken": token(first)}
    )
    waiting = list(book._waiting)
    book._waiting.clear()
    for request in reversed(waiting):
        other = guestbook.Guestbook(book.archive)
        other._waiting.append(request)
        assert other.write()
    (taken,) = rows(HarvesterList)
    assert (taken.ranges, taken.requests) == ([[0, 8]], 2)
    assert token(second)


def test_a_list_in_one_page_is_whole(client, rows, catalogue, settled):
    catalogue.many(3)
    settled()
    client.get(LIST)
    (taken,) = rows(HarvesterList)
    assert (taken.size, taken.ended, taken.ranges) == (3, True, [[0, 3]])


def test_a_harvest_that_finds_nothing_new_is_a_harvest_and_no_error(client, rows, ten):
    answer = client.get(f"{LIST}&from=2999-01-01")
    assert b"noRecordsMatch" in answer.data
    (taken,) = rows(HarvesterList)
    assert (taken.records, taken.size, taken.ended, taken.ranges) == (0, 0, True, [])
    assert not rows(HarvesterError)


def test_errors_are_kept_with_what_was_asked(client, rows):
    client.get("/oai?verb=ListRecords&resumptionToken=stale", headers=BASE)
    client.get("/oai?verb=ListRecords&resumptionToken=older", headers=BASE)
    client.get("/oai?verb=Nonsense%01", headers=BASE)
    found = {one.code: (one.count, one.asked) for one in rows(HarvesterError)}
    assert found == {
        "badResumptionToken": (2, "verb=ListRecords&resumptionToken=older"),
        "badVerb": (1, "verb=Nonsense"),
    }
    (day,) = rows(HarvesterDay)
    assert (day.requests, day.errors) == (3, 3)


def test_single_records_are_counted_and_looks_at_the_head_are_not(client, rows, ten):
    client.get("/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:archive.example.org:1")
    client.head(LIST)
    client.get("/oai?verb=Identify")
    (day,) = rows(HarvesterDay)
    assert (day.requests, day.records) == (2, 1)
    assert not rows(HarvesterList)


def test_what_is_posted_is_noted_too(client, rows, ten):
    client.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}, headers=BASE)
    (taken,) = rows(HarvesterList)
    assert (taken.verb, taken.records) == ("ListIdentifiers", 4)


def test_no_whole_address_and_nothing_of_browsers_is_kept(client, rows):
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    for address, agent in (("203.0.113.77", "metha/0.2"), ("2001:db8:7:8:9::1", browser)):
        client.get(
            "/oai?verb=Identify",
            headers={"User-Agent": agent},
            environ_overrides={"REMOTE_ADDR": address},
        )
    found = {one.name: (one.agent, one.network) for one in rows(Harvester)}
    assert found == {"metha": ("metha/0.2", "203.0.113.0/24"), "": ("", "")}


def test_the_address_is_the_one_that_our_proxy_saw(client, app, rows, book):
    book.archive = replace(book.archive, settings=replace(book.archive.settings, trusted_proxies=1))
    client.get(
        "/oai?verb=Identify",
        headers={"User-Agent": "metha/0.2", "X-Forwarded-For": "198.51.100.1, 203.0.113.77"},
    )
    (found,) = rows(Harvester)
    assert found.network == "203.0.113.0/24"


def test_a_locked_database_delays_nobody_and_nothing_is_lost(client, rows, book, archive, ten):
    client.get("/oai?verb=Identify", headers=BASE)
    environ = {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": BASE["User-Agent"]}
    with closing(sqlite3.connect(archive.engine.url.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=book.write)
        writer.start()
        time.sleep(0.1)
        for _ in range(2000):
            book.note(environ, [("verb", "Identify")], None, 0)
        assert client.get(LIST, headers=BASE).status_code == 200
        assert writer.is_alive(), "All was noted and answered while the writer waits."
        other.rollback()
    writer.join()
    (day,) = rows(HarvesterDay)
    assert (day.requests, day.records) == (2002, 4)


def test_a_writing_that_gave_up_is_made_up_for(client, rows, book, archive, monkeypatch):
    client.get("/oai?verb=Identify", headers=BASE)
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.1)
    archive.engine.dispose()
    other_engine = database.connect(str(archive.engine.url))
    impatient = guestbook.Guestbook(replace(archive, engine=other_engine))
    impatient._waiting.extend(book._waiting)
    book._waiting.clear()
    with closing(sqlite3.connect(archive.engine.url.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not impatient.write()
        other.rollback()
    assert impatient.write()
    other_engine.dispose()
    (day,) = rows(HarvesterDay)
    assert day.requests == 1


def test_a_database_without_the_tables_delays_nobody(client, archive, book, ten):
    with archive.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE harvester_days")
    assert b"<record>" in client.get(LIST).data
    assert not book.write()
    assert b"<record>" in client.get(LIST).data
    assert len(book._sums.visits) == 1


def test_what_does_not_fit_in_memory_is_dropped(client, book, rows, monkeypatch):
    monkeypatch.setattr(visits, "MOST", 2)
    for number in range(5):
        client.get("/oai?verb=Identify", headers={"User-Agent": f"robot{number}x/1"})
        book.write()
    assert [one.name for one in rows(Harvester)] == ["robot0x", "robot1x", ""]
    assert book._waiting.maxlen == guestbook.MOST


def test_nothing_is_noted_where_the_settings_say_so(archive, app, monkeypatch):
    quiet = replace(archive, settings=replace(archive.settings, harvest_log_days=0))
    book = guestbook.Guestbook(quiet)
    book.note({"REQUEST_METHOD": "GET"}, [("verb", "Identify")], None, 0)
    assert not book._waiting


def test_the_thread_writes_by_itself_and_ends_with_the_archive(client, book, archive, monkeypatch):
    monkeypatch.setattr(guestbook, "PAUSE", 0.02)
    client.get("/oai?verb=Identify", headers=BASE)
    thread = book._thread
    for _ in range(200):
        with archive.reading() as session:
            if session.scalar(select(Harvester.name)) == "BASE":
                break
        time.sleep(0.02)
    else:
        pytest.fail("Nothing was written.")
    book.archive.engine.dispose()
    thread.join(5)
    assert not thread.is_alive()


def test_what_is_old_is_forgotten(client, rows, archive, ten):
    client.get(LIST, headers=BASE)
    client.get("/oai?verb=Nonsense", headers={"User-Agent": "metha"})
    assert len(rows(Harvester)) == 2
    with archive.writing() as session:
        long_ago = now() - timedelta(days=800)
        session.scalars(select(Harvester).where(Harvester.name == "metha")).one().last = long_ago
        session.scalars(select(HarvesterList)).one().last = long_ago
    visits.forget(archive)
    assert [one.name for one in rows(Harvester)] == ["BASE"]
    assert not rows(HarvesterList)
    assert not rows(HarvesterError)
    assert len(rows(HarvesterDay)) == 1


def test_noting_costs_microseconds(book):
    environ = {
        "REQUEST_METHOD": "GET",
        "HTTP_USER_AGENT": "metha/0.2",
        "REMOTE_ADDR": "203.0.113.7",
        "QUERY_STRING": "verb=Identify",
    }
    book._thread = True  # none is begun
    pairs = [("verb", "Identify")]
    spent = []
    for _ in range(20):
        begun = time.perf_counter()
        for _ in range(500):
            book.note(environ, pairs, None, 900)
        spent.append((time.perf_counter() - begun) / 500)
    assert min(spent) < 100e-6
    book._thread = None


def test_several_processes_add_to_the_same_rows_on_each_database(any_archive):
    query = Query("ListRecords", "oai_dc", None, None, None, 5)
    asked = [("verb", "ListRecords")]

    def keep(start):
        sums = Sums()
        listed = Resumption(query, Mark(0, 0), start, 400)
        sums.add(Request(1000 + start, "metha", "203.0.113.7", asked, listed, 10, True, 99, ""))
        sums.add(Request(1000 + start, "metha", "203.0.113.7", asked, None, 0, False, 9, "badVerb"))
        for _ in range(20):  # as the guestbook does: what failed is written with the next
            try:
                with any_archive.writing() as session:
                    visits.write(session, sums)
                return
            except (SQLAlchemyError, ArchiveError):
                time.sleep(0.05)
        pytest.fail("It was never written.")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(0, 400, 10)))
    with any_archive.reading() as session:
        taken = session.scalars(select(HarvesterList)).one()
        day = session.scalars(select(HarvesterDay)).one()
        error = session.scalars(select(HarvesterError)).one()
    assert (taken.ranges, taken.requests, taken.bytes) == ([[0, 400]], 40, 40 * 99)
    assert (day.requests, day.records, day.errors, error.count) == (80, 400, 40, 40)
