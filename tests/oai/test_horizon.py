"""The logical clock: what readers may say, and which datestamps come next."""

import pytest

from oai import horizon
from oai.horizon import Horizon
from repository import database
from repository.models.feed import FeedClock

NOON = 1_700_000_000.25


class Wall:
    """A wall clock that a test moves."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def engine(any_archive):
    return any_archive.engine


def stamp(engine, wall):
    with database.writing(engine) as session:
        return horizon.datestamp(horizon.locked(session), wall())


def test_readers_say_the_present_second(engine, wall):
    for _ in range(5):
        assert horizon.look(engine, wall).now == int(wall.now)
        wall.now += 0.7


def test_a_datestamp_is_later_than_all_that_was_said(engine, wall):
    for _ in range(10):
        said = horizon.look(engine, wall).now
        given = stamp(engine, wall)
        assert said < given <= wall.now + 2
        wall.now += 2


def test_datestamps_never_go_back_nor_repeat(engine, wall):
    given = []
    for step in (0, 0, 1, -3600, 5, 86_400, -86_400, 0.1):
        wall.now += step
        given.append(stamp(engine, wall))
    assert given == sorted(set(given))


def test_what_was_stamped_is_listed_a_moment_later(engine, wall):
    given = stamp(engine, wall)
    assert horizon.look(engine, wall).asof < given
    wall.now += 2
    assert horizon.look(engine, wall).asof >= given


def test_when_the_wall_clock_jumps_back_the_feed_goes_on(engine, wall):
    before = horizon.look(engine, wall).now
    wall.now -= 3600
    given = stamp(engine, wall)
    assert given > before
    wall.now += 10
    assert horizon.look(engine, wall).asof >= given


def test_after_a_jump_back_the_clocks_meet_again(engine, wall):
    horizon.look(engine, wall)
    wall.now -= 100
    for _ in range(210):
        horizon.look(engine, wall)
        wall.now += 1
    assert horizon.look(engine, wall).now == int(wall.now)


def test_what_was_said_never_goes_back_by_more_than_the_lease(engine, wall):
    said = 0
    for step in (0, 0.5, 1, 1, -7200, 1, 1, 3600, 1, -3600, 1, 0.3, 1):
        wall.now += step
        now = horizon.look(engine, wall).now
        assert now >= said - horizon.LEASE
        said = max(said, now)
    assert stamp(engine, wall) > said


def test_a_reader_whose_clock_ran_ahead_for_a_moment_is_not_forgotten(engine, wall):
    """Said by one process, unknown to the stamper but for the promise."""
    wall.now += 86_400
    told = horizon.look(engine, wall).now
    wall.now -= 86_400
    assert stamp(engine, wall) > told


def test_readers_do_not_wait_for_a_writer_that_takes_its_time(engine, wall):
    given = stamp(engine, wall)
    wall.now += 60
    with database.writing(engine) as session:
        horizon.locked(session)
        seen = horizon.look(engine, wall)
    assert seen == Horizon(given + 1, given)
    assert horizon.look(engine, wall).now == int(wall.now)


def test_idle_readers_write_nothing(engine, wall):
    horizon.look(engine, wall)
    with database.reading(engine) as session:
        before = session.get(FeedClock, 1).promised
    assert horizon.look(engine, wall).now == int(wall.now)
    with database.reading(engine) as session:
        assert session.get(FeedClock, 1).promised == before


def test_hastening_lists_what_was_stamped_at_once(engine, wall):
    given = stamp(engine, wall)
    with database.writing(engine) as session:
        horizon.hasten(horizon.locked(session), wall())
    assert horizon.look(engine, wall).asof == given


def test_readers_look_seldom_and_yet_see_all_that_they_may_say(engine, wall):
    for step in (0, 0, 0.3, 0.3, 0, 0.6, 2, 0, -3600, 0, 1, 7200, 0, 0.5, -5, 0, 1, 1, 1) * 3:
        wall.now += step
        if step == 0:
            given = stamp(engine, wall)
            assert horizon.recent(engine, wall).asof < given
        found, present = horizon.recent(engine, wall), horizon.look(engine, wall)
        assert found.last == present.last or found.asof < present.last
        assert found.now <= present.now


def test_a_look_is_not_repeated_before_it_can_show_anything_new(engine, wall, monkeypatch):
    told = horizon.recent(engine, wall)
    looks = []
    monkeypatch.setattr(horizon, "_glance", lambda engine: looks.append(engine))
    assert [horizon.recent(engine, wall) for _ in range(3)] == [told] * 3
    assert looks == []


def test_who_puts_the_clock_forward_can_have_that_seen(engine, wall):
    horizon.recent(engine, wall)
    given = stamp(engine, wall)
    with database.writing(engine) as session:
        horizon.hasten(horizon.locked(session), wall())
    assert horizon.recent(engine, wall).asof < given
    horizon.forget(engine)
    assert horizon.recent(engine, wall).asof == given
