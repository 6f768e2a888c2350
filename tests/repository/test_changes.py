"""The outbox: nothing is forgotten, nothing is taken twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from repository import catalogue, changes, embargoes, publishing
from repository.clock import now
from repository.models.works import Change, File, Work
from repository.viewers import SYSTEM
from schemas import vocabulary

DOCUMENT = {"type": vocabulary.TYPES["report"].uri, "titles": [{"text": "Отчёт"}]}


def published(archive) -> int:
    with archive.writing() as session:
        number = catalogue.draft(session, DOCUMENT, actor=SYSTEM).id
    publishing.publish(archive, number, actor=SYSTEM)
    return number


def waiting(archive, follower="index"):
    with archive.reading() as session:
        return [change.work_id for change in changes.take(session, follower, 100)]


def test_exactly_the_rows_taken_are_forgotten(any_archive):
    number = published(any_archive)
    with any_archive.reading() as session:
        taken = [change.id for change in changes.take(session, "index", 10)]
    publishing.revise(any_archive, number, actor=SYSTEM, reason="meanwhile")
    with any_archive.writing() as session:
        changes.done(session, taken)
    assert waiting(any_archive) == [number]


def test_a_change_that_is_not_committed_is_not_seen(any_archive):
    number = published(any_archive)
    with any_archive.writing() as session:
        changes.done(session, session.scalars(select(Change.id)).all())
    with pytest.raises(ZeroDivisionError), any_archive.writing() as session:
        changes.record(session, number)
        _ = 1 / 0
    assert waiting(any_archive) == []


def test_what_fails_is_tried_again_later_and_says_why(any_archive):
    published(any_archive)
    with any_archive.writing() as session:
        ids = [change.id for change in changes.take(session, "index", 10)]
        changes.failed(session, ids, "the disk is full")
    assert waiting(any_archive) == []
    with any_archive.writing() as session:
        assert session.get(Change, ids[0]).error == "the disk is full"
        changes.hurry(session, "index")
    assert len(waiting(any_archive)) == 1


def test_a_follower_can_begin_anew(any_archive):
    numbers = [published(any_archive) for _ in range(3)]
    with any_archive.writing() as session:
        assert changes.again(session, "index") == 3
    assert sorted(waiting(any_archive)) == numbers


def test_the_end_of_an_embargo_is_a_change_once(archive):
    number = published(archive)
    yesterday = now() - timedelta(days=1)
    with archive.writing() as session:
        work = session.get(Work, number)
        work.files.append(
            File(
                name="a.pdf",
                size=1,
                sha512="0",
                media_type="application/pdf",
                embargo_until=yesterday.date(),
                added=1,
            )
        )
        work.changed = now() - timedelta(days=30)
        changes.done(session, session.scalars(select(Change.id)).all())
    assert embargoes.lift(archive) == 1
    assert waiting(archive) == waiting(archive, "oai") == [number]
    assert embargoes.lift(archive) == 0
