"""What every session promises, on both databases."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text

from repository import catalogue, database
from repository.errors import Busy
from repository.models.fetches import Fetch
from repository.models.works import File, Work
from repository.viewers import SYSTEM


def test_sqlite_is_set_up_to_lose_nothing(archive):
    with archive.reading() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": database.BUSY_TIMEOUT * 1000,
    }


def test_a_moment_comes_back_aware_and_in_utc(any_archive):
    bishkek = timezone(timedelta(hours=6))
    with any_archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        work.submitted = datetime(2026, 1, 1, 5, 0, tzinfo=bishkek)
        number = work.id
    with any_archive.reading() as session:
        assert catalogue.get(session, number).submitted == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused(archive):
    with pytest.raises(Exception, match="without a time zone"), archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        work.submitted = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
        session.flush()


def test_an_error_rolls_everything_back(any_archive):
    with pytest.raises(ZeroDivisionError), any_archive.writing() as session:
        catalogue.draft(session, {}, actor=SYSTEM)
        _ = 1 / 0
    with any_archive.reading() as session:
        assert session.scalars(select(Work)).all() == []


def test_a_reader_sees_one_snapshot_while_others_write(any_archive):
    with any_archive.reading() as reader:
        assert reader.scalars(select(Work.id)).all() == []
        with any_archive.writing() as session:
            catalogue.draft(session, {}, actor=SYSTEM)
        assert reader.scalars(select(Work.id)).all() == []


def test_eight_writers_at_once_all_get_their_turn(any_archive):
    def write() -> None:
        for _ in range(5):
            with any_archive.writing() as session:
                catalogue.draft(session, {}, actor=SYSTEM)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_archive.reading() as session:
        assert len(session.scalars(select(Work.id)).all()) == 40


def test_a_database_that_stays_locked_is_busy_and_says_so(archive, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.2)
    impatient = database.connect(archive.settings.database_url)
    started = time.monotonic()
    with archive.writing(), pytest.raises(Busy) as caught, database.writing(impatient):
        pass
    assert caught.value.status == 503
    assert caught.value.retry_after
    assert time.monotonic() - started < 5
    impatient.dispose()


def test_files_may_be_larger_than_two_gigabytes(any_archive):
    with any_archive.writing() as session:
        work = catalogue.draft(session, {}, actor=SYSTEM)
        file = File(name="film.mp4", size=5 * 2**30, sha512="0" * 128, media_type="video/mp4")
        work.files.append(file)
        session.add(Fetch(work_id=work.id, source="-", came=2**33, size=2**34))
        number = work.id
    with any_archive.reading() as session:
        assert session.get_one(Work, number).files[0].size == 5 * 2**30
