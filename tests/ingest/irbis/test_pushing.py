"""The archive and a database of IRBIS64 are kept in step, over a real socket."""

import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner
from irbis_server import Server

import wsgi
from ingest import batch
from ingest.irbis import client, pushing, taking
from ingest.irbis.pushing import Outcome
from ingest.irbis.records import Field, Record
from ingest.jobs import Job
from repository import catalogue, publishing
from repository.exports import selecting
from repository.viewers import SYSTEM
from schemas.vocabulary import TYPES, State


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
def push(archive, server):
    def run(**more):
        with client.Client(client.address(server.url), pause=0.01) as found:
            with archive.reading() as session:
                numbers = selecting.chosen(session)
            return pushing.push(archive, found, numbers, **more)

    return run


@pytest.fixture
def pull(archive, server):
    def run():
        with client.Client(client.address(server.url), pause=0.01) as found:
            job = Job(source=f"irbis:{found.where.name}", state=State.PUBLISHED)
            return batch.run(archive, taking.rows(found.records()), job)

    return run


def publish(archive, title):
    document = {
        "type": TYPES["monograph"].uri,
        "titles": [{"text": title, "kind": "main"}],
        "creators": [{"kind": "person", "family": "Асанова", "given": "Айгүл", "role": "aut"}],
        "languages": ["ky"],
        "issued": "2024",
    }
    with archive.writing() as session:
        number = catalogue.draft(session, document, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def retitle(archive, number, title):
    with archive.reading() as session:
        document = catalogue.get(session, number).document
    titles = [{**document["titles"][0], "text": title}, *document["titles"][1:]]
    document = {**document, "titles": titles}
    publishing.revise(archive, number, actor=SYSTEM, reason="-", document=document)


def book(title, key):
    fields = ((920, "PAZK"), (101, "rus"), (200, f"^A{title}^FА. Асанов"), (903, key), (910, "^B7"))
    return Record(tuple(Field(*one) for one in fields))


def test_new_works_are_added_once_with_a_key_and_a_way_to_the_page(archive, server, push):
    publish(archive, "Тоо")
    assert push(dry=True).outcomes == {Outcome.ADDED: 1} and server.base.records == {}
    assert push().outcomes == {Outcome.ADDED: 1}
    assert push().outcomes == {Outcome.SAME: 1}
    record = server.base.records[1]
    assert record.get(903).startswith("OA-") and record.get(951, "i").endswith("/works/1")
    assert record.get(200, "a") == "Тоо" and record.get(700, "a") == "Асанова"
    assert server.base.locked == set()


def test_a_correction_here_changes_its_subfield_there_and_nothing_else(archive, server, push, pull):
    server.base.put(book("Тоолор", "К-1"))
    assert pull().outcomes == {"added": 1}
    assert push().outcomes == {Outcome.CHANGED: 1}  # the way to the page
    before = server.base.records[1]
    retitle(archive, 1, "Бийик тоолор")
    assert push().outcomes == {Outcome.CHANGED: 1}
    after = server.base.records[1]
    changed = [(a.text, b.text) for a, b in zip(before.fields, after.fields, strict=True) if a != b]
    assert changed == [("^AТоолор^FА. Асанов", "^AБийик тоолор^FА. Асанов")]
    assert push().outcomes == {Outcome.SAME: 1}
    assert pull().outcomes == {"known": 1}


def test_what_was_changed_in_both_places_is_shown_and_left(archive, server, push, pull):
    server.base.put(book("Тоолор", "К-1"))
    pull()
    push()
    live = server.base.records[1]
    fields = tuple(replace(one, text="^AКөлдөр") if one.tag == 200 else one for one in live.fields)
    server.base.put(replace(live, fields=(*fields, Field(331, "Жаңы сөз"))))
    retitle(archive, 1, "Бийик тоолор")
    report = push()
    assert report.outcomes == {Outcome.CONFLICT: 1}
    assert "Field 200 was changed here and in IRBIS64 (MFN 1)" in report.remarks[0][1]
    assert server.base.records[1].get(200, "a") == "Көлдөр"
    assert server.base.records[1].get(331) == "Жаңы сөз"


def test_a_record_in_somebodys_hands_waits_and_the_others_go_on(archive, server, push, pull):
    server.base.put(book("Тоолор", "К-1"))
    server.base.put(book("Көлдөр", "К-2"))
    pull()
    server.base.locked.add(1)
    report = push()
    assert report.outcomes == {Outcome.FAILED: 1, Outcome.CHANGED: 1}
    assert "working at this record" in report.remarks[0][1]
    server.base.locked.clear()
    assert push().outcomes == {Outcome.SAME: 1, Outcome.CHANGED: 1}


def test_a_line_that_breaks_while_writing_leaves_no_second_record(archive, server, push):
    publish(archive, "Тоо")
    server.faults = [None, None, "cut"]  # signing on, searching, writing
    assert push().outcomes == {Outcome.FAILED: 1}
    push()
    assert len(server.base.records) == 1


def test_the_commands_check_pull_and_push(archive, server):
    runner = CliRunner(
        env={
            "ARCHIVE_SECRET_KEY": "k" * 40,
            "ARCHIVE_BASE_URL": "http://localhost",
            "ARCHIVE_IRBIS_URL": server.url,
        }
    )

    def run(*words):
        given = ["--instance", str(archive.settings.instance), "irbis", *words]
        return runner.invoke(wsgi.cli, given)

    server.base.put(book("Тоолор", "К-1"))
    assert "records: 1" in run("check").output
    assert "added here: 1" in run("pull", "--dry-run").output
    assert "added here: 1" in run("pull", "--publish").output
    said = run("push")
    assert "changed in IRBIS64: 1" in said.output and said.exit_code == 0
    server.faults = [-4444]
    refused = run("check")
    assert refused.exit_code != 0 and "name or password" in refused.output
