"""Works on their way in: of two writers at the same moment one wins, and the lists are right."""

import threading

import pytest

from repository import catalogue, deposits
from repository.clock import now
from repository.errors import Conflict
from repository.viewers import SYSTEM
from schemas.vocabulary import State


def test_of_two_writers_at_the_same_moment_one_wins_and_the_other_is_told(any_archive):
    with any_archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        number, revision = work.id, work.revision
    ready, told = threading.Barrier(2, timeout=5), []

    def write(title: str) -> None:
        try:
            with any_archive.writing() as session:
                work = catalogue.get(session, number)
                if any_archive.engine.dialect.name == "postgresql":
                    ready.wait()  # both have read; SQLite lets only one come this far
                document = {"titles": [{"text": title, "kind": "main"}]}
                catalogue.save(session, work, document, actor=SYSTEM, revision=revision)
        except Conflict as error:
            told.append((title, str(error)))

    writers = [threading.Thread(target=write, args=[title]) for title in ("one", "other")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(told) == 1
    assert "Somebody else has changed" in told[0][1]
    with any_archive.reading() as session:
        assert {catalogue.get(session, number).title, told[0][0]} == {"one", "other"}


@pytest.fixture
def session(any_archive):
    """A session that writes, on each database."""
    with any_archive.writing() as opened:
        yield opened


def test_the_queue_holds_what_waits_by_whose_hands_it_is_in(session):
    works = [catalogue.draft(session, {}, actor=SYSTEM) for _ in range(3)]
    for work in works[1:]:
        work.state, work.submitted = State.SUBMITTED, now()
    session.flush()
    queue = deposits.queue(session, 1)
    assert [one.id for one in queue.free] == [one.id for one in works[1:]]
    assert (queue.mine, queue.others) == ([], [])


def test_the_thread_holds_what_was_said_and_nothing_else(session):
    work = catalogue.draft(session, {}, actor=SYSTEM)
    catalogue.comment(session, work, actor=SYSTEM, text="first")
    catalogue.note(session, work, "cleaned", actor=SYSTEM, comment="not said")
    catalogue.comment(session, work, actor=SYSTEM, text="second")
    assert [one.comment for one in deposits.thread(session, work)] == ["first", "second"]
